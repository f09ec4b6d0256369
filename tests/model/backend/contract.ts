/**
 * The contract that every backend must meet. Each has its own test file, since a process has only one engine.
 *
 * @module
 */
import type { EngineName } from "../../../model/backend/types.ts";
import { adamContract } from "./contract_adam.ts";
import { dropoutContract } from "./contract_dropout.ts";
import { elementwiseContract } from "./contract_elementwise.ts";
import { gradientContract } from "./contract_gradients.ts";
import { limitContract } from "./contract_limits.ts";
import { matrixContract } from "./contract_matrices.ts";
import { mixerContract } from "./contract_mixers.ts";
import { registerFor, type Variant } from "./register.ts";

/** Registers the tests of one backend. */
export async function contract(name: EngineName, variant?: Variant): Promise<void> {
  const test = await registerFor(name, variant);
  elementwiseContract(test);
  mixerContract(test);
  matrixContract(test);
  gradientContract(test);
  dropoutContract(test);
  adamContract(test);
  limitContract(test);
}
