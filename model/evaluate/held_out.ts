/**
 * Evaluates a method on both held-out parts, for a run's figures.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { contextOf } from "../../pipeline/contract/context.ts";
import { keepSeenOf, type Recommender } from "../recommender.ts";
import type { RankingProtocol } from "../records/evaluation.ts";
import { checkHeldOut, checkOptions, evaluate, type EvaluateOptions } from "./evaluate.ts";
import { Evaluation } from "./evaluation.ts";
import { weighPopularity } from "./logit_adjustment.ts";
import { checkItems } from "./scores.ts";

/**
 * Evaluates as {@link evaluate} does on either part, with the τ chosen on validation. The pass that chooses them
 * already ranks the validation positives with each τ, so none is ranked twice. `exposure` is only that of the test
 * part.
 *
 * @throws {InputError} for a part without positives, a method of another dataset, or one that has learnt from a
 * held-out part.
 * @throws {RunError} if a score is NaN.
 * @throws {Interrupted} if `signal` is aborted.
 */
export async function evaluateHeldOut(
  recommender: Recommender,
  dataset: SequenceDataset,
  options: Omit<EvaluateOptions, "split" | "logitAdjustment"> = {},
): Promise<{ validation: Evaluation; test: Evaluation }> {
  const started = performance.now();
  const { seed, batchSize } = options, { protocols, ks } = checkOptions(dataset, options);
  const keepSeen = keepSeenOf(recommender, options);
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
