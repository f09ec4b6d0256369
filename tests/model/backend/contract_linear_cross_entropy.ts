/**
 * The contract of the loss over all items on every backend.
 *
 * @module
 */
import { strict as assert } from "node:assert";
import type { Tensor1D, Tensor2D } from "../../../model/backend/tensor.ts";
import { rowsHeld, type ShiftedItems } from "../../../model/backend/cross_entropy.ts";
import type { Engine } from "../../../model/backend/types.ts";
import { close } from "./close.ts";
import { checkTrial } from "./gradient_check.ts";
import { noise } from "./reference.ts";
import type { Register } from "./register.ts";
import * as reference from "./sequence_reference.ts";

/** Positions, items, channels. */
const SIZES = [[1, 2, 1], [1, 9, 3], [5, 2, 4], [37, 131, 20], [70, 64, 64]];

export function linearCrossEntropyContract(test: Register): void {
  for (const [rows, items, dim] of SIZES) {
    const title = `linear cross-entropy: ${rows} of ${items}, ${dim} channels`;
    test(title, (engine) => check(engine, rows, items, dim, false));
    test(
      `${title}, bias, shifted items, positions that do not count`,
      (engine) => check(engine, rows, items, dim, true),
    );
  }
  test("linear cross-entropy: in parts as in one", inParts);
  test("linear cross-entropy: losses alone are the same numbers", alone);
  test("linear cross-entropy: what is shifted far down gets no gradient, with a bias and without", farDown);
  test("linear cross-entropy: high logits do not overflow, and NaN stays in its row", extremes);
}

async function check(engine: Engine, rows: number, count: number, dim: number, more: boolean) {
  const targets = Int32Array.from({ length: rows }, (_, i) => more && i % 3 === 1 ? -1 : i * 37 % count);
  const { tf, kernels } = engine, scale = 1 / rows, none = new Float32Array(count);
  // For each row some items by a rule, in no order, with or without the target; for the last row all items.
  const of = targets.map((target, row) => target < 0 ? 0 : row === rows - 1 ? 1 : 3);
  const lists = Array.from(
    of,
    (step, row) =>
      Array.from({ length: count }, (_, i) => count - 1 - i).filter((item) =>
        step > 0 && (item * 7 + row) % step === 0
      ),
  );
  const shifted: ShiftedItems = {
    items: Int32Array.from(lists.flat()),
    ends: Int32Array.from(lists, (_, row) => lists.slice(0, row + 1).flat().length),
    by: -1.5,
  };
  let upstream: number[] = [];
  await checkTrial(engine, "linearCrossEntropy", {
    shapes: { h: [rows, dim], items: [count, dim], bias: [count] },
    deviations: { h: 1 / Math.sqrt(dim) },
    output: [1],
    // The mean, so that its gradient is what the operation returns, times the incoming gradient.
    exact: (numbers) => {
      const losses = more
        ? reference.linearCrossEntropy(numbers, targets, lists, shifted.by)
        : reference.linearCrossEntropy({ ...numbers, bias: none }, targets);
      return [losses.reduce((sum, loss) => sum + loss, 0) * scale];
    },
    run: ({ h, items, bias }, dy) => {
      upstream = [...dy.dataSync()];
      const result = kernels.linearCrossEntropy(
        h as Tensor2D,
        items as Tensor2D,
        tf.tensor1d(targets, "int32"),
        scale * upstream[0],
        more ? { bias: bias as never, shifted } : {},
      );
      const { loss, dh, dItems, dBias } = result;
      return {
        y: tf.reshape(tf.mul(tf.sum(loss), scale), [1]),
        gradients: { h: dh, items: dItems, ...(more && { bias: dBias }) },
      };
    },
  });
}

/** More rows than are held at a time: checks their losses, and the sums of gradients. */
async function inParts({ tf, kernels }: Engine) {
  const items = 300, dim = 2, rows = rowsHeld(items, "fused") + 20;
  const h = noise(rows * dim, 1), table = noise(items * dim, 2);
  const targets = Int32Array.from({ length: rows }, (_, i) => i * 977 % items);
  const { whole, halves } = tf.tidy(() => {
    const H = tf.tensor2d(h, [rows, dim]), ITEMS = tf.tensor2d(table, [items, dim]);
    const run = (from: number, to: number) => {
      const part = tf.tensor1d(targets.slice(from, to), "int32");
      return { ...kernels.linearCrossEntropy(tf.slice(H, [from, 0], [to - from, dim]), ITEMS, part, 1) };
    };
    const [one, two] = [run(0, 20), run(20, rows)];
    const halves = {
      loss: tf.concat([one.loss, two.loss]),
      dh: tf.concat([one.dh, two.dh]),
      dItems: tf.add(one.dItems, two.dItems),
      dBias: tf.add(one.dBias, two.dBias),
    };
    return { whole: run(0, rows), halves };
  });
  for (const key of ["loss", "dh", "dItems", "dBias"] as const) {
    close(await whole[key].data(), await halves[key].data(), key);
  }
  tf.dispose({ whole, halves });
}

/** With several panels of items and tiles of rows, including incomplete ones. */
async function alone({ tf, kernels }: Engine) {
  for (const [rows, items, dim] of [...SIZES, [600, 300, 16], [3, 20_000, 8]]) {
    const places = Array.from({ length: rows }, (_, row) => row), count = Math.min(items, 3);
    const shifted = {
      items: Int32Array.from(places.flatMap((row) => places.slice(0, count).map((i) => (row + i) % items))),
      ends: Int32Array.from(places, (row) => Math.min(rows, count) * (row + 1)),
      by: -1.5,
    };
    const found = tf.tidy(() => {
      const h = tf.tensor2d(noise(rows * dim, 1, 3), [rows, dim]),
        table = tf.tensor2d(noise(items * dim, 2), [items, dim]);
      const targets = tf.tensor1d(places.map((row) => row % 5 === 4 ? -1 : row * 977 % items), "int32");
      const bias = tf.tensor1d(noise(items, 3)) as Tensor1D;
      return [{}, { bias }, { shifted }, { bias, shifted }].flatMap((options) => [
        kernels.linearCrossEntropyLoss(h, table, targets, options),
        tf.keep(kernels.linearCrossEntropy(h, table, targets, 1, options).loss),
      ]);
    });
    for (let i = 0; i < found.length; i += 2) {
      assert.deepEqual(
        await found[i].data(),
        await found[i + 1].data(),
        `${rows} of ${items}, ${dim} channels`,
      );
    }
    tf.dispose(found);
  }
}

async function extremes({ tf, kernels }: Engine) {
  const h = noise(3 * 4, 1, 60);
  h[0] = NaN;
  const { loss, dh, dItems, dBias } = tf.tidy(() => {
    const items = tf.tensor2d(noise(7 * 4, 2), [7, 4]), targets = tf.tensor1d([1, 2, 3], "int32");
    return { ...kernels.linearCrossEntropy(tf.tensor2d(h, [3, 4]), items, targets, 1) };
  });
  const losses = await loss.data(), gradients = await dh.data();
  assert.ok(Number.isNaN(losses[0]) && Number.isFinite(losses[1]) && Number.isFinite(losses[2]), `${losses}`);
  assert.ok(Number.isNaN(gradients[0]) && gradients.slice(4).every((value) => Number.isFinite(value)));
  assert.ok((await dItems.data()).some((value) => Number.isNaN(value)), "NaN is hidden");
  tf.dispose([loss, dh, dItems, dBias]);
}

async function farDown({ tf, kernels }: Engine) {
  const gradients = [false, true].map((biased) =>
    tf.tidy(() => {
      const h = tf.tensor2d(noise(2 * 3, 1), [2, 3]), items = tf.tensor2d(noise(5 * 3, 2), [5, 3]);
      const shifted = { items: Int32Array.of(4, 0, 1, 0), ends: Int32Array.of(2, 4), by: -90 };
      const options = { shifted, ...(biased && { bias: tf.zeros([5]) as Tensor1D }) };
      return kernels.linearCrossEntropy(h, items, tf.tensor1d([2, 3], "int32"), 1, options).dBias;
    })
  );
  for (const gradient of gradients) {
    const [zeroth, first, second, third, fourth] = await gradient.data();
    assert.ok(Math.abs(zeroth) < 1e-6 && first > 0.01 && fourth > 0.01, `${zeroth} ${first} ${fourth}`);
    assert.ok(second < 0 && third < 0);
    gradient.dispose();
  }
}
