import assert from "node:assert/strict";
import type { ItemFeature } from "../../../pipeline/contract/dataset/item_features.ts";
import { NO_DROPOUT } from "../../../model/layers/dropout.ts";
import type { TensorValue } from "../../../model/ops/tape.ts";
import { TensorPass } from "../../../model/train/pass.ts";
import { openEngine } from "../../../model/backend/engine.ts";
import type { Tensor, Tensor2D } from "../../../model/backend/tensor.ts";
import { type Fusion, FUSIONS, itemVectors } from "../../../model/layers/item_vectors.ts";
import { initialValues } from "../../../model/layers/parameters.ts";

const ITEMS = 9, DIM = 4;
/** Features with five values each, so that a batch of three items has fewer items than values and all nine items are more. */
const FEATURES: ItemFeature[] = [
  { name: "colour", kind: "categorical", values: 5, codes: Uint32Array.of(0, 1, 5, 2, 2, 0, 3, 4, 1, 5) },
  {
    name: "tags",
    kind: "multi",
    values: 5,
    offsets: Uint32Array.of(0, 0, 2, 2, 3, 5, 6, 8, 8, 9, 10),
    codes: Uint32Array.of(1, 4, 5, 2, 3, 1, 1, 2, 4, 5),
  },
  { name: "price", kind: "numeric", values: 0, numbers: Float32Array.of(0, 1, -2, 0.5, 0, 3, -1, 2, 0.1, 1) },
];
const engine = await openEngine();
const vectorsOf = (fusion: Fusion) => itemVectors({ items: ITEMS, dim: DIM, features: FEATURES, fusion });
const specsOf = (fusion: Fusion) => vectorsOf(fusion).parameters;
/** The parameters with a fully connected layer; with a sum they are the same, without the layer. */
const specs = specsOf("concat");
const values = new Map(specs.map((spec) => [spec.name, initialValues({ ...spec, deviation: 1 }, 3)]));
values.get("items.embedding")!.fill(0, 0, DIM);
values.get("features.fuse.b")!.forEach((_, d, bias) => bias[d] = d - 1.5);
const row = (name: string, at: number) => Array.from(values.get(name)!.subarray(at * DIM, (at + 1) * DIM));
const scaled = (x: number[], factor: number) => x.map((value) => factor * value);
const added = (all: number[][]) => all.reduce((x, y) => x.map((value, d) => value + y[d]), [0, 0, 0, 0]);

/** The vectors of an item's own and of its features, of several values each of them or their mean. */
function parts(item: number, pooling: "sum" | "mean"): number[][] {
  const [colour, tags, price] = FEATURES;
  assert(colour.kind === "categorical" && tags.kind === "multi" && price.kind === "numeric");
  const own = Array.from(tags.codes.subarray(tags.offsets[item], tags.offsets[item + 1]));
  return [
    row("items.embedding", item),
    row("features.colour.embedding", colour.codes[item]),
    added(
      own.map((code) =>
        scaled(row("features.tags.embedding", code), pooling === "mean" ? 1 / own.length : 1)
      ),
    ),
    scaled(row("features.price.weight", 0), price.numbers[item]),
  ];
}

/** The same as in the paper: side by side, through a fully connected layer. */
function connected(item: number): number[] {
  const side = parts(item, "mean").flat(),
    weights = values.get("features.fuse.w")!,
    bias = values.get("features.fuse.b")!;
  return Array.from(
    bias,
    (start, d) => side.reduce((sum, x, i) => sum + x * weights[d * side.length + i], start),
  );
}

/** Vectors of some items, and the gradients where that of an item's vector is `slope`. */
function encoded(fusion: Fusion, items: Uint32Array, slope: (item: number, d: number) => number) {
  const { tf } = engine;
  return tf.tidy(() => {
    const tensors = new Map(
      specsOf(fusion).map(({ name, shape }) => [name, tf.tensor(values.get(name)!, shape)]),
    );
    const pass = new TensorPass(engine, (name) => tensors.get(name)!, NO_DROPOUT);
    const vectors = vectorsOf(fusion).of(pass, items) as TensorValue<Tensor2D>;
    const dVectors = Float32Array.from(vectors.tensor.dataSync(), (_, i) => {
      const item = items[Math.floor(i / DIM) - 1] ?? 0;
      return item === 0 ? 0 : slope(item, i % DIM);
    });
    const dy = tf.tensor2d(dVectors, vectors.shape as [number, number]);
    const sum = pass.ops.record(tf.sum(tf.mul(vectors.tensor, dy)), [vectors], () => [dy]);
    const { gradients, rows: [{ gradient: own }] } = pass.result(sum);
    const numbers = (tensor: Tensor) => Array.from(tensor.dataSync());
    return {
      vectors: numbers(vectors.tensor),
      own: numbers(own),
      gradients: Object.entries(gradients).map(([name, tensor]) => [name, numbers(tensor)] as const),
    };
  });
}
const near = (found: number[], expected: number[], what: string) => {
  assert.equal(found.length, expected.length, what);
  found.forEach((value, i) =>
    assert(Math.abs(value - expected[i]) < 1e-4, `${what}[${i}]: ${value}, ${expected[i]}`)
  );
};

const SOME = Uint32Array.of(2, 4, 7), ALL = Uint32Array.from({ length: ITEMS }, (_, i) => i + 1);
const EXPECTED = { sum: (item: number) => added(parts(item, "sum")), concat: connected };
for (const fusion of FUSIONS) {
  for (const [which, items] of [["some", SOME], ["all", ALL]] as const) {
    Deno.test(`the vectors of ${which} items are their own and their features', fused: ${fusion}`, () => {
      const { vectors } = encoded(fusion, items, () => 0);
      near(vectors.slice(0, DIM), [0, 0, 0, 0], "the padding");
      items.forEach((item, i) =>
        near(vectors.slice((i + 1) * DIM, (i + 2) * DIM), EXPECTED[fusion](item), `item ${item}`)
      );
    });
  }

  Deno.test(`gradients are the same of some items and of all, values or items through the layer: ${fusion}`, () => {
    const slope = (item: number, d: number) => SOME.includes(item) ? Math.sin(item + d) : 0;
    const few = encoded(fusion, SOME, slope), many = encoded(fusion, ALL, slope);
    SOME.forEach((item, i) =>
      near(
        many.own.slice((item - 1) * DIM, item * DIM),
        few.own.slice(i * DIM, (i + 1) * DIM),
        `item ${item}`,
      )
    );
    assert.deepEqual(
      few.gradients.map(([name]) => name).toSorted(),
      specsOf(fusion).map(({ name }) => name).slice(1).toSorted(),
    );
    const byName = new Map(many.gradients);
    for (const [name, gradient] of few.gradients) {
      assert(gradient.some((value) => Math.abs(value) > 1e-3), name);
      near(byName.get(name)!, gradient, name);
    }
  });
}
