import assert from "node:assert/strict";
import { tauColumn } from "../../../model/views/evaluation.ts";
import { textTable } from "../../../pipeline/display/table.ts";

Deno.test("values of τ are aligned right, also where all of them are whole", () => {
  assert.deepEqual(tauColumn([0, -0.75, 1]), ["0.00", "−0.75", "1.00"]);
  const rows = tauColumn([0, -1]).map((tau) => [tau]);
  assert.deepEqual(textTable({ columns: ["τ"], rows }).split("\n").map((line) => line.trimEnd()), [
    "   τ",
    "────",
    " 0.0",
    "−1.0",
  ]);
});
