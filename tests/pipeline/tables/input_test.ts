import assert from "node:assert/strict";
import { dirname } from "node:path";
import pl from "nodejs-polars";
import { prepare } from "../../../pipeline/run.ts";
import { onDisk } from "../../../pipeline/tables/input.ts";
import { withFolder } from "../../folders.ts";
import { root } from "../../paths.ts";

/** Three customers and their orders, with custom column names. */
const ORDERS = ["ann", "ben", "cid"].flatMap((customer, c) =>
  [7, 8, 9, 7 + c].map((article, day) => ({
    customer,
    article,
    ordered: new Date(Date.UTC(2026, 0, 1 + day)),
    qty: 1.5,
  }))
);
const ARTICLES = [7, 8, 9].map((article) => ({ article, called: `Tea ${article}` }));
const OPTIONS = {
  columns: { user: "customer", item: "article", timestamp: "ordered" },
  itemColumns: { title: "called" },
  minUser: 1,
  evalNegatives: 0,
};

Deno.test("frames and arrays of objects are data as files are: whole numbers stay ids, dates are times", () =>
  withFolder(async (dir) => {
    const csv = `${dir}/orders.csv`, items = `${dir}/articles.csv`;
    Deno.writeTextFileSync(
      csv,
      [
        "customer,article,ordered,qty",
        ...ORDERS.map((row) => [row.customer, row.article, row.ordered.toISOString(), row.qty].join()),
      ].join("\n"),
    );
    Deno.writeTextFileSync(
      items,
      ["article,called", ...ARTICLES.map((row) => `${row.article},${row.called}`)].join("\n"),
    );
    const fromFiles = await prepare({ data: csv, items, out: `${dir}/files`, ...OPTIONS });
    const fromRows = await prepare({ data: ORDERS, items: ARTICLES, out: `${dir}/rows`, ...OPTIONS });
    const frame = pl.readCSV(csv), articles = pl.readCSV(items);
    const fromFrames = await prepare({ data: frame, items: articles, out: `${dir}/frames`, ...OPTIONS });
    const { itemColumns: _names, ...options } = OPTIONS;
    const named = (file: string | typeof ARTICLES, out: string) =>
      prepare({
        data: ORDERS,
        items: { file, id: "article", title: "called" },
        out: `${dir}/${out}`,
        ...options,
      });
    const withNames = [await named(items, "named"), await named(ARTICLES, "named-rows")];
    await assert.rejects(
      prepare({ data: ORDERS, items: { file: items, id: "article" }, out: `${dir}/twice`, ...OPTIONS }),
      /^InputError: Options items and itemColumns do not fit: give the names of the columns once$/,
    );
    const hashes = [fromFiles, fromFrames, fromRows, ...withNames].map(({ dataset }) =>
      dataset.manifest.hash
    );
    assert.deepEqual(hashes, hashes.map(() => hashes[0]));
    assert.deepEqual([fromRows, fromFrames].map(({ dataset }) => dataset.manifest.name), ["data", "data"]);
    const rows = ({ dataset }: typeof fromRows) =>
      dataset.table("interactions").select("user", "item", "split").rows();
    assert.deepEqual(rows(fromRows), rows(fromFiles));
    const days = fromRows.dataset.sequences().timestamps.slice(0, 2);
    assert.equal(
      Number(days[1]) - Number(days[0]),
      86_400_000,
      "a Date is a time, in milliseconds, as in a file of texts",
    );
    assert.deepEqual(fromRows.dataset.table("items").getColumn("id").toArray(), ["7", "8", "9"]);
    const again = await prepare({ data: ORDERS, items: ARTICLES, out: `${dir}/rows`, ...OPTIONS });
    assert.equal(again.status, "unchanged");
    const { sources, config } = fromRows.dataset.manifest;
    assert.deepEqual(sources.map(({ path }) => path), ["data (table in memory)", "items (table in memory)"]);
    assert.deepEqual([config.data, config.items], [["data (table in memory)"], "items (table in memory)"]);
  }));

Deno.test("columns may be named as members of a frame are", () =>
  withFolder(async (dir) => {
    const members = { height: 1.5, lazy: "a", columns: "b", select: 2, shape: true, writeParquet: "c" };
    const rows = ORDERS.map((row) => ({ ...row, ...members }));
    const options = { ...OPTIONS, features: ["height_"] };
    const articles = ARTICLES.map((row) => ({ ...row, height: row.article }));
    // Polars itself cannot make a frame lazy that has a column called lazy.
    const frame = pl.DataFrame(rows.map(({ lazy: _lazy, ...row }) => row));
    const prepared = [
      await prepare({ data: rows, items: articles, out: `${dir}/rows`, ...options }),
      await prepare({ data: frame, items: pl.DataFrame(articles), out: `${dir}/frames`, ...options }),
    ];
    for (const { dataset } of prepared) {
      const items = dataset.table("items");
      assert.deepEqual(items.getColumn("height_").toArray().map(Number), [7, 8, 9]);
    }
  }));

Deno.test("what is no table is refused in one line", () =>
  withFolder(async (dir) => {
    const refused = (data: unknown, message: RegExp) =>
      assert.rejects(prepare({ data: data as never, out: `${dir}/out` }), { name: "InputError", message });
    await refused([], /^Option data does not fit: the table has no rows$/);
    for (const rows of [[{}], [new Map([["user", "a"]])]]) {
      await refused(
        rows,
        /^Option data does not fit: its rows have no columns; give an object for each, as in/,
      );
    }
    await refused({ user: "a" }, /^Option data does not fit: give files, a frame of Polars, or an array/);
    await refused(7, /^Option data does not fit: give files/);
    await refused([3], /^Option data does not fit: value 1 of the list is a number; give an object for each/);
    await refused([{ user: "a" }, null], /^Option data does not fit: value 2 of the list is null; give an/);
    await refused(["a.csv", 3], /^Option data does not fit: the 2nd value: give text$/);
  }));

Deno.test("names of columns that there are not are refused, with the nearest", () =>
  withFolder(async (dir) => {
    const refused = (given: object, message: string) =>
      assert.rejects(
        prepare({ data: ORDERS, out: `${dir}/out`, ...OPTIONS, itemColumns: undefined, ...given }),
        {
          name: "InputError",
          message: `Option ${message}`,
        },
      );
    const others = "it has file, id and title, and other columns are named with";
    await refused(
      { items: { file: ARTICLES, titel: "called" } },
      `items does not fit: there is no titel (did you mean "title"?); ${others} itemColumns`,
    );
    await refused(
      { users: { file: ARTICLES, idd: "article" } },
      `users does not fit: there is no idd (did you mean "id"?); ${others} userColumns`,
    );
    await refused(
      { items: { id: "article", path: "x" } },
      `items does not fit: there is no path; ${others} itemColumns`,
    );
    await refused(
      { items: { id: "article" } },
      'items does not fit: it names columns of no table; give that too, as { file: "items.csv", id: "…" }',
    );
    await refused({ columns: { user: 3 } }, "columns does not fit: user: give text");
    await assert.rejects(
      prepare({ data: ORDERS, out: `${dir}/out`, columns: { usr: "customer" } as object }),
      /unknown role "usr" \(did you mean "user"\?\)/,
    );
    const { dataset } = await prepare({
      data: ORDERS,
      out: `${dir}/out`,
      ...OPTIONS,
      itemColumns: undefined,
      items: { file: ARTICLES, id: undefined, title: "called" },
    });
    assert.ok(dataset.table("items").columns.includes("title"), "what is undefined is not given");
  }));

Deno.test("preparations of one table at once leave each other's file: the last removes it", async () => {
  const source = { data: ORDERS, out: "not written" };
  const first = await onDisk(source), second = await onDisk(source);
  const [path] = [second.input.data].flat() as string[];
  assert.equal(first.input.data, path);
  first[Symbol.dispose]();
  assert.ok(Deno.statSync(path).isFile, "it is still read");
  second[Symbol.dispose]();
  const folder = dirname(dirname(path));
  assert.throws(() => Deno.statSync(folder), Deno.errors.NotFound, "nothing is left behind");
  const third = await onDisk(source);
  assert.equal(third.input.data, path, "the same table has the same path");
  third[Symbol.dispose]();
});

Deno.test("errors name a table by its option, and the row of the frame", () =>
  withFolder(async (dir) => {
    const rows = ["u", "v"].flatMap((user) =>
      ["a", "b", "c"].map((item, n) => ({ user, item, timestamp: n }))
    );
    const options = { out: `${dir}/data`, minUser: 1, evalNegatives: 0 };
    const says = async (message: string, given: object) => {
      for (const engine of ["polars", "duckdb"] as const) {
        await assert.rejects(prepare({ data: rows, ...options, engine, ...given }), {
          name: "InputError",
          message,
        });
      }
    };
    const spoilt = rows.map((row, i) => ({ ...row, timestamp: i === 4 ? "soon" : String(row.timestamp) }));
    await says(
      'Cannot read data: row 5, column "timestamp": "soon" is neither a number nor a date; fix it, or set bad rows aside with --on-bad-row skip',
      { data: spoilt },
    );
    await says('Cannot read items: id "a" occurs 2 times (row 1 and row 3); an id has one row', {
      items: pl.DataFrame({ item: ["a", "b", "a"], title: ["A", "B", "C"] }),
    });
    await says('Cannot read users: no column "nope"; its columns are "user", "age"', {
      users: { file: pl.DataFrame({ user: ["u", "v"], age: [1, 2] }), id: "nope" },
    });
  }));

Deno.test("nothing that a preparation says or writes names the file of a table", () =>
  withFolder(async (dir) => {
    const rows = ["u", "v", "w"].flatMap((user) =>
      ["a", "b", "c", "d"].map((item, n) => ({ user, user_id: user, item, timestamp: `${n}` }))
    );
    rows[6].timestamp = "soon";
    const said: string[] = [], warn = (text: string) => void said.push(text);
    const progress = { start: () => ({ advance() {}, end() {} }), warn, remark: warn };
    for (const engine of ["polars", "duckdb"] as const) {
      const out = `${dir}/${engine}`, options = { minUser: 1, evalNegatives: 0, onBadRow: "skip" } as const;
      const { reports } = await prepare({ data: rows, out, engine, ...options }, { progress });
      said.push(...reports.map(String));
      for (const file of ["manifest.json", "rejected.csv"]) {
        said.push(Deno.readTextFileSync(`${out}/${file}`));
      }
    }
    const all = said.join("\n");
    assert.doesNotMatch(all, /automlp-tables|\.parquet: /);
    assert.match(all, /data: took column .*"user" as the user, not .*"user_id/);
    assert.match(all, /^data \(table in memory\),7,timestamp,/m);
  }));

Deno.test("another program with the same table finds the dataset unchanged", () =>
  withFolder((dir) => {
    const out = JSON.stringify(`${dir}/data`),
      rows = JSON.stringify(ORDERS.map((row) => ({ ...row, ordered: 1 })));
    const columns = JSON.stringify(OPTIONS.columns);
    const script = `import { prepare } from ${
      JSON.stringify(new URL("../../../mod.ts", import.meta.url).href)
    };
      const options = { out: ${out}, columns: ${columns}, minUser: 1, evalNegatives: 0 };
      console.log((await prepare({ data: ${rows}, ...options })).status);`;
    Deno.writeTextFileSync(`${dir}/script.ts`, script);
    const status = () => {
      const args = ["run", "-A", "--config", `${root}/deno.json`, `${dir}/script.ts`];
      const { stdout, stderr } = new Deno.Command(Deno.execPath(), { args }).outputSync();
      return new TextDecoder().decode(stdout).trim() || new TextDecoder().decode(stderr);
    };
    assert.deepEqual([status(), status()], ["prepared", "unchanged"]);
  }));
