import assert from "node:assert/strict";
import { join } from "node:path";
import pl from "nodejs-polars";
import { InputError, Interrupted, RunError } from "../../../../pipeline/contract/errors.ts";
import { DUCKDB as d } from "../../../../pipeline/scale/dialect.ts";
import { DuckDbRunner } from "../../../../pipeline/scale/duckdb/runner.ts";
import { numbers } from "../../../../pipeline/scale/engine.ts";
import { LEAST_MEMORY } from "../../../../pipeline/scale/options.ts";
import { withFolder } from "../../../folders.ts";

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
