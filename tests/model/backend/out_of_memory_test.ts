import assert from "node:assert/strict";
import { memoryError, withinMemory } from "../../../model/backend/out_of_memory.ts";
import { openEngine } from "../../../model/backend/engine.ts";

const WISH = "; free some, or lower --batch-size, --length, --dim or the number of --lengths";

Deno.test("each engine's words for it become the same line; other errors stay what they are", () => {
  const line = (error: unknown) => (memoryError(error) as Error).message;
  const words = [
    new RangeError("Array buffer allocation failed"),
    new RangeError("Invalid typed array length: 8000000000"),
    new WebAssembly.RuntimeError("memory access out of bounds"),
    new WebAssembly.RuntimeError("Aborted(). Build with -sASSERTIONS for more info."),
  ];
  for (const error of words) assert.equal(line(error), `Cannot continue: out of memory${WISH}`);
  assert.equal(
    line(
      new Error(
        "Invalid TF_Status: 8\nMessage: OOM when allocating tensor with shape[10,80] and type float on /job",
      ),
    ),
    `Cannot continue: out of memory for a tensor of 10 × 80${WISH}`,
  );
  const others = [
    new Error("Invalid TF_Status: 3\nMessage: bad"),
    new RangeError("Invalid count value: -1"),
    "x",
  ];
  for (const error of others) assert.equal(memoryError(error), error);
  const known = memoryError(words[0]);
  assert.equal(memoryError(known), known, "said once");
  assert.throws(() => withinMemory(() => new Float32Array(2 ** 50)), {
    name: "RunError",
    message: /out of memory/,
  });
});

Deno.test("WebAssembly refuses what does not fit into its memory instead of writing over other tensors", async () => {
  const { tf } = await openEngine({ engine: "wasm" });
  const kept = tf.tensor1d([1, 2, 3]);
  // Memory that is never written to takes no physical memory.
  const { makeOutput } = tf.backend() as unknown as { makeOutput(shape: number[], dtype: string): unknown };
  const take = (bytes: number) => makeOutput.call(tf.backend(), [bytes / 4], "float32");
  for (let i = 0; i < 3; i++) take(2 ** 30);
  assert.throws(
    () => take(2 ** 30),
    /^RangeError: Array buffer allocation failed: WebAssembly memory is full$/,
  );
  assert.throws(() => take(2 ** 32 + 8), /WebAssembly memory is full/, "8 by its lowest 32 bits");
  assert.throws(() => tf.tidy(() => tf.ones([2 ** 28])), {
    name: "RunError",
    message: /^Cannot continue: out of memory/,
  });
  assert.deepEqual([...kept.dataSync()], [1, 2, 3]);
  kept.dispose();
});
