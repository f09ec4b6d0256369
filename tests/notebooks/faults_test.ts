import assert from "node:assert/strict";
import { faults, type Notebook } from "./faults.ts";

const withOutput = (output: Record<string, unknown>) =>
  faults({ cells: [{ id: "c", outputs: [output] }] } as unknown as Notebook);
const withText = (text: string) =>
  withOutput({ output_type: "execute_result", data: { "text/plain": text, "text/html": `<p>${text}</p>` } });

Deno.test("what shows itself is no fault", () => {
  for (
    const text of [
      "Search, 0 of 5 epochs",
      "shape: (2, 2)",
      "[Loss by epoch]",
      "Exported to work/demo/exports/csv",
      '"a text"',
    ]
  ) assert.deepEqual(withText(text), [], text);
  assert.deepEqual(withOutput({ output_type: "stream", name: "stdout", text: ["epoch 1\n"] }), []);
});

Deno.test("dumps, errors, paths and colours are", () => {
  for (
    const text of [
      "{ done: 165, epoch: 144 }",
      "[ { a: 1 } ]",
      "Search {\n  engine",
      "Float64Array(3) [ 1, 2, 3 ]",
      "Map(1) { 1 => 2 }",
      "Promise { <pending> }",
      "[Function: f]",
    ]
  ) assert.equal(withText(text).length, 1, text);
  assert.equal(withText("in /home/ann/data").length, 2); // as text and as HTML
  assert.equal(withText("\x1b[33m1\x1b[39m").length, 2);
  assert.equal(withText("k = undefined").length, 2);
  assert.equal(withOutput({ output_type: "error", ename: "TypeError", evalue: "x" }).length, 1);
  assert.equal(withOutput({ output_type: "display_data", data: { "text/html": "<p>" } }).length, 1);
  assert.equal(withOutput({ output_type: "stream", text: "see /tmp/x\n" }).length, 1);
});
