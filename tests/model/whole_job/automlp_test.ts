import assert from "node:assert/strict";
import { join } from "node:path";
import { automlp, evaluate, loadModel, recommend } from "../../../mod.ts";
import { silent } from "../../../pipeline/contract/progress.ts";
import { withFolder } from "../../folders.ts";
import { weightsOf } from "../support.ts";
import { writeLog } from "../commands/small.ts";

const SMALL = {
  length: 12,
  dim: 8,
  layers: 1,
  sequenceHidden: 8,
  channelHidden: 8,
  batchSize: 64,
  rate: 0.01,
  lengths: [1, 3],
  searchEpochs: 1,
  epochs: 2,
  evalNegatives: 5,
  protocols: ["recbole"] as ["recbole"],
};

Deno.test("the whole job in a call: data to a run that shows itself and recommends; the next call takes a new folder", () =>
  withFolder(async (dir) => {
    writeLog(join(dir, "log.csv"));
    const before = Deno.cwd();
    Deno.chdir(dir);
    try {
      const first = await automlp({ data: "log.csv", name: "log", ...SMALL });
      assert.equal(first.run.path, "runs/log");
      for (const use of [evaluate, recommend]) {
        await assert.rejects(use(first as never, first.dataset), {
          name: "InputError",
          message:
            /its first argument is a run; its facts have its metrics, its own recommend\(\) .*loadModel\(run\.run, dataset\), as in/,
        });
      }
      // As the message advises.
      const { model } = await loadModel(first.run, first.dataset);
      assert.equal((await evaluate(model, first.dataset, { protocols: ["full"] })).method, "AutoMLP");
      assert.match(String(first), /^AutoMLP on log .*\nOf \d+ test interactions/m);
      const inTerminal = Deno.inspect(first);
      for (
        const part of [
          /^Popularity +\d\.\d+ ±/m,
          /^Of \d+ test\s+interactions/m,
          /^Training by epoch, metrics on validation, protocol full\nepoch +loss +NDCG@10 .*\n─+\n +1 +\d\.\d/m,
          /^A few people.*\nu\d+\n {2}had: (.* → )+.*\n[^]*^ {2}took: i\d+, rank \d+$/m,
          /^Report: .+report\.html$/m,
        ]
      ) {
        assert.match(inTerminal, part);
      }
      const shown = first as unknown as Record<symbol, () => Promise<Record<string, string>>>;
      const html = (await shown[Symbol.for("Jupyter.display")]())["text/html"];
      for (
        const part of [
          "would have ranked first",
          "<strong>",
          "A few people",
          "data:image/svg+xml",
          "report.html",
        ]
      ) {
        assert.ok(html.includes(part), part);
      }
      const items = await first.recommend({ users: ["u7"], k: 3, keepSeen: true });
      assert.deepEqual([items.height, items.columns.slice(0, 3)], [3, ["user", "rank", "item"]]);
      const prepared = join(first.run.path, "dataset");
      const second = await automlp({ dataset: prepared, name: "log", ...withoutPreparation });
      assert.equal(second.run.path, "runs/log-2");
      assert.equal(second.dataset.manifest.hash, first.dataset.manifest.hash);
    } finally {
      Deno.chdir(before);
    }
  }));

const { evalNegatives: _count, protocols: _protocols, ...withoutPreparation } = SMALL;

Deno.test("a run that was stopped goes on by its folder alone, to the weights of one in a piece", () =>
  withFolder(async (dir) => {
    writeLog(join(dir, "log.csv"));
    const [whole, cut] = ["whole", "cut"].map((name) => join(dir, name));
    const input = { data: join(dir, "log.csv"), ...SMALL, seed: 7 };
    await automlp({ ...input, out: whole });
    const stop = new AbortController(),
      said: string[] = [],
      progress = {
        start: (label: string) => (label.startsWith("epoch") && stop.abort(), { advance() {}, end() {} }),
        warn() {},
        remark: (text: string) => said.push(text),
      };
    await assert.rejects(automlp({ ...input, out: cut }, { progress, signal: stop.signal }), {
      name: "Interrupted",
      goesOn: `call automlp({ out: ${JSON.stringify(cut)}, resume: true })`,
    });
    assert.match(
      said.join("\n"),
      /^Data: .* users? with [^]*\nColumns: /,
      "before the search it is said what was read",
    );
    await assert.rejects(automlp({ ...input, out: cut }), /There is a run in .*cut already/);
    await assert.rejects(automlp({ out: cut, resume: true, dim: 9 }), /other options \(dim: 8, now 9\)/);
    const run = await automlp({ out: cut, resume: true });
    assert.equal(run.run.path, cut);
    assert.deepEqual(await weightsOf(cut), await weightsOf(whole));
    await assert.rejects(
      automlp({ out: join(dir, "none"), resume: true }),
      /Cannot resume .*none: there is no run in it/,
    );
  }));

Deno.test("resume: tables in memory are given again, which the error says; without out it is the usual folder", () =>
  withFolder(async (dir) => {
    writeLog(join(dir, "log.csv"));
    const [, ...lines] = Deno.readTextFileSync(join(dir, "log.csv")).trim().split("\n");
    const data = lines.map((line) => line.split(",")).map(([user, item, time]) => ({
      user,
      item,
      timestamp: Number(time),
    }));
    const before = Deno.cwd();
    Deno.chdir(dir);
    try {
      await automlp({ data, name: "rows", ...SMALL });
      const again = await automlp({ data, name: "rows", ...SMALL, resume: true });
      assert.equal(again.run.path, "runs/rows");
      assert.deepEqual(again.run.readRun()!.config.data!.data, ["data (table in memory)"]);
      await assert.rejects(automlp({ out: "runs/rows", resume: true }), {
        name: "InputError",
        message:
          /Cannot resume runs\/rows: its data was a table in memory; give it again, or continue with deno task retrain runs\/rows$/,
      });
    } finally {
      Deno.chdir(before);
    }
  }));

Deno.test("what does not fit is refused before anything is done", () =>
  withFolder(async (dir) => {
    const refused = (input: Record<string, unknown>, message: RegExp) =>
      assert.rejects(automlp({ out: join(dir, "run"), ...input }), { name: "InputError", message });
    await refused({ epoch: 3 }, /Unknown option "epoch" \(did you mean "epochs"\?\)/);
    await refused({ until: "dataset" }, /Unknown option "until"/);
    await refused(
      { methods: ["automlp", "sasrek"] },
      /Cannot train "sasrek": there is no such method \(did you mean "sasrec"\?\); there are automlp, /,
    );
    await refused({ methods: "autmlp" }, /Cannot train "autmlp": .*did you mean "automlp"\?/);
    await refused(
      { methods: ["sasrec", "fpmc"] },
      /^Cannot train sasrec, fpmc without automlp: .*, as in methods: \["automlp", "sasrec", "fpmc"\], or .* train\("sasrec", dataset\)$/,
    );
    await refused({ data: join(dir, "none.csv") }, /none\.csv/);
    writeLog(join(dir, "log.csv"));
    await refused(
      { data: join(dir, "log.csv"), memory: "1MiB" },
      /Cannot work within memory: "1MiB": give 384MiB or more/,
    );
    Deno.removeSync(join(dir, "log.csv"));
    assert.deepEqual([...Deno.readDirSync(dir)], []);
  }));

Deno.test("beyond the memory that it may take, the job has its data prepared on disk", () =>
  withFolder(async (dir) => {
    const data = join(dir, "log.csv"), remarks: string[] = [];
    // Four million rows by its size; it has holes, and cannot be read to its end.
    Deno.writeTextFileSync(data, "user,item,timestamp\n" + "u1234567,i123456,1234567\n".repeat(4000));
    Deno.truncateSync(data, 25 * 2 ** 22);
    const progress = { ...silent, remark: (message: string) => void remarks.push(message) };
    await assert.rejects(automlp({ data, memory: "384MiB", out: join(dir, "run") }, { progress }), {
      message: /line 4002 is longer/,
    });
    assert.match(remarks[0], /^DuckDB does the work: for about 4,200,000 .* --memory allows 384MiB$/);
    assert.deepEqual([...Deno.readDirSync(dir)].map(({ name }) => name), ["log.csv"]);
  }));
