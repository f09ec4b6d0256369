import assert from "node:assert/strict";
import { philox4x32 } from "../../../../pipeline/contract/random.ts";
import { SPARK } from "../../../../pipeline/sql/dialect.ts";
import { philoxBlocks } from "../../../../pipeline/sql/text/philox.ts";
import { evaluateRounds } from "./evaluate.ts";

Deno.test("philox in SQL: ten selects, one in the other, that keep their columns", () => {
  const sql = philoxBlocks(SPARK, "(SELECT 1)", ["row_index", "block"], [1, 2]);
  assert.equal(sql.match(/SELECT row_index, block, /g)!.length, 11, "the counter, and ten rounds");
  assert.match(sql, /^SELECT row_index, block, .* AS c0, .* AS c1, .* AS c2, .* AS c3 FROM \(SELECT/);
  assert.equal(sql.split("(").length, sql.split(")").length);
});

Deno.test("philox in SQL computes what the project's own does, within a signed 64-bit number", () => {
  const words = new Uint32Array(4);
  const counters = [[0, 0, 0], [1, 2, 3], [0xffffffff, 0xffffffff, 0xffffffff], [7, 0x80000000, 19]];
  for (const key of [[0, 0], [0xffffffff, 0xffffffff], [2023, 0x9e3779b9]] as [number, number][]) {
    const sql = philoxBlocks(SPARK, "counters", [], key);
    for (const [block, stream, substream] of counters) {
      philox4x32(words, block, stream, substream, 0, key[0], key[1]);
      const found = evaluateRounds(sql, { block, stream, substream });
      assert.deepEqual(["c0", "c1", "c2", "c3"].map((name) => found[name]), Array.from(words, BigInt));
    }
  }
});
