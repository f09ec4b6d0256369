/** `deno task data`, as a process with its own permissions. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Ran, task } from "../../command.ts";
import { withFolder } from "../../folders.ts";
import { inProcess } from "../../in_process.ts";
import { launched } from "../../launched.ts";
import { fromFileUrl } from "../../paths.ts";
import { ARCHIVE, digest, list, withServer } from "../readers/known/tiny.ts";

const ONE_MORE = fromFileUrl(new URL("./one_more.ts", import.meta.url));
const FEW = ["--eval-negatives", "5", "--protocols", "recbole"];

/** Runs commands that know the data set `tiny`, with a cache of its own. */
const withTiny = (
  sha256: string,
  test: (run: (command: string, ...args: string[]) => Promise<Ran>, cache: string) => Promise<void>,
) =>
  withServer(ARCHIVE, async (url, folder) => {
    const cache = Deno.realPathSync(folder), env = { AUTOMLP_TEST_URL: url, AUTOMLP_TEST_SHA256: sha256 };
    const flags = [`--allow-net=${new URL(url).host}`];
    await test(
      (command, ...args) => launched(command, [...args, "--cache", cache], { preload: ONE_MORE, env, flags }),
      cache,
    );
  });

Deno.test("get downloads a data set, once, and prepare takes it", () =>
  withTiny(digest(ARCHIVE), async (run, cache) => {
    const { code, stdout, stderr } = await run("data", "get", "Tiny");
    assert.equal(code, 0, stderr);
    assert.match(stderr, /^note: Tiny ratings: free; from http:\S+\/tiny\.zip$/m);
    assert.match(
      stdout,
      /^tiny is here now, in .+\/tiny\.\nTiny ratings\n.* SHA-256 .*, as the test\nTerms: free\n/,
    );
    assert.match(stdout, /\nNext: deno task prepare --dataset tiny --out data\/tiny\n$/);
    assert.deepEqual(list(cache), ["tiny"]);

    const again = await run("data", "get", "tiny");
    assert.deepEqual([again.code, again.stderr], [0, ""]);
    assert.equal(again.stdout, `tiny is here already, in ${join(cache, "tiny")}: nothing was done.\n`);
    const { datasets } = JSON.parse((await run("data", "list", "tiny", "--json")).stdout);
    assert.deepEqual([datasets[0].folder, datasets[0].licence], [join(cache, "tiny"), "free"]);

    const out = join(cache, "out");
    const prepared = await run("prepare", "--dataset", "tiny", "--out", out, ...FEW, "--quiet");
    assert.deepEqual(prepared, { code: 0, stdout: "", stderr: "" });
  }));

Deno.test("a wrong checksum: one line, which says what to do, and nothing is left", () =>
  withTiny("aa", async (run, cache) => {
    const { code, stdout, stderr } = await run("data", "get", "tiny");
    assert.match(
      stderr,
      /\nerror: Cannot use the download \S+: its SHA-256 is \w+, that of the test is aa; it was deleted; [^\n]* by hand [^\n]*\n$/,
    );
    assert.deepEqual([code, stdout, list(cache)], [1, "", []]);
  }));

Deno.test("several at once make the demonstration data in one cache, and one that is there already stays", () =>
  withFolder(async (cache) => {
    const prepare = (i: number) =>
      task("prepare", [
        "--dataset",
        "demo",
        "--out",
        join(cache, `out${i}`),
        "--cache",
        cache,
        ...FEW,
        "--quiet",
      ]);
    const done = { code: 0, stdout: "", stderr: "" };
    assert.deepEqual(await Promise.all([1, 2, 3].map(prepare)), [done, done, done]);
    const [made] = list(cache).filter((name) => name.startsWith("demo-"));
    const { ino } = Deno.statSync(join(cache, made));
    assert.deepEqual(await prepare(4), done);
    assert.equal(Deno.statSync(join(cache, made)).ino, ino);
    assert.deepEqual(list(cache), [made, "out1", "out2", "out3", "out4"]);
  }));

Deno.test("without preparation: the list, what is unknown, and what is not said", () =>
  withFolder(async (cache) => {
    const data = (...args: string[]) => inProcess("data", [...args, "--cache", cache]);
    const all = await data();
    assert.match(all.stdout, /^ml-1m +MovieLens 1M \(2003\) +6,040 +3,706 +1,000,209 +5\.92 MB +research; /m);
    assert.match(all.stdout, new RegExp(`\nKept in ${cache}: none of them yet\\.\n`));
    assert.deepEqual(await data("list"), all);
    const refused: [args: string[], line: RegExp][] = [
      [["get"], /^error: Which data set\? Name it, as in deno task data get ml-1m/],
      [
        ["get", "ml-100k", "ml-1mm"],
        /^error: There is no known data set "ml-1mm" \(did you mean "ml-1m"\?\)/,
      ],
      [["ml-1m"], /^error: Unknown "ml-1m": .*, as in deno task data get ml-1m$/m],
      [["lst"], /^error: Unknown "lst": .* \(did you mean "list"\?\)$/m],
      [["list", "movies-2030"], /^error: No known data set has movies-2030 in its name/],
    ];
    for (const [args, line] of refused) {
      const { code, stdout, stderr } = await data(...args);
      assert.match(stderr, line);
      assert.deepEqual([code, stdout], [2, ""]);
    }
    const made = await data("get", "demo", "--json");
    const [demo] = JSON.parse(made.stdout).datasets;
    assert.deepEqual([demo.status, existsSync(join(demo.folder, "interactions.csv"))], ["generated", true]);
    const rows = Deno.readTextFileSync(join(demo.folder, "interactions.csv")).trim().split("\n").slice(1);
    const count = (column: number) => new Set(rows.map((row) => row.split(",")[column])).size;
    assert.deepEqual(
      [demo.users, demo.items, demo.interactions],
      [count(0), count(1), rows.length],
      "the registry's counts",
    );
    assert.match((await data("list", "demo")).stdout, /^demo .* yes$/m);
  }));
