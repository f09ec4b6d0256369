import assert from "node:assert/strict";
import { join } from "node:path";
import { readDataset } from "../../../../pipeline/contract/dataset/store.ts";
import { task } from "../../../command.ts";
import { withFolder } from "../../../folders.ts";
import { GOOD, HAND } from "./data.ts";
import { assertRefusals } from "./refusals.ts";

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

Deno.test("prepare: a table of items with names of one's own", () =>
  withFolder(async (dir) => {
    const rows = Array.from({ length: 60 }, (_, i) => `c${i % 3},a${Math.floor(i / 3) % 9},${i}`);
    Deno.writeTextFileSync(
      join(dir, "orders.csv"),
      ["customer_ref,article_no,ordered_on", ...rows].join("\n"),
    );
    const articles = Array.from({ length: 9 }, (_, i) => `a${i},Tea ${i}`);
    Deno.writeTextFileSync(join(dir, "items.csv"), ["article_no,article_name", ...articles].join("\n"));
    const prepare = (...more: string[]) => {
      const own = [
        "--data",
        "orders.csv",
        "--columns",
        "user=customer_ref,item=article_no,timestamp=ordered_on",
      ];
      return task("prepare", [...own, "--eval-negatives", "0", "--out", "made", "--quiet", ...more], {
        cwd: dir,
      });
    };
    const { code, stderr } = await prepare("--items", "items.csv", "--item-columns", "title=article_name");
    assert.deepEqual([code, stderr], [0, ""]);
    const items = (await readDataset(join(dir, "made"))).table("items");
    assert.deepEqual(items.select("id", "title").rows()[0], ["a0", "Tea 0"]);
    const { stderr: refused } = await prepare("--item-columns", "id=x");
    assert.match(refused, /Option --item-columns names columns of a table: name its file with --items/);
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

Deno.test("prepare: bad options end with one line, exit code 2 and no folder", (t) =>
  assertRefusals(t, {
    "unknown option": {
      args: ["--data", "good.csv", "--min-usr", "3"],
      says: /Unknown option --min-usr \(did you mean --min-user\?\)/,
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
      says: /Option --seed does not fit: give a /,
    },
    "weights beyond all numbers": {
      args: ["--data", "good.csv", "--exponent", "1e3"],
      says: /Option --exponent does not fit: give a /,
    },
    "device for a configuration": {
      args: ["--data", "good.csv", "--config", "/dev/zero"],
      says: /Cannot read \/dev\/zero: it is no regular file/,
    },
    "number out of range": {
      args: ["--data", "good.csv", "--min-user=-1"],
      says: /Option --min-user does not fit: give a /,
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
      args: ["--data", "good.csv", "--protocols", "uniform", "--exponent", "2"],
      says: /--exponent goes with negatives that are drawn by popularity/,
    },
    "an exponent without negatives": {
      args: ["--data", "good.csv", "--eval-negatives", "0", "--exponent", "2"],
      says: /--exponent goes with negatives that are drawn by popularity/,
    },
    "features without items": {
      args: ["--data", "good.csv", "--features", "genres"],
      says: /--features needs a table of items/,
    },
    "nothing to prepare": { args: [], says: /Nothing to prepare: give --data FILE/ },
    "unknown data set": { args: ["--dataset", "ml-1n"], says: /did you mean "ml-1m"/ },
    "stray argument": { args: ["good.csv"], says: /Unexpected "good\.csv": files are named with --data/ },
  }));
