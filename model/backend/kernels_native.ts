/**
 * The fused operations on the native engine: TensorFlow's own kernels called directly where a composition of the tensor
 * library's is slower, and the ones of `native/` where the engine was built with them.
 *
 * Median milliseconds on 2 cores (AVX-512), x [12800, 64] (256 sequences of 50), logits [256, 12000], a table of 12,000
 * rows. Plain: tfjs operations on this engine. Raw: TensorFlow's kernels called directly. Fused: `native/`.
 *
 * | operation | plain | raw | fused |
 * | --- | --- | --- | --- |
 * | layerNorm | 2.8 | 2.6 | 0.13 |
 * | layerNormGrad, with an addition | 3.3 | 2.9 | 0.29 |
 * | biasAdd with a residual | 0.53 | 0.37 | 0.09 |
 * | dropout | 7.7 | 7.7 | 0.16 |
 * | gatherRows | 1.4 | 0.32 | 0.24 |
 * | segmentSum | 2.6 | 2.5 | 0.57 |
 * | softmaxCrossEntropy | 13 | 12 | 1.6 |
 * | sum of three | 0.35 | 0.16 | 0.14 |
 * | addScaled, 122 tensors of 1,070 | 2.7 | 2.7 | 0.53 |
 * | sumOfSquares, of the same and 8,000 rows | 3.3 | 3.3 | 0.20 |
 * | adam on 12,000 rows | 3.0 | 3.0 | 0.19 |
 * | adamRows, 8,000 of 12,000 | 6.5 | 6.5 | 0.13 |
 *
 * The mixers, x [50, 256, 64], 64 hidden units, each the minimum of many calls while other programs were computing:
 *
 * | operation | plain | raw | fused |
 * | --- | --- | --- | --- |
 * | sequenceMixer, all positions | 7.7 | 6.1 | 0.70 |
 * | sequenceMixerGrad | 4.5 | 6.9 | 1.4 |
 * | sequenceMixer, the last position | 7.0 | 5.4 | 0.40 |
 * | sequenceMixerGrad | 6.5 | 6.6 | 0.97 |
 * | channelMixer | 6.2 | 6.1 | 0.59 |
 * | channelMixerGrad | 3.6 | 5.6 | 1.5 |
 *
 * `matMul` uses `BatchMatMulV2`, not `MatMul`: the two differ only for A·Bᵀ with a long inner axis ([64, 16384] by
 * [50, 16384]: 0.9 against 2.2), where it is faster. TensorFlow's `FusedBatchNormV3` (0.68) and
 * `SparseSoftmaxCrossEntropyWithLogits` (8.0) were tried and are slower.
 *
 * @module
 */
import type { AttentionSettings, AttentionWeights } from "./attention.ts";
import type { LinearCrossEntropyOptions, SampledCrossEntropy } from "./cross_entropy.ts";
import type { Activation } from "./feed_forward.ts";
import { type Axis, correctedSettings } from "./kernels.ts";
import type { Kernels, SequenceKernels } from "./types.ts";
import { composedSequences, plainKernels } from "./kernels_plain.ts";
import { composedMixers } from "./mixers.ts";
import type { MixedPrecision } from "./precision.ts";
import type { Recurred, RecurrentWeights } from "./recurrent.ts";
import type { Tensor, Tensor1D, Tensor2D, Tensor3D, Tf } from "./tensor.ts";

/** What the engine's backend offers besides the tensor library's interface. */
export interface NativeBackend {
  binding: Record<string, number>;
  executeSingleOutput(operation: string, attributes: Attribute[], inputs: Tensor[]): Tensor;
  executeMultipleOutputs(
    operation: string,
    attributes: Attribute[],
    inputs: Tensor[],
    outputs: number,
  ): Tensor[];
}

/** Returns attributes that are created once instead of at each call. */
function attributesOf({ binding }: NativeBackend) {
  const type = (name: string, value: number): Attribute => ({ name, type: binding.TF_ATTR_TYPE, value });
  const flag = (name: string) =>
    [false, true].map((value): Attribute => ({ name, type: binding.TF_ATTR_BOOL, value }));
  return {
    float: type("T", binding.TF_FLOAT),
    type,
    flag,
    integer: (name: string, value: number): Attribute => ({ name, type: binding.TF_ATTR_INT, value }),
    number: (value: number): Attribute => ({ name: "number", type: binding.TF_ATTR_FLOAT, value }),
  };
}

/** Returns plain operations, with TensorFlow's kernels where calling them directly is faster. Works on any device. */
export function rawKernels(tf: Tf, backend: NativeBackend): Kernels {
  const { float, type, flag, integer } = attributesOf(backend);
  const { TF_FLOAT, TF_INT32 } = backend.binding;
  const [adjX, adjY] = [flag("adj_x"), flag("adj_y")];
  const gatherTypes = [
    type("Tparams", TF_FLOAT),
    type("Tindices", TF_INT32),
    type("Taxis", TF_INT32),
    integer("batch_dims", 0),
  ];
  const segmentTypes = [float, type("Tindices", TF_INT32), type("Tnumsegments", TF_INT32)];
  const withInteger = <T>(value: number, use: (scalar: Tensor) => T): T => {
    const scalar = tf.scalar(value, "int32");
    try {
      return use(scalar);
    } finally {
      scalar.dispose();
    }
  };
  const basic = {
    ...plainKernels(tf),

    matMul: (a: Tensor2D, b: Tensor2D, transposeA = false, transposeB = false) =>
      backend.executeSingleOutput("BatchMatMulV2", [float, adjX[+transposeA], adjY[+transposeB]], [
        a,
        b,
      ]) as Tensor2D,

    sum: <T extends Tensor>(tensors: T[]) =>
      backend.executeSingleOutput("AddN", [float, integer("N", tensors.length)], tensors) as T,

    // The tensor library's step function takes six operations.
    reluGrad: <T extends Tensor>(dy: T, x: T) =>
      backend.executeSingleOutput("ReluGrad", [float], [dy, x]) as T,

    // The tensor library's own gather reads all ids back to check them.
    gatherRows: (table: Tensor2D, ids: Tensor) =>
      withInteger(0, (axis) => backend.executeSingleOutput("GatherV2", gatherTypes, [table, ids, axis])),

    segmentSum: (values: Tensor2D, ids: Tensor1D, rows: number) =>
      withInteger(
        rows,
        (n) => backend.executeSingleOutput("UnsortedSegmentSum", segmentTypes, [values, ids, n]) as Tensor2D,
      ),
  };
  return { ...basic, ...composedMixers(tf, basic), ...composedSequences(tf, basic) };
}

/** Returns the mixed precision of the fused operations. */
export function mixedPrecision(tf: Tf, backend: NativeBackend): MixedPrecision {
  const flags = attributesOf(backend).flag("flag");
  const set = (on: boolean): boolean =>
    tf.tidy(() =>
      backend.executeMultipleOutputs("AutomlpPrecision", [flags[+on]], [], 1)[0].dataSync()[0] === 1
    );
  let isOn = false, isFaster: boolean | undefined;
  return {
    // Determined only when it is asked for: it requests registers from the system, which signals then need room for.
    get isFaster() {
      isFaster ??= set(true);
      set(isOn);
      return isFaster;
    },
    within(work) {
      const before = isOn;
      set(isOn = true);
      try {
        return work();
      } finally {
        set(isOn = before);
      }
    },
  };
}

/** Returns the operations of `native/`, which the engine's library registers on the CPU. */
export function fusedKernels(tf: Tf, backend: NativeBackend): Kernels {
  const { flag, integer, number } = attributesOf(backend);
  const alongFirst = flag("first"), along = (axis: Axis) => alongFirst[+(axis === "first")];
  const [none, one] = [integer("N", 0), integer("N", 1)];
  const run = (operation: string, attributes: Attribute[], inputs: Tensor[], outputs: number) =>
    backend.executeMultipleOutputs(`Automlp${operation}`, attributes, inputs, outputs);
  const withTensor = <T>(tensor: Tensor, use: (tensor: Tensor) => T): T => {
    try {
      return use(tensor);
    } finally {
      tensor.dispose();
    }
  };
  const settingsTensor = (settings: Parameters<typeof correctedSettings>[0]) =>
    tf.tensor1d(Float32Array.from(correctedSettings(settings)));

  return {
    ...rawKernels(tf, backend),
    ...fusedSequences(tf, run, { flag, integer, number }),

    addScaled: (tensors, directions, scale) =>
      withTensor(tf.scalar(scale), (s) => {
        const inputs = [...tensors, ...directions, s];
        return run("AddScaled", [integer("N", tensors.length)], inputs, tensors.length);
      }),

    sumOfSquares: (tensors) => run("SumOfSquares", [integer("N", tensors.length)], tensors, 1)[0],

    layerNorm: <T extends Tensor>(x: T, epsilon: number) => {
      const [y, scale] = run("LayerNorm", [number(epsilon)], [x], 2);
      return { y: y as T, scale: scale as Tensor1D };
    },

    layerNormGrad: <T extends Tensor>(dy: T, y: T, scale: Tensor1D, add?: T) =>
      run("LayerNormGrad", [add ? one : none], add ? [dy, y, scale, add] : [dy, y, scale], 1)[0] as T,

    sequenceMixer: (x, { gain, bias, w1, b1, w2, b2 }, epsilon) => ({
      y: run("SequenceMixer", [number(epsilon)], [x, gain, bias, w1, b1, w2, b2], 1)[0] as Tensor3D,
      kept: [],
    }),

    sequenceMixerGrad: (dy, x, weights, _kept, epsilon, add) => {
      const inputs: Tensor[] = [dy, x, weights.gain, weights.bias, weights.w1, weights.b1, weights.w2];
      if (add) inputs.push(add);
      const attributes = [number(epsilon), add ? one : none];
      const [dx, gain, bias, w1, b1, w2, b2] = run("SequenceMixerGrad", attributes, inputs, 7);
      return { dx, gain, bias, w1, b1, w2, b2 } as ReturnType<Kernels["sequenceMixerGrad"]>;
    },

    channelMixer: (x, { w3, b3, w4, b4 }, epsilon) => ({
      y: run("ChannelMixer", [number(epsilon)], [x, w3, b3, w4, b4], 1)[0] as Tensor3D,
      kept: [],
    }),

    channelMixerGrad: (dy, x, weights, _kept, epsilon) => {
      const inputs = [dy, x, weights.w3, weights.b3, weights.w4];
      const [dx, w3, b3, w4, b4] = run("ChannelMixerGrad", [number(epsilon)], inputs, 5);
      return { dx, w3, b3, w4, b4 } as ReturnType<Kernels["channelMixerGrad"]>;
    },

    biasAdd: <T extends Tensor>(x: T, bias: Tensor1D, axis: Axis, residual?: T) =>
      run(
        "BiasAdd",
        [along(axis), residual ? one : none],
        residual ? [x, bias, residual] : [x, bias],
        1,
      )[0] as T,

    biasGrad: (dy, axis) => run("BiasGrad", [along(axis)], [dy], 1)[0] as Tensor1D,

    dropout: <T extends Tensor>(x: T, rate: number, seed: number) =>
      withTensor(tf.scalar(seed | 0, "int32"), (s) => run("Dropout", [number(rate)], [x, s], 1)[0] as T),

    segmentSum: (values, ids, rows) =>
      withTensor(tf.scalar(rows, "int32"), (n) => run("SegmentSum", [], [values, ids, n], 1)[0] as Tensor2D),

    embeddingBag: (table, ids, bags, shares, rows) =>
      withTensor(
        tf.scalar(rows, "int32"),
        (n) => run("EmbeddingBag", [], [table, ids, bags, shares, n], 1)[0] as Tensor2D,
      ),

    softmaxCrossEntropy: (logits, labels, scale) => {
      const [loss, dLogits] = run("SoftmaxCrossEntropy", [number(scale)], [logits, labels], 2);
      return { loss: loss as Tensor1D, dLogits: dLogits as Tensor2D };
    },

    adam({ parameter, first, second }, gradient, settings) {
      withTensor(
        settingsTensor(settings),
        (s) => run("Adam", [], [parameter, first, second, gradient, s], 0),
      );
    },

    adamRows({ parameter, first, second }, ids, gradient, settings) {
      withTensor(
        settingsTensor(settings),
        (s) => run("AdamRows", [], [parameter, first, second, ids, gradient, s], 0),
      );
    },
  };
}

/** An attribute of a TensorFlow operation. */
export interface Attribute {
  name: string;
  type: number;
  value: unknown;
}

/** Functions that make the attributes of our own operations. */
export interface AttributeMakers {
  integer(name: string, value: number): Attribute;
  number(value: number): Attribute;
  /** Returns both attributes of a flag: unset, and set. */
  flag(name: string): Attribute[];
}

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
