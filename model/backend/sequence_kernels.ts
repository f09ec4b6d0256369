/**
 * The operations that sequence models other than AutoMLP are built from: each runs over a whole batch of sequences, [T, B, D],
 * and each has its gradient.
 *
 * @module
 */
import type { AttentionKernels } from "./attention.ts";
import type { ConvolutionKernels } from "./convolution.ts";
import type { FeedForwardKernels } from "./feed_forward.ts";
import type { LinearCrossEntropyKernels } from "./linear_cross_entropy.ts";
import type { RecurrentKernels } from "./recurrent.ts";
import type { SampledCrossEntropyKernels } from "./sampled_cross_entropy.ts";

/** All operations of sequence models. */
export interface SequenceKernels
  extends
    RecurrentKernels,
    AttentionKernels,
    ConvolutionKernels,
    FeedForwardKernels,
    LinearCrossEntropyKernels,
    SampledCrossEntropyKernels {}
