/**
 * The gradient by which architecture parameters α learn.
 *
 * Source: AutoMLP (WWW 2023), "Training", after DARTS (Liu, Simonyan, Yang, ICLR 2019). α minimises
 * L_val(W*(α), α), and W*(α) is approached by one training step: W*(α) ≈ W′ = W − ξ ∇_W L_train(W, α).
 *
 * @module
 */

/** W + scale · direction. */
export interface Perturbation<D> {
  direction: D;
  scale: number;
}

/** A bilevel problem at its current W and α. `D` is a direction in the space of W. */
export interface Bilevel<D> {
  /** The gradient of a loss with respect to α, [candidates], at W or displaced. */
  alphaGradient(loss: "train" | "validation", at?: Perturbation<D>): Float64Array;
  /** The gradient of a loss with respect to W, at W or displaced. */
  weightGradient(loss: "train" | "validation", at?: Perturbation<D>): D;
  /** The Euclidean length of a direction. */
  norm(direction: D): number;
  /** Called for every direction that is no longer needed. */
  release(direction: D): void;
}

/**
 * ‖ε · direction‖ of the finite difference. DARTS has 0.01 for networks of millions of weights; in ones of a few thousand, whose
 * layers' norms bend more, the gradient was up to a half off, at 0.001 less than a hundredth. Much smaller ones drown in the
 * rounding of single precision.
 */
const DISPLACEMENT = 0.001;

/** First order (ξ = 0): ∇_α L_val(W, α), as if W did not depend on α. */
export function firstOrder<D>(problem: Bilevel<D>): Float64Array {
  return problem.alphaGradient("validation");
}

/**
 * Second order: ∇_α L_val(W′, α) − ξ ∇²_{α,W} L_train(W, α) · ∇_{W′} L_val(W′, α).
 *
 * The product of the mixed second derivatives with the vector v = ∇_{W′} L_val is a central difference of first ones:
 * (∇_α L_train(W + εv, α) − ∇_α L_train(W − εv, α)) / 2ε with ε = 0.001 / ‖v‖. All of it is at one training batch and one
 * validation batch.
 *
 * @param xi ξ, the step of the approximation: the learning rate of W.
 */
export function secondOrder<D>(problem: Bilevel<D>, xi: number): Float64Array {
  const step = problem.weightGradient("train");
  const ahead = { direction: step, scale: -xi }; // W′
  const gradient = problem.alphaGradient("validation", ahead);
  const v = problem.weightGradient("validation", ahead);
  problem.release(step);
  const length = problem.norm(v);
  if (length > 0) {
    const epsilon = DISPLACEMENT / length;
    const [plus, minus] = [epsilon, -epsilon].map((scale) =>
      problem.alphaGradient("train", { direction: v, scale })
    );
    for (let m = 0; m < gradient.length; m++) gradient[m] -= xi * (plus[m] - minus[m]) / (2 * epsilon);
  }
  problem.release(v);
  return gradient;
}
