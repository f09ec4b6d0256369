/**
 * The contract of the operations of sequence models on every backend.
 *
 * @module
 */
import type { EngineName } from "../../../model/backend/types.ts";
import { attentionContract } from "./contract_attention.ts";
import { convolutionContract } from "./contract_convolution.ts";
import { feedForwardContract } from "./contract_feed_forward.ts";
import { fixtureContract } from "./contract_fixtures.ts";
import { linearCrossEntropyContract } from "./contract_linear_cross_entropy.ts";
import { recurrentContract } from "./contract_recurrent.ts";
import { registerFor, type Variant } from "./register.ts";
import { sampledCrossEntropyContract } from "./contract_sampled_cross_entropy.ts";
import { leaks } from "./sequence_leaks.ts";

/** Registers the tests of one backend. */
export async function sequenceContract(name: EngineName, variant?: Variant): Promise<void> {
  const test = await registerFor(name, variant);
  recurrentContract(test);
  attentionContract(test);
  convolutionContract(test);
  feedForwardContract(test);
  linearCrossEntropyContract(test);
  sampledCrossEntropyContract(test);
  fixtureContract(test);
  test("no operation of sequences leaves a tensor behind", leaks);
}
