import assert from "node:assert/strict";
import { InputError } from "../../../pipeline/contract/errors.ts";
import { type FeatureSpec, formatFeatureSpec, parseFeatureSpec } from "../../../pipeline/features.ts";

Deno.test("specs as people write them", () => {
  const cases: [string, FeatureSpec][] = [
    ["brand", { name: "brand", kind: "categorical" }],
    ["brand:categorical:min=5", { name: "brand", kind: "categorical", minCount: 5 }],
    ["brand:categorical:min=1", { name: "brand", kind: "categorical", minCount: 1 }],
    ["genres:multi", { name: "genres", kind: "multi" }],
    ["genres:multi:|", { name: "genres", kind: "multi", separator: "|" }],
    ["genres:multi:::min=2", { name: "genres", kind: "multi", separator: ":", minCount: 2 }],
    ["year:numeric", { name: "year", kind: "numeric" }],
    ["price:numeric:buckets=10", { name: "price", kind: "numeric", encoding: "buckets", buckets: 10 }],
    ["published:date", { name: "published", kind: "date" }],
    ["released:date:%d.%m.%Y", { name: "released", kind: "date", format: "%d.%m.%Y" }],
    ["shown:date:%Y-%m-%d %H:%M:buckets=4", {
      name: "shown",
      kind: "date",
      format: "%Y-%m-%d %H:%M",
      encoding: "buckets",
      buckets: 4,
    }],
    ["title:text", { name: "title", kind: "text" }],
  ];
  for (const [text, spec] of cases) {
    assert.deepEqual(parseFeatureSpec(text), spec);
    assert.deepEqual(parseFeatureSpec(formatFeatureSpec(spec)), spec);
  }
  for (
    const [text, message] of [
      ["", /names no column/],
      ["genres:mutli", /"mutli" is no kind \(did you mean "multi"/],
      ["brand:categorical:,", /only multi features take a separator/],
      ["genres:multi:", /separator is empty/],
      ["price:numeric:bucket=3", /no option "bucket" \(did you mean "buckets"/],
      ["price:numeric:buckets=1", /at least 2, not "1"/],
      ["brand:categorical:min=0", /at least 1, not "0"/],
      ["price:numeric:buckets=ten", /whole number/],
      ["brand:buckets", /is no kind/],
      ["brand:categorical:buckets=4", /goes with numeric or date, not with categorical/],
      ["shown:date:", /format is empty/],
      ["shown:date:%d.%Y", /^Cannot read dates of the feature shown by "%d.%Y": it has no month \(%m\)/],
    ] as const
  ) {
    assert.throws(
      () => parseFeatureSpec(text),
      (error: Error) => error instanceof InputError && message.test(error.message),
    );
  }
});
