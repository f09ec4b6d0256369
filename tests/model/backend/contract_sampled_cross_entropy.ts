/**
 * The contract of the loss over own and shared items on every backend.
 *
 * @module
 */
import { strict as assert } from "node:assert";
import type { Tensor1D, Tensor2D } from "../../../model/backend/tensor.ts";
import type { Engine } from "../../../model/backend/types.ts";
import { close } from "./close.ts";
import { checkTrial } from "./gradient_check.ts";
import { noise } from "./reference.ts";
import type { Register } from "./register.ts";
import * as reference from "./sequence_reference.ts";

/** Positions, shared items, channels. */
const SIZES = [[1, 1, 1], [1, 9, 3], [5, 2, 4], [37, 131, 20], [70, 64, 64]];

/** The own item of every third position is also among the shared ones. */
const OWN = (n: number) => n % 3 === 0 ? 2 * n : 1001 + n, SHARED = (j: number) => j;

export function sampledCrossEntropyContract(test: Register): void {
  for (const [rows, shared, dim] of SIZES) {
    test(
      `sampled cross-entropy: ${rows} against ${shared}, ${dim} channels`,
      (engine) => check(engine, rows, shared, dim),
    );
  }
  test("sampled cross-entropy: with every other item it is the one over all", allItems);
  test("sampled cross-entropy: high logits do not overflow, and NaN stays in its row", extremes);
}

const numbered = (length: number, id: (i: number) => number) => Int32Array.from({ length }, (_, i) => id(i));

async function check(engine: Engine, rows: number, count: number, dim: number) {
  const ownIds = numbered(rows, OWN), sharedIds = numbered(count, SHARED);
  const { tf, kernels } = engine, scale = 1 / rows;
  await checkTrial(engine, "sampledCrossEntropy", {
    shapes: {
      h: [rows, dim],
      own: [rows, dim],
      shared: [count, dim],
      ownShift: [rows],
      sharedShift: [count],
    },
    deviations: { h: 1 / Math.sqrt(dim) },
    output: [1],
    // The mean, so that its gradient is what the operation returns, times the incoming gradient.
    exact: (numbers) => {
      const losses = reference.sampledCrossEntropy(numbers, ownIds, sharedIds);
      return [losses.reduce((sum, loss) => sum + loss, 0) * scale];
    },
    run: ({ h, own, shared, ownShift, sharedShift }, dy) => {
      const result = kernels.sampledCrossEntropy(h as Tensor2D, {
        own: own as Tensor2D,
        shared: shared as Tensor2D,
        ownIds: tf.tensor1d(ownIds, "int32"),
        sharedIds: tf.tensor1d(sharedIds, "int32"),
        ownShift: ownShift as Tensor1D,
        sharedShift: sharedShift as Tensor1D,
      }, scale * dy.dataSync()[0]);
      return {
        y: tf.reshape(tf.mul(tf.sum(result.loss), scale), [1]),
        gradients: {
          h: result.dh,
          own: result.dOwn,
          shared: result.dShared,
          ownShift: result.dOwnShift,
          sharedShift: result.dSharedShift,
        },
      };
    },
  });
}

async function allItems({ tf, kernels }: Engine) {
  const rows = 600, items = 90, dim = 5, targets = numbered(rows, (n) => n * 7 % items);
  const { all, sampled } = tf.tidy(() => {
    const h = tf.tensor2d(noise(rows * dim, 1), [rows, dim]);
    const table = tf.tensor2d(noise(items * dim, 2), [items, dim]), shift = tf.tensor1d(noise(items, 3));
    const ownIds = tf.tensor1d(targets, "int32");
    const { loss, dh, dOwn, dShared } = kernels.sampledCrossEntropy(h, {
      own: tf.gather(table, ownIds),
      shared: table,
      ownIds,
      sharedIds: tf.range(0, items, 1, "int32"),
      ownShift: tf.gather(shift, ownIds),
      sharedShift: shift,
    }, 1);
    const dItems = tf.add(dShared, kernels.segmentSum(dOwn, ownIds, items));
    const { dBias: _, ...all } = kernels.linearCrossEntropy(h, table, ownIds, 1, { bias: shift });
    return { all, sampled: { loss, dh, dItems } };
  });
  for (const key of ["loss", "dh", "dItems"] as const) {
    close(await sampled[key].data(), await all[key].data(), key);
  }
  tf.dispose({ all, sampled });
}

async function extremes({ tf, kernels }: Engine) {
  const h = noise(3 * 4, 1, 60);
  h[0] = NaN;
  const { loss, dh, dOwn, dShared } = tf.tidy(() => ({
    ...kernels.sampledCrossEntropy(tf.tensor2d(h, [3, 4]), {
      own: tf.tensor2d(noise(3 * 4, 3), [3, 4]),
      shared: tf.tensor2d(noise(7 * 4, 2), [7, 4]),
      ownIds: tf.tensor1d([9, 9, 9], "int32"),
      sharedIds: tf.tensor1d([1, 2, 3, 4, 5, 6, 7], "int32"),
      ownShift: tf.zeros([3]),
      sharedShift: tf.zeros([7]),
    }, 1),
  }));
  const losses = await loss.data();
  assert.ok(Number.isNaN(losses[0]) && Number.isFinite(losses[1]) && Number.isFinite(losses[2]), `${losses}`);
  for (const gradient of [dh, dOwn]) {
    const values = await gradient.data();
    assert.ok(Number.isNaN(values[0]) && values.slice(4).every((value) => Number.isFinite(value)));
  }
  assert.ok((await dShared.data()).some((value) => Number.isNaN(value)), "NaN is hidden");
  tf.dispose([loss, dh, dOwn, dShared]);
}
