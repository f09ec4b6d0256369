import assert from "node:assert/strict";
import "../../../model/methods/registry.ts";
import { networkFor } from "../../../model/methods/automlp/method.ts";
import { openEngine } from "../../../model/backend/engine.ts";
import { evaluate } from "../../../model/evaluate/evaluate.ts";
import { compare, compareAll } from "../../../model/evaluate/significance.ts";
import {
  architectureWithDisplay,
  searchHtml,
  searchRecords,
  searchText,
} from "../../../model/views/search.ts";
import { metricsWithDisplay } from "../../../model/views/results.ts";
import { exhaustiveSearch } from "../../../model/search/exhaustive.ts";
import { Search } from "../../../model/search/search.ts";
import { trainingHtml, trainingText, trainRecords } from "../../../model/views/training.ts";
import { Training } from "../../../model/train/training.ts";
import { RunComparison } from "../../../model/report/comparison.ts";
import { withFolder } from "../../folders.ts";
import { browser, lookAtAll } from "../../pipeline/display/browser.ts";
import { assertSnapshot } from "../../snapshot.ts";
import { plantedDataset } from "../planted.ts";
import {
  architecture,
  CANDIDATES,
  metrics,
  searchRecords as records,
  trainRecords as epochs,
} from "../runs/example.ts";

/** Width in pixels. */
const NARROW = 420;

/** What a notebook's kernel receives. */
async function display(value: unknown): Promise<Record<string, string>> {
  return await (value as Record<symbol, () => Record<string, string>>)[Symbol.for("Jupyter.display")]();
}

/** Displays that were checked, by name. */
const displays = new Map<string, string>();

/** Checks what holds for every display: HTML that works on any page and host, and a text with it. */
async function checkDisplay(value: object, name: string): Promise<void> {
  const { "text/html": html, "text/plain": text } = await display(value);
  assert.doesNotMatch(html, /<(svg|style|script)|class=|undefined|NaN/, name);
  assert.doesNotMatch(html, /[^-]color:(?!inherit)/, `${name} has a colour of its own`);
  assert(text.length > 0 && !/\[object|undefined|NaN/.test(text), `${name}: ${text}`);
  const words = (text: string) => text.split(/\s+/); // in a terminal, lines are wrapped to fit
  assert.deepEqual(words(Deno.inspect(value)), words(text), `${name} in a terminal`);
  displays.set(name, html);
}

const imagesIn = (html: string) => [...html.matchAll(/<img alt="([^"]+)"/g)].map(([, alt]) => alt);

Deno.test("a search and a training, as people see them", async () => {
  const last = records.at(-1)!;
  const search = {
    lengths: CANDIDATES,
    alpha: last.alpha,
    probabilities: last.probabilities,
    evidence: architecture.evidence,
    dropped: architecture.dropped!,
    history: records,
    epochs: 4,
    steps: { done: 600, epoch: 200 },
  };
  assert.deepEqual(
    imagesIn(await searchHtml(search)),
    [
      "How far each candidate is behind the best in validation loss",
      "Architecture parameters over the steps of the search",
      "Weights of the candidates over the steps of the search",
      "Entropy of the candidates' weights over the steps of the search",
      "Losses over the steps of the search",
    ].map((title) => title.replace("&#39;", "'")),
  );
  const monitor = { metric: "NDCG@10" as const, protocol: "recbole" as const };
  const training = {
    title: "Training with k = 5",
    options: monitor,
    history: epochs,
    bestEpoch: 6,
    epochs: 8,
    steps: { done: 3200, epoch: 400 },
  };
  assert.deepEqual(imagesIn(await trainingHtml(training)), [
    "Training loss by epoch",
    "NDCG@10 on validation by epoch",
  ]);
  const none = { probabilities: [0.25, 0.25, 0.25, 0.25], evidence: undefined, dropped: [] };
  const fresh = {
    ...search,
    ...none,
    alpha: [0, 0, 0, 0],
    history: [],
    steps: { done: 0, epoch: 200 },
  };
  const texts = [
    searchText(fresh),
    searchText(search),
    String((await display(searchRecords(records, CANDIDATES.map(String))))["text/plain"]),
    trainingText({ ...training, history: [], bestEpoch: 0 }),
    trainingText(training),
    String((await display(trainRecords(epochs, monitor)))["text/plain"]),
    String(architectureWithDisplay({ ...architecture })),
    String(architectureWithDisplay({ ...architecture, method: "given", alpha: [], probabilities: [] })),
    String(metricsWithDisplay(metrics)),
  ];
  assertSnapshot(texts.join("\n\n") + "\n", "shown.txt");
});

Deno.test("data that show themselves stay plain", () => {
  const list = searchRecords(records, CANDIDATES.map(String)),
    shown = architectureWithDisplay({ ...architecture });
  assert.deepEqual(list, records);
  assert.deepEqual(shown, architecture);
  assert.equal(JSON.stringify(shown), JSON.stringify(architecture));
  assert.deepEqual(Object.keys({ ...shown }), Object.keys(architecture));
  assert.deepEqual(list.map(({ step }) => step), records.map(({ step }) => step));
});

Deno.test("whatever a cell may end with shows itself", (t) =>
  withFolder(async (dir) => {
    const engine = await openEngine(), dataset = await plantedDataset(dir, { users: 30 });
    const config = networkFor(dataset, {
      length: 8,
      dim: 4,
      layers: 1,
      longLayers: 0,
      sequenceHidden: 4,
      channelHidden: 4,
      lengths: [1, 2],
    });
    const settings = {
      loss: "ce" as const,
      trainNegatives: 1,
      trainDistribution: "uniform" as const,
      rate: 0.01,
      batchSize: 128,
      seed: 1,
      epochs: 1,
    };
    const monitor = { patience: 1, metric: "NDCG@10" as const, protocol: "recbole" as const };
    const search = new Search(engine, dataset, config, {
      ...settings,
      warmup: 0,
      alphaRate: 0.1,
      alphaData: "validation",
      every: 2,
    });
    await checkDisplay(search, "a new search");
    await checkDisplay(search.step(), "a step");
    await checkDisplay((await search.epoch())!, "an epoch");
    await checkDisplay(search, "a search");
    await checkDisplay(search.history, "a search's history");
    await checkDisplay(search.select(), "an architecture");
    const training = new Training(engine, dataset, { ...config, lengths: [2] }, {
      ...settings,
      ...monitor,
    });
    await checkDisplay(training, "a new training");
    const model = await training.run();
    await checkDisplay(training, "a training");
    await checkDisplay(training.history, "a training's history");
    await checkDisplay(model, "a model");
    const evaluation = await evaluate(model, dataset);
    await checkDisplay(evaluation, "an evaluation");
    await checkDisplay(compareAll(evaluation, [evaluation], "HR@10"), "comparisons");
    await checkDisplay(compare(evaluation, evaluation, "HR@10"), "a comparison");
    const found = await exhaustiveSearch(engine, dataset, config, { ...settings, ...monitor });
    await checkDisplay(found, "an exhaustive search");
    const [first, second] = ["runs/one", "runs/two"].map((run) => ({
      run,
      seed: 1,
      keepSeen: false,
      metrics,
      parameters: 1e6,
    }));
    await checkDisplay(
      new RunComparison([first, second], "test", "recbole", "NDCG@10", undefined, "–"),
      "runs",
    );
    model.refresh();
    training.dispose();
    search.dispose();
    await t.step({
      name: "and is not wider than a narrow notebook",
      ignore: browser === undefined,
      async fn() {
        const names = [...displays.keys()];
        const pages = [...displays.values()].map((html) =>
          `<meta charset="utf-8"><body style="margin:0">${html}`
        );
        for (const [i, [{ scrollWidth }]] of (await lookAtAll(pages, { width: NARROW })).entries()) {
          assert(scrollWidth <= NARROW, `${names[i]} is ${scrollWidth} px wide where ${NARROW} are given`);
        }
      },
    });
  }));
