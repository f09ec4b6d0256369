/** `deno task prepare`: once as a process, and what it says and refuses in this one. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { readDataset } from "../../../../pipeline/contract/dataset/store.ts";
import { task } from "../../../command.ts";
import { withFolder } from "../../../folders.ts";
import { inProcess } from "../../../in_process.ts";
import { root } from "../../../paths.ts";
import { handExpected } from "../../frames.ts";
import { assertRefused } from "../refused.ts";
import { GOOD, HAND, withLine } from "./data.ts";

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
      pairs: Object.values<string[]>(handExpected.sequences).reduce((n, items) => n + new Set(items).size, 0),
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

    const again = await inProcess("prepare", args);
    assert.match(again.stdout, /is up to date: same data, same options/);
    const other = await inProcess("prepare", [...args, "--seed", "1", "--json"]);
    assert.equal(JSON.parse(other.stdout).status, "prepared", "another seed is another dataset");
    assert.notEqual(JSON.parse(other.stdout).hash, said.hash);
    const forced = await inProcess("prepare", [...args, "--force", "--json"]);
    assert.equal(
      JSON.parse(forced.stdout).hash,
      said.hash,
      "the same options make the same dataset, byte for byte",
    );
    Deno.removeSync(join(out, "users.parquet"));
    const repaired = await inProcess("prepare", [...args, "--json"]);
    assert.equal(JSON.parse(repaired.stdout).status, "prepared", "a damaged folder is made again");
  }));

Deno.test("prepare: bad rows set aside are in rejected.csv with their place", () =>
  withFolder(async (dir) => {
    Deno.writeTextFileSync(join(dir, "bad.csv"), withLine('u1,"i\n9",soon') + "u1,i7,5,6\n");
    const args = ["--data", "bad.csv", "--out", "made", "--eval-negatives", "2", "--on-bad-row", "skip"];
    const { code, stdout, stderr } = await inProcess("prepare", args, { cwd: dir });
    assert.equal(code, 0, stderr);
    assert.match(stdout, /schema +24 +1 +too many fields/);
    assert.match(stdout, /1 +timestamp neither a number nor a date/);
    assert.equal(
      Deno.readTextFileSync(join(dir, "made", "rejected.csv")),
      'file,line,column,reason,text\nbad.csv,26,timestamp,timestamp neither a number nor a date,"u1,""i\n9"",soon"\n' +
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
    const { code, stderr } = await inProcess(
      "prepare",
      ["--data", "odd.csv", "--out", "made", "--min-user", "3", "--eval-negatives", "1"],
      { cwd: dir },
    );
    assert.equal(code, 0, stderr);
    const dataset = await readDataset(join(dir, "made"));
    const found = Array.from({ length: 5 }, (_, i) => dataset.itemId(i + 1));
    assert.deepEqual(found, ids.map((id) => id.replaceAll('""', '"')).sort());
  }));

Deno.test("prepare: milliseconds among seconds get a warning, and the work continues", () =>
  withFolder(async (dir) => {
    Deno.writeTextFileSync(join(dir, "x.csv"), withLine("u1,i9,1300000000000"));
    const args = ["--data", "x.csv", "--out", "made", "--eval-negatives", "2"];
    const { code, stderr } = await inProcess("prepare", args, {
      cwd: dir,
    });
    assert.equal(code, 0);
    assert.match(stderr, /warning: 1 timestamps look like milliseconds and 24 like seconds/);
  }));

Deno.test({
  name: "prepare: of an address with a password nothing that is written has the password",
  ignore: Deno.build.os === "windows", // where folders cannot have such names
  fn: () =>
    withFolder(async (dir) => {
      // A folder's name may look like an address.
      Deno.mkdirSync(join(dir, "s3a:/KEY:wJa@logs"), { recursive: true });
      const rows = Array.from({ length: 60 }, (_, i) => `u${i % 3},i${i % 5},${1_700_000_000 + i}`);
      const text = ["user,item,timestamp", ...rows, "u1,i1,never", ""].join("\n");
      Deno.writeTextFileSync(join(dir, "s3a:/KEY:wJa@logs/day.csv"), text);
      const args = ["--data", "s3a://KEY:wJa@logs/day.csv", "--out", "data", "--min-user", "2"];
      const refused = await inProcess("prepare", args, { cwd: dir });
      assert.match(refused.stderr, /^error: .*s3a:\/\/…@logs\/day\.csv/m);
      const { code, stderr, stdout } = await inProcess("prepare", [...args, "--on-bad-row", "skip"], {
        cwd: dir,
      });
      assert.equal(code, 0, stderr);
      const written = [...Deno.readDirSync(join(dir, "data"))].map(({ name }) => join(dir, "data", name))
        .filter((path) => !path.endsWith(".parquet")).map((path) => Deno.readTextFileSync(path));
      assert(written.some((text) => text.includes("s3a://…@logs/day.csv,62,timestamp")));
      for (const said of [refused.stderr, stderr, stdout, ...written]) assert(!said.includes("wJa"), said);
    }),
});

Deno.test("prepare: options from a file, flags above it", () =>
  withFolder(async (dir) => {
    Deno.writeTextFileSync(join(dir, "good.csv"), GOOD);
    Deno.writeTextFileSync(
      join(dir, "run.yaml"),
      "data: good.csv\nout: made\nevalNegatives: 2\nprotocols: [strict]\nseed: 5\n",
    );
    const { code, stdout, stderr } = await inProcess(
      "prepare",
      ["--config", "run.yaml", "--seed", "6", "--json"],
      { cwd: dir },
    );
    assert.equal(code, 0, stderr);
    const { manifest } = await readDataset(join(dir, "made"));
    assert.deepEqual([manifest.seed, manifest.negatives.protocols, manifest.name], [6, ["strict"], "good"]);
    assert.equal(JSON.parse(stdout).folder, "made");
  }));

Deno.test("prepare: a table of items with names of one's own", () =>
  withFolder(async (dir) => {
    const rows = Array.from({ length: 60 }, (_, i) => `c${i % 3},a${Math.floor(i / 3) % 9},${i}`);
    Deno.writeTextFileSync(
      join(dir, "orders.csv"),
      ["customer_ref,article_no,ordered_on", ...rows].join("\n"),
    );
    const articles = Array.from({ length: 9 }, (_, i) => `a${i},Tea ${i}`);
    Deno.writeTextFileSync(join(dir, "items.csv"), ["article_no,article_name", ...articles].join("\n"));
    Deno.writeTextFileSync(join(dir, "named.yaml"), "itemColumns: { title: article_name }\n");
    const prepare = (...more: string[]) => {
      const own = [
        "--data",
        "orders.csv",
        "--columns",
        "user=customer_ref,item=article_no,timestamp=ordered_on",
      ];
      return inProcess("prepare", [...own, "--eval-negatives", "0", "--out", "made", "--quiet", ...more], {
        cwd: dir,
      });
    };
    const { code, stderr } = await prepare("--items", "items.csv", "--config", "named.yaml");
    assert.deepEqual([code, stderr], [0, ""]);
    const items = (await readDataset(join(dir, "made"))).table("items");
    assert.deepEqual(items.select("id", "title").rows()[0], ["a0", "Tea 0"]);
    const { stderr: refused } = await prepare("--config", "named.yaml");
    assert.match(refused, /Option itemColumns names columns of a table: name its file with --items/);
  }));

/** Jobs that cannot be done: the files in the folder besides `good.csv`, the options, and what the one line says. */
type Refusals = Record<
  string,
  { files?: Record<string, string | Uint8Array>; args?: string[]; says: RegExp }
>;

/** Asserts that each ends with one line and exit code 2, and leaves no folder. */
async function assertRefusals(t: Deno.TestContext, refusals: Refusals): Promise<void> {
  for (const [name, { files = {}, args, says }] of Object.entries(refusals)) {
    await t.step(name, () =>
      withFolder(async (dir) => {
        for (const [file, content] of Object.entries({ "good.csv": GOOD, ...files })) {
          const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
          Deno.writeFileSync(join(dir, file), bytes);
        }
        const options = args ?? ["--data", files["x.csv"] === undefined ? "good.csv" : "x.csv"];
        const out = options.includes("--out") ? [] : ["--out", "made"];
        const before = [...Deno.readDirSync(dir)].map(({ name }) => name).sort();
        assertRefused(await inProcess("prepare", [...options, ...out], { cwd: dir }), says);
        assert.deepEqual(
          [...Deno.readDirSync(dir)].map(({ name }) => name).sort(),
          before,
          "nothing is left",
        );
      }));
  }
}

Deno.test("prepare: bad options and bad input end with one line, exit code 2 and no folder", (t) =>
  assertRefusals(t, {
    "missing file": {
      args: ["--data", "god.csv"],
      says: /god\.csv.*(no such file|not there|did you mean "good\.csv")/i,
    },
    "standard input as a device": {
      args: ["--data", "/dev/stdin"],
      says:
        /^error: Cannot read \/dev\/stdin: it is in a folder of the system's such as \/dev, .* write what it holds into a file/,
    },
    "unclosed quote": {
      files: { "x.csv": withLine('u1,"i9,5') + GOOD },
      says: /line 26.*quote|quote.*line 26/,
    },
    "all users under the limit": {
      args: ["--data", "good.csv", "--min-user", "13"],
      says: /no user has 13 .*lower --min-user/,
    },
    "one item only": {
      files: { "x.csv": GOOD.replace(/,i\d+,/g, ",i,") },
      args: ["--data", "x.csv", "--protocols", "recbole", "--eval-negatives", "100"],
      says: /same one item/,
    },
    "fewer items than strict negatives": {
      args: ["--data", "good.csv", "--eval-negatives", "100"],
      says: /Cannot draw 100 strict negatives for user "u0": only 11 items/,
    },
    "output folder under a file": {
      args: ["--data", "good.csv", "--eval-negatives", "2", "--out", "good.csv/made"],
      says: /good\.csv\/made/,
    },
    "unknown option": {
      args: ["--data", "good.csv", "--min-usr", "3"],
      says: /Unknown option --min-usr \(did you mean --min-user\?\)/,
    },
    "word that is no choice": {
      args: ["--data", "good.csv", "--split", "leave-on-out"],
      says: /--split takes .*did you mean "leave-one-out"/,
    },
    "weights beyond all numbers": {
      files: { "o.yaml": "exponent: 1e3" },
      args: ["--data", "good.csv", "--config", "o.yaml"],
      says: /Key "exponent" in o.yaml does not fit: give a /,
    },
    "number out of range": {
      args: ["--data", "good.csv", "--min-user=-1"],
      says: /Option --min-user does not fit: give a /,
    },
    "conflicting options": {
      args: ["--data", "good.csv", "--ratios", "0.8,0.1,0.1"],
      says: /--ratios goes with --split ratio/,
    },
    "conflicting options, another": {
      args: ["--data", "good.csv", "--valid-from", "3"],
      says: /go with --split global-time/,
    },
    "conflicting options, a third": {
      args: ["--data", "none.csv", "--split", "global-time", "--ratios", "0.8,0.1,0.1", "--test-from", "3"],
      says: /--ratios and --test-from exclude each other/,
    },
    // Errors that can be seen without the data are refused before it is read: the file does not exist.
    "shares that do not add up": {
      args: ["--data", "none.csv", "--split", "ratio", "--ratios", "0.5,0.1,0.1"],
      says: /Cannot split by --ratios 0\.5,0\.1,0\.1: give three positive numbers that add up to 1/,
    },
    "one point in time of two": {
      args: ["--data", "none.csv", "--split", "global-time", "--valid-from", "2024-05-01"],
      says: /give both --valid-from and --test-from, or neither/,
    },
    "test before validation": {
      args: [
        ...["--data", "none.csv", "--split", "global-time"],
        ...["--valid-from", "2024-05-02", "--test-from", "2024-05-01"],
      ],
      says:
        /validation would begin at 2024-05-02 \(--valid-from\) and test at 2024-05-01 \(--test-from\); test must/,
    },
    "a period that ends before it begins": {
      args: ["--data", "none.csv", "--time-from", "9", "--time-before", "7"],
      says:
        /Cannot keep a period from 9 \(--time-from\) until before 7 \(--time-before\): it has to end later/,
    },
    "an exponent that no negatives are drawn by": {
      files: { "o.yaml": "exponent: 2" },
      args: ["--data", "good.csv", "--protocols", "uniform", "--config", "o.yaml"],
      says: /exponent goes with negatives that are drawn by popularity/,
    },
    "an exponent without negatives": {
      files: { "o.yaml": "exponent: 2" },
      args: ["--data", "good.csv", "--eval-negatives", "0", "--config", "o.yaml"],
      says: /exponent goes with negatives that are drawn by popularity/,
    },
    "features without items": {
      args: ["--data", "good.csv", "--features", "genres"],
      says: /--features needs a table of items/,
    },
    "nothing to prepare": { args: [], says: /Nothing to prepare: give --data FILE/ },
    "unknown data set": { args: ["--dataset", "ml-1n"], says: /did you mean "ml-1m"/ },
    "stray argument": { args: ["good.csv"], says: /Unexpected "good\.csv": files are named with --data/ },
  }));
