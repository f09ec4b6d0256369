/**
 * The search by losses: each candidate is the network that it would be after the search, and is judged by its own
 * loss.
 *
 * α minimises the expected validation loss Σ_m softmax(α)_m L_val(k_m) of a candidate drawn by softmax(α).
 *
 * @module
 */
import { softmax } from "../records/probabilities.ts";
import { alphaGradient } from "./alpha.ts";

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
