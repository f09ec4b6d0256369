import assert from "node:assert/strict";
import "../../../model/methods/registry.ts";
import { networkFor } from "../../../model/methods/automlp/method.ts";
import { openEngine } from "../../../model/backend/engine.ts";
import { Training } from "../../../model/train/training.ts";
import { warmStartAlpha, warmStartSelected } from "../../../model/search/warm_start.ts";
import { Search } from "../../../model/search/search.ts";
import type { Evidence } from "../../../model/records/records.ts";
import type { SearchOptions } from "../../../model/search/state.ts";
import { inFolder, makeDataset, type Sketch } from "../../pipeline/export/dataset.ts";

const engine = await openEngine();
const warnings: string[] = [];
const OPTIONS: Partial<SearchOptions> = {
  loss: "ce",
  trainNegatives: 1,
  trainDistribution: "uniform",
  rate: 5e-3,
  batchSize: 32,
  seed: 1,
  epochs: 3,
  warmup: 0,
  alphaRate: 0.05,
  alphaData: "validation",
  every: 2,
  progress: {
    start: () => ({ advance() {}, end() {} }),
    warn: (message) => void warnings.push(message),
    remark: (message) => void warnings.push(message),
  },
};
const SMALL = {
  length: 8,
  dim: 4,
  layers: 1,
  longLayers: 1,
  sequenceHidden: 4,
  channelHidden: 4,
  dropout: 0.1,
  lengths: [1, 3, 5],
};

/** Users who go around the items in a circle, each from a different start and with a different step; items have a colour. */
function sketch(items: string[], colours: string[], users = 12): Sketch {
  return {
    sequences: Object.fromEntries(
      Array.from({ length: users }, (_, u) => [
        `u${u}`,
        Array.from({ length: 10 }, (_, n) => items[(u + n * (1 + u % 2)) % items.length]),
      ]),
    ),
    items: Object.fromEntries(items.map((id, i) => [id, { colour: colours[i % colours.length] }])),
    features: [{ name: "colour", kind: "categorical" }],
  };
}

/** Runs `test` with a search after a few steps, and cleans up. */
const withSearch = (test: (search: Search, folder: string) => Promise<void> | void) =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, sketch(["a", "b", "c", "d", "e"], ["red", "blue"]));
    const before = engine.memory().tensors;
    const search = new Search(engine, dataset, networkFor(dataset, SMALL), OPTIONS);
    for (let i = 0; i < 4; i++) search.step();
    warnings.length = 0;
    await test(search, folder);
    search.dispose();
    assert.equal(engine.memory().tensors, before, "no tensor is left behind");
  });

const EVIDENCE: Evidence = {
  loss: 5,
  difference: 1,
  standardError: 0.1,
  judgements: 9,
};

const weightsOf = (search: Search) => search.state().optimizer.tensors;

Deno.test("with nothing changed, the new search continues bit for bit, and the old one stays where it is", () =>
  withSearch((search) => {
    const before = search.state(), next = search.with();
    assert.deepEqual(next.state(), before);
    for (let i = 0; i < 3; i++) next.step();
    assert.deepEqual(search.state().optimizer, before.optimizer, "the old search has not moved");
    for (let i = 0; i < 3; i++) search.step();
    const { seconds: _, history: __, ...ours } = next.state(),
      { seconds: ___, history: ____, ...theirs } = search
        .state();
    assert.deepEqual(ours, theirs);
    assert.deepEqual(warnings, []);
    next.dispose();
  }));

Deno.test("a candidate is dropped: its share is redistributed, all other weights stay", () =>
  withSearch((search) => {
    const [first, , third] = search.probabilities, next = search.with({ lengths: [1, 5] });
    const expected = [first, third].map((p) => p / (first + third));
    next.probabilities.forEach((p, i) => assert(Math.abs(p - expected[i]) < 1e-12, `${p}, ${expected[i]}`));
    const old = weightsOf(search), kept = weightsOf(next);
    assert.deepEqual(
      [...kept.keys()],
      [...old.keys()].filter((name) => !name.startsWith("short.3.")),
    );
    for (const [name, tensor] of kept) assert.deepEqual(tensor, old.get(name), name);
    assert.deepEqual([next.history.length, next.steps], [0, search.steps]);
    assert.deepEqual(warnings, []);
    next.step();
    next.dispose();
  }));

Deno.test("a new candidate begins at the mean of α, with fresh weights", () =>
  withSearch((search) => {
    const next = search.with({ lengths: [1, 2, 3, 5] }), alpha = [...search.alpha];
    const mean = alpha.reduce((a, b) => a + b) / 3;
    assert.deepEqual([...next.alpha], [alpha[0], mean, alpha[1], alpha[2]]);
    const fresh = new Search(engine, next.dataset, next.config, OPTIONS);
    assert.deepEqual(
      weightsOf(next).get("short.2.0.sequence.w1"),
      weightsOf(fresh).get("short.2.0.sequence.w1"),
    );
    assert.deepEqual(
      weightsOf(next).get("short.3.0.sequence.w1"),
      weightsOf(search).get("short.3.0.sequence.w1"),
    );
    assert.deepEqual(warnings, []);
    [next, fresh].forEach((one) => one.dispose());
    const state = { step: 4, values: [2, 4], first: [1, 1], second: [3, 3] };
    assert.deepEqual(warmStartAlpha(["1", "3"], state, ["3", "7"]), {
      step: 4,
      values: [4, 4],
      first: [1, 0],
      second: [3, 0],
    });
    assert.deepEqual(warmStartAlpha(["1", "3"], state, ["8"]), {
      step: 0,
      values: [0],
      first: [0],
      second: [0],
    });
  }));

Deno.test("on other data, items are known by their ids and features by their values; what is new starts from scratch", () =>
  withSearch(async (search, folder) => {
    const dataset = await makeDataset(`${folder}/other`, sketch(["e", "new", "a", "b"], ["blue", "green"]));
    const next = search.with({ dataset });
    const rows = (of: Search, name: string) => {
      const { shape: [n, width], values } = weightsOf(of).get(name)!;
      return Array.from({ length: n }, (_, i) => values.slice(i * width, (i + 1) * width));
    };
    const old = rows(search, "items.embedding"), now = rows(next, "items.embedding");
    // Dense ids: a b c d e → 1 … 5; e new a b → 1 … 4.
    assert.deepEqual([now[0], now[1], now[3], now[4]], [old[0], old[5], old[1], old[2]]);
    const fresh = new Search(engine, dataset, next.config, OPTIONS);
    assert.deepEqual(now[2], rows(fresh, "items.embedding")[2]);
    // Codes follow the values: blue, red → blue, green.
    const colours = rows(next, "features.colour.embedding");
    assert.deepEqual(colours[1], rows(search, "features.colour.embedding")[1]);
    assert.deepEqual(colours[2], rows(fresh, "features.colour.embedding")[2]);
    assert.deepEqual(weightsOf(next).get("output.wo"), weightsOf(search).get("output.wo"));
    assert.deepEqual([...next.alpha], [...search.alpha]);
    assert.deepEqual(warnings, ["1 of 4 items are new to what was learnt, and start from scratch"]);
    next.step();
    [next, fresh].forEach((one) => one.dispose());
    await assert.rejects(
      async () =>
        search.with({ dataset: await makeDataset(`${folder}/far`, sketch(["x", "y", "z"], ["red"])) }),
      /^InputError: Cannot warm-start on the dataset .*far.dataset: none of its items is in .*; train from scratch on it$/,
    );
  }));

Deno.test("on other data, the features that were chosen are embedded, and no others", () =>
  withSearch(async (search, folder) => {
    const dataset = await makeDataset(`${folder}/other`, sketch(["e", "new", "a", "b"], ["blue", "green"]));
    const names = ({ config }: Search) => config.features.map(({ name }) => name);
    assert.deepEqual(names(search), ["colour"]);
    const config = networkFor(search.dataset, { ...SMALL, features: [] });
    const without = new Search(engine, search.dataset, config, OPTIONS);
    const next = without.with({ dataset }),
      again = without.with({ dataset, network: { features: ["colour"] } });
    assert.deepEqual([without, next, again].map(names), [[], [], ["colour"]]);
    [without, next, again].forEach((one) => one.dispose());
  }));

Deno.test("on the same data other features are chosen by name, too", () =>
  withSearch((search) => {
    const none = search.with({ network: { features: [] } });
    assert.deepEqual(warnings.splice(0), [
      "These weights have no counterpart in the new network and are left out: features.colour.embedding",
    ]);
    const again = none.with({ network: { features: ["colour"], channelHidden: 6 } });
    assert.deepEqual([none.config.features, again.config.features], [[], search.config.features]);
    assert.equal(again.config.channelHidden, 6);
    assert.throws(() => search.with({ network: { features: ["color"] } }), /did you mean "colour"/);
    warnings.length = 0;
    const layer = again.with({ network: { fusion: "concat" } }),
      sum = layer.with({ network: { fusion: "sum" } });
    assert.deepEqual(warnings, [
      "These weights do not fit and start from scratch: features.fuse.w, features.fuse.b",
      "These weights have no counterpart in the new network and are left out: features.fuse.w, features.fuse.b",
    ]);
    [none, again, layer, sum].forEach((one) => one.dispose());
  }));

Deno.test("weights that do not fit another size are named; options change with the rest", () =>
  withSearch((search) => {
    const next = search.with({
      network: { channelHidden: 6 },
      epochs: 9,
      alphaRate: 0.5,
      lengths: [3, 5],
    });
    assert.deepEqual([next.epochs, next.alphaRate, next.rate], [9, 0.5, OPTIONS.rate]);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0], /^These weights do not fit and start from scratch: .*short\.5\.0\.channel\.w3/);
    assert.doesNotMatch(warnings[0], /sequence/);
    next.dispose();
  }));

Deno.test("with another loss the number of negatives is that loss's own, unless somebody gave one", () =>
  withSearch((search) => {
    const { dataset, config: whole } = search, config = { ...whole, lengths: [3] };
    const training = new Training(engine, dataset, config, { batchSize: 32 });
    const negativesOf = (begun: { options: { trainNegatives: number }; dispose(): void }) => {
      begun.dispose();
      return begun.options.trainNegatives;
    };
    assert.equal(negativesOf(training.with({ loss: "bpr" })), 1);
    assert.equal(negativesOf(training.with({ loss: "bpr", trainNegatives: 7 })), 7);
    training.dispose();
    const bpr = new Training(engine, dataset, config, { batchSize: 32, loss: "bpr", trainNegatives: 7 });
    assert.equal(negativesOf(bpr.with({ loss: "bce" })), 7);
    assert.equal(negativesOf(bpr.with({ rate: 0.1 })), 7);
    bpr.dispose();
    const usual = new Search(engine, dataset, whole, { batchSize: 32 });
    assert.equal(negativesOf(usual.with({ loss: "bce" })), 1);
    usual.dispose();
  }));

Deno.test("an epoch of which all steps are done is validated in batches of another size: its loss is the mean of its steps", () =>
  withSearch(async (search) => {
    const { dataset, config: whole } = search, config = { ...whole, lengths: [3] };
    const training = new Training(engine, dataset, config, { batchSize: 32, epochs: 1 });
    const losses = Array.from({ length: training.steps.epoch }, () => training.step());
    const next = training.with({ batchSize: 16 });
    const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
    const { loss } = (await next.epoch())!;
    assert(Math.abs(loss - mean) < 1e-9, `${loss}, expected ${mean}`);
    [training, next].forEach((one) => one.dispose());
  }));

Deno.test("of another network the candidates are not judged by what the one before came to", () =>
  withSearch((search) => {
    const state = search.state(), but = search.lengths.slice(1);
    const dropped = but.map((_, candidate) => ({ candidate, step: 3, evidence: EVIDENCE }));
    search.restore({ ...state, comparison: { ...state.comparison, dropped } });
    assert(search.done);
    for (const network of [{ dim: 8 }, { layers: 2 }, { score: "cosine" as const }]) {
      const next = search.with({ network });
      assert.deepEqual([next.done, next.state().comparison.dropped], [false, []]);
      next.dispose();
    }
    const next = search.with({ network: { dropout: 0.3 } }); // dropout is not part of any network
    assert(next.done);
    next.dispose();
  }));

Deno.test("a training can begin with the searched weights of the selected network, and with no moments", () =>
  withSearch((search) => {
    const { dataset, config: whole } = search, config = { ...whole, lengths: [3] };
    const training = new Training(engine, dataset, config, { seed: 2, batchSize: 32, epochs: 1 });
    const fresh = training.state().optimizer.tensors;
    warmStartSelected({ dataset, config: whole, state: search.state().optimizer }, training);
    const { optimizer, epoch, batch } = training.state(), searched = weightsOf(search);
    assert.deepEqual([optimizer.step, epoch, batch], [0, 0, 0]);
    assert.deepEqual([...optimizer.tensors.keys()], [...fresh.keys()]);
    for (const [name, { values, first, second }] of optimizer.tensors) {
      assert.deepEqual(values, searched.get(name)!.values, name);
      assert([...first, ...second].every((moment) => moment === 0), name);
    }
    training.step();
    training.dispose();
    assert.deepEqual(warnings, []);
  }));
