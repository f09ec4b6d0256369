/**
 * Evaluates a trained method on the frozen validation or test part of a dataset.
 *
 * @module
 */
import {
  AN_OBJECT,
  checkCall,
  COUNT,
  listOf,
  NUMBER,
  SWITCH,
  TEXTS,
} from "../../pipeline/contract/options/arguments.ts";
import { DATASET, type SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { contextOf } from "../../pipeline/contract/context.ts";
import { didYouMean, InputError } from "../../pipeline/contract/errors.ts";
import { ANYTHING, checkKnown, type KnownOptions } from "../../pipeline/contract/options/known.ts";
import { HELD_OUT, type HeldOut, type StageContext } from "../../pipeline/contract/stage.ts";
import { logPopularity, trainingCounts } from "../popularity.ts";
import { learntOf } from "../trained_on.ts";
import { yieldToEventLoop } from "../../pipeline/contract/machine/event_loop.ts";
import { keepSeenOf, RECOMMENDER, type Recommender } from "../recommender.ts";
import type { RankingProtocol } from "../records/evaluation.ts";
import { Evaluation } from "./evaluation.ts";
import { ListCollector } from "./exposure.ts";
import { checkedAdjustment, chooseLogitAdjustment, type LogitAdjustment } from "./logit_adjustment.ts";
import { DEFAULT_KS } from "./metrics.ts";
import { positivesOf, type Users } from "./positives.ts";
import { FULL, rankPositives } from "./rank_pass.ts";
import { checkItems } from "./scores.ts";

/** Options of {@link evaluate}. */
export interface EvaluateOptions extends StageContext {
  /** The part of the split to rank. Default: `test`. */
  split?: "validation" | "test";
  /** Protocols to rank by: those that the dataset has negatives for, and `full`: all items. Default: all of them. */
  protocols?: readonly RankingProtocol[];
  /** Cut-offs of the metrics. Default: 5, 10, 20. */
  ks?: readonly number[];
  /** Number of histories that are scored at once. Default: up to 1024, fewer if there are many items or histories are long. */
  batchSize?: number;
  /**
   * Whether protocol `full` also ranks the items of the history. By default it leaves them out, except for the
   * target: they are not recommended either. `true` ranks them too, as RecBole does for sequential methods. Default:
   * as the method was trained (`keepSeen`), or no.
   */
  keepSeen?: boolean;
  /**
   * τ: items are ranked by score(j) − τ log q_j, with q_j their share of the training part. A number for all
   * protocols, or one for each; those left out have 0. Default: `validation`, as chosen by
   * {@link chooseLogitAdjustment}. The figures without it are reported too.
   */
  logitAdjustment?: LogitAdjustment | "validation";
  /** The seed that the method was trained with, to report with the figures. */
  seed?: number;
}

/**
 * Ranks every positive of a part of the split by the method's scores: among its frozen negatives, which are the same
 * for every method, and among all items. The scores are corrected for popularity as far as suits the protocol
 * (`logitAdjustment`). The history is everything before the target: that of a test positive contains the validation
 * item. How much of it counts is up to the method.
 *
 * @throws {InputError} for a protocol that the dataset lacks, a part without positives, a method of another dataset,
 * or one that has learnt from the held-out part.
 * @throws {RunError} if a score is NaN.
 * @throws {Interrupted} if `signal` is aborted.
 * @example
 * ```ts
 * import { evaluate, markov, prepare } from "automlp";
 *
 * const out = await Deno.makeTempDir();
 * const { dataset } = await prepare({ dataset: "demo", out });
 * const evaluation = await evaluate(await markov.fit(dataset, {}), dataset, { protocols: ["recbole", "full"], ks: [10] });
 * console.log(evaluation.metrics.recbole["NDCG@10"]);
 * await evaluation.writePerUser(`${out}.parquet`);
 * ```
 */
export async function evaluate(
  recommender: Recommender,
  dataset: SequenceDataset,
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  checkCall("evaluate(model, dataset)", [recommender, RECOMMENDER], [dataset, DATASET], [options, AN_OBJECT]);
  return await evaluateAmong(recommender, dataset, options);
}

/**
 * Evaluates as {@link evaluate} does, on the positives of some users only.
 *
 * @param among The users; undefined: all.
 * @throws as {@link evaluate}, and {@link InputError} if these users have no positives.
 */
export async function evaluateAmong(
  recommender: Recommender,
  dataset: SequenceDataset,
  options: EvaluateOptions,
  among?: Users,
): Promise<Evaluation> {
  const started = performance.now();
  const { seed, batchSize } = options, keepSeen = keepSeenOf(recommender, options);
  const { progress, signal } = contextOf(options);
  checkItems(recommender, dataset);
  const { split, protocols, ks } = checkOptions(dataset, options);
  checkHeldOut(recommender, dataset, split);
  // In a notebook, a cell that forgot to await has ended before memory is collected, with which Deno's kernel loses its result.
  await yieldToEventLoop();
  const { logitAdjustment: asked = "validation" } = options;
  const logitAdjustment = asked === "validation"
    ? await chooseLogitAdjustment(recommender, dataset, { protocols, keepSeen, batchSize, progress, signal })
    : checkedAdjustment(asked, protocols);
  const positives = await positivesOf(dataset, split, among);
  const counts = trainingCounts(dataset);
  const lists = protocols.includes(FULL)
    ? new ListCollector(dataset, { ks, counts, keepSeen, tau: logitAdjustment[FULL], positives })
    : undefined;
  const ranks = await rankPositives(recommender, dataset, {
    split,
    positives,
    keepSeen,
    batchSize,
    progress,
    signal,
    taus: new Map(protocols.map((protocol) => [protocol, bothOf(logitAdjustment[protocol])])),
    logPopularity: logPopularity(counts),
    label: `evaluating ${recommender.name} on ${split}`,
    onFull: lists && ((start, scores, histories) => lists.add(start, scores, histories)),
  });
  const at = (protocol: RankingProtocol, tau: number) =>
    ranks.get(protocol)![bothOf(logitAdjustment[protocol]).indexOf(tau)];
  return new Evaluation({
    method: recommender.name,
    parameters: recommender.parameters,
    dataset,
    split,
    seed,
    ks,
    keepSeen,
    logitAdjustment,
    tauFrom: asked === "validation" ? "validation" : "given",
    positives,
    ranks: new Map(protocols.map((protocol) => [protocol, at(protocol, logitAdjustment[protocol])])),
    unadjusted: new Map(protocols.map((protocol) => [protocol, at(protocol, 0)])),
    exposure: lists?.result(),
    seconds: (performance.now() - started) / 1000,
  });
}

/** @throws {InputError} if the method has learnt from the part to rank. */
export function checkHeldOut(recommender: Recommender, dataset: SequenceDataset, split: HeldOut): void {
  const about = `Cannot evaluate ${recommender.name} on ${dataset.folder}: `;
  if (learntOf(recommender, dataset).includes(split)) {
    throw new InputError(
      `${about}it has learnt from the ${split} part, and its figures would say nothing; evaluate what was trained with that part held out`,
    );
  }
  if (dataset.heldOut.includes(split)) return;
  throw new InputError(
    `${about}the ${split} part is not held out of it; give the dataset as readDataset gives it`,
  );
}

/** The adjustment in use, and 0 for none. */
const bothOf = (tau: number): number[] => [...new Set([0, tau])].sort((a, b) => a - b);

const OPTIONS: KnownOptions<Omit<EvaluateOptions, keyof StageContext>> = {
  split: ANYTHING, // checkOptions lists the valid ones
  protocols: { ...TEXTS, what: 'a list of protocols, as ["strict"]' },
  ks: listOf("whole numbers from 1, as [5, 10]", COUNT.fits, COUNT.state),
  batchSize: COUNT,
  keepSeen: SWITCH,
  logitAdjustment: {
    what: '"validation", a number, or a number for each protocol',
    fits: (value) => value === "validation" || NUMBER.fits(value) || AN_OBJECT.fits(value),
  },
  seed: NUMBER,
};

/** The protocols that a dataset can be evaluated by. */
const protocolsOf = (
  dataset: SequenceDataset,
): RankingProtocol[] => [...dataset.manifest.negatives.protocols, FULL];

/**
 * Refuses a protocol that the dataset has no negatives for; trainings check it before the first step.
 *
 * @throws {InputError} naming the available ones.
 */
export const checkProtocol = (dataset: SequenceDataset, protocol: string): void =>
  checkProtocolOf(dataset.manifest.negatives.protocols, protocol, `the dataset ${dataset.folder}`);

/**
 * The same check before the dataset exists.
 *
 * @param drawn The protocols that the dataset has, or will have, negatives for.
 * @param dataset The dataset in words, as in `the dataset data/mine`.
 */
export function checkProtocolOf(drawn: readonly string[], protocol: string, dataset: string): void {
  const known = [...drawn, FULL];
  if (known.includes(protocol)) return;
  throw new InputError(
    `Cannot evaluate by protocol "${protocol}": ${dataset} has ${known.join(", ")}${
      didYouMean(protocol, known)
    }; others need a dataset prepared with --protocols`,
  );
}

/**
 * Checks and normalizes the options.
 *
 * @throws {InputError} for options that cannot be evaluated.
 */
export function checkOptions(dataset: SequenceDataset, options: EvaluateOptions) {
  checkKnown("evaluate", options, OPTIONS);
  const { split = "test", ks = DEFAULT_KS, logitAdjustment } = options;
  if (!HELD_OUT.includes(split)) {
    throw new InputError(`Cannot evaluate on the part "${split}": choose validation or test`);
  }
  const protocols = [...new Set(options.protocols ?? protocolsOf(dataset))];
  for (const protocol of protocols) checkProtocol(dataset, protocol);
  if (protocols.length === 0) throw new InputError("Cannot evaluate: no protocol is given");
  // A τ under a misspelled protocol would otherwise be ignored.
  if (typeof logitAdjustment === "object") {
    for (const protocol of Object.keys(logitAdjustment)) checkProtocol(dataset, protocol);
  }
  if (ks.length === 0) throw new InputError("Cannot evaluate: no cut-off k is given");
  return { split, protocols, ks: [...new Set(ks)].sort((a, b) => a - b) };
}
