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

/** Gradients of a loss. */
export interface BothGradients<D> {
  /** With respect to α, [candidates]. */
  alpha: Float64Array;
  /** With respect to W. */
  weights: D;
}

/** A bilevel problem at its current W and α. `D` is a direction in the space of W. */
export interface Bilevel<D> {
  /** The gradient of a loss with respect to α alone, [candidates], at W or displaced: a fraction of the work of both. */
  alphaGradient(loss: "train" | "validation", at?: Perturbation<D>): Float64Array;
  /** The gradients of a loss, at W or displaced. */
  gradients(loss: "train" | "validation", at?: Perturbation<D>): BothGradients<D>;
  /** The Euclidean length of a direction. */
  norm(direction: D): number;
}

/**
 * ‖ε · direction‖ of the finite difference. DARTS has 0.01, and a difference from both sides. One from one side takes
 * half the passes, for the gradient at W is there already, but its error grows with ε. Against the exact product, in
 * networks of D = 64 from fresh to trained, it was 0.0006 to 0.005; with 0.01 it was 0.005 to 0.3. Much smaller
 * displacements drown in the rounding of single precision.
 */
const DISPLACEMENT = 0.0002;

/** First order (ξ = 0): ∇_α L_val(W, α), as if W did not depend on α. */
export function firstOrder<D>(problem: Bilevel<D>): Float64Array {
  return problem.alphaGradient("validation");
}

/**
 * Second order: ∇_α L_val(W′, α) − ξ ∇²_{α,W} L_train(W, α) · ∇_{W′} L_val(W′, α).
 *
 * The product of the mixed second derivatives with the vector v = ∇_{W′} L_val is a difference of first ones:
 * (∇_α L_train(W + εv, α) − ∇_α L_train(W, α)) / ε with ε = 0.0002 / ‖v‖. All of it is at one training batch and one validation
 * batch: two passes forward and back, and one forward.
 *
 * @param xi ξ, the step of the approximation: the learning rate of W.
 */
export function secondOrder<D>(problem: Bilevel<D>, xi: number): Float64Array {
  const train = problem.gradients("train");
  const { alpha: gradient, weights: v } = problem.gradients("validation", {
    direction: train.weights,
    scale: -xi,
  });
  const length = problem.norm(v);
  if (length === 0) return gradient;
  const epsilon = DISPLACEMENT / length;
  const displaced = problem.alphaGradient("train", { direction: v, scale: epsilon });
  return gradient.map((own, m) => own - xi * (displaced[m] - train.alpha[m]) / epsilon);
}
