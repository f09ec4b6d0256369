/**
 * The operations of sequence models for engines without fused ones.
 *
 * @module
 */
import { composedAttention } from "./attention_composed.ts";
import { composedConvolution } from "./convolution_composed.ts";
import { composedFeedForward } from "./feed_forward_composed.ts";
import type { BasicKernels } from "./kernels.ts";
import { composedLinearCrossEntropy } from "./linear_cross_entropy_composed.ts";
import { composedRecurrent } from "./recurrent_composed.ts";
import { composedSampledCrossEntropy } from "./sampled_cross_entropy_composed.ts";
import type { SequenceKernels } from "./sequence_kernels.ts";
import type { Tf } from "./tensor.ts";

/** Composes all of them from smaller operations. */
export const composedSequences = (tf: Tf, k: BasicKernels): SequenceKernels => ({
  ...composedRecurrent(tf, k),
  ...composedAttention(tf, k),
  ...composedConvolution(tf, k),
  ...composedFeedForward(tf, k),
  ...composedLinearCrossEntropy(tf, k),
  ...composedSampledCrossEntropy(tf, k),
});
