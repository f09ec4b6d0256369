/**
 * Evaluates a method on both parts that are held out, as a run's figures have it.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { contextOf } from "../../pipeline/contract/context.ts";
import type { Recommender } from "../recommender.ts";
import type { RankingProtocol } from "../records/evaluation.ts";
import { checkHeldOut, checkOptions, evaluate, type EvaluateOptions } from "./evaluate.ts";
import { Evaluation } from "./evaluation.ts";
import { weighPopularity } from "./logit_adjustment.ts";
import { checkItems } from "./scores.ts";

/**
 * The same as {@link evaluate} on either part, with the τ that validation chooses: the pass that chooses them has the ranks of the validation
 * positives with each, so that none is ranked twice. What the lists hold (`exposure`) is of the test alone.
 *
 * @throws {InputError} for a part without positives, a method of another dataset, or one that has learnt from what was held out.
 * @throws {RunError} if a score is NaN.
 * @throws {Interrupted} if `signal` is aborted.
 */
export async function evaluateHeldOut(
  recommender: Recommender,
  dataset: SequenceDataset,
  options: Omit<EvaluateOptions, "split" | "logitAdjustment"> = {},
): Promise<{ validation: Evaluation; test: Evaluation }> {
  const started = performance.now();
  const { keepSeen = false, seed, batchSize } = options, { protocols, ks } = checkOptions(dataset, options);
  checkItems(recommender, dataset);
  checkHeldOut(recommender, dataset, "validation");
  const pass = { protocols, keepSeen, batchSize, ...contextOf(options) };
  const { positives, chosen, ranks } = await weighPopularity(recommender, dataset, pass);
  const all = (tau: (protocol: RankingProtocol) => number) =>
    new Map(protocols.map((protocol) => [protocol, ranks(protocol, tau(protocol))]));
  const validation = new Evaluation({
    method: recommender.name,
    parameters: recommender.parameters,
    dataset,
    split: "validation",
    seed,
    ks,
    keepSeen,
    logitAdjustment: chosen,
    tauFrom: "validation",
    positives,
    ranks: all((protocol) => chosen[protocol]),
    unadjusted: all(() => 0),
    seconds: (performance.now() - started) / 1000,
  });
  return { validation, test: await evaluate(recommender, dataset, { ...options, logitAdjustment: chosen }) };
}
