/**
 * How candidates are judged, and how α learns if softmax(α) weighs their own losses: each candidate is a network by
 * itself, and all learn side by side.
 *
 * @module
 */
import type { SearchStep } from "../records/records.ts";
import { type AlphaAdam, alphaGradient } from "./alpha.ts";
import type { Comparison } from "./evidence.ts";
import type { HeldOut } from "./held_out.ts";
import type { SearchOptions } from "./state.ts";
import type { Trainer } from "./trainer.ts";
import { softmax } from "../records/probabilities.ts";

/**
 * The expected loss of a candidate drawn by softmax(α), and its gradient with respect to α: p_m (L_m − Σ p L).
 *
 * @param losses [candidates]
 */
export function expectedLoss(
  alpha: ArrayLike<number>,
  losses: ArrayLike<number>,
): { loss: number; gradient: Float64Array } {
  const loss = softmax(alpha).reduce((sum, p, m) => sum + p * losses[m], 0);
  return { loss, gradient: alphaGradient(alpha, losses) };
}

/** The candidates' own losses on held-out batches. */
export class OwnLosses {
  /**
   * @param heldOut Targets that the candidates are judged by.
   * @param options Options of the search itself: the rate of α may change.
   */
  constructor(
    readonly trainer: Trainer,
    readonly alpha: AlphaAdam,
    readonly comparison: Comparison,
    readonly heldOut: HeldOut,
    readonly options: Pick<SearchOptions, "alphaRate" | "search">,
  ) {}

  /** Takes one step of α, if the candidates are judged in this step, and one of the weights. */
  step(number: number, isJudged: boolean): SearchStep {
    const validationLoss = isJudged ? this.#stepAlpha(number) : undefined;
    const trainLoss = this.trainer.step({ candidates: this.comparison.left });
    return { trainLoss, validationLoss };
  }

  #stepAlpha(number: number): number {
    const { alpha, comparison } = this, { left, interval } = comparison, losses = this.judge(number);
    const { loss, gradient: ofLeft } = expectedLoss(left.map((place) => alpha.values[place]), losses);
    const gradient = new Float64Array(alpha.values.length);
    left.forEach((place, i) => gradient[place] = ofLeft[i]);
    // One step stands for `interval` steps, so it moves α as far as they would.
    alpha.rate = this.options.alphaRate * interval;
    alpha.apply(gradient, (place) => comparison.has(place));
    return loss;
  }

  /** Losses of the candidates that are left, each as it would be alone; adds them to the comparison. */
  judge(step: number): Float64Array {
    const { left } = this.comparison, targets = this.heldOut.next();
    const losses = this.trainer.losses(targets, step, left, this.options.search !== "shared");
    const { batch, rows } = targets;
    this.comparison.add({ step, batch, targets: rows.length, losses: Array.from(losses) });
    return losses;
  }
}
