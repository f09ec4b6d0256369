import assert from "node:assert/strict";
import "../../../model/methods/registry.ts";
import { networkFor, objectiveFor } from "../../../model/automlp/build.ts";
import { multiplications } from "../../../model/automlp/cost.ts";
import { modelParameters } from "../../../model/automlp/network.ts";
import { openEngine } from "../../../model/backend/engine.ts";
import { NO_DROPOUT } from "../../../model/layers/dropout.ts";
import { ITEM_TABLE } from "../../../model/layers/embedding.ts";
import { resolveSearch } from "../../../model/search/options.ts";
import { packSearch, unpackSearch } from "../../../model/search/checkpoint.ts";
import { Search } from "../../../model/search/search.ts";
import { type SearchedSizes, SearchSpace } from "../../../model/search/space.ts";
import type { SearchOptions } from "../../../model/search/state.ts";
import { poolOf } from "../../../model/train/order.ts";
import { Trainer } from "../../../model/search/trainer.ts";
import { warmStartSelected } from "../../../model/search/warm_start.ts";
import { alikePlaces, candidateNames } from "../../../model/records/candidates.ts";
import { Optimizer } from "../../../model/train/optimizer.ts";
import { Training } from "../../../model/train/training.ts";
import type { SequenceDataset } from "../../../pipeline/contract/dataset.ts";
import { withFolder } from "../../folders.ts";
import { plantedDataset } from "../planted.ts";

const engine = await openEngine();
const SIZES = {
  length: 12,
  dim: 8,
  layers: 1,
  longLayers: 1,
  sequenceHidden: 8,
  channelHidden: 8,
  dropout: 0,
};
const OPTIONS: Partial<SearchOptions> = { loss: "ce", rate: 5e-3, batchSize: 128, seed: 1 };
const OVER: SearchedSizes = { layers: [1, 2], dim: [4, 8] };

const withDataset = (test: (dataset: SequenceDataset) => void | Promise<void>, distance = 2) =>
  withFolder(async (dir) => test(await plantedDataset(dir, { users: 60, distance })));

Deno.test("multiplications: a small network by hand", () => {
  const config = { ...networkOfTen(), length: 3, candidates: [2] };
  // Long, one layer of 3 positions, the last alone kept: 4 · 5 · (3 + 1) + 2 · 4 · 6. Short, of 2: 4 · 5 · (2 + 1) + 2 · 4 · 6.
  assert.equal(multiplications(config), (80 + 48) + (60 + 48) + 2 * 4 * 4 + 10 * 4);
  assert.equal(multiplications({ ...config, longLayers: 0 }), (60 + 48) + 4 * 4 + 10 * 4);
});

function networkOfTen() {
  const sizes = {
    dim: 4,
    layers: 1,
    longLayers: 1,
    sequenceHidden: 5,
    channelHidden: 6,
    dropout: 0,
    targetsPerHistory: 1,
  };
  return {
    ...sizes,
    method: "automlp" as const,
    items: 10,
    features: [],
    length: 12,
    candidates: [2, 5],
    score: "dot" as const,
    fusion: "sum" as const,
    temperature: 0.1,
  };
}

Deno.test("a space of lengths alone is the network with its parameters as they are called", () => {
  const config = networkOfTen(), space = new SearchSpace(config);
  assert.deepEqual(space.candidates, [2, 5]);
  assert.equal(space.sizes, undefined);
  assert.deepEqual(space.specs, modelParameters(config));
  assert.equal(space.nameOf(0, "items.embedding"), "items.embedding");
});

Deno.test("a space of sizes: each with each, the cheapest first; what has one name and shape is there once", () => {
  const space = new SearchSpace(networkOfTen(), OVER);
  assert.equal(space.networks.length, 4);
  assert.deepEqual(candidateNames(space).toSorted(), [
    ...["2 (layers 1, dim 4)", "2 (layers 1, dim 8)", "2 (layers 2, dim 4)", "2 (layers 2, dim 8)"],
    ...["5 (layers 1, dim 4)", "5 (layers 1, dim 8)", "5 (layers 2, dim 4)", "5 (layers 2, dim 8)"],
  ]);
  const costs = space.places.map((_, place) => multiplications(space.networkOf(place)));
  assert.deepEqual(costs, costs.toSorted((a, b) => a - b));
  assert.equal(candidateNames(space)[0], "2 (layers 1, dim 4)");
  const names = space.specs.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  // An item table for each width; the long-term module's of one width is that of both depths of the short-term one.
  assert.deepEqual(names.filter((name) => name.startsWith("items.")), [
    "items.embedding@11x4",
    "items.embedding@11x8",
  ]);
  assert.equal(names.filter((name) => name.startsWith("long.0.sequence.w1")).length, 1);
  const [w2] = names.filter((name) => name.startsWith("short.5.0.sequence.w2@"));
  assert.equal(w2, "short.5.0.sequence.w2@1x5"); // of the last layer; a layer before another has five rows
});

Deno.test("a hidden size of the channel mixers that is D is each candidate's own D, and any other stays", () => {
  const hiddenOf = (channelHidden: number) =>
    new SearchSpace({ ...networkOfTen(), channelHidden }, { dim: [4, 8] }).networks
      .map((network) => [network.dim, network.channelHidden]);
  assert.deepEqual(hiddenOf(4), [[4, 4], [8, 8]]);
  assert.deepEqual(hiddenOf(6), [[4, 6], [8, 6]]);
});

Deno.test("a space takes no size that is none, none without values, none twice", () => {
  const of = (over: object) => () => new SearchSpace(networkOfTen(), over as SearchedSizes);
  assert.throws(
    of({ depth: [1] }),
    /^InputError: Cannot search over "depth": beside the length there are layers, /,
  );
  assert.throws(of({ layers: [] }), /^InputError: Cannot search over layers: it has no values$/);
  assert.throws(of({ layers: [2, 2] }), /^InputError: Cannot search over layers: it has the value 2 twice$/);
  assert.throws(of({ layers: [0] }), /^InputError: Cannot build the network: layers: /);
});

Deno.test("candidates side by side: the gradients are the sum of those of each alone, the loss is that on average", () =>
  withDataset((dataset) => {
    const config = networkFor(dataset, { ...SIZES, candidates: [1, 3, 5] });
    const settings = resolveSearch(OPTIONS, dataset), { tf } = engine;
    const objective = objectiveFor(engine, dataset, config, settings);
    const optimizer = new Optimizer(engine, modelParameters(config), 1, { rate: settings.rate });
    const example = objective.example(dataset.targets("train").slice(0, 20), 0, dataset.sequences());
    tf.tidy(() => {
      const of = (...candidates: number[]) => {
        const result = objective.evaluate(optimizer.weights, { candidates }, example, NO_DROPOUT);
        return new Map([...result.gradients.byName, [ITEM_TABLE, result.dTable], ["loss", result.loss]]);
      };
      const each = [of(0), of(1), of(2)], together = of(0, 1, 2);
      assert.deepEqual(
        [...together.get("loss")!.dataSync()],
        each.map((one) => one.get("loss")!.dataSync()[0]),
      );
      together.delete("loss");
      assert.equal(together.size, modelParameters(config).length);
      for (const [name, gradient] of together) {
        const parts = each.flatMap((one) => one.get(name)?.dataSync() ?? []);
        assert.equal(parts.length, /^short/.test(name) ? 1 : 3, name);
        gradient.dataSync().forEach((value, i) => {
          const sum = parts.reduce((sum, part) => sum + part[i], 0);
          assert(Math.abs(value - sum) < 1e-5 + 1e-4 * Math.abs(sum), `${name}[${i}]: ${value}, not ${sum}`);
        });
      }
    });
    optimizer.dispose();
  }));

for (const [what, over] of [["lengths", undefined], ["sizes", OVER]] as const) {
  Deno.test(`among ${what} a candidate is the network that has it alone: its loss, and its step`, () =>
    withDataset((dataset) => {
      const config = networkFor(dataset, { ...SIZES, candidates: [1, 5] });
      const settings = resolveSearch(OPTIONS, dataset), rows = dataset.targets("train");
      const space = new SearchSpace(config, over);
      const trainer = new Trainer(engine, dataset, space, settings, poolOf(rows), "test");
      const own = rows.slice(0, 20),
        sequences = dataset.sequences(),
        places = space.places.map((_, place) => place);
      const losses = trainer.losses({ part: 0, rows: own }, 0, places, false);
      places.forEach((place) => {
        const network = space.networkOf(place), { network: which } = space.places[place];
        const objective = objectiveFor(engine, dataset, network, settings);
        const alone = new Optimizer(engine, modelParameters(network), 1, { rate: settings.rate });
        const among = (state = trainer.optimizer.state()) => space.stateOf(state, which).tensors;
        const valuesOf = (tensors: ReturnType<typeof among>) =>
          new Map(alone.specs.map(({ name }) => [name, tensors.get(name)!.values]));
        alone.setValues(valuesOf(among()));
        const example = objective.example(trainer.cursor.peek(), trainer.cursor.total, sequences);
        const [loss, next] = engine.tf.tidy(() => {
          const judged = objective.evaluate(
            alone.weights,
            [0],
            objective.example(own, 0, sequences),
            NO_DROPOUT,
          );
          return [
            judged.loss.dataSync()[0],
            objective.evaluate(alone.weights, [0], example, NO_DROPOUT).loss.dataSync()[0],
          ];
        });
        assert(Math.abs(losses[place] - loss) < 1e-5, `${losses[place]}, alone ${loss}`);
        const before = trainer.optimizer.state();
        assert(Math.abs(trainer.step({ candidates: [place] }) - next) < 1e-5);
        // No parameter of another network has moved.
        const moved = [...trainer.optimizer.state().tensors].filter(([name, { values }]) =>
          values.some((value, i) => value !== before.tensors.get(name)!.values[i])
        ).map(([name]) => name);
        const names = alone.specs.map(({ name }) => space.nameOf(which, name));
        assert(moved.length > 0 && moved.every((name) => names.includes(name)), moved.join());
        losses.set(trainer.losses({ part: 0, rows: own }, 0, places, false));
        alone.dispose();
      });
      trainer.dispose();
    }));
}

Deno.test("a search over sizes: what cannot see the planted item is not selected; a checkpoint has all of it; training takes what was found", () =>
  withDataset(async (dataset) => {
    const config = networkFor(dataset, { ...SIZES, longLayers: 0, candidates: [1, 4] });
    const options = { ...OPTIONS, over: { dim: [8, 16] }, epochs: 16 };
    const before = engine.memory().tensors;
    const search = new Search(engine, dataset, config, options);
    assert.deepEqual([...search.candidates], [1, 4, 1, 4]);
    assert.deepEqual(search.sizes!.map(({ dim }) => dim), [8, 8, 16, 16]);
    for (let i = 0; i < 20; i++) search.step();
    const saved = packSearch(search.state()), again = new Search(engine, dataset, config, options);
    again.restore(unpackSearch({ ...saved, state: JSON.parse(JSON.stringify(saved.state)) }));
    const found = await search.run();
    const timeless = (of: object) => JSON.stringify(of);
    assert.equal(timeless(await again.run()), timeless(found));
    again.dispose();

    assert.equal(found.shortTermLength, 4);
    assert.equal(found.sizes!.length, 4);
    assert.equal(found.alike, undefined);
    const place = search.candidates.findIndex((k, i) =>
      k === 4 && search.sizes![i].dim === found.selectedSizes!.dim
    );
    assert(alikePlaces(found.evidence!, found.practicalDifference!, found.dropped).includes(place));
    assert.match(String(search), /length +dim +α/);
    assert.match(String(found), /The network 4 \(dim \d+\) was selected from 4 candidates/);

    const space = new SearchSpace(config, options.over), network = space.networkOf(place);
    const training = new Training(engine, dataset, network, { seed: 2, batchSize: 32, epochs: 1 });
    const { optimizer } = search.state();
    warmStartSelected({ dataset, space, state: optimizer }, place, training);
    const table = training.state().optimizer.tensors.get("items.embedding")!;
    assert.deepEqual(table.values, optimizer.tensors.get(`items.embedding@${table.shape.join("x")}`)!.values);
    [search, training].forEach((one) => one.dispose());
    assert.equal(engine.memory().tensors, before);
  }, 3));

Deno.test("a search over sizes has steps for each of them, and none by mixed outputs", () =>
  withDataset((dataset) => {
    const epochs = (over?: SearchedSizes) => resolveSearch({ batchSize: 32, over }, dataset).epochs;
    assert.equal(epochs(OVER), 4 * epochs());
    assert.throws(
      () => resolveSearch({ relaxation: "outputs", over: OVER }, dataset),
      /^InputError: Cannot search over layers by mixed outputs: /,
    );
  }));
