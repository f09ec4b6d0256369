import assert from "node:assert/strict";
import { SPARK } from "../../../../pipeline/scale/dialect.ts";
import { bucketOf } from "../../../../pipeline/scale/stages/vocabulary.ts";

/** The result of a tree of conditions for a number. */
function bucketAt(sql: string, value: number): number {
  const source = sql.replace(/CASE WHEN k < (\S+) THEN /g, "(k < $1 ? ").replaceAll(" ELSE ", " : ")
    .replaceAll(" END", ")");
  return new Function("k", `return ${source}`)(value);
}

Deno.test("buckets: a key goes behind all bounds that it reaches", () => {
  for (const bounds of [[], [10], [10, 20], [1, 2, 3, 5, 8, 13, 21]]) {
    const labels = [0, ...bounds.map((bound) => bound + 100)],
      sql = bucketOf("k", bounds.map(String), labels);
    for (let key = 0; key < 25; key++) {
      assert.equal(
        bucketAt(sql, key),
        labels[bounds.filter((bound) => bound <= key).length],
        `${key} in ${bounds}`,
      );
    }
  }
});

Deno.test("buckets: a tree of a thousand bounds is ten conditions deep", () => {
  const sql = bucketOf("k", Array.from({ length: 1000 }, (_, i) => String(i)), SPARK.labels(1001));
  let depth = 0, deepest = 0;
  for (const [word] of sql.matchAll(/CASE|END/g)) {
    deepest = Math.max(deepest, depth += word === "CASE" ? 1 : -1);
  }
  assert.equal(deepest, 10);
});
