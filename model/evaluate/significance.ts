/**
 * Is one method better than another, or is it chance? Paired two-sided t-tests over users.
 *
 * @module
 */
import { InputError } from "../../pipeline/contract/errors.ts";
import type { Comparison, MetricName, PairedTest, RankingProtocol } from "../records/evaluation.ts";
import { comparisonWithDisplay } from "../views/evaluation.ts";
import { Comparisons } from "./comparisons.ts";
import { holm } from "./holm.ts";
import { estimate } from "./metrics.ts";
import { parseMetric } from "../records/evaluation.ts";
import type { Ranked } from "./ranked.ts";
import { twoSidedP, twoSidedT } from "./student_t.ts";

/**
 * Share of the values below which the spread of the differences is rounding error of sums over users: far below the
 * effect of one place in one user's list.
 */
const ROUNDING = 1e-10;

/**
 * Paired two-sided Student's t-test. If all differences are equal, there is no spread to judge them by: then t is
 * infinite, the interval has no width, and p is that of the signs alone, 2 / 2ⁿ, as in a permutation test of the
 * signs. Two seeds that happen to differ by the same amount, as shares of a few users do, are no proof.
 *
 * @param x [n], n ≥ 2
 * @param y [n]
 * @param confidence Confidence level of the interval, above 0 and below 1: 0.95 for 95 %.
 * @throws {InputError} for fewer than two pairs, because one difference has no known spread, and for values that are
 * not finite numbers.
 * @example
 * ```ts
 * import { pairedTest } from "automlp";
 * import assert from "node:assert/strict";
 *
 * const { difference, degreesOfFreedom, p } = pairedTest(Float64Array.of(1, 2, 4), Float64Array.of(0, 2, 1));
 * assert.deepEqual([difference, degreesOfFreedom], [4 / 3, 2]);
 * assert(p > 0.05); // three pairs say little
 * ```
 */
export function pairedTest(x: Float64Array, y: Float64Array, confidence = 0.95): PairedTest {
  if (!isShare(confidence)) {
    throw new InputError(
      `Cannot test with confidence ${confidence}: give a number between 0 and 1, 0.95 for 95 %`,
    );
  }
  if (x.length !== y.length) {
    throw new InputError(`Cannot test: there are ${x.length} and ${y.length} values; give pairs`);
  }
  if (x.length < 2) {
    throw new InputError(`Cannot test: it takes at least 2 pairs, found ${x.length}`);
  }
  const differences = x.map((value, i) => value - y[i]);
  const degreesOfFreedom = differences.length - 1;
  const { mean: difference, standardError } = estimate(differences);
  if (!Number.isFinite(difference)) {
    throw new InputError("Cannot test: some values are no numbers, or infinite; leave their pairs out");
  }
  const rounding = ROUNDING * Math.max(largest(x), largest(y));
  if (standardError! * Math.sqrt(differences.length) <= rounding) {
    const isNone = Math.abs(difference) <= rounding;
    return {
      difference,
      interval: [difference, difference],
      t: isNone ? 0 : Math.sign(difference) * Infinity,
      degreesOfFreedom,
      p: isNone ? 1 : 2 ** -degreesOfFreedom,
    };
  }
  const t = difference / standardError!;
  const reach = twoSidedT(1 - confidence, degreesOfFreedom) * standardError!;
  return {
    difference,
    interval: [difference - reach, difference + reach],
    t,
    degreesOfFreedom,
    p: twoSidedP(t, degreesOfFreedom),
  };
}

const largest = (values: Float64Array) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** Options of {@link compare} and {@link compareAll}. */
export interface CompareOptions {
  /** The protocol to compare by. Default: the first one that all were evaluated by. */
  protocol?: RankingProtocol;
  /** Confidence level of the interval, and 1 − the level of significance. Default: 0.95. */
  confidence?: number;
}

/**
 * Compares two evaluations by one metric, paired over users, whose values are means over their positives. Each
 * evaluation is a result of `evaluate`, or the ranks that a run folder keeps (`readRanks`).
 *
 * @throws {InputError} if they are of different datasets, parts or rankings.
 * @example
 * ```ts
 * import { compare, evaluate, markov, popularity, prepare } from "automlp";
 *
 * const out = await Deno.makeTempDir();
 * const { dataset } = await prepare({ dataset: "demo", out });
 * const [a, b] = [await markov.fit(dataset, {}), await popularity.fit(dataset, {})];
 * const [first, second] = [await evaluate(a, dataset), await evaluate(b, dataset)];
 * const { difference, interval, p } = compare(first, second, "NDCG@10", { protocol: "recbole" });
 * console.log(difference, interval, p);
 * ```
 */
export function compare(
  a: Ranked,
  b: Ranked,
  metric: MetricName,
  options: CompareOptions = {},
): Comparison {
  return comparisonWithDisplay(compareAll(a, [b], metric, options).comparisons[0]);
}

/**
 * Compares one evaluation with several others. The p-values are corrected together by Holm's method (Scandinavian
 * Journal of Statistics 6, 1979): the probability that any difference is wrongly called significant stays below 1 −
 * `confidence`.
 *
 * @throws {InputError} in the same cases as {@link compare}, and if there are no others.
 * @example
 * ```ts
 * import { compareAll, evaluate, itemKnn, markov, popularity, prepare } from "automlp";
 *
 * const out = await Deno.makeTempDir();
 * const { dataset } = await prepare({ dataset: "demo", out });
 * const evaluations = [];
 * for (const method of [markov, itemKnn, popularity]) evaluations.push(await evaluate(await method.fit(dataset, {}), dataset));
 * const [first, ...others] = evaluations;
 * console.log(compareAll(first, others, "NDCG@10"));
 * ```
 */
export function compareAll(
  a: Ranked,
  others: readonly Ranked[],
  metric: MetricName,
  options: CompareOptions = {},
): Comparisons {
  const { protocol, confidence = 0.95 } = options;
  if (!isShare(confidence)) {
    throw new InputError(
      `Cannot compare with confidence ${confidence}: give a number between 0 and 1, as in 0.95`,
    );
  }
  if (others.length === 0) throw new InputError(`Cannot compare ${a.method}: no other evaluation is given`);
  const { name } = parseMetric(metric);
  const common = protocol ?? a.protocols.find((known) => others.every((b) => b.protocols.includes(known)));
  if (common === undefined) {
    throw new InputError(`Cannot compare ${a.method}: no protocol is common to all evaluations`);
  }
  const tests = others.map((b) => {
    checkComparable(a, b, common);
    return pairedTest(a.userValues(common, name), b.userValues(common, name), confidence);
  });
  const adjusted = holm(tests.map(({ p }) => p));
  return new Comparisons(tests.map((test, i): Comparison => ({
    a: a.method,
    b: others[i].method,
    metric: name,
    protocol: common,
    split: a.split,
    users: a.users,
    meanA: estimate(a.userValues(common, name)).mean,
    meanB: estimate(others[i].userValues(common, name)).mean,
    ...test,
    confidence,
    adjustedP: adjusted[i],
    significant: adjusted[i] < 1 - confidence,
  })));
}

function checkComparable(a: Ranked, b: Ranked, protocol: string): void {
  const differs = differenceOf(a, b, protocol);
  if (differs) {
    throw new InputError(
      `Cannot compare ${a.method} with ${b.method}: they were evaluated on different ${differs}; evaluate both alike`,
    );
  }
  if (a.users < 2) {
    throw new InputError(`Cannot compare ${a.method} with ${b.method}: a test needs at least 2 users`);
  }
}

/** How two evaluations differ. */
function differenceOf(a: Ranked, b: Ranked, protocol: string): string | undefined {
  if (a.dataset.hash !== b.dataset.hash) {
    return `datasets (${a.dataset.hash.slice(0, 8)} and ${b.dataset.hash.slice(0, 8)})`;
  }
  if (a.split !== b.split) return `parts (${a.split} and ${b.split})`;
  if (protocol === "full" && a.keepSeen !== b.keepSeen) {
    return "rankings (with and without the items that users have seen)";
  }
}

const isShare = (value: unknown): boolean => typeof value === "number" && value > 0 && value < 1;
