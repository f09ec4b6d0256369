/**
 * How far popularity should count: the logit adjustment of each protocol, chosen on validation.
 *
 * @module
 */
import { contextOf } from "../../pipeline/contract/context.ts";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import type { RankingProtocol } from "../records/evaluation.ts";
import { byProtocol } from "./by_protocol.ts";
import type { StageContext } from "../../pipeline/contract/stage.ts";
import { logPopularity, trainingCounts } from "../popularity.ts";
import { learntOf } from "../trained_on.ts";
import { keepSeenOf, type Recommender } from "../recommender.ts";
import { estimate, groupMeans, metricValues } from "./metrics.ts";
import { parseMetric } from "../records/evaluation.ts";
import { type Positives, positivesOf } from "./positives.ts";
import { type RankPass, rankPositives } from "./rank_pass.ts";
import { checkItems } from "./scores.ts";

/** The values of τ to choose from. Below 0 popularity is added: for methods that learnt with negatives drawn by it. */
const TAUS: readonly number[] = [-1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1, 1.25, 1.5];
/** The metric that τ is chosen by. */
const METRIC = parseMetric("NDCG@10");

/** Options of {@link chooseLogitAdjustment}. */
export interface ChooseOptions extends StageContext {
  /** Protocols to choose τ for. Default: those that the dataset has negatives for, and `full`. */
  protocols?: readonly RankingProtocol[];
  /** Whether protocol `full` also ranks the items of the history. Default: as the method was trained (`keepSeen`), or no. */
  keepSeen?: boolean;
  /** Number of histories that are scored at once. Default: up to 1024, fewer if there are many items or histories are long. */
  batchSize?: number;
}

/**
 * Chooses for each protocol the τ for which ranking by score(j) − τ log q_j gives the best NDCG@10 on validation,
 * among −1, −¾ … 1½. q_j is item j's share of the training interactions, with one added to each item's count. A τ
 * other than 0 is chosen only if its lead over τ = 0 exceeds twice the standard error of that lead, paired over
 * users.
 *
 * For a protocol whose negatives are drawn by popularity, log p − log q ranks best; for ranking all items, log p.
 * Source: Menon et al., "Long-tail learning via logit adjustment" (ICLR 2021), §4.1, the adjustment after training.
 *
 * @returns τ by protocol; 0 for all if there is no validation part.
 * @throws {InputError} for a protocol that the dataset lacks, a method of another dataset, or one that has learnt from the validation part.
 * @throws {RunError} if a score is NaN.
 * @throws {Interrupted} if `signal` is aborted.
 * @example
 * ```ts
 * import { chooseLogitAdjustment, markov, prepare } from "automlp";
 *
 * const out = await Deno.makeTempDir();
 * const { dataset } = await prepare({ dataset: "demo", out });
 * console.log(await chooseLogitAdjustment(await markov.fit(dataset, {}), dataset)); // { recbole: 0.75, full: 0 }, say
 * ```
 */
export async function chooseLogitAdjustment(
  recommender: Recommender,
  dataset: SequenceDataset,
  options: ChooseOptions = {},
): Promise<Record<RankingProtocol, number>> {
  const { batchSize } = options, { progress, signal } = contextOf(options);
  const keepSeen = keepSeenOf(recommender, options);
  const protocols = options.protocols ?? [...dataset.manifest.negatives.protocols, "full" as const];
  const none = byProtocol(protocols, () => 0);
  checkItems(recommender, dataset);
  if (!dataset.heldOut.includes("validation") || learntOf(recommender, dataset).includes("validation")) {
    throw new InputError(
      `Cannot choose a logit adjustment for ${recommender.name}: the validation part of ${dataset.folder} is learnt, and nothing is left to choose it on; give the one that was chosen before, as in { logitAdjustment: run.read("metrics").logitAdjustment.model }`,
    );
  }
  if (!dataset.parts.some((part) => part.targets("validation").length > 0)) return none;
  return (await weighPopularity(recommender, dataset, { protocols, keepSeen, batchSize, progress, signal }))
    .chosen;
}

/** The validation positives, ranked with each τ. */
export interface Weighed {
  positives: Positives;
  /** The chosen τ by protocol. */
  chosen: Record<RankingProtocol, number>;
  /** The ranks by a protocol, with one of the τ that were tried, [positives]. */
  ranks(protocol: RankingProtocol, tau: number): Uint32Array;
}

/**
 * Ranks the validation positives with all τ in one pass, and chooses as described at {@link chooseLogitAdjustment}.
 *
 * @throws {InputError} if there are no validation positives; otherwise the same errors as there.
 */
export async function weighPopularity(
  recommender: Recommender,
  dataset: SequenceDataset,
  { protocols, ...pass }: Pick<RankPass, "keepSeen" | "batchSize" | "progress" | "signal"> & {
    protocols: readonly RankingProtocol[];
  },
): Promise<Weighed> {
  const positives = await positivesOf(dataset, "validation");
  const ranks = await rankPositives(recommender, dataset, {
    ...pass,
    split: "validation",
    positives,
    taus: new Map(protocols.map((protocol) => [protocol, TAUS])),
    logPopularity: logPopularity(trainingCounts(dataset)),
    label: `weighing popularity for ${recommender.name}`,
  });
  const values = (ranks: Uint32Array) => groupMeans(metricValues(METRIC, ranks), positives.groups);
  return {
    positives,
    chosen: byProtocol(protocols, (protocol) => bestTau(ranks.get(protocol)!.map(values))),
    ranks: (protocol, tau) => ranks.get(protocol)![TAUS.indexOf(tau)],
  };
}

/** @param values Metric values for each of {@link TAUS}, each [users]. */
function bestTau(values: readonly Float64Array[]): number {
  const means = values.map((of) => estimate(of).mean);
  // Ties are decided for the τ nearest to 0.
  const best = TAUS.map((tau, t) => ({ tau, t })).reduce((a, b) =>
    means[b.t] > means[a.t] || means[b.t] === means[a.t] && Math.abs(b.tau) < Math.abs(a.tau) ? b : a
  );
  const plain = values[TAUS.indexOf(0)];
  if (plain.length < 2) return 0; // with one user, chance cannot be ruled out
  const { mean, standardError } = estimate(values[best.t].map((value, user) => value - plain[user]));
  return mean > 2 * standardError! ? best.tau : 0;
}

/** A τ for each protocol, or one for all, as an option of {@link evaluate}. */
export type LogitAdjustment = number | Readonly<Partial<Record<RankingProtocol, number>>>;

/** τ by protocol; 0 if none is given. */
export function checkedAdjustment(
  given: LogitAdjustment,
  protocols: readonly RankingProtocol[],
): Record<RankingProtocol, number> {
  return byProtocol(protocols, (protocol) => {
    const tau = typeof given === "number" ? given : given[protocol] ?? 0;
    if (Number.isFinite(tau)) return tau;
    throw new InputError(
      `Cannot evaluate with logitAdjustment ${tau}: give "validation", a number, or a number for each protocol`,
    );
  });
}
