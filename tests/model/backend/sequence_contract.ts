/**
 * What the operations of sequence models must do alike on every backend.
 *
 * @module
 */
import { ALL, openEngine } from "../../../model/backend/engine.ts";
import type { BackendName, Engine } from "../../../model/backend/types.ts";
import { attentionContract } from "./contract_attention.ts";
import { convolutionContract } from "./contract_convolution.ts";
import { feedForwardContract } from "./contract_feed_forward.ts";
import { fixtureContract } from "./contract_fixtures.ts";
import { linearCrossEntropyContract } from "./contract_linear_cross_entropy.ts";
import { recurrentContract } from "./contract_recurrent.ts";
import { leaks } from "./sequence_leaks.ts";

/** Registers a test of a backend. */
export type Register = (what: string, check: (engine: Engine) => Promise<void> | void) => void;

/**
 * Registers the tests of one backend; they are ignored, with the reason in their name, where it cannot be had.
 *
 * @param variant Of the engine, where it is to be tested otherwise than it comes: a title, and the change.
 */
export async function sequenceContract(
  name: BackendName,
  [title, change]: [title: string, change: (engine: Engine) => Engine] = [name, (engine) => engine],
): Promise<void> {
  const finding = await ALL.find((backend) => backend.name === name)!.find({});
  const test: Register = (what, check) =>
    Deno.test({
      name: `${title}: ${what}${finding.found ? "" : ` (no ${name} engine: ${finding.reason})`}`,
      ignore: !finding.found,
      // A graphics device and a library's threads outlive a test.
      sanitizeOps: false,
      sanitizeResources: false,
      fn: async () => await check(change(await openEngine({ backend: name }))),
    });

  recurrentContract(test);
  attentionContract(test);
  convolutionContract(test);
  feedForwardContract(test);
  linearCrossEntropyContract(test);
  fixtureContract(test);
  test("no operation of sequences leaves a tensor behind", leaks);
}
