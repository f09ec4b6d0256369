import assert from "node:assert/strict";
import { SPARK } from "../../../../pipeline/sql/dialect.ts";
import { drawsOf } from "../../../../pipeline/sql/text/draws.ts";

const text = (size: number) =>
  drawsOf(SPARK, "positives", { alias: { table: "alias", size }, key: [1, 2] }, 100);

Deno.test("every task gets a small alias table whole, and no large one", () => {
  assert.match(text(2_000_000), /BROADCAST\(a, b\)/);
  assert.doesNotMatch(text(2_000_001), /BROADCAST/);
});

Deno.test("a list's rows are gathered before its draws are made, so that no draw is sent anywhere", () => {
  assert.match(
    text(10),
    /explode\(sequence\(0, 49\)\) AS block FROM \(SELECT row_index, user, place FROM positives DISTRIBUTE BY row_index\)/,
  );
});
