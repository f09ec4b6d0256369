import assert from "node:assert/strict";
import pl from "nodejs-polars";
import { inAll } from "../../../../pipeline/negatives/on_disk.ts";
import { DUCKDB as d } from "../../../../pipeline/scale/dialect.ts";
import { DuckDbRunner } from "../../../../pipeline/scale/duckdb/runner.ts";
import { LEAST_MEMORY } from "../../../../pipeline/scale/options.ts";
import { refuseTooMany } from "../../../../pipeline/scale/stages/split.ts";
import { type Parts, placed } from "../../../../pipeline/scale/stages/split_sql.ts";
import { bucketed, numbered } from "../../../../pipeline/scale/stages/vocabulary.ts";
import { withFolder } from "../../../folders.ts";

/** Rows are numbered correctly beyond 2³¹ and 2³² rows, tested with a few rows whose numbers begin there. */

const withRunner = (work: (runner: DuckDbRunner) => Promise<void>) =>
  withFolder((folder) => DuckDbRunner.with({ memory: LEAST_MEMORY, folder }, work));
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
