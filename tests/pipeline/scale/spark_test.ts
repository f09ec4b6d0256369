/** Preparations on a real Spark: one server for all, since starting it and compiling its first queries takes longest. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import pl, { type DataType } from "nodejs-polars";
import { type EngineInput, prepare, type PrepareInput, resolvePrepareConfig } from "../../../mod.ts";
import { InputError, Interrupted, RunError } from "../../../pipeline/contract/errors.ts";
import { notePath } from "../../../pipeline/contract/files/stage.ts";
import { type Progress, silent } from "../../../pipeline/contract/progress.ts";
import { RandomStream } from "../../../pipeline/contract/random.ts";
import { runPreparation } from "../../../pipeline/run.ts";
import { checkEngine, engineSchema } from "../../../pipeline/scale/options.ts";
import { KeptWork } from "../../../pipeline/scale/spark/kept_work.ts";
import { SparkRunner } from "../../../pipeline/scale/spark/runner.ts";
import { task } from "../../command.ts";
import { commandLinesOf } from "../../documents/read.ts";
import { withFolder } from "../../folders.ts";
import { freePort } from "../../free_port.ts";
import { CASES } from "./cases.ts";
import { tryCase } from "./same.ts";
import { hasSpark, INTERPRETED, type SparkServer, withSpark } from "./spark/server.ts";

const TOKEN = "open sesame";
/** Takes hours on two cores. */
const ENDLESS = "SELECT sum(a.id * b.id) AS n FROM range(10000000) a CROSS JOIN range(10000000) b";

const failure = async (work: Promise<unknown>): Promise<Error> =>
  await work.then(() => assert.fail("it did not fail"), (error) => error);
const refused = async (work: Promise<unknown>, message: RegExp) => {
  const error = await failure(work);
  assert(error instanceof InputError, String(error));
  assert.match(error.message, message);
};
const numbersUpTo = (n: number) => Array.from({ length: n }, (_, i) => i);
const namesIn = (folder: string) => Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();

Deno.test("where no server listens, one line says how to start one", async () => {
  const error = await failure(
    SparkRunner.with({ url: "sc://127.0.0.1:1", parts: 2 }, () => Promise.resolve()),
  );
  assert(error instanceof RunError);
  assert.match(
    error.message,
    /^Cannot reach Spark Connect at 127\.0\.0\.1:1: nothing listens there; start one with \$SPARK_HOME\/sbin\/start-connect-server\.sh/,
  );
});

/** What the steps share. */
interface World {
  server: SparkServer;
  /** The server's address with its token. */
  url: string;
  dir: string;
  /** A folder for the cluster's tables. */
  work: string;
  place: EngineInput;
  session<R>(work: (runner: SparkRunner) => Promise<R>, signal?: AbortSignal): Promise<R>;
}

Deno.test({ name: "Spark", ignore: !hasSpark }, (t) =>
  withFolder((dir) =>
    withSpark(async (server) => {
      const url = `${server.url}/;token=${encodeURIComponent(TOKEN)}`, work = join(dir, "work");
      Deno.mkdirSync(work);
      const world: World = {
        server,
        url,
        dir,
        work,
        place: { engine: "spark", spark: url, parts: 2, work },
        session: (work, signal) => SparkRunner.with({ url, parts: 2, signal }, work),
      };
      for (const [name, step] of Object.entries(STEPS)) await t.step(name, () => step(world));
      for (const one of CASES.filter(({ spark }) => spark)) {
        const place = { ...world.place, partRows: 1000 };
        await t.step(`as Polars: ${one.name}`, () => tryCase(dir, { place, work }, one));
      }
      await t.step(
        "work that is cut off is taken up by the same command, and by no other",
        () => keptOrNot(world),
      );
      await t.step("after a kill, and the server's, nothing is done again", () => cutOff(world));
      await t.step("says how to go on when the server is gone", async () => {
        const error = await failure(world.session(async (runner) => {
          setTimeout(server.kill, 500);
          await runner.rows(ENDLESS);
        }));
        assert(error instanceof RunError);
        assert.match(
          error.message,
          /^Lost the connection to Spark at 127\.0\.0\.1:\d+ while connecting; give the same command again$/,
        );
      });
    }, {
      ...INTERPRETED,
      "spark.connect.authenticate.token": TOKEN,
      "spark.connect.progress.reportInterval": "50ms",
    })
  ));

const databases = ({ session }: World) =>
  session(async (runner) => {
    const own = await runner.rows("SHOW DATABASES");
    return (own.getColumn("namespace").toArray() as string[]).filter((name) => name.startsWith("automlp_"));
  });

const STEPS: Record<string, (world: World) => Promise<void>> = {
  async "needs the server's token"({ server }) {
    for (const url of [server.url, `${server.url}/;token=other`]) {
      await refused(
        SparkRunner.with({ url, parts: 2 }, () => Promise.resolve()),
        /^Cannot use Spark at 127\.0\.0\.1:\d+: it asks for a token, or for another one; (?!.*other\/)/,
      );
    }
  },
  "sends and receives tables as they are": ({ session }) =>
    session(async (runner) => {
      const sent = pl.DataFrame([
        pl.Series("id", ["007", "é", 'it\'s \\ "x"'], pl.String),
        pl.Series("whole", Int32Array.of(-1, 0, 2 ** 31 - 1)),
        pl.Series("number", Float64Array.of(0.1, -0.5, 1e300)),
      ]);
      await runner.table("sent", sent);
      await runner.keep("kept", "SELECT * FROM sent");
      assert((await runner.rows("SELECT * FROM kept ORDER BY number")).frameEqual(sent.sort("number")));
      const none = await runner.rows("SELECT * FROM kept WHERE whole > 9 AND number < 0");
      assert.deepEqual([none.height, none.columns], [0, sent.columns]);
      assert.deepEqual(none.dtypes.map(String), sent.dtypes.map(String));
    }),
  "makes histories of interactions by the query of docs/scale.md, oldest first": ({ session }) =>
    session(async (runner) => {
      const query = commandLinesOf("docs/scale.md").find(({ line }) => line.startsWith("SELECT "))!.line;
      await runner.table(
        "interactions",
        pl.DataFrame([
          pl.Series("user", ["ann", "ben", "ann", "ann"], pl.String),
          pl.Series("item", ["pot", "cup", "tea", "cup"], pl.String),
          pl.Series("timestamp", Int32Array.of(30, 5, 10, 20)),
        ]),
      );
      const said = await runner.rows(
        `SELECT user, concat_ws(' ', items) AS items FROM (${query}) ORDER BY user`,
      );
      assert.deepEqual(said.rows(), [["ann", "tea cup pot"], ["ben", "cup"]]);
    }),
  "says how many tasks are finished while it waits": ({ session }) =>
    session(async (runner) => {
      let finished = 0;
      runner.watch({ doing: "counting", finished: (tasks) => finished += tasks });
      const sum = await runner.rows("SELECT sum(id % 7) AS n FROM range(0, 4000000, 1, 40)");
      assert.equal(Number(sum.row(0)[0]), 11_999_994);
      assert(finished > 0 && finished <= 42, `${finished} tasks`);
    }),
  async "leaves nothing on the cluster, even if its work fails"(world) {
    const error = await failure(world.session(async (runner) => {
      await runner.keep("kept", "SELECT 1 AS one");
      await runner.rows("SELECT no_such_function(one) FROM kept");
    }));
    assert(error instanceof RunError);
    assert.match(
      error.message,
      /^Spark failed while connecting: \[UNRESOLVED_ROUTINE\][^\n]*no_such_function/,
    );
    assert.deepEqual(await databases(world), []);
  },
  async "ends what the cluster does when it is told to stop"(world) {
    // At first the cluster plans the query; an interruption at that point does not reach the planned tasks.
    for (const after of [0, 1000]) {
      const stop = new AbortController();
      const error = await failure(world.session(async (runner) => {
        runner.watch({ doing: "counting", finished() {} });
        setTimeout(() => stop.abort(), after);
        await runner.rows(ENDLESS);
      }, stop.signal));
      assert(error instanceof Interrupted, String(error));
      assert.match(error.message, /^Stopped while counting; /);
      // Both cores are free again: what ran on them has ended.
      assert.deepEqual(await databases(world), []);
    }
  },
  async "prepares by the command, with no more permissions than that"({ dir, url }) {
    const log = join(dir, "log.csv"), out = join(dir, "made");
    Deno.writeTextFileSync(
      log,
      "user,item,timestamp\n" + numbersUpTo(60).map((i) => `${i % 5},${i % 7},${i}\n`).join(""),
    );
    const args = ["--engine", "spark", "--spark", url, "--parts", "2", "--eval-negatives", "0"];
    const { code, stderr } = await task("prepare", [...args, "--data", log, "--out", out]);
    assert.equal(code, 0, stderr);
    const manifest = Deno.readTextFileSync(join(out, "manifest.json"));
    assert(!manifest.includes("sesame"), "the token is nowhere");
    const { sources: [source], versions } = JSON.parse(manifest);
    assert.deepEqual([source.path, source.bytes, versions.spark[0]], [log, Deno.statSync(log).size, "4"]);
  },
  async "says what it cannot find, and makes nothing again"({ dir, url }) {
    const options = { engine: "spark", spark: url, parts: 2, evalNegatives: 0 } as const;
    const again = await prepare({ ...options, data: join(dir, "log.csv"), out: join(dir, "made") });
    assert.equal(again.status, "unchanged");
    const out = join(dir, "other");
    await refused(
      prepare({ ...options, data: join(dir, "no.csv"), out }),
      /^Cannot read file:\S+no\.csv: the cluster finds nothing there; name files as the cluster sees them$/,
    );
    await refused(
      prepare({ ...options, data: "log.csv", out }),
      /^Cannot read log\.csv on the cluster: a relative path is another file on each machine;/,
    );
  },
  "prepares a table of its catalogue, and says what is wrong with one": tables,
  "says what it does not read of Parquet": parquet,
  "what comes in pieces is no other": inPieces,
};

/** A dataset of which neither Spark nor this process holds more than some rows at a time. */
async function inPieces({ dir, work, place }: World): Promise<void> {
  const data = join(dir, "pieces.csv"), [here, there] = ["here", "there"].map((name) => join(dir, name));
  const rows = numbersUpTo(900).map((i) => `u${i % 43},i${i * 7 % 211},${i % 5},${i % 40}\n`);
  Deno.writeTextFileSync(data, "user,item,rating,timestamp\n" + rows.join(""));
  const options = { data, minUser: 4, evalNegatives: 7 };
  const { dataset } = await prepare({ ...options, out: here });
  const config = resolvePrepareConfig({ ...options, data: `file:${data}`, out: there });
  const pieces = await runPreparation(config, {
    rowsAtOnce: 100,
    place: checkEngine(engineSchema.parse(place)),
  });
  assert.equal(pieces.dataset.manifest.hash, dataset.manifest.hash);
  assert.deepEqual(namesIn(there), namesIn(here));
  assert.deepEqual(namesIn(work), [], "nothing is left in the working folder");
}

/** A table of the catalog gives the same dataset as its rows in a file, with ties in the order of items. */
async function tables({ dir, url, session }: World): Promise<void> {
  const rows = numbersUpTo(240).map((i) => ({
    who: `u${i * i % 11}`,
    what: i * 7 % 61,
    stars: i % 5 / 2,
    at: new Date(1_700_000_000_000 + i * 37 % 9 * 1000),
  }));
  const text = rows.map(({ who, what, stars, at }) => `${who},${what},${stars},${at.toISOString()}\n`);
  Deno.writeTextFileSync(join(dir, "clicks.csv"), "user,item,rating,timestamp\n" + text.join(""));
  const more = { minUser: 4, evalNegatives: 0, ties: "item" as const };
  const here = await prepare({ data: join(dir, "clicks.csv"), ...more, out: join(dir, "polars") });
  const value = ({ who, what, stars, at }: typeof rows[number]) =>
    `('${who}', ${what}, ${stars}D, timestamp_millis(${at.getTime()}))`;
  const make = (name: string, values: string[]) =>
    session(async (runner) => {
      await runner.rows("CREATE DATABASE IF NOT EXISTS logs");
      await runner.rows(`DROP TABLE IF EXISTS logs.${name}`);
      await runner.rows(
        `CREATE TABLE logs.${name} USING parquet AS SELECT * FROM VALUES ${
          values.join(", ")
        } AS t (who, what, stars, at)`,
      );
    });
  await make("clicks", rows.toReversed().map(value));
  const columns = ["user=who", "item=what", "rating=stars", "timestamp=at"], out = join(dir, "spark");
  const there = (data: string, options: Partial<PrepareInput> = {}) =>
    prepare({ data, ...more, columns, engine: "spark", spark: url, parts: 2, out, ...options });
  const made = await there("table:logs.clicks");
  assert.equal(made.dataset.manifest.hash, here.dataset.manifest.hash);
  assert.equal(made.dataset.manifest.name, "clicks");
  const [{ path, digest }] = made.dataset.manifest.sources;
  assert.equal(path, "table:logs.clicks");
  assert.match(digest!, /^240-[0-9A-F]+$/);
  assert.equal((await there("table:logs.clicks")).status, "unchanged");

  await make("odd", [...rows.map(value), "('u1', 7, 1D, NULL)"]);
  await refused(
    there("table:logs.odd"),
    /^Cannot read table:logs\.odd: row "\{\\"user\\":\\"u1\\",\\"item\\":\\"7\\",\\"rating\\":\\"1\.0\\"\}", column "at": the field is empty; /,
  );
  const aside = await there("table:logs.odd", { onBadRow: "skip", force: true });
  assert.equal(aside.dataset.manifest.hash, here.dataset.manifest.hash);
  const set = Deno.readTextFileSync(join(out, "rejected.csv"));
  assert.match(set, /\ntable:logs\.odd,0,at,timestamp missing,/);

  await refused(
    there("table:logs.none"),
    /^Cannot read the table logs\.none: the cluster's catalogue has none/,
  );
  await refused(
    there("table:clicks"),
    /^Cannot read table:clicks on the cluster: name the table with its database/,
  );
  await refused(
    there("table:logs.clicks", { ties: "file" }),
    /^Cannot order interactions of table:logs\.clicks at the same time: .*; say ties: "item"$/,
  );
  await refused(
    there("table:logs.clicks", { format: "csv", force: true }),
    /^Cannot read table:logs\.clicks with format: /,
  );
  await refused(
    there("table:logs.clicks", { columns: ["user=at", "item=what", "timestamp=stars"], force: true }),
    /^Cannot read table:logs\.clicks: column "at" is Datetime, not the user$/,
  );
}

/** Spark does not read nanoseconds, and takes the types of all files of a glob from one of them. */
async function parquet({ dir: above, url }: World): Promise<void> {
  const dir = Deno.makeTempDirSync({ dir: above });
  const users = numbersUpTo(12).map((i) => `u${i % 3}`), data = join(dir, "*.parquet");
  const write = (name: string, type: DataType) => {
    const timestamp = pl.Series("timestamp", Int32Array.from(users.keys())).cast(pl.Int64).cast(type);
    pl.DataFrame({ user: users, item: users, timestamp }).writeParquet(join(dir, name));
  };
  const more = { engine: "spark", spark: url, parts: 2, minUser: 3, evalNegatives: 0 } as const;
  const prepared = () => prepare({ data, ...more, out: join(dir, "out") });
  write("a.parquet", pl.Datetime("us"));
  write("b.parquet", pl.Int64);
  await refused(
    prepared(),
    /^Cannot read \/\S+\/[ab]\.parquet together with others: its column "timestamp" is \S+, theirs \S+; name files /,
  );
  Deno.removeSync(join(dir, "b.parquet"));
  write("a.parquet", pl.Datetime("ns"));
  await refused(
    prepared(),
    /^Cannot read Parquet with points in time as nanoseconds on Spark, which knows microseconds: /,
  );
}

/** Tests only the parts that keep and find work, with a few statements and no preparation. */
async function keptOrNot({ dir, url, work: above }: World): Promise<void> {
  const work = join(above, "kept"), out = join(dir, "kept"), note = notePath(out);
  Deno.mkdirSync(work);
  const files = () => namesIn(work).flatMap((name) => namesIn(join(work, name)));

  /** A command that does two stages of `text`, and fails in the second or succeeds. Returns what it said. */
  async function command(text: string, fails: boolean, anew = false): Promise<string> {
    const said: string[] = [];
    const progress: Progress = { ...silent, remark: (line) => said.push(line) };
    await SparkRunner.with({ url, parts: 2, work }, async (session) => {
      using runner = new KeptWork(session);
      try {
        await runner.begin({ out, work: text, anew, progress });
        await runner.keep("numbers", "SELECT id, uuid() AS once FROM range(5)");
        assert.equal((await runner.rows("SELECT * FROM numbers")).height, 5);
        runner.finished("counting");
        await runner.view("more", "SELECT id + 1 AS id FROM numbers");
        await runner.keep("sums", "SELECT sum(id) AS n FROM more");
        if (fails) await runner.rows("SELECT no_such_function(n) FROM sums");
        assert.deepEqual((await runner.rows("SELECT n FROM sums")).row(0).map(Number), [15]);
        runner.finished("adding");
        await runner.end();
      } catch (error) {
        throw await runner.afterError(error);
      }
    }).catch((error) => {
      if (!fails) throw error;
      said.push(error.message);
    });
    return said.join("\n");
  }

  assert.match(
    await command("a", true),
    /no_such_function.*; done, and not done again by the same command: counting \(force begins again\)$/,
  );
  const tables = files();
  assert.deepEqual(tables.map((name) => name.replace(/_.*/, "")), ["numbers", "sums"]);
  // As if a kill had cut off the last line of the note.
  Deno.writeTextFileSync(note, '{"tables":{"', { append: true });
  assert.match(await command("a", true), /^Done before, and not done again: counting\n/);
  assert.deepEqual(files(), tables, "computed once");

  await SparkRunner.with({ url, parts: 2, work }, async (session) => {
    using held = new KeptWork(session);
    await held.begin({ out, work: "a", anew: false, progress: silent });
    assert.match(await command("a", true), /another command is at work for it; wait for its end/);
    session.leaveDatabase();
  });
  assert.match(await command("b", true), /was removed \(options, sources or versions have changed\)/);
  assert(!files().some((name) => tables.includes(name)));
  assert.match(await command("b", false, true), /was removed \(--force\)$/);
  assert.deepEqual([namesIn(work), existsSync(note)], [[], false]);
  Deno.removeSync(work);

  Deno.writeTextFileSync(note, "somebody's");
  assert.match(await command("a", true), /^Cannot use .*: automlp did not write it; move it away$/);
  assert.equal(Deno.readTextFileSync(note), "somebody's");
}

/** A preparation whose process is killed, and then the server. */
async function cutOff({ dir, work, url, server }: World): Promise<void> {
  const random = new RandomStream(11, "work that is cut off"), data = join(dir, "cut.csv");
  const rows = numbersUpTo(1500).map(() =>
    `u${random.below(60)},i${random.below(40)},${random.below(1000)}\n`
  );
  Deno.writeTextFileSync(data, "user,item,timestamp\n" + rows.join(""));
  const options = { data, minUser: 5, evalNegatives: 3, protocols: ["strict" as const] };
  const out = join(dir, "cut"),
    there = { ...options, engine: "spark" as const, spark: url, parts: 2, work, out };
  const here = await prepare({ ...options, out: join(dir, "uncut") });
  /** Tables on the cluster, with the time of their files. */
  const tables = () => {
    const [database] = namesIn(work).map((name) => join(work, name));
    const written = (name: string) => Deno.statSync(join(database, name, "_SUCCESS")).mtime!.getTime();
    return new Map(namesIn(database).map((name) => [name, written(name)]));
  };
  const killed = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      join(dirname(import.meta.filename!), "spark", "cut_off.ts"),
      "splitting",
      JSON.stringify(there),
    ],
    stdout: "null",
  }).output();
  assert.equal(killed.signal, "SIGKILL", new TextDecoder().decode(killed.stderr));
  const kept = tables();
  await server.restart();

  const remarks: string[] = [];
  let during = new Map<string, number>();
  const progress: Progress = {
    ...silent,
    remark: (line) => remarks.push(line),
    start(label) {
      if (label === "counting targets") during = tables();
      return { advance() {}, end() {} };
    },
  };
  const done = await prepare(there, { progress });
  assert.equal(
    remarks[0],
    "Done before, and not done again: reading, checking rows, filtering, numbering users and items",
  );
  assert.equal(done.dataset.manifest.hash, here.dataset.manifest.hash);
  for (const [name, time] of kept) assert.equal(during.get(name), time, `${name} was written once`);
  const stems = [...during.keys()].map((name) => name.replace(/_[0-9a-f]{8}$/, ""));
  assert.deepEqual(stems.toSorted(), [...new Set(stems)].toSorted(), "no table was made twice");
  assert.deepEqual(namesIn(work), [], "nothing is left on the cluster");
  assert(!existsSync(notePath(out)), "nor here");
}

/** One user has a tenth of all rows, and one item another tenth; every other user has fewer rows than LONGEST. */
const SKEWED = 40_000, PARTS = 16, HEAVY = SKEWED / 10, LONGEST = 120;

interface Task {
  taskMetrics: {
    shuffleReadMetrics: { recordsRead: number; localBytesRead: number; remoteBytesRead: number };
  };
}

Deno.test({
  name: "Spark: no task holds more than its share and what one user must need",
  ignore: !hasSpark,
  fn: () =>
    withFolder(async (dir) => {
      const port = freePort(), data = join(dir, "log.csv"), random = new RandomStream(3, "skew");
      const rows = numbersUpTo(SKEWED).map((row) => {
        const user = row % 10 === 0 ? "heavy" : `u${random.below(600)}`;
        const item = row % 10 === 1 ? "hot" : `i${random.below(8_000)}`;
        return `${user},${item},${random.below(1e6)}\n`;
      });
      Deno.writeTextFileSync(data, "user,item,timestamp\n" + rows.join(""));
      const options: Omit<PrepareInput, "out"> = {
        data,
        minUser: 5,
        evalNegatives: 0,
        split: "ratio",
        ratios: [0.9, 0.05, 0.05],
      };
      const here = await prepare({ ...options, out: join(dir, "polars") });
      await withSpark(async ({ url }) => {
        const place = { engine: "spark", spark: url, parts: PARTS } as const;
        const there = await prepare({ ...options, ...place, out: join(dir, "spark") });
        assert.equal(there.dataset.manifest.hash, here.dataset.manifest.hash);
        const api = `http://127.0.0.1:${port}/api/v1/applications`;
        const ask = async <T>(path: string): Promise<T> => await (await fetch(api + path)).json();
        const [{ id }] = await ask<{ id: string }[]>("");
        const all = await ask<Record<"stageId" | "attemptId" | "shuffleReadRecords", number>[]>(
          `/${id}/stages`,
        );
        const stages = all.filter(({ shuffleReadRecords }) => shuffleReadRecords >= SKEWED * 0.9);
        let ordered = 0;
        for (const { stageId, attemptId, shuffleReadRecords } of stages) {
          const tasks = await ask<Task[]>(`/${id}/stages/${stageId}/${attemptId}/taskList?length=10000`);
          const reads = tasks.map(({ taskMetrics }) => taskMetrics.shuffleReadMetrics);
          const descending = (numbers: number[]) => numbers.toSorted((a, b) => b - a);
          const rows = descending(reads.map(({ recordsRead }) => recordsRead));
          const bytes = descending(
            reads.map(({ localBytesRead, remoteBytesRead }) => localBytesRead + remoteBytesRead),
          );
          const share = shuffleReadRecords / PARTS, mean = bytes.reduce((sum, n) => sum + n, 0) / PARTS;
          const said = `stage ${stageId}: ${rows}; ${bytes} bytes`;
          if (shuffleReadRecords === SKEWED) {
            ordered++;
            // One task sorts the rows of one user and has no others; each of the other tasks has its share.
            assert(rows.length === PARTS && rows[0] === HEAVY && rows[1] < share + LONGEST, said);
          } else assert(rows[0] < share + HEAVY && bytes[0] < mean * 2.2, said);
        }
        assert(ordered === 1 && stages.length >= 3, "exchanged for users, for items, and for their order");
      }, {
        "spark.ui.enabled": "true",
        "spark.ui.port": String(port),
        // As if all tables were large: they are joined by exchanges, and uneven ones are handled as such.
        "spark.sql.autoBroadcastJoinThreshold": "-1",
        "spark.sql.adaptive.autoBroadcastJoinThreshold": "-1",
        "spark.sql.adaptive.skewJoin.skewedPartitionThresholdInBytes": "16KB",
        "spark.sql.adaptive.advisoryPartitionSizeInBytes": "16KB",
        "spark.sql.files.maxPartitionBytes": "64KB",
        "spark.sql.files.openCostInBytes": "0",
      });
    }),
});
