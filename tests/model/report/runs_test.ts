import assert from "node:assert/strict";
import { join } from "node:path";
import { evaluate } from "../../../model/evaluate/evaluate.ts";
import { readPerUser } from "../../../model/evaluate/ranked.ts";
import { compareAll } from "../../../model/evaluate/significance.ts";
import { comparisonHtml } from "../../../model/report/mod.ts";
import { compareRuns, readRanks } from "../../../model/report/runs.ts";
import { ownOf } from "../../../model/views/results.ts";
import { shortNames } from "../../../model/views/figures.ts";
import { RunFolder } from "../../../model/runs/folder.ts";
import type { SequenceDataset } from "../../../mod.ts";
import { inFolder, makeDataset, type Sketch } from "../../pipeline/export/dataset.ts";
import { architecture, ofMethod, run as facts, trainRecords } from "../runs/example.ts";
import { stepStub } from "../stub.ts";
import { walks } from "../support.ts";

const ITEMS = Array.from("abcdefghij");
const SKETCH: Sketch = {
  sequences: walks(30, 4, ITEMS),
  items: Object.fromEntries(ITEMS.map((id) => [id, {}])),
};

/** Writes a run folder as a job leaves it, with a stub's evaluation. */
async function writeRun(path: string, dataset: SequenceDataset, noise: number, ranks = true) {
  const run = RunFolder.create(path), evaluation = await evaluate(stepStub(noise), dataset);
  const { hash, name } = dataset.manifest;
  await run.writeRun({ ...facts, dataset: { hash, name, seed: 1, folder: dataset.folder } });
  await run.write("architecture", architecture);
  await run.write("trainHistory", trainRecords);
  await run.write("metrics", {
    dataset: { hash, name },
    seed: 7,
    method: "Stub",
    methods: {
      Stub: ofMethod({ test: evaluation.metrics }, { standardErrors: { test: evaluation.standardErrors } }),
    },
  });
  if (ranks) await evaluation.writePerUser(run.perUserPath);
  return { run, evaluation };
}

Deno.test("ranks from a file compare as the evaluation does that wrote them", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, SKETCH);
    const good = await evaluate(stepStub(0), dataset), bad = await evaluate(stepStub(20), dataset);
    const path = join(folder, "ranks.parquet");
    await good.writePerUser(path);
    const read = readPerUser(path, { method: "Stub", dataset: good.dataset, keepSeen: false });
    assert.deepEqual([read.users, read.split, read.protocols], [30, "test", ["recbole", "full"]]);
    for (const metric of ["NDCG@5", "MRR@3"] as const) {
      for (const protocol of read.protocols) {
        assert.deepEqual(
          compareAll(read, [bad], metric, { protocol }).comparisons.map((c) => ({ ...c })),
          compareAll(good, [bad], metric, { protocol }).comparisons.map((c) => ({ ...c })),
        );
      }
    }
  }));

Deno.test("runs side by side: what each is, its results, and a test of the first against the others", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, SKETCH), at = (name: string) => join(folder, name);
    const { evaluation } = await writeRun(at("a"), dataset, 0);
    const { evaluation: other } = await writeRun(at("b"), dataset, 20);
    const compared = compareRuns([at("a"), RunFolder.open(at("b"))], { metric: "NDCG@5", protocol: "full" });
    assert.deepEqual(
      compared.runs.map(({ shortTermLength, parameters, seed, bestEpoch }) => [
        shortTermLength,
        parameters,
        seed,
        bestEpoch,
      ]),
      [[5, 123_456, 7, 6], [5, 123_456, 7, 6]],
    );
    const [{ difference, p }] = compared.comparisons!.comparisons;
    const [live] = compareAll(evaluation, [other], "NDCG@5", { protocol: "full" }).comparisons;
    assert.deepEqual([difference, p], [live.difference, live.p]);
    assert.match(String(compared), /^test of toy \([0-9a-f]{8}\), protocol full; ± standard error\n/);
    assert.match(compared.toHtml(), /text-align:right[^>]*>123,456</, "numbers stand below each other");
    const mean = evaluation.metrics.full["NDCG@5"].toFixed(4);
    assert(String(compared).includes(mean) && compared.toHtml().includes(mean));
    assert.equal(Deno.inspect(compared), String(compared));
    assert.equal(compareRuns([at("a")], { metric: "NDCG@5" }).protocol, "full"); // even though recbole comes first
  }));

Deno.test("runs that reported other cut-offs have figures at the one that is compared, by their ranks", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, SKETCH), at = (name: string) => join(folder, name);
    const { evaluation } = await writeRun(at("a"), dataset, 0);
    await writeRun(at("b"), dataset, 20, false);
    const live = await evaluate(stepStub(0), dataset, { ks: [3] });
    const compared = compareRuns([at("a"), at("b")], { metric: "NDCG@3", protocol: "recbole" });
    assert(!("HR@3" in evaluation.metrics.recbole), "the evaluation had 5, 10 and 20");
    const { metrics, standardErrors } = ownOf(compared.runs[0].metrics);
    for (const protocol of ["recbole", "full"] as const) {
      for (const name of ["HR@3", "NDCG@3", "MRR@3"] as const) {
        assert.equal(metrics.test[protocol][name], live.metrics[protocol][name], name);
        assert.equal(standardErrors.test[protocol][name], live.standardErrors[protocol][name], name);
      }
    }
    const [mine, other] = compared.table("recbole").rows;
    const shown = `${live.metrics.recbole["HR@3"].toFixed(4)} ± ${
      live.standardErrors.recbole["HR@3"].toFixed(4)
    }`;
    assert.equal(mine.at(-3), shown);
    assert.equal(other.at(-3), "–", "it left no ranks");
    assert.equal(
      RunFolder.open(at("a")).read("metrics")!.methods.Stub.metrics.test.recbole["HR@3"],
      undefined,
      "what the run holds is as it was",
    );
  }));

Deno.test("what cannot be compared is said in one line; without ranks there is a table and no test", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, SKETCH), at = (name: string) => join(folder, name);
    await writeRun(at("a"), dataset, 0);
    await writeRun(at("b"), dataset, 20, false);
    const compared = compareRuns([at("a"), at("b")], { metric: "HR@5" });
    assert.equal(compared.comparisons, undefined);
    assert.match(String(compared), /No test of significance: there is no per_user\.parquet in .*b\.$/);
    assert.equal(compareRuns([at("a")], { metric: "HR@5" }).note, undefined);

    const fails = (work: () => unknown, message: RegExp) =>
      assert.throws(work, { name: "InputError", message });
    fails(() => compareRuns([]), /none is given; name their folders$/);
    fails(() => readRanks(at("b")), /^Cannot read the ranks in .*per_user\.parquet/);
    fails(() => compareRuns([at("a")], { protocol: "strict" }), /was evaluated on test by recbole, full$/);
    const { u0: _, ...sequences } = SKETCH.sequences;
    await writeRun(at("c"), await makeDataset(at("other"), { ...SKETCH, sequences }), 0);
    fails(
      () => compareRuns([at("a"), at("c")]),
      /different datasets \([0-9a-f]{8} and [0-9a-f]{8}\); train both on one, or evaluate both on one with --on DIR$/,
    );
    await RunFolder.create(at("d")).writeRun(facts);
    fails(
      () => compareRuns([at("a"), at("d")]),
      /it has no results yet; deno task evaluate .*d'? makes them$/,
    );
  }));

Deno.test("as a page: dots of each run and of the differences, tables by every protocol that all have", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, SKETCH), at = (name: string) => join(folder, name);
    await writeRun(at("a"), dataset, 0);
    await writeRun(at("b"), dataset, 20);
    const compared = compareRuns([at("a"), at("b")], { metric: "NDCG@5", protocol: "full" });
    assert.deepEqual(compared.protocols, ["recbole", "full"]);
    const html = await comparisonHtml(compared),
      [{ difference, interval }] = compared.comparisons!.comparisons;
    assert.match(
      html,
      /<h2>NDCG@5, protocol full<\/h2>[^]*<h2>Other protocols<\/h2>[^]*protocol recbole; ± standard error/,
    );
    const tip = (value: number) => String(Number(value.toPrecision(4))).replace("-", "−");
    assert(
      html.includes(`data-tip="b: ${tip(difference)}, from ${tip(interval[0])} to ${tip(interval[1])}"`),
    );
    const { mean } = { mean: ownOf(compared.runs[0].metrics).metrics.test.full["NDCG@5"] };
    assert(html.includes(`data-tip="a: ${tip(mean)}, from `));
    assert.doesNotMatch(html, /<script|NaN|undefined/);

    await writeRun(at("c"), dataset, 20, false);
    const untested = await comparisonHtml(
      compareRuns([at("a"), at("c")], { metric: "HR@5", protocol: "full" }),
    );
    assert.match(untested, /No test of significance: there is no per_user\.parquet/);
    assert.equal(untested.match(/<svg /g)?.length, 1, "no differences without ranks");
  }));

Deno.test("runs are told apart by what their paths do not have in common", () => {
  assert.deepEqual(shortNames(["runs/shop/a", "runs/shop/b"]), ["a", "b"]);
  assert.deepEqual(shortNames(["runs/a/x", "runs/b/x"]), ["a/x", "b/x"]);
  assert.deepEqual(shortNames(["run", "run"]), ["run", "run (2)"]);
  assert.deepEqual(shortNames(["runs/a/", "runs/b/"]), ["a", "b"]);
});
