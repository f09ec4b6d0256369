/**
 * The operations of sequence models that `native/` has.
 *
 * Median milliseconds on 2 cores, forward and backward: see `deno task bench layer`.
 *
 * @module
 */
import type { AttentionSettings, AttentionWeights } from "./attention.ts";
import type { Attribute, AttributeMakers } from "./attribute.ts";
import type { Activation } from "./feed_forward.ts";
import type { LinearCrossEntropyOptions } from "./linear_cross_entropy.ts";
import type { Recurred, RecurrentWeights } from "./recurrent.ts";
import type { SampledCrossEntropy } from "./sampled_cross_entropy.ts";
import type { SequenceKernels } from "./sequence_kernels.ts";
import type { Tensor, Tensor1D, Tensor2D, Tensor3D, Tf } from "./tensor.ts";

/** Runs an operation of `native/`, named without its prefix. */
export type Run = (operation: string, attributes: Attribute[], inputs: Tensor[], outputs: number) => Tensor[];

/** Returns all operations, which call `run`. */
export function fusedSequences(
  tf: Tf,
  run: Run,
  { integer, number, flag }: AttributeMakers,
): SequenceKernels {
  const flags = flag("flag");
  const optional = (tensor?: Tensor): [Attribute, Tensor[]] => [
    integer("N", tensor ? 1 : 0),
    tensor ? [tensor] : [],
  ];

  const recurrent = (operation: string) => (x: Tensor3D, w: RecurrentWeights, ids?: Tensor2D): Recurred => {
    const [given, list] = optional(ids);
    const [y, kept] = run(operation, [given], [x, w.wx, w.wh, w.bx, w.bh, ...list], 2);
    return { y: y as Tensor3D, kept: [kept] };
  };
  const recurrentGrad = (operation: string): SequenceKernels["gruGrad"] => (dy, x, w, { y, kept }, ids) => {
    const [given, list] = optional(ids);
    const [dx, wx, wh, bx, bh] = run(operation, [given], [dy, x, y, ...kept, w.wx, w.wh, ...list], 5);
    return { dx, wx, wh, bx, bh } as ReturnType<SequenceKernels["gruGrad"]>;
  };

  const attend = (
    operation: string,
    inputs: Tensor[],
    [queries, x]: [Tensor3D, Tensor3D],
    { wq, wk, wv }: AttentionWeights,
    { heads, causal, ids, dropout }: AttentionSettings,
    outputs: number,
  ) => {
    const [apart, list] = optional(queries === x ? undefined : queries);
    const seed = tf.scalar(dropout ? dropout.seed | 0 : 0, "int32");
    const real = ids ?? tf.ones([x.shape[0], x.shape[1]], "int32");
    try {
      const attributes = [integer("count", heads), flags[+causal], number(dropout?.rate ?? 0), apart];
      return run(operation, attributes, [...inputs, x, wq, wk, wv, seed, real, ...list], outputs);
    } finally {
      seed.dispose();
      if (!ids) real.dispose();
    }
  };
  const overItems = (
    operation: string,
    attributes: Attribute[],
    inputs: [h: Tensor2D, items: Tensor2D, targets: Tensor1D],
    { bias, shifted }: LinearCrossEntropyOptions = {},
    outputs: number,
  ): Tensor[] => {
    // A shift requires a bias, even if only of zeros.
    const made = shifted
      ? [
        ...(bias ? [] : [tf.zeros([inputs[1].shape[0]])]),
        tf.scalar(shifted.by),
        tf.tensor1d(shifted.items, "int32"),
        tf.tensor1d(shifted.ends, "int32"),
      ]
      : [];
    const [floats, lists] = shifted ? [2, 2] : [bias ? 1 : 0, 0];
    const counts = [integer("N", floats), integer("M", lists)];
    const given = [...inputs, ...(bias ? [bias] : []), ...made];
    try {
      return run(operation, [...attributes, ...counts], given, outputs);
    } finally {
      tf.dispose(made);
    }
  };
  const isRelu = (activation: Activation) => flags[+(activation === "relu")];

  return {
    gru: recurrent("Gru"),
    gruGrad: recurrentGrad("GruGrad"),
    lstm: recurrent("Lstm"),
    lstmGrad: recurrentGrad("LstmGrad"),

    attention: (queries, x, weights, settings) =>
      attend("Attention", [], [queries, x], weights, settings, 1)[0] as Tensor3D,

    attentionGrad: (dy, queries, x, weights, settings) => {
      const [dx, wq, wk, wv, apart] = attend("AttentionGrad", [dy], [queries, x], weights, settings, 5);
      if (queries === x) apart.dispose();
      const dQueries = queries === x ? undefined : apart;
      return { dx, dQueries, wq, wk, wv } as ReturnType<SequenceKernels["attentionGrad"]>;
    },

    convolution: (x, { w, b }, dilation, ids) => {
      const [given, list] = optional(ids);
      return run("Convolution", [integer("count", dilation), given], [x, w, b, ...list], 1)[0] as Tensor3D;
    },

    convolutionGrad: (dy, x, weights, dilation, ids) => {
      const [given, list] = optional(ids), attributes = [integer("count", dilation), given];
      const [dx, w, b] = run("ConvolutionGrad", attributes, [dy, x, weights.w, ...list], 3);
      return { dx, w, b } as ReturnType<SequenceKernels["convolutionGrad"]>;
    },

    affineLayerNorm: (x, { gain, bias }, epsilon) =>
      run("AffineLayerNorm", [number(epsilon)], [x, gain, bias], 1)[0] as typeof x,

    affineLayerNormGrad: (dy, x, weights, epsilon) => {
      const [dx, gain, bias] = run("AffineLayerNormGrad", [number(epsilon)], [dy, x, weights.gain], 3);
      return { dx: dx as typeof x, gain: gain as Tensor1D, bias: bias as Tensor1D };
    },

    feedForward: (x, { w1, b1, w2, b2 }, activation) =>
      run("FeedForward", [isRelu(activation)], [x, w1, b1, w2, b2], 1)[0] as typeof x,

    feedForwardGrad: (dy, x, weights, activation) => {
      const inputs = [dy, x, weights.w1, weights.b1, weights.w2];
      const [dx, w1, b1, w2, b2] = run("FeedForwardGrad", [isRelu(activation)], inputs, 5);
      return { dx, w1, b1, w2, b2 } as ReturnType<SequenceKernels["feedForwardGrad"]> & { dx: typeof x };
    },

    linearCrossEntropy: (h, items, targets, scale, options) => {
      const [loss, dh, dItems, dBias] = overItems(
        "LinearCrossEntropy",
        [number(scale)],
        [h, items, targets],
        options,
        4,
      );
      return { loss, dh, dItems, dBias } as ReturnType<SequenceKernels["linearCrossEntropy"]>;
    },

    linearCrossEntropyLoss: (h, items, targets, options) =>
      overItems("LinearCrossEntropyLoss", [], [h, items, targets], options, 1)[0] as Tensor1D,

    sampledCrossEntropy: (h, { own, shared, ownIds, sharedIds, ownShift, sharedShift }, scale) => {
      const inputs = [h, own, shared, ownIds, sharedIds, ownShift, sharedShift];
      const [loss, dh, dOwn, dShared, dOwnShift, dSharedShift] = run(
        "SampledCrossEntropy",
        [number(scale)],
        inputs,
        6,
      );
      return { loss, dh, dOwn, dShared, dOwnShift, dSharedShift } as SampledCrossEntropy;
    },
  };
}
