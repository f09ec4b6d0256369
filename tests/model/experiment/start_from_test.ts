/** Jobs that start from a trained run. */
import assert from "node:assert/strict";
import { warningTexts } from "../../../model/views/epochs.ts";
import { join } from "node:path";
import { AutoMLP, prepare, refit, reportText, runJob } from "../../../mod.ts";
import { beneathStart } from "../../../model/experiment/start_from.ts";
import { jobOfCell } from "../../../model/studies/cell.ts";
import { withFolder } from "../../folders.ts";
import { writeLog } from "../commands/small.ts";
import { PLANTED_SIZES, plantedDataset } from "../planted.ts";
import { refused, weightsOf } from "../support.ts";

const TRAINING = {
  batchSize: 16,
  rate: 0.02,
  averaging: 0,
  epochs: 2,
  metric: "HR@1",
  ks: [1],
  keepSeen: true,
} as const;
const GRU4REC = { method: "gru4rec", dim: 8, hidden: 8, length: 12, ...TRAINING } as const;
const AUTOMLP = { ...PLANTED_SIZES, searchEpochs: 2, ...TRAINING } as const;

Deno.test("a job that starts from a run has its options and begins with its weights; what is given lies above them", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 40 });
    const { run } = await runJob(dataset, GRU4REC, { out: join(dir, "before"), seed: 1 });
    const input = { startFrom: run.path, epochs: 1 }, out = join(dir, "now");
    const { run: now } = await runJob(dataset, input, { out, seed: 2 });
    const { config: { dim, hidden } } = now.readModelConfig()! as { config: Record<string, unknown> };
    const { method, training } = now.readRun()!.config;
    assert.deepEqual([method, dim, hidden, training.rate, training.epochs], ["gru4rec", 8, 8, 0.02, 1]);
    assert.equal(training.startFrom, run.path);
    const { facts: refitted } = await refit(now, { out: join(dir, "refit"), epochs: 1 });
    assert.match(
      reportText(refitted),
      /The network of .*now, trained anew on all interactions, .*, from the weights of .*before on\. 1 epoch/,
    );
    const loss = (of: typeof run) => of.read("trainHistory").map(({ loss }) => loss);
    assert(loss(now)[0] < loss(run)[0] - 0.04, `${loss(run)}, then ${loss(now)}`);
    const wider = await runJob(dataset, {
      ...input,
      method: "gru4rec",
      hidden: 6,
      until: "retrain",
    }, {
      out: join(dir, "narrower"),
      seed: 2,
    });
    const sizes = (wider.run.readModelConfig()! as { config: Record<string, unknown> }).config;
    assert.deepEqual([sizes.dim, sizes.hidden], [8, 6]);

    // From its first checkpoint on it is independent: the other run may be removed.
    Deno.removeSync(run.path, { recursive: true });
    const resumed = await runJob(dataset, { ...input, epochs: 2, resume: true }, { out, seed: 2 });
    assert.equal(resumed.run.read("trainHistory").length, 2);
    // A training that begins anew needs that run's weights.
    await refused(
      () => refit(now, { out: join(dir, "late") }),
      /^Cannot refit .*now: it began with the weights of .*before, which is no longer there; restore that run, or train one that begins from fresh weights$/,
    );
    assert.deepEqual(Array.from(Deno.readDirSync(dir), ({ name }) => name).includes("late"), false);
  }));

Deno.test("AutoMLP goes on with the length that was selected; nothing is searched", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 40 });
    const { run } = await runJob(dataset, AUTOMLP, { out: join(dir, "before"), seed: 1 });
    const { shortTermLength } = run.read("architecture")!;
    // Later data: the same log with more users, in which each item has another number.
    writeLog(join(dir, "log.csv"), 70);
    const { dataset: other } = await prepare({ data: join(dir, "log.csv"), out: join(dir, "other") });
    const context = { out: join(dir, "now"), seed: 1 };
    const { run: now } = await runJob(dataset, { startFrom: run.path, epochs: 1 }, context);
    assert.equal(now.read("architecture")!.shortTermLength, shortTermLength);
    assert.equal(now.read("searchHistory").length, 0);
    // The earlier run's options of the search do not count as given for this run.
    assert.deepEqual(warningTexts(now.readRun()!).filter((one) => /changes nothing/.test(one)), []);
    const fitted = await new AutoMLP({ startFrom: run.path, epochs: 1, seed: 1 }).fit(dataset, {
      out: join(dir, "fitted"),
    });
    assert.deepEqual(fitted.run.read("trainHistory")[0].loss, now.read("trainHistory")[0].loss);
    await refused(
      () => runJob(other, { startFrom: run.path }, { ...context, out: join(dir, "none") }),
      /^Cannot warm-start on the dataset .*other: none of its items is in /,
    );
    assert.throws(() => Deno.statSync(join(dir, "none")), Deno.errors.NotFound, "its length alone is no run");
    await refused(
      () =>
        runJob(dataset, { startFrom: run.path, search: "shared", short: undefined }, {
          ...context,
          out: "x",
        }),
      /^Option startFrom goes on with the network of that run and the length that was selected there; leave out search$/,
    );
    for (
      const [key, value] of [["lengths", [2, 3]], ["warmStart", true]] as const
    ) {
      const said = new RegExp(
        `^Option ${key} goes with a search; with startFrom nothing is searched, because length and sizes are those of that run: leave out ${key}$`,
      );
      await refused(
        () => runJob(dataset, { startFrom: run.path, [key]: value }, { ...context, out: "x" }),
        said,
      );
      assert.throws(() => new AutoMLP({ startFrom: run.path, [key]: value }), { message: said });
    }
  }));

Deno.test("what cannot be started from is said in one line, and nothing is left of it", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 20 });
    const only = { ...AUTOMLP, until: "search" } as const;
    const { run: searched } = await runJob(dataset, only, { out: join(dir, "searched"), seed: 1 });
    const { run } = await runJob(dataset, { ...GRU4REC, epochs: 1 }, { out: join(dir, "run"), seed: 1 });
    const out = join(dir, "now"), start = (input: object) => runJob(dataset, input, { out, seed: 1 });
    assert.throws(
      () => beneathStart("gru4rec", { startFrom: run.path, preset: "ml-100k" }),
      /do not go together: options that you leave out are taken from the run to start from; leave out (--)?preset$/,
    );
    await refused(
      () => start({ startFrom: join(dir, "none") }),
      /^Cannot open the run .*none: there is no such folder/,
    );
    await refused(
      () => start({ startFrom: searched.path }),
      /^Cannot load the model of .*searched: it has none yet; train it/,
    );
    await refused(
      () => start({ startFrom: run.path, method: "sasrec" }),
      /^Cannot start SASRec from .*run: that is a run of GRU4Rec; start from it with its own method, as in deno task train --method gru4rec --start-from .*run$/,
    );
    const { run: trained } = await runJob(dataset, { ...AUTOMLP, epochs: 1, until: "retrain" }, {
      out: join(dir, "trained"),
      seed: 1,
    });
    await refused(
      () => start({ startFrom: trained.path, ensemble: 2 }),
      /^Cannot start 2 networks from .*trained: it has 1 network, each with weights of its own; give ensemble: 1$/,
    );
    Deno.renameSync(dataset.folder, join(dir, "elsewhere"));
    await refused(
      () => start({ startFrom: run.path }),
      /^Cannot start from .*run: its dataset is not at .* any more, and its weights need the items of that dataset$/,
    );
    assert.throws(() => Deno.statSync(out), Deno.errors.NotFound);
  }));

Deno.test("a cell of a study that starts from a run has its options, too", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 20 });
    const { run } = await runJob(dataset, { ...GRU4REC, until: "retrain" }, {
      out: join(dir, "run"),
      seed: 1,
    });
    const { sizes, rate, epochs } = jobOfCell({
      method: "gru4rec",
      options: { startFrom: run.path, epochs: 3 },
    });
    assert.deepEqual([sizes.dim, sizes.hidden, rate, epochs], [8, 8, 0.02, 3]);
    assert((await weightsOf(run.path)).size > 0);
  }));
