import assert from "node:assert/strict";
import { join } from "node:path";
import pl, { type DataType } from "nodejs-polars";
import { prepare } from "../../../../mod.ts";
import { InputError, Interrupted, RunError } from "../../../../pipeline/contract/errors.ts";
import { SparkRunner } from "../../../../pipeline/scale/spark/runner.ts";
import { task } from "../../../command.ts";
import { commandLinesOf } from "../../../documents/read.ts";
import { withFolder } from "../../../folders.ts";
import { hasSpark, withSpark } from "./server.ts";

/** A session on a real Spark: who may use it, what it leaves, how it ends. */

const TOKEN = "open sesame";
/** Takes hours on two cores. */
const ENDLESS = "SELECT sum(a.id * b.id) AS n FROM range(10000000) a CROSS JOIN range(10000000) b";

const failure = async (work: Promise<unknown>): Promise<Error> =>
  await work.then(() => assert.fail("it did not fail"), (error) => error);

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

Deno.test({ name: "a session on Spark", ignore: !hasSpark }, async (t) => {
  await withSpark(async ({ url, kill }) => {
    const open = `${url}/;token=${encodeURIComponent(TOKEN)}`;
    const session = <R>(work: (runner: SparkRunner) => Promise<R>, signal?: AbortSignal) =>
      SparkRunner.with({ url: open, parts: 2, signal }, work);
    const databases = () =>
      session(async (runner) => {
        const own = await runner.rows("SHOW DATABASES");
        return (own.getColumn("namespace").toArray() as string[]).filter((name) =>
          name.startsWith("automlp_")
        );
      });

    await t.step("needs the server's token", async () => {
      for (const address of [url, `${url}/;token=other`]) {
        const error = await failure(SparkRunner.with({ url: address, parts: 2 }, () => Promise.resolve()));
        assert(error instanceof InputError, String(error));
        assert.match(
          error.message,
          /^Cannot use Spark at 127\.0\.0\.1:\d+: it asks for a token, or for another one; /,
        );
        assert(!error.message.includes("other/"), "the token is not shown");
      }
    });

    await t.step("sends and receives tables as they are", () =>
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
      }));

    await t.step(
      "makes histories of interactions by the query of docs/scale.md, oldest first",
      () =>
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
    );

    await t.step("sends many rows in slices, in their order", () =>
      session(async (runner) => {
        const n = 5_000_000, heights: number[] = [];
        let place = 0;
        for await (const rows of runner.ranges(`SELECT ${n} - id AS place FROM range(${n})`, "place")) {
          const places = rows.getColumn("place").cast(pl.Int32).toTypedArray() as Int32Array;
          assert(places.every((at) => at === ++place));
          heights.push(rows.height);
        }
        assert.deepEqual([place, heights.length], [n, 3]);
        assert(Math.max(...heights) <= 1 << 21);
      }));

    await t.step("says how many tasks are finished while it waits", () =>
      session(async (runner) => {
        let finished = 0, calls = 0;
        runner.watch({ doing: "counting", finished: (tasks) => (finished += tasks, calls++) });
        const sum = await runner.rows("SELECT sum(id % 7) AS n FROM range(0, 600000000, 1, 40)");
        assert.equal(Number(sum.row(0)[0]), 1_799_999_995);
        assert(finished > 0 && finished <= 42 && calls > 0, `${finished} tasks in ${calls} calls`);
      }));

    await t.step("leaves nothing on the cluster, even if its work fails", async () => {
      const error = await failure(session(async (runner) => {
        await runner.keep("kept", "SELECT 1 AS one");
        await runner.rows("SELECT no_such_function(one) FROM kept");
      }));
      assert(error instanceof RunError);
      assert.match(
        error.message,
        /^Spark failed while connecting: \[UNRESOLVED_ROUTINE\][^\n]*no_such_function/,
      );
      assert.deepEqual(await databases(), []);
    });

    // At first the cluster plans the query; an interruption at that point does not reach the planned tasks.
    for (const after of [0, 1500]) {
      await t.step(
        `ends what the cluster does when it is told to stop, ${after} ms after it began`,
        async () => {
          const stop = new AbortController(), watcher = { doing: "counting", finished() {} };
          const work = session(async (runner) => {
            runner.watch(watcher);
            setTimeout(() => stop.abort(), after);
            await runner.rows(ENDLESS);
          }, stop.signal);
          const error = await failure(work);
          assert(error instanceof Interrupted, String(error));
          assert.match(error.message, /^Stopped while counting; /);
          // Both cores are free again: what ran on them has ended.
          assert.deepEqual(await databases(), []);
        },
      );
    }

    await t.step(
      "prepares by the command, with no more permissions than that, and not again",
      () =>
        withFolder(async (dir) => {
          const log = join(dir, "log.csv"), out = join(dir, "made");
          const rows = Array.from({ length: 60 }, (_, i) => `${i % 5},${i % 7},${i}\n`);
          Deno.writeTextFileSync(log, "user,item,timestamp\n" + rows.join(""));
          const args = ["--engine", "spark", "--spark", open, "--parts", "2", "--eval-negatives", "0"];
          const { code, stderr, stdout } = await task("prepare", [...args, "--data", log, "--out", out]);
          assert.equal(code, 0, stderr);
          assert.match(stdout, /split +60/);
          const manifest = Deno.readTextFileSync(join(out, "manifest.json"));
          assert(!manifest.includes("sesame"), "the token is nowhere");
          const { sources: [source], versions } = JSON.parse(manifest);
          assert.deepEqual([source.path, source.bytes, versions.spark[0]], [
            log,
            Deno.statSync(log).size,
            "4",
          ]);
          assert.match(
            (await task("prepare", [...args, "--data", log, "--out", out])).stdout,
            /is up to date/,
          );
          const gone = await task("prepare", [
            ...args,
            "--data",
            join(dir, "no.csv"),
            "--out",
            join(dir, "other"),
          ]);
          assert.deepEqual([gone.code, gone.stdout], [2, ""]);
          assert.match(
            gone.stderr,
            /^error: Cannot read file:\S+no\.csv: the cluster finds nothing there; name files as the cluster sees them\n$/,
          );
          const relative = await task("prepare", [...args, "--data", "log.csv", "--out", join(dir, "other")]);
          assert.match(
            relative.stderr,
            /^error: Cannot read log\.csv on the cluster: a relative path is another file on each machine;/,
          );
        }),
    );

    await t.step(
      "prepares a table of its catalogue, and says what is wrong with one",
      () => withFolder((dir) => tables(dir, open)),
    );

    await t.step("says what it does not read of Parquet", () => withFolder((dir) => parquet(dir, open)));

    await t.step("says how to go on when the server is gone", async () => {
      const error = await failure(session(async (runner) => {
        setTimeout(kill, 1000);
        await runner.rows(ENDLESS);
      }));
      assert(error instanceof RunError);
      assert.match(
        error.message,
        /^Lost the connection to Spark at 127\.0\.0\.1:\d+ while connecting; give the same command again$/,
      );
    });
  }, {
    "spark.connect.authenticate.token": TOKEN,
    "spark.connect.progress.reportInterval": "50ms",
  });
});

/** A table of the catalog gives the same dataset as its rows in a file, with ties in the order of items. */
async function tables(dir: string, spark: string): Promise<void> {
  const rows = Array.from({ length: 240 }, (_, i) => ({
    who: `u${i * i % 11}`,
    what: i * 7 % 61,
    stars: i % 5 / 2,
    at: new Date(1_700_000_000_000 + i * 37 % 9 * 1000),
  }));
  const text = rows.map(({ who, what, stars, at }) => `${who},${what},${stars},${at.toISOString()}\n`);
  Deno.writeTextFileSync(join(dir, "log.csv"), "user,item,rating,timestamp\n" + text.join(""));
  const more = { minUser: 4, evalNegatives: 0, ties: "item" as const };
  const here = await prepare({ data: join(dir, "log.csv"), ...more, out: join(dir, "polars") });
  const make = (name: string, values: string[]) =>
    SparkRunner.with({ url: spark, parts: 2 }, async (runner) => {
      await runner.rows("CREATE DATABASE IF NOT EXISTS logs");
      await runner.rows(`DROP TABLE IF EXISTS logs.${name}`);
      await runner.rows(
        `CREATE TABLE logs.${name} USING parquet AS SELECT * FROM VALUES ${
          values.join(", ")
        } AS t (who, what, stars, at)`,
      );
    });
  const value = ({ who, what, stars, at }: typeof rows[number]) =>
    `('${who}', ${what}, ${stars}D, timestamp_millis(${at.getTime()}))`;
  await make("clicks", rows.toReversed().map(value));
  const there = (data: string, options: object = {}) =>
    prepare({
      data,
      ...more,
      columns: ["user=who", "item=what", "rating=stars", "timestamp=at"],
      engine: "spark",
      spark,
      parts: 2,
      out: join(dir, "spark"),
      ...options,
    });
  const made = await there("table:logs.clicks");
  assert.equal(made.dataset.manifest.hash, here.dataset.manifest.hash);
  assert.equal(made.dataset.manifest.name, "clicks");
  const [{ path, digest }] = made.dataset.manifest.sources;
  assert.equal(path, "table:logs.clicks");
  assert.match(digest!, /^240-[0-9A-F]+$/);
  assert.equal((await there("table:logs.clicks")).status, "unchanged");
  await make("clicks", rows.slice(1).map(value));
  assert.equal((await there("table:logs.clicks")).status, "prepared", "other rows are another dataset");

  await make("odd", [...rows.map(value), "('u1', 7, 1D, NULL)"]);
  await assert.rejects(
    there("table:logs.odd"),
    new InputError(
      'Cannot read table:logs.odd: row "{\\"user\\":\\"u1\\",\\"item\\":\\"7\\",\\"rating\\":\\"1.0\\"}", column "at": the field is empty; fix it, or set bad rows aside with onBadRow: "skip"',
    ),
  );
  const aside = await there("table:logs.odd", { onBadRow: "skip", force: true });
  assert.equal(aside.dataset.manifest.hash, here.dataset.manifest.hash);
  assert.match(
    Deno.readTextFileSync(join(dir, "spark", "rejected.csv")),
    /\ntable:logs\.odd,0,at,timestamp missing,/,
  );

  const refused = (data: string, options: object, message: RegExp) =>
    assert.rejects(
      there(data, options),
      (error) => error instanceof InputError && message.test(error.message),
    );
  await refused(
    "table:logs.none",
    {},
    /^Cannot read the table logs\.none: the cluster's catalogue has none of that name/,
  );
  await refused(
    "table:clicks",
    {},
    /^Cannot read table:clicks on the cluster: name the table with its database/,
  );
  for (const ties of ["file", "reverse"]) {
    await refused(
      "table:logs.clicks",
      { ties },
      /^Cannot order interactions of table:logs\.clicks at the same time: .*; say ties: "item"$/,
    );
  }
  await refused(
    "table:logs.clicks",
    { format: "csv", force: true },
    /^Cannot read table:logs\.clicks with format: /,
  );
  await refused(
    "table:logs.clicks",
    { columns: ["user=at", "item=what", "timestamp=stars"], force: true },
    /^Cannot read table:logs\.clicks: column "at" is Datetime, not the user$/,
  );
}

/** Spark does not read nanoseconds, and takes the types of all files of a glob from one of them. */
async function parquet(dir: string, spark: string): Promise<void> {
  const users = Array.from({ length: 12 }, (_, i) => `u${i % 3}`), data = join(dir, "*.parquet");
  const write = (name: string, type: DataType) => {
    const timestamp = pl.Series("timestamp", Int32Array.from(users, (_, i) => i)).cast(pl.Int64).cast(type);
    pl.DataFrame({ user: users, item: users, timestamp }).writeParquet(join(dir, name));
  };
  const refused = (message: RegExp) =>
    assert.rejects(
      prepare({
        data,
        engine: "spark",
        spark,
        parts: 2,
        minUser: 3,
        evalNegatives: 0,
        out: join(dir, "out"),
      }),
      (error) => error instanceof InputError && message.test(error.message),
    );
  write("a.parquet", pl.Datetime("us"));
  write("b.parquet", pl.Int64);
  await refused(
    /^Cannot read \/\S+\/[ab]\.parquet together with others: its column "timestamp" is \S+, theirs \S+; name files /,
  );
  Deno.removeSync(join(dir, "b.parquet"));
  write("a.parquet", pl.Datetime("ns"));
  await refused(
    /^Cannot read Parquet with points in time as nanoseconds on Spark, which knows microseconds: /,
  );
}
