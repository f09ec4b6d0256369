/**
 * The contract of every trained method: it learns what is planted for it, follows its gradient, sees neither the target nor the future, and
 * gives the same scores after saving, loading and resuming.
 *
 * @module
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import type { z } from "zod";
import {
  beginTraining,
  evaluate,
  loadModel,
  type MethodName,
  openEngine,
  packTraining,
  RunFolder,
  saveModel,
  type SequenceDataset,
  Training,
  type TrainingOptions,
  unpackTraining,
} from "../../../mod.ts";
import { NO_DROPOUT } from "../../../model/layers/dropout.ts";
import { sizeOf } from "../../../model/backend/tensor.ts";
import { initialValues, type ParameterSpec } from "../../../model/layers/parameters.ts";
import type { Trainable } from "../../../model/train/method.ts";
import { methodOf } from "../../../model/train/methods.ts";
import { allItems } from "../../../model/train/model.ts";
import type { TensorValue } from "../../../model/ops/tape.ts";
import { TensorPass } from "../../../model/train/pass.ts";
import type { Configured } from "../../../model/methods/neural.ts";
import type { DescribedMethod } from "../../../model/methods/neural.ts";
import { Optimizer } from "../../../model/train/optimizer.ts";
import { resolveTraining } from "../../../model/train/options.ts";
import { RandomStream } from "../../../pipeline/contract/random.ts";
import { withFolder } from "../../folders.ts";
import { plantedDataset } from "../planted.ts";
import { recommenderContract } from "../recommender_contract.ts";
import { checkVectors } from "../vectors.ts";

const engine = await openEngine();
const { tf } = engine;

/** Options of {@link methodContract}. */
export interface MethodContract {
  /** Small sizes of the network. */
  config: Record<string, unknown>;
  /** Options for training on the planted pattern. */
  training?: Partial<TrainingOptions>;
  /** HR@1 that the method must reach on it; .9 is the maximum. */
  hits: number;
  /** The planted distance; a method need not learn what it cannot see. Default 2. */
  distance?: number;
  /** Losses whose gradients are checked. */
  losses?: TrainingOptions["loss"][];
  /** Other options with which the gradient is checked, too. */
  variants?: Record<string, unknown>[];
  /** The training data, if not {@link plantedDataset}; `small` is {@link smallDataset} of the same. */
  data?: { make: typeof plantedDataset; small: SequenceDataset };
}

const OPTIONS: Partial<TrainingOptions> = {
  rate: 5e-3,
  batchSize: 64,
  seed: 1,
  epochs: 12,
  patience: 12,
  metric: "HR@1",
  protocol: "recbole",
};

/** Forty users, in a folder that is removed at the end. */
export async function smallDataset(make = plantedDataset): Promise<SequenceDataset> {
  const dir = Deno.makeTempDirSync();
  addEventListener("unload", () => Deno.removeSync(dir, { recursive: true }));
  return await make(dir, { users: 40 });
}
const planted = await smallDataset();

/** Registers the tests of a method. */
export function methodContract(name: MethodName, contract: MethodContract): void {
  const method = methodOf({ method: name });
  const { make, small } = contract.data ?? { make: plantedDataset, small: planted };
  const trainingOn = (dataset: SequenceDataset, more: Partial<TrainingOptions> = {}) =>
    new Training(engine, dataset, method.configure(dataset, contract.config), {
      ...OPTIONS,
      ...contract.training,
      ...more,
    });

  Deno.test(`${name}: learns a planted pattern`, () =>
    withFolder(async (dir) => {
      const dataset = await make(dir, { users: 300, distance: contract.distance ?? 2 });
      const training = trainingOn(dataset), model = await training.run();
      const { metrics } = await evaluate(model, dataset, { protocols: ["recbole"], ks: [1] });
      assert(metrics.recbole["HR@1"] >= contract.hits, `HR@1 ${metrics.recbole["HR@1"]}`);
      training.dispose();
    }));

  for (const loss of contract.losses ?? ["ce", "bce", "sampled-softmax"]) {
    Deno.test(`${name}: its gradient is that of its loss (${loss})`, () => {
      const settings = resolveTraining({ ...OPTIONS, loss, trainNegatives: 5, batchSize: 6 });
      const config = method.configure(small, { ...contract.config, dropout: 0.3 });
      checkGradient(method.build(engine, small, config, settings));
    });
  }

  const { shape } = (method as DescribedMethod<z.ZodRawShape>).description;
  const byPrefix = "examples" in shape ? [{ examples: "last" }] : [];
  for (const variant of [...contract.variants ?? [], ...byPrefix]) {
    Deno.test(`${name}: its gradient is that of its loss (${JSON.stringify(variant)})`, () => {
      const settings = resolveTraining({ ...OPTIONS, batchSize: 6 });
      const config = method.configure(small, { ...contract.config, dropout: 0.3, ...variant });
      checkGradient(method.build(engine, small, config, settings));
    });
  }

  Deno.test(`${name}: leaks no tensor`, () => {
    const training = trainingOn(small), before = engine.memory().tensors;
    for (let i = 0; i < 3; i++) training.step();
    assert.equal(engine.memory().tensors, before);
    training.dispose();
  });

  Deno.test(`${name}: is saved, loaded and resumed to the same scores`, () =>
    withFolder(async (dir) => {
      const whole = trainingOn(small, { epochs: 2 }), cut = trainingOn(small, { epochs: 2 });
      const again = trainingOn(small, { epochs: 2 });
      await whole.run();
      cut.step();
      again.restore(unpackTraining(packTraining(cut.state())));
      await again.run();
      assert.deepEqual(again.values(), whole.values());

      const run = RunFolder.create(join(dir, "run"));
      await saveModel(run, whole.finish(), { dataset: small, seed: 1 });
      const loaded = await loadModel(run, small, { engine });
      const history = { items: Uint32Array.of(1, 2, 3), starts: Uint32Array.of(0), ends: Uint32Array.of(3) };
      assert.deepEqual(await loaded.model.score(history), await whole.finish().score(history));
      assert.equal(loaded.model.name, method.title);
      [whole, cut, again, loaded].forEach((thing) => thing.dispose());
    }));

  Deno.test(`${name}: its scores are the dot products of its vectors`, async () => {
    const training = trainingOn(small, { epochs: 1 }), model = await training.run();
    await checkVectors(model);
    const { tensors } = engine.memory();
    await checkVectors(model);
    assert.equal(engine.memory().tensors, tensors, "they are read, and freed");
    training.dispose();
  });

  Deno.test(`${name}: a training that starts from a model begins where that ended, also on data with a user more`, () =>
    withFolder(async (dir) => {
      const learnt = trainingOn(small, { epochs: 1 }), model = await learnt.run();
      const startFrom = { model, dataset: small }, larger = await make(dir, { users: 41 });
      const history = { items: Uint32Array.of(1, 2, 3), starts: Uint32Array.of(0), ends: Uint32Array.of(3) };
      const scores = await model.score(history), batchSize = 64;
      const again = await beginTraining(name, small, { startFrom, batchSize }, engine);
      assert.deepEqual(await again.recommender().score(history), scores);
      const elsewhere = await beginTraining(name, larger, { startFrom, batchSize }, engine);
      const same = (item: number) => larger.itemIndex(small.itemId(item));
      const moved = await elsewhere.recommender().score({ ...history, items: history.items.map(same) });
      for (let item = 1; item <= small.items; item++) {
        // The weight of seen items depends on the data.
        if (history.items.includes(item)) continue;
        assert(Math.abs(moved[same(item)] - scores[item]) < 1e-4, `${moved[same(item)]}, ${scores[item]}`);
      }
      [learnt, again, elsewhere].forEach((training) => training.dispose());
    }));

  Deno.test(`${name}: training sees nothing of validation and test`, () =>
    withFolder(async (dir) => {
      const values = async (name: string, last?: number) => {
        const folder = join(dir, name);
        Deno.mkdirSync(folder);
        const training = trainingOn(await make(folder, { users: 40 }, last));
        for (let i = 0; i < 2; i++) training.step();
        const found = training.values();
        training.dispose();
        return found;
      };
      assert.deepEqual(await values("a", 3), await values("b", 7));
    }));

  Deno.test(`${name}: what comes later, or is in the padding's place, changes nothing`, () => {
    const config = method.configure(small, contract.config) as Configured<z.ZodRawShape>;
    const { network: make, examples } = (method as DescribedMethod<z.ZodRawShape>).description;
    const network = make(small, config),
      optimizer = new Optimizer(engine, network.parameters, 3, { rate: 0 });
    const length = contract.config.length as number, seen = 4;
    /** The vector of one history of `seen` items, with padding before it and other items after it. */
    const vector = (later: number) => {
      const ids = Int32Array.from({ length }, (_, t) => t < 2 ? 0 : t < 2 + seen ? 1 + t % 5 : later);
      const rows = ids.map((id) => id > small.items ? 0 : id);
      const batch = { length, ids, rows, users: Int32Array.of(1), at: Int32Array.of(1 + seen) };
      return tf.tidy(() => {
        const pass = new TensorPass(engine, optimizer.weights);
        const h = network.encode(pass, batch, network.items(pass, allItems(small.items)));
        return (h as TensorValue).tensor.dataSync();
      });
    };
    const [one, other] = [vector(3), vector(9)];
    if (examples(config) === "masked") assert.notDeepEqual(one, other, "both sides are seen");
    else assert.deepEqual(one, other);
    optimizer.dispose();
  });

  recommenderContract(method.title, () => {
    const training = trainingOn(small);
    training.step();
    return Promise.resolve(training.recommender());
  }, { users: 40, tolerance: 1e-4 });
}

/** Compares the gradient with differences of the loss along random directions through all entries of each tensor. */
function checkGradient(trainable: Trainable): void {
  const specs = trainable.parameters.map((spec) => ({ ...spec, deviation: 0.3 }));
  const optimizer = new Optimizer(engine, specs, 3, { rate: 0 });
  const example = trainable.example(trainable.examples.of(0).slice(0, 6), { number: 0, part: 0, epoch: 0 });
  const dropout = { ...NO_DROPOUT, rate: 0.3, mask: (place: number) => 77 + place };
  const lossAt = (values: ReadonlyMap<string, Float32Array>) => {
    optimizer.setValues(values);
    return tf.tidy(() => trainable.evaluate(optimizer.weights, example, dropout).loss.dataSync()[0]);
  };
  const values = new Map(specs.map((spec) => [spec.name, start(spec)]));
  lossAt(values);
  const found = new Map<string, Float32Array>();
  tf.tidy(() => {
    const { gradients, rows } = trainable.evaluate(optimizer.weights, example, dropout);
    for (const [name, tensor] of Object.entries(gradients)) {
      found.set(name, tensor.dataSync() as Float32Array);
    }
    for (const { table, rows: ids, gradient } of rows) {
      const { shape: [, dim] } = specs.find(({ name }) => name === table)!;
      const whole = found.get(table) ?? new Float32Array(values.get(table)!.length),
        own = gradient.dataSync();
      ids.forEach((row, i) => {
        for (let d = 0; d < dim; d++) whole[row * dim + d] += own[i * dim + d];
      });
      found.set(table, whole);
    }
  });
  const random = new RandomStream(5, "directions");
  for (const spec of specs) {
    const direction = Float32Array.from({ length: sizeOf(spec.shape) }, () => random.float() - 0.5);
    if (spec.rows === "items" || spec.rows === "users") direction.fill(0, 0, spec.shape[1]);
    const gradient = found.get(spec.name);
    const expected = gradient ? direction.reduce((sum, d, i) => sum + d * gradient[i], 0) : 0;
    const step = 1e-2 / Math.sqrt(direction.length);
    const moved = (sign: number) =>
      lossAt(
        new Map(values).set(spec.name, values.get(spec.name)!.map((v, i) => v + sign * step * direction[i])),
      );
    const measured = (moved(1) - moved(-1)) / (2 * step);
    const allowed = 0.03 * Math.max(Math.abs(expected), Math.abs(measured)) + 4e-3;
    assert(
      Math.abs(measured - expected) <= allowed,
      `${spec.name}: the gradient says ${expected}, differences ${measured}`,
    );
  }
  optimizer.dispose();
}

/** Nothing is zero except the padding, so that every weight counts. */
function start(spec: ParameterSpec): Float32Array {
  const values = initialValues({ ...spec, deviation: spec.deviation || 0.05 }, 3);
  if (spec.rows === "items" || spec.rows === "users") values.fill(0, 0, spec.shape[1]);
  return values;
}
