/** Losses: known answers, worked out by hand, and gradients against numeric differentiation. */
import assert from "node:assert/strict";
import { openEngine } from "../../../../model/backend/engine.ts";
import { type LossInputs, meanLoss } from "../../../../model/train/losses/loss.ts";
import { LOSSES, type LossName, lossOf } from "../../../../model/train/losses/registry.ts";
import { shiftedBetween } from "../../../../model/train/seen_items.ts";
import { RandomStream } from "../../../../pipeline/contract/random.ts";

const engine = await openEngine();
const { tf } = engine;

const INPUTS: LossInputs = {
  targets: Int32Array.of(2),
  negatives: new Int32Array(0),
  logChance: () => 0,
  scoreRegularisation: 0,
};
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const close = (actual: number, expected: number) =>
  assert(Math.abs(actual - expected) < 1e-5, `${actual} is not ${expected}`);

/** A loss of one history of score 1 with all three items but the second, of which it is 2. */
function lossAt(name: LossName, inputs: Partial<LossInputs> = {}): { value: number; dh: number[] } {
  return tf.tidy(() => {
    const h = tf.tensor2d([[1, 0]]), vectors = tf.tensor2d([[9, 9], [1, 0], [2, 0], [1, 0]]);
    const asked = { ...INPUTS, ...inputs };
    const { value, dh } = lossOf(name).value(engine, h, vectors, asked);
    const alone = meanLoss(lossOf(name), engine, h, vectors, asked);
    assert.equal(alone.dataSync()[0], value.dataSync()[0]);
    return { value: value.dataSync()[0], dh: Array.from(dh.dataSync()) };
  });
}

Deno.test("cross-entropy: the softmax over all items, without the padding", () => {
  const p = Math.exp(2) / (Math.exp(2) + 2 * Math.E);
  const { value, dh } = lossAt("ce");
  close(value, -Math.log(p));
  close(dh[0], 1 * (1 - p) + 2 * (p - 1));
});

Deno.test("cross-entropy: an adjustment is added within the softmax", () => {
  const adjustment = Float32Array.of(Math.log(0.5), Math.log(0.1), Math.log(0.4));
  const weights = [0.5 * Math.E, 0.1 * Math.exp(2), 0.4 * Math.E];
  const p = weights[1] / weights.reduce((a, b) => a + b);
  close(lossAt("ce", { adjustment }).value, -Math.log(p));
});

Deno.test("cross-entropy: what is shifted counts for less", () => {
  const shifted = { items: Int32Array.of(3), ends: Int32Array.of(1), by: Math.log(0.25) };
  const p = Math.exp(2) / (Math.exp(2) + 1.25 * Math.E), { value, dh } = lossAt("ce", { shifted });
  close(value, -Math.log(p));
  close(dh[0], 1 * (1 - p) + 2 * (p - 1));
});

Deno.test("binary cross-entropy: the target up, its negatives down", () => {
  const { value } = lossAt("bce", { negatives: Int32Array.of(1, 3) });
  close(value, -Math.log(sigmoid(2)) - 2 * Math.log(1 - sigmoid(1)));
});

Deno.test("BPR: the target above each of its negatives", () => {
  const { value } = lossAt("bpr", { negatives: Int32Array.of(1, 0) });
  close(value, -(Math.log(sigmoid(2 - 1)) + Math.log(sigmoid(2 - 9))) / 2);
});

Deno.test("sampled softmax: scores are corrected for the chance to be drawn", () => {
  const chance = [0, 0.5, 0.2, 0.3];
  const logChance = (row: number) => Math.log(chance[row]);
  const [one, own, three] = [Math.E / 0.5, Math.exp(2) / 0.2, Math.E / 0.3];
  const { value } = lossAt("sampled-softmax", { negatives: Int32Array.of(1, 3), logChance });
  close(value, -Math.log(own / (one + own + three)));
});

Deno.test("BPR-max: the chance to be above the hardest negative, and the scores' size", () => {
  // Scores 1 and 9: shares of the softmax over the negatives.
  const hard = Math.exp(9), easy = Math.E, s = [easy / (easy + hard), hard / (easy + hard)];
  const negatives = Int32Array.of(1, 0), won = s[0] * sigmoid(2 - 1) + s[1] * sigmoid(2 - 9);
  close(lossAt("bpr-max", { negatives }).value, -Math.log(won));
  const size = s[0] * 1 + s[1] * 81;
  close(lossAt("bpr-max", { negatives, scoreRegularisation: 0.1 }).value, -Math.log(won) + 0.1 * size);
});

Deno.test("TOP1-max: the hardest negative below the target, and near zero", () => {
  const hard = Math.exp(9), easy = Math.E, s = [easy / (easy + hard), hard / (easy + hard)];
  const { value } = lossAt("top1-max", { negatives: Int32Array.of(1, 0) });
  close(value, s[0] * (sigmoid(1 - 2) + sigmoid(1)) + s[1] * (sigmoid(9 - 2) + sigmoid(81)));
});

for (const loss of ["sampled-softmax", "bpr-max", "top1-max"] as const) {
  Deno.test(`${loss}: a shared negative that is the target itself does not count`, () => {
    const one = lossAt(loss, { negatives: Int32Array.of(1, 2, 3), scoreRegularisation: 1 });
    const other = lossAt(loss, { negatives: Int32Array.of(1, 3), scoreRegularisation: 1 });
    close(one.value, other.value);
    close(one.dh[0], other.dh[0]);
  });

  Deno.test(`${loss}: many rows at a time are the mean of each alone`, () => {
    // Enough negatives that the rows are processed in several portions.
    const random = new RandomStream(4, "rows"), rows = 37, dim = 3, items = 50;
    const draw = (n: number) => Float32Array.from({ length: n }, () => random.float() - 0.5);
    const h = draw(rows * dim), vectors = tf.tensor2d(draw(items * dim), [items, dim]);
    const negatives = Int32Array.from({ length: 200_000 }, () => random.below(items));
    const targets = Int32Array.from({ length: rows }, () => random.below(items));
    const valueOf = (from: number, count: number) =>
      tf.tidy(() => {
        const part = tf.tensor2d(h.slice(from * dim, (from + count) * dim), [count, dim]);
        const inputs = { ...INPUTS, negatives, targets: targets.subarray(from, from + count) };
        const found = lossOf(loss).value(engine, part, vectors, inputs);
        return [found.value.dataSync()[0], ...found.dh.dataSync().map((d) => d * count)];
      });
    const whole = valueOf(0, rows), alone = [0, 20, 36].map((row) => [row, valueOf(row, 1)] as const);
    for (const [row, [, ...dh]] of alone) dh.forEach((d, i) => close(whole[1 + row * dim + i], d));
    const sum = Array.from({ length: rows }, (_, row) => valueOf(row, 1)[0]).reduce((a, b) => a + b);
    close(whole[0], sum / rows);
    vectors.dispose();
  });
}

for (const loss of LOSSES.filter((name) => lossOf(name).negatives !== "shared")) {
  Deno.test(`${loss}: targets of a batch, each with what is its own, are the mean of each alone`, () => {
    const random = new RandomStream(5, "own"), rows = 4, dim = 3, items = 9, m = 2;
    const draw = (n: number) => Float32Array.from({ length: n }, () => 2 * random.float() - 1);
    const h = draw(rows * dim), vectors = draw(items * dim), targets = Int32Array.of(1, 5, 5, 8);
    const isOwn = lossOf(loss).negatives === "each target";
    const negatives = Int32Array.from(isOwn ? [2, 3, 7, 7, 1, 2, 4, 6] : []);
    const shifted = { items: Int32Array.of(1, 5, 2, 7), ends: Int32Array.of(2, 2, 3, 4), by: -0.7 };
    const valueOf = (from: number, to: number) =>
      tf.tidy(() => {
        const { value, dh, dVectors } = lossOf(loss).value(
          engine,
          tf.tensor2d(h.slice(from * dim, to * dim), [to - from, dim]),
          tf.tensor2d(vectors, [items, dim]),
          {
            ...INPUTS,
            targets: targets.subarray(from, to),
            negatives: negatives.subarray(from * m, to * m),
            ...(!isOwn && { shifted: shiftedBetween(shifted, from, to) }),
          },
        );
        return [value, dh, dVectors].map((tensor) => tensor.dataSync());
      });
    const [value, dh, dVectors] = valueOf(0, rows);
    const alone = [0, 1, 2, 3].map((row) => valueOf(row, row + 1));
    const mean = (of: (one: (typeof alone)[number]) => number) =>
      alone.reduce((sum, one) => sum + of(one), 0) / rows;
    close(value[0], mean(([own]) => own[0]));
    dh.forEach((d, i) => close(d, alone[Math.floor(i / dim)][1][i % dim] / rows));
    dVectors.forEach((d, i) => close(d, mean(([, , own]) => own[i])));
  });
}

for (const loss of LOSSES) {
  Deno.test(`${loss}: its gradients are those of its value, with biases and without`, () => {
    const random = new RandomStream(3, "losses"), rows = 4, dim = 3, items = 9;
    const draw = (n: number) => Float32Array.from({ length: n }, () => 2 * random.float() - 1);
    const given = { h: draw(rows * dim), vectors: draw(items * dim), biases: draw(items) };
    const shared = lossOf(loss).negatives === "shared";
    const inputs: LossInputs = {
      targets: Int32Array.of(1, 5, 5, 8),
      // Of the shared ones, some are targets, and one is there twice.
      negatives: shared ? Int32Array.of(2, 5, 7, 7, 3) : Int32Array.of(2, 3, 7, 7, 1, 2, 4, 6),
      logChance: (row) => -row / 7,
      adjustment: Float32Array.from({ length: items - 1 }, (_, i) => -i / 5),
      scoreRegularisation: 0.7,
    };
    const lossOn = ({ h, vectors, biases }: Partial<typeof given>) =>
      lossOf(loss).value(engine, tf.tensor2d(h!, [rows, dim]), tf.tensor2d(vectors!, [items, dim]), {
        ...inputs,
        biases: biases && tf.tensor1d(biases),
      });
    const { biases: _, ...plain } = given;
    for (const numbers of [given, plain] as Partial<typeof given>[]) {
      const gradients = tf.tidy(() => {
        const { dh, dVectors, dBiases } = lossOn(numbers);
        return { h: dh.dataSync(), vectors: dVectors.dataSync(), biases: dBiases?.dataSync() };
      });
      assert.equal(gradients.biases?.length, numbers.biases?.length);
      for (const [name, values] of Object.entries(numbers) as [keyof typeof given, Float32Array][]) {
        values.forEach((_, i) => {
          const at = (by: number) => {
            const moved = { ...numbers, [name]: values.map((v, j) => j === i ? v + by : v) };
            return tf.tidy(() => lossOn(moved).value.dataSync()[0]);
          };
          const expected = (at(1e-2) - at(-1e-2)) / 2e-2, actual = gradients[name]![i];
          assert(
            Math.abs(actual - expected) < 1e-3,
            `${name} ${i}: the gradient is ${actual}, differences ${expected}`,
          );
        });
      }
    }
  });
}
