/** `deno task pipeline`: its data, its budget, the ways to a length, and what it refuses. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { prepareSchema, resolvePrepareConfig } from "../../../pipeline/config.ts";
import type { PrepareInput } from "../../../pipeline/prepare_options.ts";
import { epochsDone } from "../../../model/records/epochs.ts";
import { RunFolder } from "../../../model/runs/folder.ts";
import { warningTexts } from "../../../model/views/epochs.ts";
import { json } from "../support.ts";
import { withLog } from "./finished.ts";
import { FEW, NETWORK, SMALL, UNSEARCHED, writeLog } from "./small.ts";

const JOB = SMALL.join(" "), GIVEN = UNSEARCHED.join(" ");

Deno.test("pipeline: of several files the run folder and the dataset are both called by the first", () =>
  withLog(async (dir, { ran }) => {
    for (const name of ["2023.csv", "2024.csv"]) writeLog(join(dir, name));
    for (const files of ["--data 2023.csv --data 2024.csv", "--data 2023.csv,2024.csv"]) {
      Deno.mkdirSync(join(dir, "runs"));
      await ran(`pipeline ${files} --until dataset --json`);
      assert.deepEqual([...Deno.readDirSync(join(dir, "runs"))].map(({ name }) => name), ["2023"]);
      assert.equal(json(join(dir, "runs/2023/dataset/manifest.json")).name, "2023");
      Deno.removeSync(join(dir, "runs"), { recursive: true });
    }
  }));

Deno.test("pipeline: a prepared dataset is used where it is; its preparation cannot be changed; the run goes on from anywhere", () =>
  withLog(async (dir, { ran, refused }) => {
    const at = (name: string) => join(dir, name), job = `pipeline --dataset data --out run ${NETWORK}`;
    await ran(`prepare --data log.csv --out data ${FEW}`);
    const before = Deno.readTextFileSync(at("data/manifest.json"));
    Deno.writeTextFileSync(at("strict.yaml"), "protocol: strict\n");
    await refused(
      `${job} --min-user 3`,
      /Option --min-user is of the preparation, and the dataset in data is prepared/,
    );
    await refused(`${job} --memory 1GiB`, /Option --memory is of the preparation/);
    await refused(
      `${job} --config strict.yaml`,
      /^error: Cannot evaluate by protocol "strict": the dataset data has recbole, full; others need/,
    );
    assert(!existsSync(at("run")), "refused before the search");
    await ran(`pipeline data ${NETWORK} --until dataset`);
    assert(!existsSync(at("runs/data")), "nothing is left where nothing was done");
    await ran(`pipeline data ${NETWORK} --until search --quiet`);
    assert(existsSync(at("runs/data/architecture.json")), "the dataset as the word names the run");
    await ran(`${job} --until search`);
    const { stdout } = await ran(`pipeline ${at("run")} --resume`);
    assert.match(stdout, /^AutoMLP on log/m);
    assert.equal(Deno.readTextFileSync(at("data/manifest.json")), before);
    assert(!existsSync(at("run/dataset")));
    await refused("pipeline --dataset data --out data/run", /data/);
    Deno.renameSync(at("data"), at("moved"));
    await refused(
      "pipeline --out run --resume",
      /there is no manifest.json in it|there is no such folder/i,
    );
  }));

Deno.test("pipeline: a budget ends training in time, and the job is still done whole", () =>
  withLog(async (dir, { ran }) => {
    const endless = `pipeline --data log.csv --out run ${JOB} --epochs 100000 --patience 100000`;
    const { stdout, stderr } = await ran(`${endless} --budget 3s --json`);
    // The budget does not cover the report, which takes longer on a busy machine.
    const { times } = json(join(dir, "run/run.json"));
    assert(times.search + times.retrain < 6, `search ${times.search} s, training ${times.retrain} s`);
    assert(JSON.parse(stdout).metrics.methods.AutoMLP.metrics.test.recbole["HR@10"] > 0);
    const cut = /The budget ended the training after [\d.,]+ of 100,000 epochs: all figures are provisional/;
    const report = Deno.readTextFileSync(join(dir, "run/report.html"));
    const isWarned = () => warningTexts(json(join(dir, "run/run.json"))).some((warning) => cut.test(warning));
    for (const text of [stderr, report]) assert.match(text, cut);
    assert(isWarned());
    // After the run is resumed to its end, nothing is provisional any more; the budget does not apply to this command.
    const done = epochsDone(RunFolder.open(join(dir, "run")).read("trainHistory").at(-1)!);
    await ran(`pipeline --out run --resume --epochs ${1 + Math.ceil(done)} --quiet`);
    assert(!isWarned());
  }));

Deno.test("pipeline: other ways to a length", () =>
  withLog(async (_dir, { ran }) => {
    const ways: [options: string, method: string, length?: number][] = [
      [`${GIVEN} --search none --short 4 --epochs 1`, "given", 4],
      [`${JOB} --search exhaustive --epochs 3`, "exhaustive", 3],
      [`${JOB} --search darts2 --search-epochs 1 --until search`, "darts2"],
    ];
    for (const [options, method, length] of ways) {
      const { stdout } = await ran(`pipeline --data log.csv --out ${method} ${options} --json`);
      const { architecture } = JSON.parse(stdout);
      assert.equal(architecture.method, method);
      if (length !== undefined) assert.equal(architecture.shortTermLength, length);
    }
  }));

/** What each is refused for, beside a file of data and a folder for the run. */
const REFUSED: [options: string, says: RegExp][] = [
  ["--lengths 3,99", /candidate length 99 is longer than the sequence, 50; raise --length/],
  ["--lengths 3,x", /--lengths does not fit/],
  ["--lengths 3,0", /Option --lengths does not fit: the 2nd value: give a number above 0/],
  ["--search none", /needs the length to train with: --short K/],
  ["--short 3", /--short goes with --search none/],
  ["--search none --short 3 --lengths 3,5", /--lengths goes with a search/],
  ["--loss hinge", /--loss takes ce, bce, bpr, sampled-softmax, bpr-max, top1-max/],
  ["--config auc.yaml", /AUC/],
  ["--config hard.yaml", /by protocol "hard": the dataset to prepare has recbole, strict, uniform, full/],
  ["--budget soon", /--budget does not fit/],
  ["--engine tpu", /--engine takes native, wasm, cpu/],
  ["--config run.yaml", /Unknown key "lengthes" in run\.yaml \(did you mean "lengths"\?\)/],
  ["--engine wasm --config rounded.yaml", /^error: Cannot train in bfloat16 on the wasm engine/m],
  ["--methods automlp,fdsa", /^error: Cannot build FDSA: it needs item features, .*; prepare with --items$/m],
  ["--methods gru4reck", /Cannot train "gru4reck": there is no such method \(did you mean "gru4rec"\?\)/],
  ["--methods sasrec", /Cannot train sasrec without automlp: .* deno task train --method sasrec$/m],
  [
    "--methods automlp,bert4rec --dim 5",
    /^error: Cannot build BERT4Rec: 2 heads cannot share 5 numbers evenly; /,
  ],
  ["--drop 1", /Unknown option --drop \(did you mean/],
];

Deno.test("pipeline: what cannot be is said in one line before anything is computed", () =>
  withLog(async (dir, { refused }) => {
    const files = {
      run: "lengthes: [3]",
      auc: "metric: AUC",
      hard: "protocol: hard",
      rounded: "precision: bfloat16",
    };
    for (const [name, text] of Object.entries(files)) Deno.writeTextFileSync(join(dir, `${name}.yaml`), text);
    for (const [options, says] of REFUSED) {
      await refused(`pipeline --data log.csv --out run ${options}`, says);
    }
    await refused("pipeline --data none.csv --out run", /^error: Cannot read none.csv/);
    assert(!existsSync(join(dir, "run")), "nothing was made");
    for (const line of ["evaluate nowhere", "recommend nowhere", "search nowhere --out x"]) {
      await refused(line, /there is no such folder/);
    }
  }));

/** Counts how often an option of the preparation is parsed while `work` runs. */
async function parses(
  key: "minUser" | "protocols" | "onBadRow",
  work: () => Promise<unknown>,
): Promise<number> {
  const parser = prepareSchema.shape[key]._zod, run = parser.run;
  let count = 0;
  parser.run = (...args) => {
    count++;
    return run(...args);
  };
  try {
    await work();
  } finally {
    parser.run = run;
  }
  return count;
}

Deno.test("pipeline: each option of the preparation is parsed once, given as a flag, in a file or not at all", () =>
  withLog(async (dir, { ran }) => {
    Deno.writeTextFileSync(join(dir, "run.yaml"), "minUser: 3\npreset: demo\n");
    const line = `pipeline --data log.csv --out run --config run.yaml ${JOB} --until dataset --quiet`;
    assert.equal(await parses("minUser", () => ran(line)), 1, "in the file");
    assert.equal(
      await parses("protocols", () => ran(line)),
      1,
      "as a flag, where the dataset is there already",
    );
    assert.equal(await parses("minUser", () => ran(`${line} --until evaluate`)), 1, "to the end");
    assert.equal(await parses("onBadRow", () => ran(`${line} --until evaluate --resume`)), 1, "resumed");
  }));

Deno.test("options that were checked are not taken for options to be checked", () => {
  const config = resolvePrepareConfig({ data: "log.csv", out: "data/mine" });
  // @ts-expect-error: whoever has a resolved configuration runs it with runPreparation
  const input: PrepareInput = config;
  assert.equal(input, config);
});
