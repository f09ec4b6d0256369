import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import pl, { type DataFrame, type Series } from "nodejs-polars";
import { readInteractions, type ReadOptions, readSideTable } from "../../../pipeline/readers/mod.ts";
import { DuckDbRunner } from "../../../pipeline/scale/duckdb/runner.ts";
import { LEAST_MEMORY } from "../../../pipeline/scale/options.ts";
import { withFolder } from "../../folders.ts";
import { assertInputError, gzip } from "./files.ts";

/** Writes `frame` in each format, plain and gzip, and hands each file's path to `test`. */
function inEachFormat(frame: DataFrame, test: (path: string) => Promise<void>): Promise<void> {
  return withFolder(async (dir) => {
    frame.writeParquet(`${dir}/a.parquet`);
    frame.writeIPC(`${dir}/a.arrow`);
    frame.writeIPCStream(`${dir}/a.feather`);
    for (const name of ["a.parquet", "a.arrow", "a.feather"]) {
      Deno.writeFileSync(`${dir}/${name}.gz`, gzip(Deno.readFileSync(`${dir}/${name}`)));
      await test(`${dir}/${name}`);
      await test(`${dir}/${name}.gz`);
    }
  });
}

Deno.test("parquet and arrow: a file that was cut short is refused in one line", () =>
  inEachFormat(pl.DataFrame({ user: ["a", "b"], item: ["c", "d"], timestamp: [1, 2] }), async (path) => {
    const whole = Deno.readFileSync(path);
    Deno.writeFileSync(path, whole.slice(0, whole.length / 2));
    await assertInputError(() => readInteractions({ files: [path] }), [`Cannot read ${path}: `]);
    await assertInputError(() => readSideTable({ file: path, key: "item" }), [`Cannot read ${path}: `]);
  }));

const int = (name: string, values: number[]) => pl.Series(name, values, pl.Int64);

Deno.test("parquet and arrow: integers become text as ids, numbers stay numbers", () => {
  const frame = pl.DataFrame([
    int("user_id", [7, 8]),
    pl.Series("item", ["007", "😀"]),
    pl.Series("stars", [4.5, 3]),
    int("ts", [5, 6]),
  ]);
  return inEachFormat(frame, async (path) => {
    const { frame, columnName, locate } = await readInteractions({ files: [path] });
    assert.deepEqual(frame.rows(), [["7", "007", 4.5, 5], ["8", "😀", 3, 6]]);
    assert(frame.getColumn("user").dtype.equals(pl.Categorical));
    assert.equal(columnName("rating"), "stars");
    const [place] = await locate([1]);
    assert.deepEqual(place, {
      file: path,
      line: 2,
      text: '{"user_id":8,"item":"😀","stars":3.0,"ts":6}',
      fields: { user: "8", item: "😀", rating: "3", timestamp: "6" },
    });
  });
});

Deno.test("parquet and arrow: fields of structures are columns, named with a dot", () => {
  const frame = pl.DataFrame({
    user: [{ id: 7, name: "a" }, { id: 8, name: "b" }],
    event: [{ item: { sku: "007" }, more: "x" }, { item: { sku: "é" }, more: "y" }],
    note: [{ of: "z" }, { of: "z" }],
    ts: [5, 6],
  });
  const columns = ["user=user.id", "item=event.item.sku", "timestamp=ts"];
  return inEachFormat(frame, async (path) => {
    const { frame, columnName, locate, report } = await readInteractions({ files: [path], columns });
    assert.deepEqual(frame.rows(), [["7", "007", 5], ["8", "é", 6]]);
    assert.equal(columnName("item"), "event.item.sku");
    assert.deepEqual(report.columns?.interactions?.unused, ["user.name", "event.more", "note"]);
    const [{ line, fields }] = await locate([1]);
    assert.deepEqual([line, fields], [2, { user: "8", item: "é", timestamp: "6" }]);
    const wrong = ["user=user", "item=event.more"];
    await assertInputError(() => readInteractions({ files: [path], columns: wrong }), [
      'no column "user"',
      '"user.id", "user.name"',
    ]);
  });
});

Deno.test("parquet: whole floats as ids are integers; dates stay dates, as finely as they are", () =>
  withFolder(async (dir) => {
    const time = (unit: "ms" | "us" | "ns", ...times: number[]) =>
      pl.Series("time", times, pl.Int64).cast(pl.Datetime(unit));
    const write = (time: Series, name = "a") =>
      pl.DataFrame([pl.Series("user", [1, 2]), pl.Series("item", [1.5, 2]), time]).writeParquet(
        `${dir}/${name}.parquet`,
      );
    const read = async (name = "*") => (await readInteractions({ files: [`${dir}/${name}.parquet`] })).frame;
    const timesOf = async (name?: string) => {
      const column = (await read(name)).getColumn("timestamp");
      return [
        (column.dtype as { timeUnit?: string }).timeUnit ?? String(column.dtype),
        ...Array.from(column.cast(pl.Int64), Number),
      ];
    };
    write(time("ms", 1_000_000_000_000, -5000));
    assert.deepEqual((await read()).select("user", "item").rows(), [["1", "1.5"], ["2", "2"]]);
    assert.deepEqual(await timesOf(), ["us", 1_000_000_000_000_000, -5_000_000]);
    write(time("ms", 86_400_000, 0).cast(pl.Date));
    assert.deepEqual(await timesOf(), ["us", 86_400_000_000, 0]);
    write(time("ns", 1001, 1002));
    assert.deepEqual(await timesOf(), ["ns", 1001, 1002]);
    write(time("us", 3, 4), "b");
    assert.deepEqual(await timesOf(), ["us", 1, 1, 3, 4], "of both microseconds");
    write(pl.Series("time", [5, 6], pl.Int64), "b");
    write(time("ms", 7, 8));
    assert.deepEqual(
      await timesOf(),
      [String(pl.Int64), 7, 8, 5, 6],
      "beside numbers milliseconds, as numbers",
    );
  }));

Deno.test("parquet: floats as ids are written as integers where they are whole, and are none where they are not finite", () =>
  withFolder(async (dir) => {
    const path = `${dir}/a.parquet`, ids = [0, 0.5, 1, null, -3, 2 ** 53, NaN, Infinity, 1e-7];
    const expected = ["0", "0.5", "1", null, "-3", "9007199254740992", null, null, "1e-7"];
    const users = ids.map((_, i) => i), column = pl.Series("item", ids, pl.Float64);
    pl.DataFrame([pl.Series("user", users), column, int("timestamp", users)]).writeParquet(path);
    const { frame } = await readInteractions({ files: [path] });
    assert.deepEqual(frame.getColumn("item").cast(pl.String).toArray(), expected);
    const whole = ids.slice(0, 1).concat(ids.slice(2, 3)); // the same ids where none has a fraction
    pl.DataFrame([pl.Series("item", whole, pl.Float64), pl.Series("kind", ["a", "b"])]).writeParquet(path);
    const side = await readSideTable({ file: path, key: "item" });
    assert.deepEqual(side.frame.getColumn("id").toArray(), ["0", "1"]);
  }));

Deno.test("parquet: columns named like methods of a frame, lists for ids, missing columns", () =>
  withFolder(async (dir) => {
    const path = `${dir}/a.parquet`;
    const read = (columns?: string[]) => readInteractions({ files: [path], columns } as ReadOptions);
    pl.DataFrame([int("select", [1]), int("columns", [2]), int("height", [3])]).writeParquet(path);
    assert.deepEqual((await read(["user=select", "item=columns", "timestamp=height"])).frame.rows(), [[
      "1",
      "2",
      3,
    ]]);
    assert.deepEqual((await read(["user", "item", "timestamp"])).frame.rows(), [["1", "2", 3]]);
    await assertInputError(() => read(), ['no user column among "select", "columns", "height"']);
    pl.DataFrame({ user: [[1, 2]], item: [1], ts: [1] }).writeParquet(path);
    await assertInputError(() => read(), ['column "user" is a list, not the user']);
  }));

/** A Parquet file from a query of DuckDB, which has more types than the library. */
const ofQuery = (query: string, test: (path: string) => Promise<void>) =>
  withFolder((folder) =>
    DuckDbRunner.with({ memory: LEAST_MEMORY, folder }, async (runner) => {
      await runner.keep("data", query);
      await test(`${folder}/table-0.parquet`);
    })
  );

Deno.test("parquet: bytes that no writer has called text are read as UTF-8", async () => {
  const rows = "(VALUES ('a', 'é', '3.5', '5'), ('', 'ü', '4', '6')) t(u, i, r, t)";
  const text =
    `SELECT encode(u) AS user, encode(i) AS item, encode(r) AS rating, encode(t) AS time, '\\xFF'::BLOB AS more`;
  await ofQuery(`${text} FROM ${rows}`, async (path) => {
    const { frame, locate } = await readInteractions({ files: [path] });
    assert.deepEqual(frame.rows(), [["a", "é", "3.5", "5"], ["", "ü", "4", "6"]]);
    const [place] = await locate([1]);
    assert.equal(place.text, '{"user":"","item":"ü","rating":"4","time":"6"}');
    assert.deepEqual(place.fields.item, "ü");
  });
  await ofQuery(
    "SELECT '\\xFF\\xFE'::BLOB AS user, 1 AS item, 1 AS time",
    (path) =>
      assertInputError(() => readInteractions({ files: [path] }), [
        'column "user" holds bytes that are no UTF-8 text, not the user; write it as text or as numbers',
      ]),
  );
});

Deno.test("parquet: bytes of a side table are text, or refused by their column", async () => {
  await ofQuery("SELECT encode('é') AS id, encode('a b') AS title", async (file) => {
    assert.deepEqual((await readSideTable({ file })).frame.rows(), [["é", "a b"]]);
  });
  await ofQuery("SELECT 'é' AS id, '\\xFF\\xD8'::BLOB AS picture, 'a' AS title", async (file) => {
    await assertInputError(() => readSideTable({ file }), [
      'column "picture" holds bytes that are no UTF-8 text; write it as text, or name the columns by position, with _ in its place',
    ]);
    const { frame } = await readSideTable({ file, columns: ["id", "_", "title"] });
    assert.deepEqual(frame.rows(), [["é", "a"]]);
  });
});

Deno.test("parquet: times beyond signed 64-bit numbers are decimal ones, as in text", () =>
  ofQuery(
    "SELECT 'a' AS user, i AS item, 9223372036854775806::UBIGINT + i::UBIGINT AS time FROM range(4) t(i)",
    async (path) => {
      const { frame } = await readInteractions({ files: [path] });
      assert.deepEqual(frame.getColumn("timestamp").toArray(), [2 ** 63, 2 ** 63, 2 ** 63, 2 ** 63]);
    },
  ));

Deno.test("parquet: a bad row is shown whatever other columns hold", () =>
  ofQuery(
    "SELECT * FROM (VALUES ('', 1, 7::DECIMAL(3, 1), 5::DECIMAL(20, 0), {'a': 1.5, 'b': [2.50::DECIMAL(4, 2)]}, [0.5::DECIMAL(4, 2)])) " +
      "t('user', item, rating, time, place, prices)",
    async (path) => {
      const { locate } = await readInteractions({ files: [path] });
      assert.deepEqual(await locate([0]), [{
        file: path,
        line: 1,
        text:
          '{"user":"","item":1,"rating":"7.0","time":"5","place":{"a":"1.5","b":["2.50"]},"prices":["0.50"]}',
        fields: { user: "", item: "1", rating: "7.0", timestamp: "5" },
      }]);
    },
  ));

Deno.test("parquet: whole decimals are whole numbers, to the last digit", () =>
  ofQuery(
    "SELECT 'a' AS user, i::DECIMAL(38, 0) AS item, (1700000000000000000 + i)::DECIMAL(38, 0) AS time FROM range(3) t(i)",
    async (path) => {
      const { frame } = await readInteractions({ files: [path] });
      assert.deepEqual(frame.getColumn("item").cast(pl.String).toArray(), ["0", "1", "2"]);
      assert.deepEqual(frame.getColumn("timestamp").cast(pl.String).toArray(), [
        "1700000000000000000",
        "1700000000000000001",
        "1700000000000000002",
      ]);
    },
  ));

Deno.test("parquet: durations are refused by their column", () =>
  withFolder(async (dir) => {
    const path = `${dir}/a.parquet`, times = int("time", [2]).cast(pl.Datetime("us"));
    pl.DataFrame([int("user", [1]), int("item", [1]), times]).withColumn(pl.col("time").sub(pl.col("time")))
      .writeParquet(path);
    await assertInputError(() => readInteractions({ files: [path] }), [
      'column "time" is a duration, not the timestamp',
    ]);
    await assertInputError(() => readSideTable({ file: path, columns: ["id", "_", "length"] }), [
      'column "time" is a duration; write it as a number, or name the columns by position, with _ in its place',
    ]);
  }));

Deno.test("parquet: floats of 16 bits", () =>
  withFolder(async (dir) => {
    const path = `${dir}/a.parquet`; // as written by pyarrow, since nothing here can write it
    Deno.writeFileSync(path, gunzipSync(Uint8Array.fromBase64(HALF_FLOATS)));
    const { frame, locate } = await readInteractions({ files: [path] });
    assert.deepEqual(frame.rows(), [["a", "b", 4.5, 1], ["", "c", 2, 2]]);
    assert.deepEqual((await locate([1]))[0].fields, { user: "", item: "c", rating: "2", timestamp: "2" });
    const side = await readSideTable({ file: path, columns: ["_", "id", "weight", "_"] });
    assert.deepEqual(side.frame.rows(), [["b", "4.5"], ["c", "2.0"]]);
  }));

/** `user`, `item`, `rating`, `time`. */
const HALF_FLOATS =
  "H4sIAAAAAAACA3WTzWrbQBDHx2IRPpicsosWRNDFgoKTOIH0YFrIyK4SEztxBMFJ6EVWhWrwV2Wnam99hh76VIW8SB4hh+ysFNkJySDN7s7+/jOzYjXA4IAD3+E7Dc7UxOSmDQCGelmlonyoXlAbDnfeIUbkIrWzzbffQP504FjFGrzxjh6KlS7E5NcjsMxl9D2ehrwKvFY3LHa3jNM69EiXB8arePoc2FJpDctMw9V4lkwedRZiVuNpDIJJW/ZcsHlN1k2QeS6u4qIjOm61a3M6nQGfhCFN6QJT+k2cKmncF77b28DZC3wrx4sutKAlWu7fylrxYZNnRXpqUtOBCNz/b9HinyGYW1UDSNuqYRBcDFv597EejH2yLPEQ8RJzO0PM0EvQR0ywneiYp4A+TdqIXR1Yj4W0PafZiNwXLH08oPyEdHX+bsnnpvWnwWI0vMIif5/qelmBkumtdkataskvHb1Z19d2Qi6a+s1weDRTfEL8YVn/6rKEXtc/mTRvh029/k28yu/rVm+oj35xmGeR5wV6jF7V1+f9dn0+iRIsJRv7n8FyFmH64y5e7UaLxW6YpvPM+Rmny/F85hx+3GvuHUi6kuUD9+peD9Qf9gThGmdFZgMAAA==";

Deno.test("parquet: lists in a side table are their values, structures are JSON", () =>
  ofQuery(
    "SELECT * FROM (VALUES (1, [[1, 2], [3]], {'k': 1}, [{'k': 1}, NULL], [0.5, 0.25]::FLOAT[2]), (2, [[4]], NULL, [], NULL)) " +
      "t(id, nested, one, many, fixed)",
    async (file) => {
      assert.deepEqual((await readSideTable({ file })).frame.rows(), [
        ["1", "1|2|3", '{"k":1}', '{"k":1}', "0.5|0.25"],
        ["2", "4", null, "", null],
      ]);
    },
  ));
