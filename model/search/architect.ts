/**
 * The gradient by which architecture parameters α learn.
 *
 * Source: AutoMLP (WWW 2023), "Training", after DARTS (Liu, Simonyan, Yang, ICLR 2019). α minimises
 * L_val(W*(α), α), and W*(α) is approached by one training step: W*(α) ≈ W′ = W − ξ ∇_W L_train(W, α).
 *
 * @module
 */

/** A bilevel problem at its current W and α. `D` is a direction in the space of W. */
export interface Bilevel<D> {
  /**
   * Gradients of one of the losses, at W or at W + scale · direction.
   *
   * @returns `alpha` [candidates], and `weights`.
   */
  gradients(
    loss: "train" | "validation",
    at?: { direction: D; scale: number },
  ): Promise<{ alpha: Float64Array; weights: D }>;
  /** The Euclidean length of a direction. */
  norm(direction: D): number;
  /** Called for every direction that is no longer needed. */
  release(direction: D): void;
}

/** ‖ε · direction‖ of the finite difference, as DARTS has it. */
const DISPLACEMENT = 0.01;

/** First order (ξ = 0): ∇_α L_val(W, α), as if W did not depend on α. */
export async function firstOrder<D>(problem: Bilevel<D>): Promise<Float64Array> {
  const { alpha, weights } = await problem.gradients("validation");
  problem.release(weights);
  return alpha;
}

/**
 * Second order: ∇_α L_val(W′, α) − ξ ∇²_{α,W} L_train(W, α) · ∇_{W′} L_val(W′, α).
 *
 * The product of the mixed second derivatives with the vector v = ∇_{W′} L_val is a central difference of first ones:
 * (∇_α L_train(W + εv, α) − ∇_α L_train(W − εv, α)) / 2ε with ε = 0.01 / ‖v‖. All of it is at one training batch and one
 * validation batch.
 *
 * @param xi ξ, the step of the approximation: the learning rate of W.
 */
export async function secondOrder<D>(problem: Bilevel<D>, xi: number): Promise<Float64Array> {
  const { weights: step } = await problem.gradients("train");
  const { alpha, weights: v } = await problem.gradients("validation", { direction: step, scale: -xi });
  problem.release(step);
  const length = problem.norm(v);
  if (length > 0) {
    const epsilon = DISPLACEMENT / length;
    const ahead = await problem.gradients("train", { direction: v, scale: epsilon });
    const behind = await problem.gradients("train", { direction: v, scale: -epsilon });
    for (let m = 0; m < alpha.length; m++) {
      alpha[m] -= xi * (ahead.alpha[m] - behind.alpha[m]) / (2 * epsilon);
    }
    problem.release(ahead.weights);
    problem.release(behind.weights);
  }
  problem.release(v);
  return alpha;
}
