/**
 * On which engines nothing can be trained.
 *
 * @module
 */
import { InputError } from "../../pipeline/contract/errors.ts";
import type { EngineName } from "./types.ts";

/** Their tensors cannot be read at once, as training does after each step. */
const SCORING_ALONE: readonly EngineName[] = ["webgpu"];

/**
 * @param verb What is to be done, as in "search".
 * @throws {InputError} if the engine does not train.
 */
export function checkTrains(engine: EngineName, verb = "train"): void {
  if (!SCORING_ALONE.includes(engine)) return;
  throw new InputError(
    `Cannot ${verb} on the ${engine} engine: Deno cannot wait for what it computes; give --engine wasm`,
  );
}
