/**
 * Checks whether an engine can train.
 *
 * @module
 */
import { InputError } from "../../pipeline/contract/errors.ts";
import type { EngineName } from "./types.ts";

/** Engines that only score: their tensors cannot be read synchronously, as training does after each step. */
const SCORING_ALONE: readonly EngineName[] = ["webgpu"];

/**
 * @param verb The work, as in "search".
 * @throws {InputError} if the engine does not train.
 */
export function checkTrains(engine: EngineName, verb = "train"): void {
  if (!SCORING_ALONE.includes(engine)) return;
  throw new InputError(
    `Cannot ${verb} on the ${engine} engine: Deno cannot wait for what it computes; give --engine wasm`,
  );
}
