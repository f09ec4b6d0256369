/**
 * What a search knows about its candidates: how far each is behind the best in validation loss, and how certain that
 * is.
 *
 * @module
 */
import { RandomStream } from "../../pipeline/contract/random.ts";
import { twoSidedP, twoSidedT } from "../statistics/student_t.ts";
import { HEAD_START } from "../records/clear_lead.ts";
import type { Evidence } from "../records/records.ts";
import {
  choleskyOf,
  type Judgement,
  type MeanLosses,
  meanLosses,
  varianceOfDifference,
} from "./covariance.ts";

/** The reported intervals contain all true differences simultaneously with this probability. */
export const LEVEL = 0.95;
/** Number of random draws used to find the width of the intervals. */
const DRAWS = 1000;

/**
 * Computes the evidence from some judgements: for each candidate its mean loss minus that of the best, the standard
 * error of that difference, and an interval. All intervals hold simultaneously, and they allow for the best having
 * been picked from the same data. Their width comes from draws from the estimated distribution of the means: each
 * draw gives the largest standardised error of the differences to the best of that draw, and the width is a quantile
 * of these.
 *
 * @param judgements In the order of their steps, from when the weights had learnt something.
 * @param places Places of the candidates that are compared, each with a loss in every judgement.
 * @param level Confidence level of all intervals together.
 * @param end The step at which the search ends. Default: that of the last judgement.
 * @returns [n], in the order of `places`; undefined if there are too few judgements.
 */
export function evidenceOf(
  judgements: readonly Judgement[],
  places: readonly number[],
  level = LEVEL,
  end?: number,
): Evidence[] | undefined {
  const found = meanLosses(judgements, places);
  if (!found) return undefined;
  const { means, covariance } = found, best = means.indexOf(Math.min(...means));
  const width = criticalValue(found, level);
  const halves = halvesOf(judgements, places),
    melted = meltingOf(halves, best, end ?? judgements.at(-1)!.step);
  const gained = gainOf(halves, HEAD_START * (judgements.at(-1)!.step + 1));
  return means.map((loss, p): Evidence => {
    const difference = loss - means[best];
    const standardError = Math.sqrt(varianceOfDifference(covariance, p, best));
    return {
      loss,
      difference,
      standardError,
      interval: [difference - width * standardError, difference + width * standardError],
      lasting: difference - melted[p],
      headStart: gained[p],
      judgements: judgements.length,
    };
  });
}

/** Means over a half of the judgements: of their steps, and of the candidates' losses, [n]. */
interface Half {
  step: number;
  losses: number[];
}

/** The first and the second half of the judgements. */
function halvesOf(judgements: readonly Judgement[], places: readonly number[]): [Half, Half] {
  const middle = Math.floor(judgements.length / 2);
  const [first, second] = [judgements.slice(0, middle), judgements.slice(middle)].map((half): Half => {
    const weight = half.reduce((sum, { targets }) => sum + targets, 0);
    const mean = (of: (judgement: Judgement) => number) =>
      half.reduce((sum, judgement) => sum + judgement.targets * of(judgement), 0) / weight;
    return { step: mean(({ step }) => step), losses: places.map((m) => mean(({ losses }) => losses[m])) };
  });
  return [first, second];
}

/**
 * How much of each difference to the best will have disappeared by step `end`, the end of the search, [n]. It is
 * extrapolated in a straight line from the first and the second half of the judgements; 0 if the difference grew.
 */
function meltingOf([first, second]: [Half, Half], best: number, end: number): number[] {
  const whole = (first.step + second.step) / 2, ahead = (end - whole) / (second.step - first.step);
  const behind = (half: Half, p: number) => half.losses[p] - half.losses[best];
  return first.losses.map((_, p) => Math.max(0, behind(first, p) - behind(second, p)) * Math.max(0, ahead));
}

/** How much each loss falls in `steps` steps, at the rate from the first half of the judgements to the second, [n]; 0 if it rose. */
const gainOf = ([first, second]: [Half, Half], steps: number): number[] =>
  first.losses.map((loss, p) => Math.max(0, loss - second.losses[p]) * steps / (second.step - first.step));

/**
 * The number of standard errors that bounds the errors of all differences to the best simultaneously, with
 * probability `level`.
 *
 * @param level In (0, 1).
 */
function criticalValue({ means, covariance, freedom }: MeanLosses, level: number): number {
  const lower = choleskyOf(covariance)!, n = means.length;
  const random = new RandomStream(0, "search/evidence");
  const errors = covariance.map((_, a) =>
    covariance.map((_, b) => Math.sqrt(varianceOfDifference(covariance, a, b)))
  );
  const leader = means.indexOf(Math.min(...means));
  // A candidate that cannot be distinguished from the leader may be as good: the case in which picking the best
  // misleads most (Andrews and Soares, Econometrica 78 (2010), select in the same way what to allow for).
  const centres = means.map((mean, i) => mean - means[leader] < 2 * errors[i][leader] ? means[leader] : mean);
  const largest = Float64Array.from({ length: DRAWS }, () => {
    const z = means.map(() => random.normal());
    const off = means.map((_, i) => lower[i].reduce((sum, factor, j) => sum + factor * z[j], 0));
    let best = 0;
    for (let i = 1; i < n; i++) if (centres[i] + off[i] < centres[best] + off[best]) best = i;
    return Math.max(
      ...off.map((error, i) => errors[i][best] > 0 ? Math.abs(error - off[best]) / errors[i][best] : 0),
    );
  }).sort();
  const width = largest[Math.min(DRAWS - 1, Math.ceil(level * DRAWS) - 1)];
  // If the losses have no error, as with a single item, the degrees of freedom cannot be computed and are not needed.
  return width === 0 ? 0 : studentize(width, Math.max(2, freedom - (n - 2) / 2));
}

/** From this many degrees of freedom on, Student's distribution equals the normal one to six digits. */
const NORMAL = 1e6;

/** Converts a quantile of the normal distribution to one of Student's with `freedom` degrees of freedom. */
function studentize(z: number, freedom: number): number {
  return twoSidedT(twoSidedP(z, NORMAL), freedom);
}
