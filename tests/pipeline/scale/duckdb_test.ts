/** DuckDB: its session and dialect, what is said when it fails, and rows beyond 2³¹ and 2³², with a few rows that begin there. */
import assert from "node:assert/strict";
import { join } from "node:path";
import pl from "nodejs-polars";
import { InputError, Interrupted, RunError } from "../../../pipeline/contract/errors.ts";
import { inAll } from "../../../pipeline/negatives/on_disk.ts";
import { DUCKDB as d } from "../../../pipeline/scale/dialect.ts";
import { duckdbFailure, DuckDbRunner } from "../../../pipeline/scale/duckdb/runner.ts";
import { numbers } from "../../../pipeline/scale/engine.ts";
import { LEAST_MEMORY } from "../../../pipeline/scale/options.ts";
import { refuseTooMany } from "../../../pipeline/scale/stages/split.ts";
import { type Parts, placed } from "../../../pipeline/scale/stages/split_sql.ts";
import { bucketed, numbered } from "../../../pipeline/scale/stages/vocabulary.ts";
import { withFolder } from "../../folders.ts";

const withRunner = (work: (runner: DuckDbRunner, folder: string) => Promise<void>, signal?: AbortSignal) =>
  withFolder((folder) =>
    DuckDbRunner.with({ memory: LEAST_MEMORY, folder, signal }, (runner) => work(runner, folder))
  );
const column = async (runner: DuckDbRunner, select: string) =>
  (await runner.rows(`SELECT ${select} AS a`)).getColumn("a").toArray();

Deno.test("tables are sent, kept, named and brought here", () =>
  withRunner(async (runner, folder) => {
    await runner.table("sent", pl.DataFrame({ id: ["é", "b'"], n: [2.5, -1] }));
    await runner.keep("kept", "SELECT id, n * 2 AS n FROM sent");
    await runner.view("seen", "SELECT * FROM kept WHERE n > 0");
    assert.deepEqual((await runner.rows("SELECT * FROM seen")).rows(), [["é", 5]]);
    const sorted = await runner.sorted("SELECT i * 7 % 10007 AS i FROM range(10007) t(i)", "i");
    assert.equal(sorted.height, 10007);
    assert.deepEqual(
      Array.from(sorted.lazy().collectSync().getColumn("i").toArray(), Number).slice(5000, 5003),
      [
        ...[5000, 5001, 5002],
      ],
    );
    assert.deepEqual(await numbers(runner, "SELECT sum(i) AS total, NULL AS none FROM range(5) t(i)"), {
      total: 10,
      none: 0,
    });
    assert(
      !Array.from(Deno.readDirSync(folder), ({ name }) => name).includes("spill"),
      "nothing was spilled",
    );
  }));

Deno.test("the dialect, by what DuckDB makes of it", () =>
  withRunner(async (runner) => {
    const is = async (select: string, expected: unknown) =>
      assert.deepEqual(
        Array.from(await column(runner, select) as ArrayLike<unknown>, toPlain),
        [expected],
        select,
      );
    await is(d.tryWhole("'x'"), null);
    await is(d.tryDouble("'1e3'"), 1000);
    await is(d.tryMilliseconds("'2024-05-01T10:00:00+0200'"), Date.UTC(2024, 4, 1, 8));
    await is(d.tryMilliseconds("'2024-05-01 10:00:00.5'"), Date.UTC(2024, 4, 1, 10, 0, 0, 500));
    await is(d.tryMilliseconds("'2024-02-31'"), null);
    await is(d.float(d.double(1e300)), Infinity);
    await is(d.float(d.double(-1e300)), -Infinity);
    await is(d.float(d.double(0.1)), Math.fround(0.1));
    await is(`(SELECT ${d.countIf("i > 2")} FROM range(5) t(i))`, 2);
  }));

const toPlain = (value: unknown) => typeof value === "bigint" ? Number(value) : value;

Deno.test("it sees no file outside of its folder", () =>
  withRunner(async (runner, folder) => {
    const outside = join(folder, "..", "outside.csv");
    await assert.rejects(runner.rows(`SELECT * FROM '${outside}'`), /disabled by configuration/);
  }));

Deno.test("what fails is said in one line, and what to do", async (t) => {
  await t.step("a query that needs more than the limit", () =>
    withRunner(async (runner) => {
      runner.watch({ doing: "filtering", finished() {} });
      // A single list value has to fit into memory.
      const wide = "SELECT list(i::VARCHAR || repeat('x', 100)) AS l FROM range(20000000) t(i)";
      await assert.rejects(
        runner.rows(wide),
        new InputError("Cannot continue filtering within 384MiB: DuckDB asks for more; raise --memory"),
      );
    }));
  await t.step("a query that cannot be", () =>
    withRunner(async (runner) => {
      await assert.rejects(runner.rows("SELECT nothing"), (error) => {
        assert(error instanceof RunError);
        assert.match(error.message, /^DuckDB failed while starting DuckDB: Binder Error: .*nothing/);
        assert(!error.message.includes("\n"));
        return true;
      });
    }));
  await t.step("Ctrl-C ends the query under way", async () => {
    const stop = new AbortController();
    await withRunner(async (runner) => {
      runner.watch({ doing: "splitting", finished() {} });
      const endless = runner.rows("SELECT count(*) AS n FROM range(100000000000) t(i) WHERE i % 7 = 3");
      setTimeout(() => stop.abort(), 50);
      const began = performance.now();
      const error = await endless.catch((error) => error);
      assert(error instanceof Interrupted && error.cause === stop.signal.reason);
      assert.equal(error.message, "Stopped while splitting; nothing was written");
      assert(performance.now() - began < 5000);
    }, stop.signal);
  });
});

const circumstances = {
  memory: 2 ** 30,
  folder: "/data/.out.new-1/scratch",
  doing: "splitting",
};

Deno.test("a full disk is told from a small limit", () => {
  for (
    const message of [
      'IO Error: Could not write file "/x": No space left on device',
      "Out of Memory Error: failed to offload data block of size 256.0 KiB (1.0 GiB/1.0 GiB used).\n" +
      "This limit was set by the 'max_temp_directory_size' setting.",
    ]
  ) {
    const said = new Error(message);
    assert.deepEqual(
      duckdbFailure(said, circumstances),
      new InputError(
        "Cannot continue splitting: what does not fit into 1GiB goes to /data/.out.new-1/scratch, and that disk is full; " +
          "free some space, raise --memory, or choose another place with --out",
        { cause: said },
      ),
    );
  }
});

Deno.test("the line says the beginning of what DuckDB said, and all of it is the cause", () => {
  const said = new Error(`Binder Error: ${"x".repeat(500)}\nLINE 1: SELECT`);
  const failure = duckdbFailure(said, circumstances);
  assert(failure instanceof RunError && failure.cause === said);
  assert.equal(failure.message, `DuckDB failed while splitting: ${said.message.slice(0, 400)}`);
});

/** Rows are numbered correctly beyond 2³¹ and 2³² rows, tested with a few rows whose numbers begin there. */

/** The rows of a query as numbers and texts. */
const rowsOf = async (runner: DuckDbRunner, query: string) =>
  ((await runner.rows(query)).rows() as unknown[][]).map((row) =>
    row.map((value) => typeof value === "string" ? value : Number(value))
  );

Deno.test("where a user's rows begin: behind those of all users before, however many they have", () =>
  withRunner(async (runner) => {
    const each = 3_000_000_000;
    await runner.keep(
      "ids",
      `SELECT cast(i AS VARCHAR) AS id, ${each} + i AS interactions FROM range(5) t(i)`,
    );
    await runner.keep("buckets", bucketed("ids", d.tryWhole("id"), ["2", "4"], d.labels(3)));
    assert.deepEqual(
      await rowsOf(runner, `SELECT number, first_row FROM (${numbered(d, "buckets")}) n ORDER BY number`),
      [[1, 0], [2, each], [3, 2 * each + 1], [4, 3 * each + 3], [5, 4 * each + 6]],
    );
  }));

Deno.test("the place in a user's sequence follows from the row, and the split from it", () =>
  withRunner(async (runner) => {
    const first = 2 ** 32 + 5;
    const ordered =
      `SELECT 7 AS user, 1 AS item, 50 + i AS timestamp, 5 AS n, cast(${first} AS BIGINT) AS first_row,
      ${first} + i AS row_index FROM range(5) t(i)`;
    const places = (how: Parts) =>
      rowsOf(runner, `SELECT position, split FROM (${placed(d, ordered, { hasRating: false, how })}) p`);
    const split = async (parts: Parts) => {
      const found = await places(parts);
      assert.deepEqual(found.map(([position]) => position), [1, 2, 3, 4, 5]);
      return found.map(([, split]) => split);
    };
    const [train, validation, test] = ["train", "validation", "test"];
    assert.deepEqual(await split({ kind: "leave-one-out" }), [train, train, train, validation, test]);
    const ratios = [0.4, 0.2, 0.4] as const;
    assert.deepEqual(await split({ kind: "ratio", ratios }), [train, train, validation, test, test]);
    const times = { kind: "global-time", validFrom: 51, testFrom: 54 } as const;
    assert.deepEqual(await split(times), [train, validation, validation, validation, test]);
  }));

Deno.test("sorted on disk, rows have their places as numbers, and keep their order", () =>
  withRunner(async (runner) => {
    const n = 400_000; // several groups of rows in the file, for two threads
    const { numbered, height } = await runner.sorted(
      `SELECT cast(i * 7919 % ${n} AS INT) AS user, i AS source_row FROM range(${n}) t(i)`,
      "user, source_row",
    );
    assert.equal(height, n);
    const kept = await runner.keepInOrder(
      "ordered",
      `SELECT user, row_index FROM (${numbered}) r WHERE user % 2 = 0`,
    );
    const [users, rows] = ["user", "row_index"].map((name) =>
      Array.from(kept.lazy().collectSync().getColumn(name).toArray() as ArrayLike<number>, Number)
    );
    const expected = Array.from({ length: n / 2 }, (_, i) => 2 * i);
    assert.deepEqual(users, expected);
    assert.deepEqual(rows, expected);
    assert.deepEqual(await rowsOf(runner, "SELECT count(*), max(row_index) FROM ordered"), [[n / 2, n - 2]]);
  }));

Deno.test("positives have their places among all rows; more rows than a table can have are refused", () => {
  const rows = pl.DataFrame([pl.Series("row", [0, 5], pl.UInt32)]), first = 2 ** 32 - 7;
  const column = rows.withColumn(inAll(first)).getColumn("row");
  assert.deepEqual([...column.toTypedArray()], [first, first + 5]);
  refuseTooMany(2 ** 32 - 1);
  assert.throws(
    () => refuseTooMany(2 ** 32),
    /^InputError: Cannot make a dataset of 4294967296 interactions: its table can have 4294967295; keep fewer, as with a larger --min-user, or divide/,
  );
});
