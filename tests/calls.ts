/**
 * Correct calls of everything the library exports, for tests of what happens if one of the arguments is wrong.
 *
 * @module
 */
import pl from "nodejs-polars";
import { join } from "node:path";
import * as automlp from "../mod.ts";
import { makeDataset } from "./pipeline/export/dataset.ts";

/** The values that calls may use. */
export type World = Awaited<ReturnType<typeof worldIn>>;

/** A dataset, an engine, a model, a run and everything else that functions take. */
export async function worldIn(folder: string) {
  const ids = ["a", "b", "c", "d", "e"], users = ["u", "v", "w", "x"];
  const dataset = await makeDataset(folder, {
    sequences: Object.fromEntries(
      users.map((user, u) => [user, ids.map((_, n) => ids[(n + u) % ids.length])]),
    ),
  });
  const engine = await automlp.openEngine(), sizes = { dim: 4, length: 4 };
  const model = await automlp.train("gru4rec", dataset, { epochs: 1, ...sizes }, engine);
  const candidates = automlp.networkFor(dataset, { lengths: [2, 3], length: 4 });
  const network = automlp.networkFor(dataset, { lengths: [2], length: 4 });
  const { run } = await automlp.runJob(dataset, { method: "gru4rec", ...sizes, epochs: 1 }, {
    out: join(folder, "run"),
  });
  const evaluation = await automlp.evaluate(model, dataset);
  const search = new automlp.Search(engine, dataset, candidates, { epochs: 1 });
  const training = new automlp.Training(engine, dataset, network, { epochs: 1 });
  const trained = await training.run();
  return {
    folder,
    dataset,
    engine,
    model,
    network,
    candidates,
    run,
    evaluation,
    search,
    training,
    trained,
    frame: pl.DataFrame({ user: ["u"], item: ["a"], timestamp: [1] }),
    inspection: await automlp.inspectDataset(dataset),
    facts: automlp.reportFacts(run, dataset.manifest),
    runs: automlp.listRuns(folder),
    comparison: automlp.compareRuns([run]),
    popularity: await automlp.popularity.fit(dataset),
    histories: { items: Uint32Array.of(1), starts: Uint32Array.of(0), ends: Uint32Array.of(1) },
    numbers: Float64Array.of(1, 2, 3),
    tensors: new Map(),
  };
}

/** The arguments of each function, in order. */
type Calls = Record<string, (world: World) => readonly unknown[]>;

const TEXT = { title: "a", x: "b", y: "c" };

/** Every function and class of the library, and its arguments. */
export const CALLS: Calls = {
  AutoMLP: () => [{}],
  RandomStream: () => [1, "draws"],
  RunFolder: ({ folder }) => [join(folder, "run")],
  Search: ({ engine, dataset, candidates }) => [engine, dataset, candidates, {}],
  SequenceDataset: ({ dataset: { folder, manifest } }) => [folder, manifest],
  Session: ({ engine, dataset }) => [engine, dataset],
  Shown: () => [],
  StageReport: () => [{ stage: "filter", rowsIn: 1, rowsOut: 1, counts: {}, seconds: 0 }],
  Training: ({ engine, dataset, network }) => [engine, dataset, network, {}],
  Tuning: ({ dataset, folder }) => ["gru4rec", dataset, { out: join(folder, "tuning") }],
  automlp: () => [{}, {}],
  beginTraining: ({ dataset, engine }) => ["gru4rec", dataset, {}, engine],
  checkSchema: ({ frame }) => [frame, {}],
  chooseLogitAdjustment: ({ model, dataset }) => [model, dataset, {}],
  compare: ({ evaluation }) => [evaluation, evaluation, "NDCG@10", {}],
  compareAll: ({ evaluation }) => [evaluation, [evaluation], "NDCG@10", {}],
  compareRuns: ({ run }) => [[run], {}],
  compareRunsOn: ({ dataset, run }) => [dataset, [run, run], {}],
  comparisonHtml: ({ comparison }) => [comparison],
  datasetNames: () => [[]],
  encodeFeatures: ({ frame }) => [frame, []],
  evaluate: ({ model, dataset }) => [model, dataset, {}],
  exhaustiveSearch: ({ engine, dataset, candidates }) => [engine, dataset, candidates, {}, {}],
  exportDataset: ({ dataset, folder }) => [dataset, { to: "csv", out: join(folder, "csv") }],
  exportModel: ({ model, dataset, folder }) => [model, dataset, { to: "onnx", out: join(folder, "onnx") }],
  findDataset: () => ["demo", []],
  withSeenBias: ({ model, dataset }) => [model, dataset],
  forDataset: ({ model, dataset }) => [model, dataset, dataset],
  inferFeatures: ({ frame }) => [frame],
  inspectDataset: ({ dataset }) => [dataset, {}],
  inspectionHtml: ({ inspection, dataset }) => [inspection, dataset],
  inspectionText: ({ inspection }) => [inspection],
  listRuns: ({ folder }) => [folder],
  live: () => [{}],
  loadModel: ({ folder, dataset }) => [join(folder, "run"), dataset, {}],
  networkFor: ({ dataset }) => [dataset, {}],
  notebookProgress: () => [{}],
  openEngine: () => [{}],
  packSearch: ({ search }) => [search.state()],
  packTraining: ({ training }) => [training.state()],
  pairedTest: ({ numbers }) => [numbers, numbers, 0.95],
  parseFeatureSpec: () => ["genres:multi"],
  planOf: () => [{ name: "mine", methods: ["gru4rec"] }],
  plotBars: () => [[{ label: "a", value: 1 }], TEXT],
  plotHistogram: () => [[{ from: 1, to: 2, count: 3 }], TEXT],
  plotLines: () => [[{ label: "a", points: [] }], TEXT],
  presetFor: () => ["ml-100k", "gru4rec"],
  prepare: ({ folder }) => [{ data: "none.csv", out: join(folder, "none") }, {}],
  readDataset: ({ dataset }) => [dataset.folder],
  readInteractions: () => [{ files: ["none.csv"] }],
  readRanks: ({ folder }) => [join(folder, "run")],
  readSafetensors: () => ["none.safetensors", {}],
  readSideTable: () => [{ file: "none.csv" }],
  recommend: ({ model, dataset }) => [model, dataset, {}],
  refit: ({ run, folder }) => [run, { out: join(folder, "refit") }],
  reportFacts: ({ run, dataset }) => [run, dataset.manifest],
  reportHtml: ({ facts }) => [facts],
  reportText: ({ facts }) => [facts, () => false],
  resolveDataset: () => ["none", {}],
  resolveNetwork: ({ network }) => [network],
  resolvePrepareConfig: () => [{}],
  ensemble: ({ model }) => [[model, model]],
  runExperiment: ({ dataset, folder }) => [
    automlp.planOf({ name: "mine", methods: ["gru4rec"] }),
    dataset,
    { out: join(folder, "experiment") },
  ],
  runJob: ({ dataset, folder }) => [dataset, {}, { out: join(folder, "job") }],
  saveModel: ({ folder, model, dataset }) => [join(folder, "model"), model, { dataset, seed: 1 }],
  show: ({ frame }) => [frame, {}],
  terminalProgress: () => [Deno.stderr, {}],
  withoutHoldOut: ({ dataset }) => [dataset],
  train: ({ dataset, engine }) => ["gru4rec", dataset, {}, engine],
  tune: ({ dataset, folder }) => ["gru4rec", dataset, { out: join(folder, "tuning") }],
  unpackSearch: ({ search }) => [automlp.packSearch(search.state()), "it"],
  unpackTraining: ({ training }) => [automlp.packTraining(training.state()), "it"],
  writeDataset: ({ folder, dataset, frame }) => [
    join(folder, "written"),
    Object.fromEntries(automlp.TABLES.map((name) => [name, frame])),
    dataset.manifest,
    {},
  ],
  writeSafetensors: ({ folder, tensors }) => [join(folder, "tensors"), tensors, {}],
};

/** The arguments of methods of the library's objects, by `object.method`. */
export const METHODS: Calls = {
  "dataset.itemIndex": () => ["a"],
  "dataset.userIndex": () => ["u"],
  "dataset.table": () => ["items"],
  "dataset.scan": () => ["items"],
  "dataset.slice": () => ["items", 0, 1],
  "dataset.targets": () => ["test"],
  "dataset.negatives": () => ["recbole", "test"],
  "evaluation.ranks": () => ["recbole"],
  "evaluation.userValues": () => ["recbole", "NDCG@10"],
  "evaluation.writePerUser": ({ folder }) => [join(folder, "ranks"), {}],
  "model.score": ({ histories }) => [histories, Uint32Array.of(1)],
  "popularity.score": ({ histories }) => [histories, Uint32Array.of(1)],
  "trained.score": ({ histories }) => [histories, Uint32Array.of(1)],
  "run.checkDataset": ({ dataset: { manifest } }) => [manifest],
  "run.readCheckpoint": () => ["train"],
  "run.read": () => ["metrics"],
  "run.write": () => ["insights", {}],
  "run.writeCheckpoint": ({ training }) => ["train", automlp.packTraining(training.state())],
  "run.writeModel": ({ tensors }) => [{ dataset: {} }, tensors],
  "run.writeReport": () => ["<!doctype html>"],
  "run.writeRun": () => [{ dataset: {}, config: {} }],
  "search.restore": ({ search }) => [search.state()],
  "search.with": () => [{}],
  "training.restore": ({ training }) => [training.state()],
  "training.with": () => [{}],
};
