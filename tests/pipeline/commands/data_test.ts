/** `deno task data`, as a process with its own permissions, and a server that behaves as real servers do. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { partialBytes } from "../../../pipeline/readers/downloads/partial.ts";
import { appears, type Ran, task } from "../../command.ts";
import { withFolder } from "../../folders.ts";
import { launched } from "../../launched.ts";
import { fromFileUrl } from "../../paths.ts";
import { type Behaviour, FileServer } from "../readers/file_server.ts";
import { ARCHIVE, digest, list } from "../readers/known/tiny.ts";

const ONE_MORE = fromFileUrl(new URL("./one_more.ts", import.meta.url));
const THIRD = Math.floor(ARCHIVE.length / 3);
const FEW = ["--eval-negatives", "5", "--protocols", "recbole"];
const TERMS = /^note: Tiny ratings: free; from http:\S+\/tiny\.zip$/m;

interface Place {
  server: FileServer;
  cache: string;
  /** Runs a command that knows the data set `tiny`. */
  run(command: string, ...args: string[]): Promise<Ran>;
  /** The same for a command that is killed when the promise resolves. */
  killed(when: Promise<void>, command: string, ...args: string[]): Promise<Ran>;
}

const withTiny = (
  behaviour: Partial<Behaviour>,
  test: (place: Place) => Promise<void>,
  sha256 = digest(ARCHIVE),
) =>
  withFolder(async (temporary) => {
    const cache = Deno.realPathSync(temporary);
    await using server = new FileServer({ body: ARCHIVE, etag: '"v1"', ...behaviour });
    const env = {
      AUTOMLP_TEST_URL: `http://127.0.0.1:${server.port}/tiny.zip`,
      AUTOMLP_TEST_SHA256: sha256,
    };
    const start = (command: string, args: string[], onWord?: (child: Deno.ChildProcess) => void) =>
      launched(command, [...args, "--cache", cache], {
        preload: ONE_MORE,
        env,
        onWord,
        flags: [`--allow-net=127.0.0.1:${server.port}`],
      });
    await test({
      server,
      cache,
      run: (command, ...args) => start(command, args),
      killed: (when, command, ...args) =>
        start(command, args, (child) => void when.then(() => child.kill("SIGKILL"))),
    });
  });

/** Leaves the first third in the cache. */
async function leaveAThird({ server, cache, run }: Place): Promise<void> {
  Object.assign(server.behaviour, { breakAfter: THIRD, then: { breakAfter: undefined, status: 503 } });
  const { code, stderr } = await run("data", "get", "tiny");
  assert.equal(code, 1);
  assert.match(stderr, TERMS);
  assert.match(
    stderr,
    /\nerror: Cannot download \S+\/tiny\.zip: the server answered 503 Service Unavailable; [\d.]+ kB of it are kept, and the same command resumes from there; or download tiny\.zip by hand from https:\/\/example\.org\/tiny and pass it with --data \(deno task prepare --dataset tiny --data tiny\.zip\)\n$/,
  );
  assert.equal(partialBytes(join(cache, "tiny.partial"))?.bytes, THIRD);
  server.behaviour.status = undefined;
  server.asked.length = 0;
}

Deno.test("a download that broke off goes on with the next command, and is there for prepare; a second get does nothing", () =>
  withTiny({}, async (place) => {
    const { server, cache, run } = place;
    await leaveAThird(place);
    assert.match((await run("data", "list", "tiny")).stdout, /^tiny .* free +33 %$/m);
    const { code, stdout, stderr } = await run("data", "get", "Tiny");
    assert.equal(code, 0, stderr);
    assert.match(
      stdout,
      /^tiny is here now, in .+\/tiny\.\nTiny ratings\n.* SHA-256 .*, as the test\nTerms: free\n/,
    );
    assert.match(stdout, /\nNext: deno task prepare --dataset tiny --out data\/tiny\n$/);
    assert.deepEqual(server.asked, [{ path: "/tiny.zip", range: `bytes=${THIRD}-`, ifRange: '"v1"' }]);
    assert.deepEqual(list(cache), ["tiny"]);

    const again = await run("data", "get", "tiny");
    assert.deepEqual([again.code, again.stderr], [0, ""]);
    assert.equal(again.stdout, `tiny is here already, in ${join(cache, "tiny")}: nothing was done.\n`);
    const { datasets } = JSON.parse((await run("data", "list", "tiny", "--json")).stdout);
    assert.deepEqual([datasets[0].folder, datasets[0].licence], [join(cache, "tiny"), "free"]);

    const prepared = await run(
      "prepare",
      "--dataset",
      "tiny",
      "--out",
      join(cache, "out"),
      ...FEW,
      "--quiet",
    );
    assert.deepEqual(prepared, { code: 0, stdout: "", stderr: "" });
    assert.equal(server.asked.length, 1);
  }));

Deno.test("prepare goes on with what get began", () =>
  withTiny({}, async (place) => {
    await leaveAThird(place);
    const { cache, run, server } = place;
    const { code, stderr } = await run("prepare", "--dataset", "tiny", "--out", join(cache, "out"), ...FEW);
    assert.equal(code, 0, stderr);
    assert.deepEqual(server.ranges, [`bytes=${THIRD}-`]);
    assert(existsSync(join(cache, "out/manifest.json")));
  }));

Deno.test("killed in the middle, it goes on all the same", () =>
  withTiny({ breakAfter: THIRD, silent: true }, async ({ server, cache, run, killed }) => {
    const partial = join(cache, "tiny.partial");
    const began = (async () => {
      await appears(join(partial, "request.json"));
      while ((partialBytes(partial)?.bytes ?? 0) < THIRD) await new Promise((done) => setTimeout(done, 5));
    })();
    const { code } = await killed(began, "data", "get", "tiny");
    assert.notEqual(code, 0);
    Object.assign(server.behaviour, { breakAfter: undefined, silent: false });
    assert.equal((await run("data", "get", "tiny", "--quiet")).code, 0);
    assert.deepEqual(server.ranges, [null, `bytes=${THIRD}-`]);
  }));

Deno.test("a file that has changed, and a server without ranges: from the beginning, in words", () =>
  withTiny({}, async (place) => {
    const { server, run } = place;
    await leaveAThird(place);
    server.behaviour.etag = '"v2"';
    const changed = await run("data", "get", "tiny");
    assert.equal(changed.code, 0, changed.stderr);
    assert.match(changed.stderr, /^warning: tiny\.zip has changed on the server .*: beginning again$/m);
    Deno.removeSync(join(place.cache, "tiny"), { recursive: true });

    await leaveAThird(place);
    server.behaviour.ranges = false;
    const whole = await run("data", "get", "tiny");
    assert.equal(whole.code, 0, whole.stderr);
    assert.match(
      whole.stderr,
      /^warning: 127\.0\.0\.1:\d+ does not continue a download .*: beginning again$/m,
    );
  }));

Deno.test("a wrong checksum, 404 and 500: one line each, and nothing is left", async () => {
  const failing = async ({ cache, run }: Place, line: RegExp) => {
    const { code, stdout, stderr } = await run("data", "get", "tiny");
    assert.match(stderr.replace(TERMS, ""), line);
    assert.deepEqual([code, stdout, list(cache)], [1, "", []]);
  };
  const wrong =
    /^\nerror: Cannot use the download \S+: its SHA-256 is \w+, that of the test is aa; it was deleted; [^\n]*\n$/;
  await withTiny({}, (place) => failing(place, wrong), "aa");
  for (const status of [404, 500]) {
    const line = new RegExp(
      `^\\nerror: Cannot download \\S+: the server answered ${status} [^\\n]*by hand[^\\n]*\\n$`,
    );
    await withTiny({ status }, (place) => failing(place, line));
  }
});

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
    const data = (...args: string[]) => task("data", args, { env: { AUTOMLP_CACHE: cache } });
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
