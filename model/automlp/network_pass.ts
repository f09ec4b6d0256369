/**
 * The result of a pass through the network, whether its candidates are mixed or separate.
 *
 * @module
 */
import type { Tensor, Tensor2D } from "../backend/tensor.ts";
import type { Gradients } from "../layers/parameters.ts";
import type { PassInputGradients } from "./shared_histories.ts";

/** The result of a pass through the network. */
export interface NetworkPass {
  /**
   * Representation of each network, [B, D]: one if candidates are mixed, otherwise one for each candidate, for the targets that it takes.
   */
  h: Tensor2D[];
  /**
   * Turns the gradient of each h into those of the input and of α. Gradients of the weights are added to
   * `gradients`.
   *
   * @returns `dMix`: the gradient of softmax(α), [candidates]; read it with `alphaGradient`.
   */
  backward(dh: readonly Tensor2D[], gradients: Gradients): PassInputGradients & { dMix?: Tensor };
  /** Computes only the gradient of softmax(α), [candidates], for a fraction of the work; present only if several candidates are mixed. */
  mixGradient?(dh: Tensor2D): Tensor;
}
