/**
 * Reports in one line that memory has run out: each engine has its own message for it.
 *
 * @module
 */
import { RunError } from "../../pipeline/contract/errors.ts";
import type { Tf } from "./tensor.ts";

/** Number of bytes that WebAssembly can hold, whose addresses have 32 bits. */
export const WASM_BYTES = 2 ** 32 - 2 ** 16;

/** Messages with which engines and JavaScript report that memory has run out. */
const WORDS = [
  // libtensorflow: RESOURCE_EXHAUSTED
  /^Invalid TF_Status: 8\b/,
  // Typed arrays
  /^(Array buffer allocation failed|Invalid (typed )?array length)/,
  // WebAssembly that could not grow its memory and continued
  /^(memory access out of bounds|Aborted\()/,
];

/** Returns an error that says in one line that memory has run out, if the given error means that; otherwise the error itself. */
export function memoryError(error: unknown): unknown {
  if (
    !(error instanceof Error) || error instanceof RunError ||
    !WORDS.some((words) => words.test(error.message))
  ) {
    return error;
  }
  const [, shape] = /shape ?\[([\d,]+)\]/.exec(error.message) ?? [];
  return new RunError(
    `Cannot continue: out of memory${shape ? ` for a tensor of ${shape.replaceAll(",", " × ")}` : ""}; ` +
      "free some, or lower --batch-size, --length, --dim or the number of --lengths",
    { cause: error },
  );
}

/**
 * Runs work that takes much memory.
 *
 * @throws {RunError} if there is not enough.
 */
export function withinMemory<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw memoryError(error);
  }
}

/** Returns the tensor library with a `tidy` that reports in one line if memory runs out within. */
export const sayingOutOfMemory = (tf: Tf): Tf => ({
  ...tf,
  tidy: ((...args: Parameters<Tf["tidy"]>) => withinMemory(() => tf.tidy(...args))) as Tf["tidy"],
});
