import assert from "node:assert/strict";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { readDataset } from "../../../pipeline/contract/store.ts";
import { type StartedTask, startTask, task, taskArguments } from "../../command.ts";
import { withFolder } from "../../folders.ts";
import { root } from "../../paths.ts";
import { handExpected } from "../frames.ts";
import { assertRefused } from "./refused.ts";

const HAND = `${root}fixtures/hand/interactions.csv`;

/** Two users of twelve interactions each with 24 items, as CSV. */
const GOOD = "user,item,timestamp\n" +
  Array.from({ length: 24 }, (_, i) => `u${i % 2},i${i},${1_300_000_000 + i}\n`).join("");
const withLine = (line: string) => GOOD + line + "\n";

Deno.test("prepare: the data set made by hand, from command line to folder", () =>
  withFolder(async (dir) => {
    const out = join(dir, "hand");
    const args = [
      "--data",
      HAND,
      "--items",
      `${root}fixtures/hand/items.csv`,
      "--eval-negatives",
      "3",
      "--out",
      out,
    ];
    const { code, stdout, stderr } = await task("prepare", [...args, "--json"]);
    assert.equal(code, 0, stderr);
    const said = JSON.parse(stdout);
    assert.equal(said.status, "prepared");
    const { rows } = handExpected;
    assert.deepEqual(said.counts, {
      users: 5,
      items: 17,
      interactions: rows.split,
      train: rows.splits.train,
      validation: rows.splits.validation,
      test: rows.splits.test,
    });
    const stages = said.stages.map((
      facts: { stage: string; rowsOut: number },
    ) => [facts.stage, facts.rowsOut]);
    assert.deepEqual(stages, [
      ["read", rows.read],
      ["schema", rows.schema],
      ["filter", rows.filter],
      ["vocabulary", rows.vocabulary],
      ["split", rows.split],
      ["negatives", rows.split],
    ]);
    const dataset = await readDataset(out);
    const { offsets, items } = dataset.sequences();
    for (const user of handExpected.keptUsers) {
      const u = dataset.userIndex(user);
      const sequence = Array.from(items.subarray(offsets[u], offsets[u + 1]), (item) => dataset.itemId(item));
      assert.deepEqual(sequence, handExpected.sequences[user]);
    }
    assert.deepEqual(dataset.manifest.features.map(({ name, kind }) => [name, kind]).sort(), [
      ["genres", "multi"],
      ["price", "categorical"],
    ]);

    const again = await task("prepare", args);
    assert.match(again.stdout, /is up to date: same data, same options/);
    const other = await task("prepare", [...args, "--seed", "1", "--json"]);
    assert.equal(JSON.parse(other.stdout).status, "prepared", "another seed is another dataset");
    assert.notEqual(JSON.parse(other.stdout).hash, said.hash);
    const forced = await task("prepare", [...args, "--force", "--json"]);
    assert.equal(
      JSON.parse(forced.stdout).hash,
      said.hash,
      "the same options make the same dataset, byte for byte",
    );
    Deno.removeSync(join(out, "users.parquet"));
    const repaired = await task("prepare", [...args, "--json"]);
    assert.equal(JSON.parse(repaired.stdout).status, "prepared", "a damaged folder is made again");
  }));

Deno.test("prepare: options from a file, flags above it", () =>
  withFolder(async (dir) => {
    Deno.writeTextFileSync(join(dir, "good.csv"), GOOD);
    Deno.writeTextFileSync(
      join(dir, "run.yaml"),
      "data: good.csv\nout: made\nevalNegatives: 2\nprotocols: [strict]\nseed: 5\n",
    );
    const { code, stdout, stderr } = await task(
      "prepare",
      ["--config", "run.yaml", "--seed", "6", "--json"],
      { cwd: dir },
    );
    assert.equal(code, 0, stderr);
    const { manifest } = await readDataset(join(dir, "made"));
    assert.deepEqual([manifest.seed, manifest.negatives.protocols, manifest.name], [6, ["strict"], "good"]);
    assert.equal(JSON.parse(stdout).folder, "made");
  }));

Deno.test("prepare: bad rows set aside are in rejected.csv with their place", () =>
  withFolder(async (dir) => {
    Deno.writeTextFileSync(join(dir, "bad.csv"), withLine('u1,"i\n9",soon') + "u1,i7,5,6\n");
    const args = ["--data", "bad.csv", "--out", "made", "--eval-negatives", "2", "--on-bad-row", "skip"];
    const { code, stdout, stderr } = await task("prepare", args, { cwd: dir });
    assert.equal(code, 0, stderr);
    assert.match(stdout, /schema +24 +1 +too many fields/);
    assert.match(stdout, /1 +timestamp not a number/);
    assert.equal(
      Deno.readTextFileSync(join(dir, "made", "rejected.csv")),
      'file,line,column,reason,text\nbad.csv,26,timestamp,timestamp not a number,"u1,""i\n9"",soon"\n' +
        'bad.csv,28,,too many fields,"u1,i7,5,6"\n',
    );
  }));

Deno.test("prepare: ids with commas, quotes, newlines and emoji go through whole", () =>
  withFolder(async (dir) => {
    const ids = ["a,b", 'say ""hi""', "two\nlines", "🦊", "007"];
    const lines = ids.flatMap((id, u) =>
      Array.from({ length: 3 }, (_, i) => `"u${id}","${ids[(u + i) % 5]}",${i}`)
    );
    Deno.writeTextFileSync(join(dir, "odd.csv"), "user,item,timestamp\n" + lines.join("\n") + "\n");
    const { code, stderr } = await task(
      "prepare",
      ["--data", "odd.csv", "--out", "made", "--min-user", "3", "--eval-negatives", "1"],
      { cwd: dir },
    );
    assert.equal(code, 0, stderr);
    const dataset = await readDataset(join(dir, "made"));
    const found = Array.from({ length: 5 }, (_, i) => dataset.itemId(i + 1));
    assert.deepEqual(found, ids.map((id) => id.replaceAll('""', '"')).sort());
  }));

/** Each is a job that cannot be done: what is in the folder, the options, what the one line says. */
const BAD: Record<string, { files?: Record<string, string | Uint8Array>; args?: string[]; says: RegExp }> = {
  "missing file": {
    args: ["--data", "god.csv"],
    says: /god\.csv.*(no such file|not there|did you mean "good\.csv")/i,
  },
  "empty file": { files: { "x.csv": "" }, says: /x\.csv.* empty/ },
  "header only": { files: { "x.csv": "user,item,timestamp\n" }, says: /x\.csv.*no rows|x\.csv.*header/ },
  "directory": { args: ["--data", "."], says: /directory|folder/ },
  "binary file": {
    files: { "x.csv": Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13) },
    says: /PNG/,
  },
  "truncated gzip": {
    files: { "x.csv": gzipSync(GOOD.repeat(50)).subarray(0, 120) },
    says: /x\.csv.*(cut short|truncated|ends too early|incomplete)/,
  },
  "wrong delimiter": {
    files: { "x.csv": GOOD },
    args: ["--data", "x.csv", "--delimiter", ";"],
    says: /one column.*","/,
  },
  "missing column": { files: { "x.csv": GOOD.replace("item", "thing") }, says: /item.*(thing)/ },
  "duplicate header": {
    files: { "x.csv": GOOD.replace("timestamp", "item") },
    says: /"item".*twice|two columns.*"item"/,
  },
  "ragged row": { files: { "x.csv": withLine("u1,i9,5,6") }, says: /line 26.*too many fields/ },
  "short row": { files: { "x.csv": withLine("u1,i9") }, says: /line 26, column "timestamp".*empty/ },
  "unclosed quote": {
    files: { "x.csv": withLine('u1,"i9,5') + GOOD },
    says: /line 26.*quote|quote.*line 26/,
  },
  "non-UTF-8": {
    files: {
      "x.csv": Uint8Array.from([...new TextEncoder().encode(GOOD), 0x75, 0x2c, 0xe9, 0x2c, 0x35, 10]),
    },
    says: /line 26.*--encoding latin1|--encoding latin1/,
  },
  "NaN timestamp": {
    files: { "x.csv": withLine("u1,i9,NaN") },
    says: /line 26, column "timestamp": "NaN" is not a finite/,
  },
  "infinite timestamp": {
    files: { "x.csv": withLine("u1,i9,-inf") },
    says: /line 26, .*"-inf" is not a finite/,
  },
  "text for a timestamp": {
    files: { "x.csv": withLine("u1,i9,soon") },
    says: /line 26, .*"soon" is neither a number/,
  },
  "all users under the limit": {
    args: ["--data", "good.csv", "--min-user", "13"],
    says: /no user has 13 .*lower --min-user/,
  },
  "one item only": {
    files: { "x.csv": GOOD.replace(/,i\d+,/g, ",i,") },
    args: ["--data", "x.csv", "--protocols", "recbole"],
    says: /same one item/,
  },
  "fewer items than strict negatives": {
    says: /Cannot draw 100 strict negatives for user "u0": only 11 items/,
  },
  "output folder under a file": {
    args: ["--data", "good.csv", "--eval-negatives", "2", "--out", "good.csv/made"],
    says: /good\.csv\/made/,
  },
  "unknown option": {
    args: ["--data", "good.csv", "--min-usr", "3"],
    says: /Unknown option --min-usr \(did you mean "min-user"\?\)/,
  },
  "option without its value": { args: ["--data", "good.csv", "--seed"], says: /--seed needs a value/ },
  "word for a number": {
    args: ["--data", "good.csv", "--seed", "x"],
    says: /--seed takes a number, not "x"/,
  },
  "word that is no choice": {
    args: ["--data", "good.csv", "--split", "leave-on-out"],
    says: /--split takes .*did you mean "leave-one-out"/,
  },
  "negative seed": {
    args: ["--data", "good.csv", "--seed", "-1"],
    says: /Option --seed does not fit: Too small/,
  },
  "weights beyond all numbers": {
    args: ["--data", "good.csv", "--exponent", "1e3"],
    says: /Option --exponent does not fit: Too big/,
  },
  "device for a configuration": {
    args: ["--data", "good.csv", "--config", "/dev/zero"],
    says: /Cannot read \/dev\/zero: it is no regular file/,
  },
  "number out of range": {
    args: ["--data", "good.csv", "--min-user=-1"],
    says: /Option --min-user does not fit: Too small/,
  },
  "unknown configuration key": {
    files: { "run.yaml": "minUsers: 3\n" },
    args: ["--data", "good.csv", "--config", "run.yaml"],
    says: /Unknown key "minUsers" in run\.yaml \(did you mean "minUser"\?\)/,
  },
  "configuration that is no YAML": {
    files: { "run.yaml": "a: [\n" },
    args: ["--data", "good.csv", "--config", "run.yaml"],
    says: /Cannot read the configuration run\.yaml/,
  },
  "conflicting options": {
    args: ["--data", "good.csv", "--ratios", "0.8,0.1,0.1"],
    says: /--ratios goes with --split ratio/,
  },
  "conflicting options, another": {
    args: ["--data", "good.csv", "--valid-from", "3"],
    says: /go with --split global-time/,
  },
  "features without items": {
    args: ["--data", "good.csv", "--features", "genres"],
    says: /--features needs a table of items/,
  },
  "nothing to prepare": { args: [], says: /Nothing to prepare: give --data FILE/ },
  "unknown data set": { args: ["--dataset", "ml-1n"], says: /did you mean "ml-1m"/ },
  "stray argument": { args: ["good.csv"], says: /Unexpected "good\.csv": files are named with --data/ },
};

Deno.test("prepare: bad input ends with one line, exit code 2 and no folder", async (t) => {
  for (const [name, { files = {}, args, says }] of Object.entries(BAD)) {
    await t.step(name, () =>
      withFolder(async (dir) => {
        for (const [file, content] of Object.entries({ "good.csv": GOOD, ...files })) {
          const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
          Deno.writeFileSync(join(dir, file), bytes);
        }
        const options = args ?? ["--data", files["x.csv"] === undefined ? "good.csv" : "x.csv"];
        const out = options.includes("--out") ? [] : ["--out", "made"];
        const before = [...Deno.readDirSync(dir)].map(({ name }) => name).sort();
        assertRefused(await task("prepare", [...options, ...out], { cwd: dir }), says);
        assert.deepEqual(
          [...Deno.readDirSync(dir)].map(({ name }) => name).sort(),
          before,
          "nothing is left",
        );
      }));
  }
});

Deno.test("prepare: milliseconds among seconds get a warning, and the work continues", () =>
  withFolder(async (dir) => {
    Deno.writeTextFileSync(join(dir, "x.csv"), withLine("u1,i9,1300000000000"));
    const args = ["--data", "x.csv", "--out", "made", "--eval-negatives", "2"];
    const { code, stderr } = await task("prepare", args, {
      cwd: dir,
    });
    assert.equal(code, 0);
    assert.match(stderr, /warning: 1 timestamps look like milliseconds and 24 like seconds/);
  }));

Deno.test("prepare: --quiet says nothing, --help says all", () =>
  withFolder(async (dir) => {
    const quiet = await task("prepare", [
      "--data",
      HAND,
      "--eval-negatives",
      "2",
      "--quiet",
      "--out",
      join(dir, "made"),
    ]);
    assert.deepEqual(quiet, { code: 0, stdout: "", stderr: "" });
    const help = await task("prepare", ["--help"]);
    assert.equal(help.code, 0);
    for (
      const flag of [
        "--data FILE",
        "--min-user N",
        "(default: 10)",
        "recbole, strict, uniform",
        "leave-one-out",
      ]
    ) {
      assert(help.stdout.includes(flag), flag);
    }
    assert(help.stdout.split("\n").every((line) => line.length <= 120));
  }));

/** A log of many rows, so that the work takes a while. */
function bigLog(path: string): void {
  const lines = ["user,item,timestamp"];
  for (let i = 0; i < 300_000; i++) lines.push(`${i % 20_000},${(i * 7919) % 4_001},${i}`);
  Deno.writeTextFileSync(path, lines.join("\n") + "\n");
}

Deno.test("prepare: a kill at any moment leaves the old dataset whole; Ctrl-C ends with code 130", () =>
  withFolder(async (dir) => {
    const out = join(dir, "made"), log = join(dir, "log.csv");
    bigLog(log);
    const args = ["--data", log, "--out", out, "--quiet"];
    assert.equal((await task("prepare", [...args, "--seed", "1"])).code, 0);
    const { hash } = (await readDataset(out)).manifest;
    const started = (seed: number) => startTask("prepare", [...args, "--seed", String(seed)]);
    for (const [round, wait] of [300, 450, 600, 800].entries()) {
      const child = started(2 + round);
      await new Promise((resolve) => setTimeout(resolve, wait));
      const killed = kill(child, "SIGKILL");
      await child.ended;
      const dataset = await readDataset(out);
      if (killed && dataset.manifest.hash === hash) dataset.table("negatives");
      else assert.equal(dataset.manifest.seed, 2 + round, "the old dataset or the new one");
    }
    const child = started(99);
    await new Promise((resolve) => setTimeout(resolve, 450));
    kill(child, "SIGINT");
    const { code, stderr } = await child.ended;
    const { manifest } = await readDataset(out);
    if (manifest.seed !== 99) {
      assert.equal(code, 130);
      assert.match(stderr, /^(error: Stopped while [^\n]*\n)?$/, "it says nothing before it has begun");
    }
    assert.equal((await task("prepare", [...args, "--seed", "100"])).code, 0);
    assert.deepEqual(
      [...Deno.readDirSync(dir)].map(({ name }) => name).sort(),
      ["log.csv", "made"],
      "leftovers are gone",
    );
  }));

/** False where the child was done already. */
function kill(child: StartedTask, signal: Deno.Signal): boolean {
  try {
    child.signal(signal);
    return true;
  } catch {
    return false;
  }
}

/** Runs a command in a mount namespace of its own with a tiny file system at `dir`; needs the right to mount. */
const onTinyDisk = (dir: string, ...command: string[]) =>
  new Deno.Command("unshare", {
    args: ["-m", "sh", "-c", 'mount -t tmpfs -o size=64k none "$0" && exec "$@"', dir, ...command],
    stdin: "null",
    env: { NO_COLOR: "1" },
  });

async function canMount(): Promise<boolean> {
  const dir = Deno.makeTempDirSync();
  try {
    return (await onTinyDisk(dir, "true").output()).success;
  } catch {
    return false;
  } finally {
    Deno.removeSync(dir);
  }
}

Deno.test({
  name: "prepare: a full disk is one line, exit code 2 and no folder",
  ignore: !(await canMount()),
  fn: () =>
    withFolder(async (dir) => {
      const disk = join(dir, "disk"), log = join(dir, "log.csv");
      Deno.mkdirSync(disk);
      bigLog(log);
      const script = `"$@"; code=$?; ls -A "$0" >&2; exit $code`;
      const { code, stderr } = await onTinyDisk(
        disk,
        "sh",
        "-c",
        script,
        disk,
        Deno.execPath(),
        ...taskArguments("prepare", "--data", log, "--out", join(disk, "made"), "--quiet"),
      ).output();
      assert.match(
        new TextDecoder().decode(stderr),
        /^error: Cannot write the dataset [^\n]*free some space[^\n]*\n$/,
      );
      assert.equal(code, 2);
    }),
});
