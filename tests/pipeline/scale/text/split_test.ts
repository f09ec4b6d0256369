import assert from "node:assert/strict";
import { SPARK } from "../../../../pipeline/scale/dialect.ts";
import { arranged, partCounts, partOf } from "../../../../pipeline/scale/stages/split_sql.ts";

Deno.test("parts of a split, as conditions", () => {
  assert.equal(
    partOf(SPARK, { kind: "leave-one-out" }),
    "CASE WHEN position = n THEN 'test' WHEN position = n - 1 THEN 'validation' ELSE 'train' END",
  );
  assert.equal(
    partOf(SPARK, { kind: "global-time", validFrom: 5, testFrom: -2.5 }),
    "CASE WHEN cast(timestamp AS DOUBLE) >= -2.5D THEN 'test' WHEN cast(timestamp AS DOUBLE) >= 5D THEN 'validation' ELSE 'train' END",
  );
  assert.match(
    partOf(SPARK, { kind: "ratio", ratios: [0.7, 0.1, 0.2] }),
    /\* 0\.7999999999999999D \+ 1e-9D\)/,
  );
});

Deno.test("ties go by the source or its reverse, or by item and rating before it", () => {
  const order = (ties: "file" | "item" | "reverse", hasRating: boolean) =>
    text(ties, hasRating).match(/PARTITION BY part, user ORDER BY (.*?)\)/)![1];
  const text = (ties: "file" | "item" | "reverse", hasRating: boolean) =>
    arranged(SPARK, {
      interactions: "t",
      users: "u",
      items: "i",
      hasRating,
      ties,
      parts: 4,
      rowsPerPart: 10,
      how: { kind: "leave-one-out" },
    });
  assert.equal(order("file", true), "timestamp, source_row");
  assert.equal(order("reverse", true), "timestamp, source_row DESC");
  assert.equal(order("item", true), "timestamp, item, rating, source_row");
  assert.equal(order("item", false), "timestamp, item, source_row");

  for (const ties of ["file", "reverse", "item"] as const) {
    assert.equal(text(ties, true).match(/ORDER BY/g)!.length, 1, "one window serves all");
    assert.equal(text(ties, true).includes("step"), ties !== "item", "by item the source decides nothing");
  }
  assert.match(partCounts(SPARK, "t", true), /count_if\(step = -1\) AS back FROM t$/);
  assert.doesNotMatch(partCounts(SPARK, "t", false), /step/);
});
