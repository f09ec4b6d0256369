/**
 * Whether weights are those of a network.
 *
 * @module
 */
import { InputError } from "../../pipeline/contract/errors.ts";
import { shapeProblem } from "../layers/expected.ts";
import type { NetworkConfig } from "./config.ts";
import { modelParameters } from "./network.ts";

/**
 * Checks the tensors of a weight file against the network that its `config.json` describes, before any number is read.
 *
 * @param path Of the weights or their run, for messages.
 * @param shapes By tensor.
 * @throws {InputError} if they are others.
 */
export function checkWeights(
  path: string,
  network: NetworkConfig,
  shapes: ReadonlyMap<string, readonly number[]>,
): void {
  const problem = shapeProblem(modelParameters(network), shapes);
  if (problem === undefined) return;
  throw new InputError(
    `Cannot use the weights of ${path}: they are not those of the network in its config.json (${problem}); train it again`,
  );
}
