import assert from "node:assert/strict";
import { InputError, RunError } from "../../../../pipeline/contract/errors.ts";
import { duckdbFailure } from "../../../../pipeline/scale/duckdb/runner.ts";

const circumstances = {
  memory: 2 ** 30,
  folder: "/data/.out.new-1/scratch",
  doing: "splitting",
};

Deno.test("a full disk is told from a small limit", () => {
  for (
    const message of [
      'IO Error: Could not write file "/x": No space left on device',
      "Out of Memory Error: failed to offload data block of size 256.0 KiB (1.0 GiB/1.0 GiB used).\n" +
      "This limit was set by the 'max_temp_directory_size' setting.",
    ]
  ) {
    const said = new Error(message);
    assert.deepEqual(
      duckdbFailure(said, circumstances),
      new InputError(
        "Cannot continue splitting: what does not fit into 1GiB goes to /data/.out.new-1/scratch, and that disk is full; " +
          "free some space, raise --memory, or choose another place with --out",
        { cause: said },
      ),
    );
  }
});

Deno.test("the line says the beginning of what DuckDB said, and all of it is the cause", () => {
  const said = new Error(`Binder Error: ${"x".repeat(500)}\nLINE 1: SELECT`);
  const failure = duckdbFailure(said, circumstances);
  assert(failure instanceof RunError && failure.cause === said);
  assert.equal(failure.message, `DuckDB failed while splitting: ${said.message.slice(0, 400)}`);
});

Deno.test("errors of ours stay what they are", () => {
  const own = new InputError("Cannot read x");
  assert.equal(duckdbFailure(own, circumstances), own);
});
