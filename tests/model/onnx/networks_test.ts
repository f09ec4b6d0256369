import assert from "node:assert/strict";
import { join } from "node:path";
import {
  type MethodName,
  type Model,
  networkFor,
  openEngine,
  recommend,
  type SequenceDataset,
  train,
  type TrainOptions,
} from "../../../mod.ts";
import { modelParameters } from "../../../model/methods/automlp/network.ts";
import { initialValues } from "../../../model/layers/parameters.ts";
import { onnxModel } from "../../../model/onnx/model.ts";
import { DESCRIPTIONS } from "../../../model/methods/registry.ts";
import { withFolder } from "../../folders.ts";
import { refused } from "../support.ts";
import { makeDataset } from "../../pipeline/export/dataset.ts";
import { hasRuntime, LENGTH, remark, runModels, smallDataset, writePieces } from "./data.ts";

/** Variants of models: the method, and options besides its small sizes. */
const VARIANTS: [method: MethodName, options: TrainOptions][] = [
  ["automlp", { lengths: [2] }],
  ["automlp", { lengths: [LENGTH], longLayers: 0, score: "cosine", temperature: 0.2 }],
  ["automlp", { lengths: [1], layers: 1, longLayers: 1, sequenceHidden: 3, channelHidden: 5 }],
  ["automlp", { lengths: [3], layers: 3, score: "cosine" }],
  ["automlp", { lengths: [3], features: [] }],
  ["automlp", { lengths: [3], fusion: "sum" }],
  ["automlp", { lengths: [3], fusion: "concat", score: "cosine" }],
  ["automlp", { lengths: [2], logitAdjustment: 1 }],
  ["automlp", { lengths: [2], ensemble: 2 }],
  ["bert4rec", {}],
  ["bert4rec", { heads: 1, layers: 1, length: 2 }],
  ["fdsa", {}],
  ["fdsa", { heads: 4, layers: 1 }],
  ["fdsa", { ensemble: 2 }],
  ["gru4rec", {}],
  ["gru4rec", { tied: false, itemBias: true, layers: 2, hidden: 5 }],
  ["gru4rec", { tied: false, itemBias: true, ensemble: 3 }],
  ["gru4rec-plus", { layers: 2, hidden: 5 }],
  ["lstm-lstm", { short: 2 }],
  ["lstm-lstm", { short: LENGTH, layers: 2, hidden: 5 }],
  ["nextitnet", {}],
  ["nextitnet", { tied: true, itemBias: false, kernel: 2, period: 1, layers: 2 }],
  ["sasrec", {}],
  ["sasrec", { heads: 2, layers: 1 }],
];

/** Histories of dense ids that leave K other items: empty, shorter than T, as long, longer, and one item again and again. */
const HISTORIES = [
  [],
  [30],
  [4, 5, 6, 7, 8],
  [9, 8, 7, 6, 5, 4],
  [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
  [7, 7, 7],
  [12, 3, 12, 25, 1, 30, 2],
];
const K = 20;

const engine = await openEngine();

/** Trains until no bias is zero any more. */
const trained = (
  method: MethodName,
  dataset: SequenceDataset,
  options: TrainOptions,
): Promise<Model> =>
  train(
    method,
    dataset,
    { dim: 8, length: LENGTH, epochs: 2, rate: 0.03, batchSize: 16, ...options },
    engine,
  );

/** Log of the items' shares of the training part, with one added to each count: the scores of an empty history. */
function shares(dataset: SequenceDataset): number[] {
  const { items, splits } = dataset.sequences(), counts = Array(dataset.items + 1).fill(1);
  items.forEach((item, i) => counts[item] += splits[i] === 0 ? 1 : 0);
  const sum = counts.slice(1).reduce((a, b) => a + b);
  return counts.map((count) => Math.log(count / sum));
}

/** Our scores of all items, and our best items. */
async function ours(model: Model, dataset: SequenceDataset, histories: readonly number[][]) {
  const ends = histories.map((_, i) => histories.slice(0, i + 1).flat().length);
  const scores = await model.score({
    items: Uint32Array.from(histories.flat()),
    starts: Uint32Array.from(ends, (end, i) => end - histories[i].length),
    ends: Uint32Array.from(ends),
  });
  const frame = await recommend(model, dataset, {
    histories: histories.map((items) => items.map((item) => dataset.itemId(item))),
    k: K,
  });
  const best = Map.groupBy(frame.rows() as [string, number, string][], ([user]) => user);
  const popular = shares(dataset);
  return {
    scores: histories.map(({ length }, i) =>
      length === 0 ? popular : scores.subarray(i * (dataset.items + 1), (i + 1) * (dataset.items + 1))
    ),
    best: histories.map((_, i) => best.get(`#${i + 1}`)!.map(([, , item]) => dataset.itemIndex(item))),
  };
}

Deno.test({
  name: `onnxruntime gives our scores and our best items for every network${remark}`,
  ignore: !hasRuntime,
  fn: () =>
    withFolder(async (dir) => {
      const datasets = await Promise.all([
        smallDataset(join(dir, "features")),
        smallDataset(join(dir, "one"), [{ name: "tags", kind: "multi", separator: "|" }]),
        smallDataset(join(dir, "none"), []),
      ]);
      const cases: { name: string; model: Model; dataset: SequenceDataset; path: string }[] = [];
      for (const [i, [method, options]] of VARIANTS.entries()) {
        for (const [d, dataset] of datasets.entries()) {
          // Only some networks use features.
          if (d > 0 && !["automlp", "fdsa", "gru4rec-plus"].includes(method)) continue;
          if (dataset.features().length === 0 && method !== "automlp") continue;
          const model = await trained(method, dataset, options);
          const path = writePieces(join(dir, `${i}-${d}.onnx`), onnxModel(model, dataset));
          cases.push({ name: `${method} ${JSON.stringify(options)} ${d}`, model, dataset, path });
        }
      }
      const given = runModels(
        dir,
        cases.flatMap(({ path }) =>
          [1, 7].map((batch) => ({ model: path, histories: HISTORIES, k: K, batch }))
        ),
      );
      let places = 0, same = 0;
      for (const [i, { name, model, dataset }] of cases.entries()) {
        const expected = await ours(model, dataset, HISTORIES);
        for (const { scores, topItems, topScores, apart, metadata } of given.slice(2 * i, 2 * i + 2)) {
          assert.equal(metadata.method, model.config.method);
          assert.ok(apart < 2e-5, `${name}: vectors are ${apart} from the scores`);
          HISTORIES.forEach((history, h) => {
            assert.equal(scores[h][0], null, `${name}: the padding`);
            for (let item = 1; item <= dataset.items; item++) {
              const difference = Math.abs(scores[h][item]! - expected.scores[h][item]);
              assert.ok(difference < 2e-5, `${name}: item ${item} of history ${h} differs by ${difference}`);
            }
            assert.deepEqual(topScores[h], topItems[h].map((item) => scores[h][item]), name);
            assert.deepEqual(topItems[h].filter((item) => history.includes(item)), [], name);
            places += K;
            same += topItems[h].filter((item, place) => item === expected.best[h][place]).length;
          });
        }
      }
      assert.ok(same >= 0.999 * places, `${same} of ${places} places are the same`);
    }),
});

Deno.test({
  name: `as recommend has it: popularity, items of the history, more items than there are${remark}`,
  ignore: !hasRuntime,
  fn: () =>
    withFolder(async (dir) => {
      const dataset = await smallDataset(dir), model = await trained("automlp", dataset, { lengths: [2] });
      const options = { popularity: 0.25, keepSeen: true };
      const plain = writePieces(join(dir, "plain.onnx"), onnxModel(model, dataset));
      const other = writePieces(join(dir, "other.onnx"), onnxModel(model, dataset, options));
      const [all, personal, many, nothing] = runModels(dir, [
        { model: plain, k: 5, histories: HISTORIES, batch: 7 },
        { model: other, k: 5, histories: HISTORIES, batch: 7 },
        { model: plain, k: 99, histories: HISTORIES, batch: 7 },
        { model: plain, k: 5, histories: [[], []], batch: 2 },
      ]);
      for (const strange of [-1, dataset.items + 1]) {
        assert.throws(
          () => runModels(dir, [{ model: other, k: 5, histories: [[1, strange]], batch: 1 }]),
          /out of data bounds/,
          `${strange} is no item`,
        );
      }
      for (const { apart } of [all, personal]) assert.ok(apart < 2e-5, String(apart));
      assert.deepEqual(nothing.topItems, [all.topItems[0], all.topItems[0]], "no place in any history");
      const histories = HISTORIES.map((items) => items.map((item) => dataset.itemId(item)));
      const frame = await recommend(model, dataset, { histories, k: 5, ...options });
      const items = (frame.getColumn("item").toArray() as string[]).map((id) => dataset.itemIndex(id));
      assert.deepEqual(personal.topItems.flat(), items);
      (frame.getColumn("score").toArray() as number[]).forEach((score, i) =>
        assert.ok(Math.abs(score - personal.topScores.flat()[i]!) < 1e-4)
      );
      assert.notDeepEqual(personal.topItems, all.topItems);
      assert.deepEqual(personal.topItems[0], all.topItems[0], "what is popular is so at any weight");
      HISTORIES.forEach((history, h) => {
        const left = dataset.items - new Set(history).size;
        assert.deepEqual(many.topScores[h].map((score) => score !== null), [
          ...Array.from({ length: left }, () => true),
          ...Array.from({ length: dataset.items - left }, () => false),
        ]);
      });
    }),
});

Deno.test("a network that no graph describes is refused by its name, and so are other things that cannot be", () =>
  withFolder(async (dir) => {
    const dataset = await smallDataset(dir);
    const fpmc = await trained("fpmc", dataset, {});
    await refused(
      () => onnxModel(fpmc, dataset),
      /^Cannot write FPMC as ONNX: its scores depend on who the user is, /,
    );
    const config = networkFor(dataset, { lengths: [1, 2], length: LENGTH }),
      specs = modelParameters(config);
    const values = () => new Map(specs.map((spec) => [spec.name, initialValues(spec, 1)]));
    await refused(
      () => onnxModel({ config, specs, values }, dataset),
      /the short-term lengths 1, 2: a network that is trained has one/,
    );
    const model = await trained("automlp", dataset, { lengths: [2] });
    const large = networkFor(dataset, { lengths: [2], length: LENGTH, dim: 65_536 });
    const unread = () => assert.fail("no weight is read");
    await refused(
      () => onnxModel({ config: large, specs: modelParameters(large), values: unread }, dataset),
      /it takes \d+(\.\d)? GB, and a file holds 2.15 GB; train it/,
    );
    const others = await smallDataset(join(dir, "others"), []);
    await refused(() => onnxModel(model, others), /Cannot use this network with .*others/);
    const fdsa = await trained("fdsa", dataset, {});
    const one = await smallDataset(join(dir, "one"), [{ name: "brand", kind: "categorical" }]);
    await refused(
      () => onnxModel(fdsa, one),
      /FDSA as ONNX with .*there is a tensor "features.* use the dataset that/,
    );
    const fewer = await makeDataset(join(dir, "fewer"), { sequences: { u: ["a", "b", "c"] } });
    await refused(
      () => onnxModel(fdsa, fewer),
      /it was trained on 30 items, the dataset has 3; use the dataset that/,
    );
    for (const popularity of [-0.1, 1.5, NaN]) {
      await refused(() => onnxModel(model, dataset, { popularity }), /Cannot export with popularity/);
    }
    const known = new Set(VARIANTS.map(([method]) => method));
    assert.deepEqual(
      DESCRIPTIONS.map(({ name }) => name).filter((name) => !known.has(name)),
      ["fpmc"],
      "all others are written, and tried above",
    );
  }));
