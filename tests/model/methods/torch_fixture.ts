/**
 * PyTorch's results with the same weights: scores, loss and gradients, written by `make_recurrent_fixtures.py` and
 * `make_method_fixtures.py` of `tests/python/`.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { z } from "zod";
import type { SequenceDataset } from "../../../pipeline/contract/dataset.ts";
import type { ItemFeature } from "../../../pipeline/contract/dataset/item_features.ts";
import { openEngine } from "../../../model/backend/engine.ts";
import type { Tensor1D, Tensor2D } from "../../../model/backend/tensor.ts";
import { NO_DROPOUT } from "../../../model/layers/dropout.ts";
import type { DescribedMethod } from "../../../model/methods/neural.ts";
import { methodOf } from "../../../model/train/methods.ts";
import { lossOf } from "../../../model/train/losses/registry.ts";
import { allItems } from "../../../model/train/model.ts";
import type { TensorValue } from "../../../model/ops/tape.ts";
import { TensorPass } from "../../../model/train/pass.ts";

interface Fixture {
  config: { items: number } & Record<string, unknown>;
  features?: (Omit<ItemFeature, "codes" | "offsets" | "numbers"> & Record<string, unknown>)[];
  batch: { size: number; length: number; ids: number[]; at: number[]; users?: number[] };
  targets: number[];
  weights: Record<string, number[]>;
  scores: number[];
  loss: number;
  gradients: Record<string, number[]>;
}

const engine = await openEngine();

/** Registers a test that compares a method with a file of `fixtures/`. */
export function torchTest(name: string, file: string): void {
  const fixture: Fixture = JSON.parse(
    Deno.readTextFileSync(new URL(`./fixtures/${file}`, import.meta.url)),
  );
  Deno.test(`${name}: scores and gradients are PyTorch's`, () => {
    const { config, targets, weights } = fixture, { tf } = engine, { items } = config;
    const method = methodOf({ method: name }) as DescribedMethod<z.ZodRawShape>;
    const { size, length, users = new Array(size).fill(0) } = fixture.batch;
    const features = () => (fixture.features ?? []).map(featureOf);
    const dataset = { items, users: Math.max(...users), features } as SequenceDataset;
    const network = method.description.network(
      dataset,
      method.configure(dataset, { ...config, seenBias: 0 }),
    );
    const named = new Set(network.parameters.map((spec) => spec.name));
    assert.deepEqual([...named].sort(), Object.keys(weights).sort());
    const tensors = new Map(network.parameters.map((spec) => [
      spec.name,
      tf.tensor(Float32Array.from(weights[spec.name]), spec.shape),
    ]));

    tf.tidy(() => {
      const pass = new TensorPass(engine, (name) => tensors.get(name)!, NO_DROPOUT);
      const ids = Int32Array.from(fixture.batch.ids);
      const batch = {
        length,
        ids,
        rows: ids.map((id) => id > items ? 0 : id),
        users: Int32Array.from(fixture.batch.at, (place) => users[place % size]),
        at: Int32Array.from(fixture.batch.at),
      };
      const vectors = network.items(pass, allItems(items)) as TensorValue<Tensor2D>;
      const h = network.encode(pass, batch, vectors) as TensorValue<Tensor2D>;
      const biases = (network.biases?.(pass, allItems(items)) ??
        pass.ops.constant(tf.zeros([items + 1]))) as TensorValue<Tensor1D>;
      const own = tf.slice(vectors.tensor, [1, 0], [items, vectors.shape[1]]) as Tensor2D;
      const products = engine.kernels.matMul(h.tensor, own, false, true);
      const scores = tf.add(products, tf.slice(biases.tensor, 1, items));
      close(scores.dataSync(), fixture.scores, 1e-4, "scores");

      const { value, dh, dVectors, dBiases } = lossOf("ce").value(engine, h.tensor, vectors.tensor, {
        biases: biases.tensor,
        targets: Int32Array.from(targets),
        negatives: new Int32Array(0),
        logChance: () => 0,
        scoreRegularisation: 0,
      });
      const loss = pass.ops.record(value, [h, vectors, biases], () => [dh, dVectors, dBiases]);
      close([value.dataSync()[0]], [fixture.loss], 1e-4, "loss");
      const { gradients, rows } = pass.result(loss);
      const found = new Map(Object.entries(gradients).map(([name, tensor]) => [name, tensor.dataSync()]));
      for (const { table, rows: ids, gradient } of rows) {
        const [, dim] = tensors.get(table)!.shape, whole = new Float32Array(tensors.get(table)!.size);
        const values = gradient.dataSync();
        ids.forEach((row, i) => whole.set(values.subarray(i * dim, (i + 1) * dim), row * dim));
        found.set(table, whole);
      }
      for (const [name, expected] of Object.entries(fixture.gradients)) {
        close(found.get(name)!, expected, 1e-3, name);
      }
    });
    tensors.forEach((tensor) => tensor.dispose());
  });
}

function close(actual: ArrayLike<number>, expected: number[], allowed: number, what: string): void {
  assert.equal(actual.length, expected.length, what);
  expected.forEach((value, i) =>
    assert(
      Math.abs(actual[i] - value) <= allowed,
      `${what}: number ${i} is ${actual[i]}, PyTorch has ${value}`,
    )
  );
}

/** A feature as a dataset returns it, with its lists as typed arrays. */
function featureOf(feature: NonNullable<Fixture["features"]>[number]): ItemFeature {
  const typed = Object.entries(feature).map(([key, value]) => {
    if (!Array.isArray(value)) return [key, value];
    return [key, key === "numbers" ? Float32Array.from(value) : Uint32Array.from(value)];
  });
  return Object.fromEntries(typed);
}
