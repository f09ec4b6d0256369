/** Mixed precision on the native engine: known answers, each operation compared with itself in float32, and its limits. */
import assert from "node:assert/strict";
import { checkPrecision } from "../../../model/backend/precision.ts";
import { ALL, openEngine } from "../../../model/backend/engine.ts";
import type { ConvolutionWeights } from "../../../model/backend/convolution.ts";
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from "../../../model/backend/tensor.ts";
import type { Engine } from "../../../model/backend/types.ts";
import { silent } from "../../../pipeline/contract/progress.ts";
import { close } from "./close.ts";
import { noise } from "./reference.ts";

const finding = await ALL.find(({ name }) => name === "native")!.find({});
const test = (name: string, fn: (engine: Engine) => void | Promise<void>) =>
  Deno.test({
    name: `native: bfloat16, ${name}${finding.found ? "" : ` (${finding.reason})`}`,
    ignore: !finding.found,
    fn: async () => await fn(await openEngine({ engine: "native" })),
  });

/** The nearest float32 with 8 significant bits; if two are equally near, the even one. */
function rounded(x: number): number {
  const bits = new Uint32Array(Float32Array.of(x).buffer), half = bits[0] & 0xffff;
  bits[0] = (bits[0] & 0xffff0000) + (half > 0x8000 || half === 0x8000 && bits[0] & 0x10000 ? 0x10000 : 0);
  return new Float32Array(bits.buffer)[0];
}

/** x Wᵀ + b and its gradient for dy = x's first columns, as a convolution with one tap: nothing but products. */
function layer({ tf, kernels }: Engine, [rows, dim, out]: Sizes, { x, w, b, dy }: Values) {
  return tf.tidy(() => {
    const X = tf.tensor3d(x, [1, rows, dim]),
      weights = { w: tf.tensor3d(w, [1, out, dim]), b: tf.tensor1d(b) };
    const gradient = kernels.convolutionGrad(tf.tensor3d(dy, [1, rows, out]), X, weights, 1);
    const tensors = {
      y: kernels.convolution(X, weights, 1),
      dx: gradient.dx,
      dw: gradient.w,
      db: gradient.b,
    };
    return Object.fromEntries(
      Object.entries(tensors).map(([name, tensor]) => [name, tensor.dataSync().slice()]),
    );
  });
}

const norm = (values: Float32Array) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));

type Sizes = [rows: number, dim: number, out: number];
type Values = Record<"x" | "w" | "b" | "dy", Float32Array>;

const valuesOf = ([rows, dim, out]: Sizes): Values => ({
  x: noise(rows * dim, 1),
  w: noise(out * dim, 2),
  b: noise(out, 3),
  dy: noise(rows * out, 4),
});

/** The same in float64. */
function expected([rows, dim, out]: Sizes, { x, w, b, dy }: Values) {
  const y = new Float64Array(rows * out), dx = new Float64Array(rows * dim), dw = new Float64Array(out * dim);
  for (let row = 0; row < rows; row++) {
    for (let j = 0; j < out; j++) {
      y[row * out + j] = b[j];
      for (let i = 0; i < dim; i++) {
        y[row * out + j] += x[row * dim + i] * w[j * dim + i];
        dx[row * dim + i] += dy[row * out + j] * w[j * dim + i];
        dw[j * dim + i] += dy[row * out + j] * x[row * dim + i];
      }
    }
  }
  return { y, dx, dw };
}

/** Sizes that fill blocks of 16, and sizes that do not. */
const SIZES: Sizes[] = [[16, 16, 16], [50, 33, 17], [64, 128, 48], [208, 200, 64], [40, 47, 150], [
  33,
  16,
  31,
]];

test("factors are rounded, sums are not", (engine) => {
  for (const sizes of SIZES) {
    const values = valuesOf(sizes), { x, w, b, dy } = values;
    const found = engine.bfloat16!.within(() => layer(engine, sizes, values));
    const answer = expected(sizes, { x: x.map(rounded), w: w.map(rounded), b, dy: dy.map(rounded) });
    for (const name of ["y", "dx", "dw"] as const) {
      close(found[name], answer[name], `${name} of ${sizes}`, 2e-6);
    }
    assert.deepEqual(found.db, layer(engine, sizes, values).db, "a sum of columns is of float32");
  }
});

test("NaN is not hidden", (engine) => {
  const sizes = SIZES[1], values = valuesOf(sizes), [rows, dim, out] = sizes;
  values.x[3 * dim + 5] = NaN;
  const { y, dw } = engine.bfloat16!.within(() => layer(engine, sizes, values));
  const isNaNAt = (of: ArrayLike<number>, place: (i: number) => boolean) =>
    Array.from(of).every((value, i) => Number.isNaN(value) === place(i));
  assert.equal(y.length, rows * out);
  assert.ok(isNaNAt(y, (i) => Math.floor(i / out) === 3), "of its row");
  assert.ok(isNaNAt(dw, (i) => i % dim === 5), "of its column");
});

test("its own results are no others'", (engine) => {
  const sizes = SIZES[2], values = valuesOf(sizes), before = layer(engine, sizes, values);
  const { bfloat16 } = engine, inside = bfloat16!.within(() => layer(engine, sizes, values));
  assert.notDeepEqual(inside, before);
  assert.deepEqual(layer(engine, sizes, values), before, "float32 afterwards");
  assert.throws(() => bfloat16!.within(() => assert.fail("on purpose")), /on purpose/);
  assert.deepEqual(layer(engine, sizes, values), before, "float32 after a failure");
  const nested = bfloat16!.within(() => [bfloat16!.within(() => 1), layer(engine, sizes, values)][1]);
  assert.deepEqual(nested, inside, "work within work does not end it");
});

test("each operation is near what it is in float32", ({ tf, kernels: k, bfloat16 }) => {
  const [length, batch, dim, hidden] = [20, 260, 24, 33];
  const tensor = <T extends Tensor>(seed: number, ...shape: number[]) =>
    tf.tensor(noise(shape.reduce((a, b) => a * b), seed, 0.3), shape) as T;
  const x = tensor<Tensor3D>(1, length, batch, dim), rows = tf.reshape(x, [length * batch, dim]) as Tensor2D;
  const affine = { gain: tensor<Tensor1D>(2, dim), bias: tensor<Tensor1D>(3, dim) };
  const positions = {
    ...{ w1: tensor<Tensor2D>(4, hidden, length), b1: tensor<Tensor1D>(5, hidden) },
    ...{ w2: tensor<Tensor2D>(6, length, hidden), b2: tensor<Tensor1D>(7, length) },
  };
  const sequence = { ...affine, ...positions };
  const channel = {
    ...{ w3: tensor<Tensor2D>(8, hidden, dim), b3: tensor<Tensor1D>(9, hidden) },
    ...{ w4: tensor<Tensor2D>(10, dim, hidden), b4: tensor<Tensor1D>(11, dim) },
  };
  const block = { w1: channel.w3, b1: channel.b3, w2: channel.w4, b2: channel.b4 };
  const recurrent = (gates: number) => ({
    ...{ wx: tensor<Tensor2D>(12, gates * hidden, dim), wh: tensor<Tensor2D>(13, gates * hidden, hidden) },
    ...{ bx: tensor<Tensor1D>(14, gates * hidden), bh: tensor<Tensor1D>(15, gates * hidden) },
  });
  const [three, four] = [recurrent(3), recurrent(4)], dy = tensor<Tensor3D>(16, length, batch, hidden);
  const square = {
    ...{ wq: tensor<Tensor2D>(17, dim, dim), wk: tensor<Tensor2D>(18, dim, dim) },
    ...{ wv: tensor<Tensor2D>(19, dim, dim) },
  };
  const filter: ConvolutionWeights = { w: tensor<Tensor3D>(20, 3, dim, dim), b: affine.bias };
  const settings = { heads: 2, causal: true };
  const table = tensor<Tensor2D>(21, 300, dim);
  const targets = tf.tensor1d(Int32Array.from({ length: length * batch }, (_, i) => i * 31 % 300), "int32");
  const sampled = {
    ...{ own: tf.gather(table, targets) as Tensor2D, ownIds: targets, shared: table },
    ...{ sharedIds: tf.range(0, 300, 1, "int32") as Tensor1D },
    ...{ ownShift: tf.zeros([length * batch]) as Tensor1D, sharedShift: tf.zeros([300]) as Tensor1D },
  };
  const operations: Record<string, () => object> = {
    sequenceMixer: () => k.sequenceMixer(x, sequence, 1e-5).y,
    sequenceMixerGrad: () => k.sequenceMixerGrad(x, x, sequence, [], 1e-5),
    channelMixer: () => k.channelMixer(x, channel, 1e-5).y,
    channelMixerGrad: () => k.channelMixerGrad(x, x, channel, [], 1e-5),
    feedForward: () => k.feedForward(x, block, "gelu"),
    feedForwardGrad: () => k.feedForwardGrad(x, x, block, "gelu"),
    gru: () => k.gru(x, three).y,
    gruGrad: () => k.gruGrad(dy, x, three, k.gru(x, three)),
    lstm: () => k.lstm(x, four).y,
    lstmGrad: () => k.lstmGrad(dy, x, four, k.lstm(x, four)),
    attention: () => k.attention(x, x, square, settings),
    attentionGrad: () => k.attentionGrad(x, x, x, square, settings),
    convolution: () => k.convolution(x, filter, 2),
    convolutionGrad: () => k.convolutionGrad(x, x, filter, 2),
    linearCrossEntropy: () => k.linearCrossEntropy(rows, table, targets, 1),
    linearCrossEntropyLoss: () => k.linearCrossEntropyLoss(rows, table, targets),
    sampledCrossEntropy: () => k.sampledCrossEntropy(rows, sampled, 1),
  };
  const flat = (made: object): [string, Float32Array][] =>
    (made instanceof tf.Tensor ? [["y", made] as const] : Object.entries(made as Record<string, Tensor>))
      .flatMap(([name, one]) =>
        one instanceof tf.Tensor ? [[name, one.dataSync().slice() as Float32Array]] : []
      );
  for (const [name, operation] of Object.entries(operations)) {
    const [plain, mixed] = tf.tidy(() => [flat(operation()), bfloat16!.within(() => flat(operation()))]);
    assert.ok(plain.length > 0);
    assert.ok(
      plain.some(([, values], i) => values.some((value, j) => value !== mixed[i][1][j])),
      `${name} is the same`,
    );
    plain.forEach(([part, values], i) => {
      const off = norm(values.map((value, j) => value - mixed[i][1][j])) / norm(values);
      assert.ok(off < 0.01, `${name}, ${part}: ${off} off`);
    });
  }
});

Deno.test("bfloat16 is refused by an engine without it, and said to take longer where the processor has none", () => {
  const engine = (of: Partial<Engine>) => ({ name: "native", ...of }) as Engine;
  const warned: string[] = [],
    context = { progress: { ...silent, warn: (text: string) => warned.push(text) } };
  const check = (of: Engine, precision?: "float32" | "bfloat16") =>
    checkPrecision(of, { precision, ...context });
  assert.throws(
    () => check(engine({ name: "wasm" }), "bfloat16"),
    { name: "InputError", message: /in bfloat16 on the wasm engine.*leave out precision/ },
  );
  const within = <T>(work: () => T) => work(), slow = engine({ bfloat16: { isFaster: false, within } });
  for (const precision of [undefined, "float32"] as const) {
    check(engine({ name: "wasm" }), precision);
    check(slow, precision);
  }
  check(engine({ bfloat16: { isFaster: true, within } }), "bfloat16");
  assert.deepEqual(warned, []);
  check(slow, "bfloat16");
  check(slow, "bfloat16");
  assert.match(warned.join(), /^precision: bfloat16 takes longer than float32 here: [^,]*, and[^,]*$/);
});
