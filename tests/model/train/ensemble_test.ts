/** Several networks whose scores are averaged: each is the same as it would be alone. */
import assert from "node:assert/strict";
import { join } from "node:path";
import {
  beginTraining,
  ensemble,
  evaluate,
  loadModel,
  type MethodName,
  networkFor,
  openEngine,
  packTraining,
  saveModel,
  Search,
  train,
  Training,
  type TrainOptions,
  unpackTraining,
  withoutHoldOut,
} from "../../../mod.ts";
import { networkPrefix, withEnsemble } from "../../../model/train/ensemble.ts";
import { methodOf } from "../../../model/train/methods.ts";
import { withFolder } from "../../folders.ts";
import { plantedDataset } from "../planted.ts";
import { listener } from "../../listener.ts";
import { recommenderContract } from "../recommender_contract.ts";
import { refused } from "../support.ts";
import { checkVectors } from "../vectors.ts";

const engine = await openEngine();
/** With biases, users, and tables of both. */
const METHODS: [MethodName, TrainOptions][] = [
  ["automlp", { lengths: [2], sequenceHidden: 8 }],
  ["gru4rec", { tied: false, itemBias: true, hidden: 8 }],
  ["fpmc", {}],
];
const OPTIONS = {
  dim: 8,
  length: 12,
  batchSize: 16,
  rate: 0.02,
  epochs: 1,
  seed: 4,
  metric: "HR@1",
} as const;
const HISTORIES = {
  items: Uint32Array.of(1, 2, 3, 4, 5, 6, 7),
  starts: Uint32Array.of(0, 0, 4),
  ends: Uint32Array.of(0, 4, 7),
};

for (const [method, sizes] of METHODS) {
  const given = { ...OPTIONS, ...sizes, ensemble: 3 } as TrainOptions;

  Deno.test(`an ensemble of ${method}: each network learns what it would learn alone, from weights of its own`, () =>
    withFolder(async (dir) => {
      const dataset = await plantedDataset(dir, { users: 40 });
      const training = await beginTraining(method, dataset, { ...given, dropout: 0 } as TrainOptions, engine);
      const alone = withEnsemble(training.config, 1), begun = training.values(), losses: number[] = [];
      const networks = [0, 1, 2].map((network) => {
        const one = new Training(engine, dataset, alone, training.options), state = one.state();
        for (const [name, { values }] of state.optimizer.tensors) {
          values.set(begun.get(networkPrefix(network) + name)!);
        }
        one.restore({ ...state, optimizer: { ...state.optimizer, average: undefined } });
        return one;
      });
      const [first, second] = networks.map((one) => one.values());
      assert.notDeepEqual(first, second, "they begin with the same weights");
      for (let step = 0; step < 3; step++) {
        losses.push(training.step());
        const own = networks.map((one) => one.step());
        assert(Math.abs(losses.at(-1)! - own.reduce((a, b) => a + b) / 3) < 1e-5);
      }
      const together = training.values();
      for (const [network, one] of networks.entries()) {
        for (const [name, values] of one.values()) {
          assert.deepEqual(together.get(networkPrefix(network) + name), values, name);
        }
      }
      // Their scores are the mean of each network's scores.
      const scores = await training.recommender().score(HISTORIES);
      const each = await Promise.all(networks.map((one) => one.recommender().score(HISTORIES)));
      for (const [i, score] of scores.entries()) {
        const mean = each.reduce((sum, own) => sum + own[i], 0) / 3;
        assert(score === mean || Math.abs(score - mean) < 1e-5, `${score}, ${mean}`);
      }
      assert.equal(training.parameters, 3 * networks[0].parameters);
      [training, ...networks].forEach((one) => one.dispose());
    }));

  Deno.test(`an ensemble of ${method} recommends, is saved, loaded and resumed to the same scores`, () =>
    withFolder(async (dir) => {
      const dataset = await plantedDataset(dir, { users: 40 });
      const whole = await beginTraining(method, dataset, { ...given, dropout: 0.3 } as TrainOptions, engine);
      const model = await whole.run();
      await checkVectors(model);
      assert.match(
        String(model),
        /^3 networks, whose scores are averaged: [\d,]+ parameters\. Each of them:\n\n/,
      );

      await saveModel(join(dir, "model"), model, { dataset, seed: 4 });
      using loaded = await loadModel(join(dir, "model"), dataset, { engine });
      assert.deepEqual(await loaded.model.score(HISTORIES), await model.score(HISTORIES));
      assert.deepEqual(loaded.model.values(), model.values());

      const cut = await beginTraining(method, dataset, { ...given, dropout: 0.3 } as TrainOptions, engine);
      for (let step = 0; step < 2; step++) cut.step();
      const state = packTraining(cut.state());
      const resumed = new Training(engine, dataset, cut.config, cut.options);
      resumed.restore(unpackTraining({ ...state, state: JSON.parse(JSON.stringify(state.state)) }));
      assert.deepEqual((await resumed.run()).values(), model.values());
      [whole, cut, resumed].forEach((one) => one.dispose());
    }));
}

recommenderContract("an ensemble", async () => {
  const dir = Deno.makeTempDirSync();
  try {
    const dataset = await plantedDataset(dir, { users: 40 });
    return await train("gru4rec", dataset, { ...OPTIONS, hidden: 8, ensemble: 2 }, engine);
  } finally {
    Deno.removeSync(dir, { recursive: true });
  }
}, { tolerance: 1e-4, users: 40 });

Deno.test("an ensemble: where inputs are left out, each network leaves out others", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 40 });
    const training = await beginTraining(
      "gru4rec",
      dataset,
      { ...OPTIONS, hidden: 8, dropout: 0.5, ensemble: 2 },
      engine,
    );
    const { config } = training,
      trainable = methodOf(config).build(engine, dataset, config, training.options);
    const asked: number[][] = [];
    const dropout = {
      rate: 0.5,
      mask: (place: number) => {
        asked.at(-1)!.push(place);
        return place;
      },
    };
    const values = training.values(), { tf } = engine;
    const weights = (name: string) => {
      const { shape } = training.specs.find((spec) => spec.name === name)!;
      return tf.tensor(values.get(name)!, shape);
    };
    const example = trainable.example(trainable.examples.of(0).slice(0, 8), { number: 0, part: 0, epoch: 0 });
    tf.tidy(() => {
      asked.push([]);
      trainable.evaluate(weights as never, example, dropout);
    });
    const [places] = asked,
      [own, other] = [places.filter((place) => place < 2 ** 16), places.filter((place) => place >= 2 ** 16)];
    assert(own.length > 0);
    assert.deepEqual(other.map((place) => place - 2 ** 16), own);
    training.dispose();
  }));

Deno.test("networks that were trained apart are an ensemble, too, if they differ in their weights alone", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 40 }),
      options = { ...OPTIONS, hidden: 8, seenBias: -1 };
    const [one, other] = [
      await train("gru4rec", dataset, { ...options, seed: 1 }, engine),
      await train("gru4rec", dataset, { ...options, seed: 2, dropout: 0.1 }, engine),
    ];
    const both = ensemble([one, other]), scores = await both.score(HISTORIES);
    const [own, others] = [await one.score(HISTORIES), await other.score(HISTORIES)];
    scores.forEach((score, i) =>
      assert(score === -Infinity || Math.abs(score - (own[i] + others[i]) / 2) < 1e-5)
    );
    await saveModel(join(dir, "model"), both, { dataset, seed: 1 });
    using loaded = await loadModel(join(dir, "model"), dataset, { engine });
    assert.deepEqual(await loaded.model.score(HISTORIES), scores);

    const wide = await train("gru4rec", dataset, { ...options, dim: 4 }, engine);
    await refused(() => ensemble([one]), /Cannot make an ensemble: it takes two models or more/);
    await refused(() => ensemble([one, wide]), /the same method, sizes and choices/);
    await refused(() => ensemble([one, both]), /one of the models is an ensemble already/);
    const elsewhere = await plantedDataset(Deno.makeTempDirSync({ dir }), { users: 40, seed: 2 });
    const stranger = await train("gru4rec", elsewhere, options, engine);
    await refused(
      () => ensemble([one, stranger]),
      /Cannot take models together that were trained on different data/,
    );
    // What one of them has learnt both have.
    const learnt = withoutHoldOut(dataset);
    const all = await train("gru4rec", learnt, { ...options, seed: 3 }, engine);
    await refused(() => evaluate(ensemble([one, all]), dataset), /it has learnt from the test part/);
  }));

Deno.test("an ensemble starts from one of as many networks, and no other; its number is checked", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 40 });
    const options = { ...OPTIONS, hidden: 8 };
    const model = await train("gru4rec", dataset, { ...options, ensemble: 2 }, engine);
    const next = await beginTraining(
      "gru4rec",
      dataset,
      { ...options, startFrom: { model, dataset } },
      engine,
    );
    assert.deepEqual([next.config.ensemble, next.values()], [2, model.values()]);
    next.dispose();
    await refused(
      () =>
        beginTraining("gru4rec", dataset, { ...options, ensemble: 3, startFrom: { model, dataset } }, engine),
      /Cannot start 3 networks from the model: it has 2 networks, each with weights of its own; give ensemble: 2/,
    );
    for (const ensemble of [0, 1.5, 101]) {
      await refused(
        () => train("gru4rec", dataset, { ...options, ensemble }, engine),
        /Cannot build an ensemble of .* networks: give a whole number from 1 to 100/,
      );
    }
    const one = await train("gru4rec", dataset, { ...options, ensemble: 1 }, engine);
    assert.equal(one.config.ensemble, undefined);
  }));

Deno.test("an ensemble: a training goes on with more networks or with fewer, on the same data as on others", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 40 }), all = withoutHoldOut(dataset);
    const { progress, warnings } = listener();
    for (const [method, sizes] of METHODS) {
      const given = { ...OPTIONS, ...sizes, progress } as TrainOptions;
      const one = await beginTraining(method, dataset, given, engine);
      one.step();
      for (const data of [dataset, all]) {
        const three = one.with({ dataset: data, network: { ensemble: 3 } });
        assert.deepEqual([three.config.ensemble, three.parameters], [3, 3 * one.parameters]);
        assert.match(warnings.at(-1)!, /^These weights do not fit and start from scratch: network\.0\./);
        three.step();
        const next = three.with({ dataset: data, rate: 0.01 });
        assert.deepEqual([next.config, next.values()], [three.config, three.values()]);
        const alone = three.with({ dataset: data, network: { ensemble: 1 } });
        assert.deepEqual([alone.config.ensemble, alone.parameters], [undefined, one.parameters]);
        [three, next, alone].forEach((training) => training.dispose());
      }
      one.dispose();
    }
  }));

Deno.test("an ensemble: its length is searched with one network", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 40 });
    const network = networkFor(dataset, { length: 12, dim: 8, layers: 1, lengths: [1, 3] });
    await refused(
      () => new Search(engine, dataset, { ...network, ensemble: 2 } as typeof network),
      /^Cannot search with 2 networks: the length is searched with one/,
    );
    using search = new Search(engine, dataset, network);
    await refused(() => search.with({ network: { ensemble: 3 } }), /^Cannot search with 3 networks/);
  }));

Deno.test("an ensemble: one network is none, however it is named", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 40 });
    const network = networkFor(dataset, { length: 12, dim: 8, layers: 1, lengths: [3] });
    const options = { epochs: 1, batchSize: 64 };
    using plain = new Training(engine, dataset, network, options);
    using training = new Training(engine, dataset, { ...network, ensemble: 1 }, options);
    assert.deepEqual([training.config, training.title, training.specs], [
      network,
      plain.title,
      plain.specs,
    ]);
    assert.doesNotMatch(String(training), /1 ×/);
  }));
