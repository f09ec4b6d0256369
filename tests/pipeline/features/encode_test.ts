import assert from "node:assert/strict";
import pl from "nodejs-polars";
import { InputError } from "../../../pipeline/contract/errors.ts";
import {
  encodeFeatures,
  type FeatureSpec,
  inferFeatures,
  parseFeatureSpec,
} from "../../../pipeline/features.ts";
import { ITEMS, list, lists, vocabularyRows } from "./items.ts";

Deno.test("known answer: categories, lists, standardised numbers, buckets", () => {
  const specs = ["genres:multi", "brand", "size:categorical", "price:numeric"].map(parseFeatureSpec);
  const { frame, features, vocabulary } = encodeFeatures(ITEMS, specs);
  assert.deepEqual(frame.columns, [
    ...ITEMS.columns,
    "genres_codes",
    "brand_code",
    "size_code",
    "price_value",
  ]);
  assert.deepEqual(lists(frame, "genres_codes"), [[1, 2], [2], [], [], [2, 3], [1]]);
  assert.deepEqual(list(frame, "brand_code"), [1, 2, 1, 1, 0, 3]);
  assert.deepEqual(list(frame, "size_code"), [2, 1, 4, 1, 3, 0]); // 9, 10, 100, then text
  // 1 2 3 4 10: mean 4, population variance (9 + 4 + 1 + 0 + 36) / 5 = 10
  const expected = [-3, -2, -1, 0, 0, 6].map((x) => Math.fround(x / Math.sqrt(10)));
  assert.deepEqual(list(frame, "price_value").map((x) => Math.fround(x as number)), expected);
  assert.deepEqual(vocabularyRows(vocabulary), [
    ["genres", 1, "Comedy", 2],
    ["genres", 2, "Drama", 3],
    ["genres", 3, "Western", 1],
    ["brand", 1, "Zed", 3],
    ["brand", 2, "acme", 1],
    ["brand", 3, "Ölwerk", 1],
    ["size", 1, "9", 2],
    ["size", 2, "10", 1],
    ["size", 3, "100", 1],
    ["size", 4, "XL", 1],
  ]);
  assert.deepEqual(features, [
    {
      name: "genres",
      kind: "multi",
      column: "genres_codes",
      values: 3,
      separator: "|",
      minCount: 1,
      rare: 0,
      missing: 2,
    },
    { name: "brand", kind: "categorical", column: "brand_code", values: 3, minCount: 1, rare: 0, missing: 1 },
    { name: "size", kind: "categorical", column: "size_code", values: 4, minCount: 1, rare: 0, missing: 1 },
    {
      name: "price",
      kind: "numeric",
      encoding: "standardise",
      column: "price_value",
      values: 0,
      mean: 4,
      std: Math.sqrt(10),
      missing: 1,
    },
  ]);
  assert.equal(String(frame.getColumn("genres_codes").dtype), String(pl.List(pl.UInt32)));
  assert.equal(String(frame.getColumn("brand_code").dtype), String(pl.UInt32));
  assert.equal(String(frame.getColumn("price_value").dtype), String(pl.Float32));
});

Deno.test("known answer: buckets hold equally many items, and repeated numbers make fewer of them", () => {
  const encode = (price: (string | null)[], buckets: number) =>
    encodeFeatures(
      pl.DataFrame([
        pl.Series("id", price.map((_, i) => `${i}`), pl.String),
        pl.Series("price", price, pl.String),
      ]),
      [{ name: "price", kind: "numeric", encoding: "buckets", buckets }],
    );
  const even = encode(["8", "1", null, "2", "7", "3", "4"], 3);
  assert.deepEqual(list(even.frame, "price_code"), [3, 1, 0, 1, 3, 2, 2]);
  assert.deepEqual(vocabularyRows(even.vocabulary), [
    ["price", 1, "[1, 3)", 2],
    ["price", 2, "[3, 7)", 2],
    ["price", 3, "[7, 8]", 2],
  ]);
  assert.deepEqual(even.features[0].edges, [1, 3, 7]);
  const repeated = encode(["5", "5", "5", "5", "5", "9"], 4);
  assert.deepEqual(list(repeated.frame, "price_code"), [1, 1, 1, 1, 1, 1]);
  assert.deepEqual(vocabularyRows(repeated.vocabulary), [["price", 1, "[5, 9]", 6]]);
  assert.deepEqual(list(encode([null, ""], 4).frame, "price_code"), [0, 0]);
});

const dated = (...texts: (string | null)[]) =>
  pl.DataFrame([
    pl.Series("id", texts.map((_, i) => `i${i}`), pl.String),
    pl.Series("published", texts, pl.String),
  ]);

Deno.test("known answer: dates are days since 1970, standardised or in buckets", () => {
  // Days 0, 1 and 5: mean 2, population variance (4 + 1 + 9) / 3.
  const texts = ["1970-01-02", "1970-01-01", null, "1970-01-06", ""], std = Math.sqrt(14 / 3);
  const { frame, features, vocabulary } = encodeFeatures(dated(...texts), [
    parseFeatureSpec("published:date"),
  ]);
  assert.deepEqual(
    list(frame, "published_value").map((x) => Math.fround(x as number)),
    [-1, -2, 0, 3, 0].map((x) => Math.fround(x / std)),
  );
  assert.deepEqual(features, [{
    name: "published",
    kind: "date",
    encoding: "standardise",
    column: "published_value",
    values: 0,
    mean: 2,
    std,
    missing: 2,
  }]);
  assert.equal(vocabulary.height, 0);
  const noons = dated("6.1.1970 12:00", "06.01.1970 12:00", "1.1.1969 00:00");
  const buckets = encodeFeatures(noons, [parseFeatureSpec("published:date:%d.%m.%Y %H:%M:buckets=2")]);
  assert.deepEqual(list(buckets.frame, "published_code"), [2, 2, 1]);
  assert.deepEqual(vocabularyRows(buckets.vocabulary), [
    ["published", 1, "[1969-01-01, 1970-01-06T12:00:00Z)", 1],
    ["published", 2, "[1970-01-06T12:00:00Z, 1970-01-06T12:00:00Z]", 2],
  ]);
  const zones = dated("1970-01-01T01:00:00+02:00", "1969-12-31T23:00:00+00:00");
  assert.deepEqual(encodeFeatures(zones, [parseFeatureSpec("published:date")]).features[0].std, 0);
});

Deno.test("what is no date is said, and how it may be written", () => {
  const refused = (spec: string, texts: string[], message: RegExp) =>
    assert.throws(() => encodeFeatures(dated(...texts), [parseFeatureSpec(spec)]), message);
  refused(
    "published:date",
    ["2024-01-01", "soon", "later"],
    /^InputError: Cannot encode feature "published" as date: 2 of 3 items have text that is no date, the first "soon" \(item "i1"\); leave these empty in the item table$/,
  );
  refused("published:date", ["2024-01-01", "1704067200"], /1 of 2 items .* the first "1704067200"/);
  refused("published:date", ["1999", "2001"], /2 of 2 items .* the first "1999"/);
  refused(
    "published:date",
    ["Dec 31, 2023"],
    /it looks like published:date:%b %d, %Y \(on the command line, with \\, for its comma\)$/,
  );
  refused(
    "published:date",
    ["31.12.2023"],
    /, or say how they are written: it looks like published:date:%d\.%m\.%Y$/,
  );
  refused(
    "published:date",
    ["2024-01-01", "2024-01-02", "2024-01-01 10:00"],
    /but most are written differently/,
  );
  refused(
    "published:date:%d.%m.%Y",
    ["2024-01-01"],
    /no date of the format %d.%m.%Y, the first "2024-01-01" \(item "i0"\)/,
  );
});

Deno.test("values that too few items have count as missing", () => {
  const { frame, features } = encodeFeatures(ITEMS, [
    { name: "genres", kind: "multi", minCount: 2 },
    { name: "brand", kind: "categorical", minCount: 2 },
  ]);
  assert.deepEqual(lists(frame, "genres_codes"), [[1, 2], [2], [], [], [2], [1]]);
  assert.deepEqual(list(frame, "brand_code"), [1, 0, 1, 1, 0, 0]);
  assert.deepEqual(features.map(({ rare }) => rare), [1, 2]);
});

Deno.test("no features, text features, and a table without items", () => {
  for (const specs of [[], [{ name: "genres", kind: "text" }]] as FeatureSpec[][]) {
    const { frame, features, vocabulary } = encodeFeatures(ITEMS, specs);
    assert.deepEqual([frame.columns, features, vocabulary.height], [ITEMS.columns, [], 0]);
    assert.deepEqual(vocabulary.columns, ["feature", "code", "value", "items"]);
  }
  const specs = ["genres:multi", "brand", "price:numeric", "size:numeric:buckets=2"].map(parseFeatureSpec);
  const { frame, vocabulary } = encodeFeatures(ITEMS.head(0), specs);
  assert.deepEqual([frame.height, frame.width, vocabulary.height], [0, 9, 0]);
});

Deno.test("numbers of which all are missing, or all are the same", () => {
  const encode = (...price: (string | null)[]) => {
    const ids = pl.Series("id", price.map((_, i) => `${i}`), pl.String);
    const items = pl.DataFrame([ids, pl.Series("price", price, pl.String)]);
    const { frame, features: [{ mean, std, missing }] } = encodeFeatures(items, [
      parseFeatureSpec("price:numeric"),
    ]);
    return { values: list(frame, "price_value"), mean, std, missing };
  };
  assert.deepEqual(encode(null, ""), { values: [0, 0], mean: 0, std: 0, missing: 2 });
  assert.deepEqual(encode("3", null, "3"), { values: [0, 0, 0], mean: 3, std: 0, missing: 1 });
});

Deno.test("column names are names, not patterns", () => {
  const odd = ITEMS.rename({ brand: "^.*$" });
  assert.deepEqual(list(encodeFeatures(odd, [{ name: "^.*$", kind: "categorical" }]).frame, "^.*$_code"), [
    1,
    2,
    1,
    1,
    0,
    3,
  ]);
});

Deno.test("what other programs write for a number that is missing is missing, in a column that was found to be one, too", () => {
  const prices = [...Array.from({ length: 21 }, (_, i) => `${i}`), "NaN", "nan", ""];
  const items = pl.DataFrame([
    pl.Series("id", prices.map((_, i) => `i${i}`)),
    pl.Series("price", prices, pl.String),
  ]);
  const { frame, features: [price] } = encodeFeatures(items, inferFeatures(items));
  assert.deepEqual([price.kind, price.mean, price.missing], ["numeric", 10, 3]);
  assert.deepEqual(list(frame, "price_value").slice(20), [10 / Math.sqrt(110 / 3), 0, 0, 0].map(Math.fround));
});

Deno.test("errors say what is wrong and what would do", () => {
  const cases: [FeatureSpec[], RegExp][] = [
    [
      [{ name: "genre", kind: "multi" }],
      /^Cannot encode feature "genre": .*did you mean "genres".*has genres, brand, size, price$/,
    ],
    [[{ name: "id", kind: "categorical" }], /no such column/],
    [
      [{ name: "size", kind: "numeric" }],
      /as numeric: 1 of 6 items .* first "XL" \(item "c"\); .*size:categorical$/,
    ],
    [[{ name: "brand", kind: "text" }, { name: "brand", kind: "categorical" }], /twice/],
    [[{ name: "price", kind: "numeric", encoding: "buckets" }], /undefined buckets/],
  ];
  for (const [specs, message] of cases) {
    assert.throws(() => encodeFeatures(ITEMS, specs), (error: Error) => {
      assert.ok(error instanceof InputError);
      assert.match(error.message, message);
      return true;
    });
  }
  const endless = pl.DataFrame([pl.Series("id", ["x"]), pl.Series("price", ["-inf"])]);
  assert.throws(() => encodeFeatures(endless, [{ name: "price", kind: "numeric" }]), /the first "-inf"/);
  const far = pl.DataFrame([pl.Series("id", ["x", "y"]), pl.Series("price", ["1e300", "2"])]);
  assert.throws(
    () => encodeFeatures(far, [{ name: "price", kind: "numeric" }]),
    /its numbers, from 2 to 1e\+300, are too far apart to be standardised; .* use price:numeric:buckets=10$/,
  );
  assert.throws(
    () => encodeFeatures(ITEMS.select("id"), [parseFeatureSpec("brand")]),
    /^InputError: Cannot encode feature "brand": the item table has no such column; it has ids only$/,
  );
  const taken = ITEMS.rename({ price: "brand_code" });
  assert.throws(
    () => encodeFeatures(taken, [parseFeatureSpec("brand")]),
    /already has a column "brand_code"/,
  );
});
