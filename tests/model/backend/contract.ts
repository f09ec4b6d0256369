/**
 * What every backend must do alike. Each has a test file of its own, since a process has one engine.
 *
 * @module
 */
import { strict as assert } from "node:assert";
import { ALL, openEngine } from "../../../model/backend/engine.ts";
import { dropoutMask } from "../../../model/backend/dropout_mask.ts";
import { type Axis, ownVariable } from "../../../model/backend/kernels.ts";
import type { ChannelMixerWeights, Mixed, SequenceMixerWeights } from "../../../model/backend/mixers.ts";
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from "../../../model/backend/tensor.ts";
import type { BackendName, Engine } from "../../../model/backend/types.ts";
import type { SequenceKernels } from "../../../model/backend/sequence_kernels.ts";
import { train } from "./network.ts";
import { SEQUENCE_OPERATIONS } from "./sequence_leaks.ts";
import * as reference from "./reference.ts";

const { noise } = reference;

/** Mean loss of the network in `network.ts` after 20 steps, as plain JavaScript computes it. */
const LOSS_AFTER_20_STEPS = 1.49772;

/** Relative to the largest number expected, or to 1 where that is larger: single precision, sums of some thousands. */
const TOLERANCE = 1e-5;

/** Positions there are, mixed and given; sequences, channels, hidden units: of one tile and of many, whole and not. */
const MIXERS = [
  [1, 1, 1, 1, 2, 1],
  [6, 5, 1, 3, 5, 7],
  [4, 4, 4, 37, 20, 33],
  [4, 3, 3, 18, 64, 64],
  [9, 7, 1, 2, 70, 130],
];

/**
 * Registers the tests of one backend; they are ignored, with the reason in their name, where it cannot be had.
 *
 * @param variant Of the engine, where it is to be tested otherwise than it comes: a title, and the change.
 */
export async function contract(
  name: BackendName,
  [title, change]: [title: string, change: (engine: Engine) => Engine] = [name, (engine) => engine],
): Promise<void> {
  const finding = await ALL.find((backend) => backend.name === name)!.find({});
  const ignore = !finding.found;
  const test = (what: string, check: (engine: Engine) => Promise<void> | void) =>
    Deno.test({
      name: `${title}: ${what}${finding.found ? "" : ` (no ${name} engine: ${finding.reason})`}`,
      ignore,
      // A graphics device and a library's threads outlive a test.
      sanitizeOps: false,
      sanitizeResources: false,
      fn: async () => await check(change(await openEngine({ backend: name }))),
    });

  for (const [rows, width] of [[1, 1], [5, 7], [3, 40_000], [700, 64]]) {
    test(`operations on [${rows}, ${width}] agree with double precision`, (engine) =>
      elementwise(engine, rows, width));
  }
  for (const sizes of MIXERS) {
    const [length, mixed, given, batch, dim, hidden] = sizes;
    test(
      `mixers: ${given} of ${mixed} of ${length} positions, ${batch} × ${dim}, ${hidden} hidden`,
      (engine) => mixers(engine, sizes),
    );
  }
  test("products of matrices, each way round", products);
  test("gathering rows and adding them up again", gathering);
  test("softmax cross-entropy and its gradient", crossEntropy);
  test("gradients agree with differences", gradients);
  test("dropout keeps what the mask says", dropout);
  test("NaN is not hidden", notFinite);
  test("Adam follows its definition, for all rows or some", adam);
  test("no operation leaves a tensor behind", leaks);
  // Graphics drivers differ in what they do then.
  if (name !== "webgpu") test("more than any memory holds is one line", outOfMemory);
  test("a network trained for 20 steps comes to the same loss", async (engine) => {
    const before = engine.memory().tensors;
    const losses = await train(engine, 20);
    assert.ok(
      losses[0] > 3 && losses[20] < losses[0] / 2,
      `the loss went from ${losses[0]} to ${losses[20]}`,
    );
    close([losses[20]], [LOSS_AFTER_20_STEPS], "loss", 1e-3);
    assert.equal(engine.memory().tensors, before);
  });
}

/** 2^50 bytes of zeros, beyond what a process can address. A product of this size takes libtensorflow ten seconds to give up. */
function outOfMemory({ tf, name, kernels: k }: Engine) {
  const size = 2 ** 24,
    error = { name: "RunError", message: /^Cannot continue: out of memory; free some, or lower / };
  const before = tf.memory().numTensors, column = tf.ones([size, 1]) as Tensor2D;
  assert.throws(() => tf.tidy(() => tf.zeros([size, size])), error);
  if (name !== "native") assert.throws(() => tf.tidy(() => k.matMul(column, column, false, true)), error);
  column.dispose();
  assert.equal(tf.memory().numTensors, before);
}

/** Fails unless all numbers are near those expected. */
export function close(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  what: string,
  tolerance = TOLERANCE,
): void {
  assert.equal(actual.length, expected.length, `${what}: length`);
  let top = 1;
  for (let i = 0; i < expected.length; i++) top = Math.max(top, Math.abs(expected[i]));
  for (let i = 0; i < expected.length; i++) {
    const off = Math.abs(actual[i] - expected[i]);
    if (!(off <= tolerance * top)) assert.fail(`${what}[${i}] is ${actual[i]}, expected ${expected[i]}`);
  }
}

const settings = { rate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

async function elementwise({ tf, kernels: k }: Engine, rows: number, width: number) {
  const [x, dy, more] = [1, 2, 3].map((seed) => noise(rows * width, seed, 2));
  const [X, DY, MORE] = [x, dy, more].map((values) => tf.tensor2d(values, [rows, width]));
  const all: Tensor[] = [X, DY, MORE];
  const keep = <T extends Tensor>(tensor: T): T => (all.push(tensor), tensor);
  const check = async (tensor: Tensor, expected: ArrayLike<number>, what: string) =>
    close(await keep(tensor).data(), expected, what);

  const norm = k.layerNorm(X, 1e-5), expected = reference.layerNorm(x, width, 1e-5);
  // A row of one number is its own mean: what is left of it over √ε says nothing.
  if (width > 1) {
    await check(norm.y, expected.y, "layerNorm.y");
    const slopes = reference.toRows(dy, width).flatMap((row, r) => {
      const y = expected.y.slice(r * width, (r + 1) * width), mean = row.reduce((a, b) => a + b, 0) / width;
      const along = row.reduce((sum, value, i) => sum + value * y[i], 0) / width;
      return row.map((value, i) => expected.scale[r] * (value - mean - y[i] * along));
    });
    await check(k.layerNormGrad(DY, norm.y, norm.scale), slopes, "layerNormGrad");
    await check(
      k.layerNormGrad(DY, norm.y, norm.scale, MORE),
      slopes.map((value, i) => value + more[i]),
      "layerNormGrad + add",
    );
  } else keep(norm.y);
  await check(norm.scale, expected.scale, "layerNorm.scale");

  for (const axis of ["first", "last"] as Axis[]) {
    const bias = noise(axis === "first" ? rows : width, 5), BIAS = keep(tf.tensor1d(bias));
    const at = (i: number) => bias[axis === "first" ? Math.floor(i / width) : i % width];
    await check(k.biasAdd(X, BIAS, axis), Array.from(x, (value, i) => value + at(i)), `biasAdd, ${axis}`);
    await check(
      k.biasAdd(X, BIAS, axis, MORE),
      Array.from(x, (value, i) => value + at(i) + more[i]),
      `biasAdd + residual, ${axis}`,
    );
    await check(k.biasGrad(DY, axis), reference.sums(dy, rows, width, axis), `biasGrad, ${axis}`);
  }
  await check(k.sum([X, DY, MORE]), Array.from(x, (value, i) => value + dy[i] + more[i]), "sum");
  tf.dispose(all);
}

/**
 * Both mixers against double precision, and some of each gradient's numbers against differences in double precision: of
 * the sum of y ⊙ dy, which must be as steep as the gradient says.
 */
async function mixers({ tf, kernels: k }: Engine, [length, mixed, given, batch, dim, hidden]: number[]) {
  const shapes = {
    x: [length, batch, dim],
    gain: [dim],
    bias: [dim],
    w1: [hidden, mixed],
    b1: [hidden],
    w2: [given, hidden],
    b2: [given],
    w3: [hidden, dim],
    b3: [hidden],
    w4: [dim, hidden],
    b4: [dim],
  };
  const names = Object.keys(shapes) as (keyof typeof shapes)[];
  const numbers = Object.fromEntries(names.map((name, i) => {
    const size = shapes[name].reduce((a, b) => a * b, 1),
      fan = shapes[name].length === 2 ? shapes[name][1] : 1;
    return [name, noise(size, i + 1, 1 / Math.sqrt(fan))];
  })) as Record<keyof typeof shapes, Float32Array>;
  const tensors = Object.fromEntries(names.map((name) => [name, tf.tensor(numbers[name], shapes[name])]));
  const { x, gain, bias, w1, b1, w2, b2, w3, b3, w4, b4 } = tensors as never as
    & { x: Tensor3D }
    & SequenceMixerWeights
    & ChannelMixerWeights;
  const extra = Math.ceil(mixed / 2), addition = noise(extra * batch * dim, 20);
  const upstream = { sequence: noise(given * batch * dim, 21), channel: noise(numbers.x.length, 22) };

  const results = tf.tidy(() => {
    const sequence = { gain, bias, w1, b1, w2, b2 }, channel = { w3, b3, w4, b4 };
    const one = k.sequenceMixer(x, sequence, 1e-5), two = k.channelMixer(x, channel, 1e-5);
    const dOne = tf.tensor3d(upstream.sequence, [given, batch, dim]),
      dTwo = tf.tensor3d(upstream.channel, x.shape);
    const add = tf.tensor3d(addition, [extra, batch, dim]);
    return {
      sequence: one.y,
      channel: two.y,
      added: k.sequenceMixerGrad(dOne, x, sequence, one.kept, 1e-5, add).dx,
      dSequence: { ...k.sequenceMixerGrad(dOne, x, sequence, one.kept, 1e-5) },
      dChannel: { ...k.channelMixerGrad(dTwo, x, channel, two.kept, 1e-5) },
    };
  });
  const read = async (tensor: Tensor) => await tensor.data() as Float32Array;
  const exact = {
    sequence: (of: typeof numbers) => reference.sequenceMixer(of, shapes.x),
    channel: reference.channelMixer,
  };
  close(await read(results.sequence), exact.sequence(numbers), "sequenceMixer");
  close(await read(results.channel), exact.channel(numbers), "channelMixer");

  const check = async (mixer: "sequence" | "channel", name: string, gradient: Tensor) => {
    const of = (name === "dx" ? "x" : name) as keyof typeof shapes, found = await read(gradient);
    const skipped = numbers[of].length - found.length; // positions that are not mixed
    let top = 1;
    for (const value of found) top = Math.max(top, Math.abs(value));
    for (const i of new Set([0, found.length >> 1, found.length - 1])) {
      const at = (step: number) => {
        const moved = Float64Array.from(numbers[of]);
        moved[skipped + i] += step;
        return exact[mixer]({ ...numbers, [of]: moved } as never)
          .reduce((sum, y, j) => sum + y * upstream[mixer][j], 0);
      };
      const slope = (at(1e-5) - at(-1e-5)) / 2e-5;
      assert.ok(
        Math.abs(found[i] - slope) < 2e-5 * top,
        `${mixer} ${name}[${i}] is ${found[i]}, not ${slope}`,
      );
    }
  };
  for (const [name, gradient] of Object.entries(results.dSequence)) await check("sequence", name, gradient);
  for (const [name, gradient] of Object.entries(results.dChannel)) await check("channel", name, gradient);
  const alone = await read(results.dSequence.dx), offset = (mixed - extra) * batch * dim;
  close(
    await read(results.added),
    alone.map((v, i) => v + (addition[i - offset] ?? 0)),
    "sequenceMixerGrad, add",
  );
  tf.dispose([Object.values(tensors), results]);
}

async function products({ tf, kernels: k }: Engine) {
  const [n, m, p] = [7, 130, 5];
  const a = reference.toRows(noise(n * m, 1), m), b = reference.toRows(noise(m * p, 2), p);
  const expected = reference.product(a, b);
  for (const transposeA of [false, true]) {
    for (const transposeB of [false, true]) {
      const A = tf.tensor2d(transposeA ? reference.transpose(a) : a);
      const B = tf.tensor2d(transposeB ? reference.transpose(b) : b);
      const product = k.matMul(A, B, transposeA, transposeB);
      assert.deepEqual(product.shape, [n, p]);
      close(await product.data(), expected, `matMul(${transposeA}, ${transposeB})`);
      tf.dispose([A, B, product]);
    }
  }
}

async function gathering({ tf, kernels: k }: Engine) {
  const table = noise(9 * 4, 1), ids = Int32Array.of(0, 8, 3, 3, 0, 5);
  const TABLE = tf.tensor2d(table, [9, 4]),
    IDS = tf.tensor2d(ids, [2, 3], "int32"),
    flat = tf.tensor1d(ids, "int32");
  const rows = k.gatherRows(TABLE, IDS);
  assert.deepEqual(rows.shape, [2, 3, 4]);
  const expected = [...ids].flatMap((id) => [...table.subarray(id * 4, id * 4 + 4)]);
  close(await rows.data(), expected, "gatherRows", 0);
  const values = tf.tensor2d(expected, [6, 4]), sums = k.segmentSum(values, flat, 9);
  const times = [2, 0, 0, 2, 0, 1, 0, 0, 1];
  close(await sums.data(), Array.from(table, (value, i) => value * times[Math.floor(i / 4)]), "segmentSum");
  tf.dispose([TABLE, IDS, flat, rows, values, sums]);
}

async function crossEntropy({ tf, kernels: k }: Engine) {
  const [rows, width] = [33, 1201], logits = noise(rows * width, 4, 3);
  logits[5] = 200; // its powers overflow unless the highest is taken off first
  logits[6] = -200;
  const labels = Int32Array.from({ length: rows }, (_, i) => i * 37 % width);
  const LOGITS = tf.tensor2d(logits, [rows, width]), LABELS = tf.tensor1d(labels, "int32");
  const { loss, dLogits } = k.softmaxCrossEntropy(LOGITS, LABELS, 0.5);
  const expected = reference.softmaxCrossEntropy(logits, labels, width);
  close(await loss.data(), expected.loss, "loss");
  close(await dLogits.data(), expected.gradient.map((value) => value / 2), "dLogits");
  tf.dispose([LOGITS, LABELS, loss, dLogits]);
}

/** Central differences of each operation's weighted sum, against its gradient. */
async function gradients({ tf, kernels: k }: Engine) {
  const [rows, width] = [3, 6], size = rows * width, step = 1e-2;
  const x = noise(size, 7), weights = noise(size, 8), labels = tf.tensor1d([1, 0, 5], "int32");
  const matrix = (values: Float32Array) => tf.tensor2d(values, [rows, width]);
  const sum = (y: Tensor, w: Tensor) => tf.sum(tf.mul(y, w));
  const cases: Record<string, [(x: Tensor2D, w: Tensor2D) => Tensor, (x: Tensor2D, w: Tensor2D) => Tensor]> =
    {
      layerNorm: [(x, w) => sum(k.layerNorm(x, 1e-5).y, w), (x, w) => {
        const { y, scale } = k.layerNorm(x, 1e-5);
        return k.layerNormGrad(w, y, scale);
      }],
      dropout: [(x, w) => sum(k.dropout(x, 0.4, 9), w), (_, w) => k.dropout(w, 0.4, 9)],
      matMul: [
        (x, w) => tf.sum(tf.square(k.matMul(x, w, true))),
        (x, w) => k.matMul(w, tf.mul(k.matMul(x, w, true), 2) as Tensor2D, false, true),
      ],
      softmaxCrossEntropy: [
        (x) => tf.sum(k.softmaxCrossEntropy(x, labels, 1).loss),
        (x) => k.softmaxCrossEntropy(x, labels, 1).dLogits,
      ],
    };
  for (const [name, [value, gradient]] of Object.entries(cases)) {
    const differences: number[] = [];
    for (let i = 0; i < size; i++) {
      const [up, down] = await Promise.all([step, -step].map(async (by) => {
        const moved = x.slice();
        moved[i] += by;
        const result = tf.tidy(() => value(matrix(moved), matrix(weights)));
        const [number] = await result.data();
        result.dispose();
        return number;
      }));
      differences.push((up - down) / (2 * step));
    }
    const slope = tf.tidy(() => gradient(matrix(x), matrix(weights)));
    close(await slope.data(), differences, name, 5e-3);
    slope.dispose();
  }
  labels.dispose();
}

async function dropout({ tf, kernels: k }: Engine) {
  const size = 50_000, rate = 0.3, x = noise(size, 3), X = tf.tensor1d(x);
  const y = k.dropout(X, rate, -5), again = k.dropout(X, rate, -5), other = k.dropout(X, rate, 6);
  const mask = dropoutMask(size, rate, -5);
  close(await y.data(), x.map((value, i) => value * mask[i]), "dropout");
  assert.deepEqual(await again.data(), await y.data());
  const dropped = mask.filter((value) => value === 0).length;
  assert.ok(Math.abs(dropped - rate * size) < 4 * Math.sqrt(size * rate * (1 - rate)), `${dropped} dropped`);
  // Two seeds agree as often as chance has it.
  const both = (await other.data() as Float32Array).filter((value, i) => value === 0 && mask[i] === 0).length;
  assert.ok(Math.abs(both - rate ** 2 * size) < 4 * Math.sqrt(size * rate ** 2), `${both} dropped by both`);
  tf.dispose([X, y, again, other]);
}

async function notFinite({ tf, kernels: k }: Engine) {
  const X = tf.tensor2d([[NaN, 1, 2], [1, 2, 3]]), RIGHT = tf.tensor1d([1, 1], "int32");
  const ones = tf.ones([3, 3]) as Tensor2D, row = tf.ones([3]) as Tensor1D;
  const outputs: Record<string, Tensor> = tf.tidy(() => ({
    layerNorm: k.layerNorm(X, 1e-5).y,
    channelMixer: k.channelMixer(tf.reshape(X, [2, 1, 3]), { w3: ones, b3: row, w4: ones, b4: row }, 1e-5).y,
    biasGrad: k.biasGrad(X, "first"),
    softmaxCrossEntropy: k.softmaxCrossEntropy(X, RIGHT, 1).loss,
  }));
  for (const [name, output] of Object.entries(outputs)) {
    const values = await output.data();
    assert.ok(Number.isNaN(values[0]), `${name} hides NaN: ${values}`);
    assert.ok(Number.isFinite(values[values.length - 1]), `${name} spreads NaN: ${values}`);
  }
  tf.dispose([X, RIGHT, ones, row, ...Object.values(outputs)]);
}

async function adam({ tf, kernels: k }: Engine) {
  const [rows, width] = [6, 5], size = rows * width, start = noise(size, 1);
  const state = () => {
    const [parameter, first, second] = [start, new Float32Array(size), new Float32Array(size)]
      .map((values) => ownVariable(tf, values, [rows, width]));
    return { parameter, first, second };
  };
  const whole = state(), some = state(), chosen = [4, 1, 0];
  const p = Float64Array.from(start), m = new Float64Array(size), v = new Float64Array(size);
  for (let step = 1; step <= 3; step++) {
    const g = noise(size, 10 + step), G = tf.tensor2d(g, [rows, width]);
    const ids = tf.tensor1d(chosen, "int32"), part = tf.gather(G, ids) as Tensor2D;
    k.adam(whole, G, { ...settings, step });
    k.adamRows(some, ids as Tensor1D, part, { ...settings, step });
    tf.dispose([G, ids, part]);
    for (let i = 0; i < size; i++) {
      m[i] = 0.9 * m[i] + 0.1 * g[i];
      v[i] = 0.999 * v[i] + 0.001 * g[i] ** 2;
      p[i] -= 0.01 * (m[i] / (1 - 0.9 ** step)) / (Math.sqrt(v[i] / (1 - 0.999 ** step)) + 1e-8);
    }
  }
  close(await whole.parameter.data(), p, "adam");
  close(await whole.first.data(), m, "adam's first moment");
  close(await whole.second.data(), v, "adam's second moment");
  const part = (after: Float64Array, before: ArrayLike<number>) =>
    after.map((value, i) => chosen.includes(Math.floor(i / width)) ? value : before[i]);
  close(await some.parameter.data(), part(p, start), "adamRows");
  close(await some.second.data(), part(v, new Float64Array(size)), "adamRows' second moment");
  assert.deepEqual(start, noise(size, 1), "the initial values are the caller's");
  for (const { parameter, first, second } of [whole, some]) tf.dispose([parameter, first, second]);
}

function leaks({ tf, kernels: k, memory }: Engine) {
  const x = tf.tensor2d(noise(12, 1), [3, 4]),
    bias = tf.tensor1d(noise(4, 2)),
    scale = tf.tensor1d(noise(3, 3));
  const ids = tf.tensor1d([0, 2, 1], "int32");
  const x3 = tf.tensor3d(noise(12, 1), [3, 1, 4]), square = tf.tensor2d(noise(9, 2), [3, 3]);
  const wide = tf.tensor2d(noise(12, 2), [4, 3]), high = tf.tensor2d(noise(12, 2), [3, 4]);
  const sequence = { gain: bias, bias, w1: square, b1: scale, w2: square, b2: scale };
  const channel = { w3: high, b3: scale, w4: wide, b4: bias };
  const flat = ({ y, kept }: Mixed): Record<string, Tensor> => ({ y, ...Object.fromEntries(kept.entries()) });
  const passes = [k.sequenceMixer(x3, sequence, 1), k.channelMixer(x3, channel, 1)];
  const kept = passes.map((pass) => pass.kept);
  const [a, b, c] = [1, 2, 3].map((seed) => ownVariable(tf, noise(12, seed), [3, 4]));
  const state = { parameter: a, first: b, second: c };
  const step = { ...settings, step: 1 };
  const operations: Record<string, () => Tensor | Record<string, Tensor> | void> = {
    matMul: () => k.matMul(x, x, false, true),
    sum: () => k.sum([x, x]),
    layerNorm: () => k.layerNorm(x, 1e-5),
    layerNormGrad: () => k.layerNormGrad(x, x, scale, x),
    sequenceMixer: () => flat(k.sequenceMixer(x3, sequence, 1)),
    sequenceMixerGrad: () => ({ ...k.sequenceMixerGrad(x3, x3, sequence, kept[0], 1, x3) }),
    channelMixer: () => flat(k.channelMixer(x3, channel, 1)),
    channelMixerGrad: () => ({ ...k.channelMixerGrad(x3, x3, channel, kept[1], 1) }),
    biasAdd: () => k.biasAdd(x, bias, "last", x),
    biasGrad: () => k.biasGrad(x, "first"),
    dropout: () => k.dropout(x, 0.5, 1),
    gatherRows: () => k.gatherRows(x, ids),
    segmentSum: () => k.segmentSum(x, ids, 3),
    softmaxCrossEntropy: () => k.softmaxCrossEntropy(x, ids, 1),
    adam: () => k.adam(state, x, step),
    adamRows: () => k.adamRows(state, ids, x, step),
  };
  const here = Object.keys(k).filter((name) => !SEQUENCE_OPERATIONS.includes(name as keyof SequenceKernels));
  assert.deepEqual(Object.keys(operations).sort(), here.sort(), "every operation is counted here");
  for (const [name, operation] of Object.entries(operations)) {
    const before = memory().tensors, output = operation();
    const outputs = output === undefined
      ? []
      : "dataId" in output
      ? [output as Tensor]
      : Object.values(output);
    assert.equal(memory().tensors - before, outputs.length, name);
    tf.dispose(outputs);
  }
  tf.dispose([x, bias, scale, ids, x3, square, wide, high, a, b, c]);
  tf.dispose(passes.map(flat));
}
