/**
 * What a pass through the network leaves, whatever its candidates are to each other.
 *
 * @module
 */
import type { Tensor, Tensor2D } from "../backend/tensor.ts";
import type { Gradients } from "../layers/parameters.ts";
import type { PassInputGradients } from "./shared_histories.ts";

/** What a pass through the network leaves. */
export interface NetworkPass {
  /** [B, D] of each network: one where candidates are mixed, else one for each candidate, of the targets that it takes. */
  h: Tensor2D[];
  /**
   * From the gradient of each h to those of what went in, and of α. Gradients of the weights are added to
   * `gradients`.
   *
   * @returns `dMix`: the gradient of softmax(α), [candidates]; read it with `alphaGradient`.
   */
  backward(dh: readonly Tensor2D[], gradients: Gradients): PassInputGradients & { dMix?: Tensor };
  /** The gradient of softmax(α) alone, [candidates], for a fraction of the work; only where several candidates are mixed. */
  mixGradient?(dh: Tensor2D): Tensor;
}
