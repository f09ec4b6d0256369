import assert from "node:assert/strict";
import type { Progress } from "../../../pipeline/contract/progress.ts";
import type { PrepareInput } from "../../../pipeline/prepare_options.ts";
import { prepare } from "../../../pipeline/run.ts";
import { onDisk, type PrepareSource } from "../../../pipeline/tables/input.ts";
import { withFolder } from "../../folders.ts";

type Row = Record<string, unknown>;

const OPTIONS = { minUser: 1, minItem: 1, evalNegatives: 0 };

/** Rows of 20 users and 10 items. */
const rowsOf = (change: (i: number) => Row = () => ({}), length = 400): Row[] =>
  Array.from({ length }, (_, i) => ({ user: `u${i % 20}`, item: `i${i % 10}`, timestamp: i, ...change(i) }));

/** A row for each of these items or users, by the names that {@link rowsOf} gives them. */
const sideOf = (key: "item" | "user", rows: number, change: (i: number) => Row): Row[] =>
  Array.from({ length: rows }, (_, i) => ({ [key]: `${key[0]}${i}`, ...change(i) }));

/** Writes the rows as CSV: missing values and null are empty. */
function writeCsv(path: string, rows: readonly Row[]): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const field = (value: unknown) => value instanceof Date ? value.toISOString() : `${value ?? ""}`;
  Deno.writeTextFileSync(
    path,
    [names, ...rows.map((row) => names.map((name) => field(row[name])))].join("\n"),
  );
  return path;
}

Deno.test("what first comes late in a table counts as in a file of the same rows", () =>
  withFolder(async (dir) => {
    const late = (from: number, before: unknown, value: (i: number) => unknown) => (i: number) =>
      i < from ? before : value(i);
    const sides = (value: (i: number) => unknown, name = "kind"): Partial<PrepareSource> => ({
      items: sideOf("item", 200, (i) => value(i) === undefined ? {} : { [name]: value(i) }),
      users: sideOf("user", 200, (i) => value(i) === undefined ? {} : { [name]: value(i) }),
    });
    const skip = { onBadRow: "skip" } as const;
    const data = rowsOf((i) => ({ user: `u${i % 200}`, item: `i${i % 200}` }), 800);
    const cases: Record<string, Partial<PrepareSource>> = {
      "ids that are text from row 201 on": {
        data: rowsOf((i) => ({ item: late(200, i % 10, () => `x${i % 10}`)(i) })),
      },
      "a rating from row 201 on": {
        data: rowsOf((i) => ({ rating: late(200, null, () => i % 5 + .5)(i) })),
        ...skip,
      },
      "a rating's key from row 201 on": { data: rowsOf((i) => i < 200 ? {} : { rating: i % 5 }), ...skip },
      "a time that is text from row 201 on": {
        data: rowsOf((i) => ({
          timestamp: late(200, new Date(1e12), () => new Date(1e12 + i).toISOString())(i),
        })),
      },
      "numbers, then text": { data, ...sides((i) => i < 120 ? i % 4 : `X${i % 4}`) },
      "nothing, then text": { data, ...sides((i) => i < 140 ? null : "a") },
      "nothing, then numbers": { data, ...sides((i) => i < 140 ? null : i % 3) },
      "a key from row 151 on": { data, ...sides((i) => i < 150 ? undefined : `b${i % 2}`, "brand") },
      "a BigInt at the end": { data, ...sides((i) => i < 199 ? i % 4 : 3n) },
      "a truth among text": { data, ...sides((i) => i < 150 ? i % 2 === 0 : "maybe") },
    };
    for (const [name, given] of Object.entries(cases)) {
      const files = Object.fromEntries(
        (["data", "items", "users"] as const).flatMap((option) =>
          given[option] ? [[option, writeCsv(`${dir}/${option}.csv`, given[option] as Row[])]] : []
        ),
      );
      const at = (out: string) => ({
        ...given,
        ...OPTIONS,
        out: `${dir}/${out}`,
        force: true,
        overwrite: true,
      });
      const fromRows = await prepare(at("rows") as PrepareSource);
      const fromFiles = await prepare({ ...at("files"), ...files } as PrepareInput);
      assert.equal(fromRows.dataset.manifest.hash, fromFiles.dataset.manifest.hash, name);
      assert.deepEqual(fromRows.reports[1].dropped, fromFiles.reports[1].dropped, name);
    }
  }));

Deno.test("ids are written alike in all tables, whatever stands beside them", () =>
  withFolder(async (dir) => {
    const halves = (i: number) => [0, 1, 0.5, 2n][i % 4];
    const data = rowsOf((i) => ({ item: halves(i) })),
      items = [0, 1, 2].map((item) => ({ item, kind: `k${item}` }));
    for (const engine of ["polars", "duckdb"] as const) {
      const { dataset } = await prepare({ data, items, out: `${dir}/${engine}`, engine, ...OPTIONS });
      const rows = dataset.table("items").select("id", "kind").sort("id").rows();
      assert.deepEqual(rows, [["0", "k0"], ["0.5", null], ["1", "k1"], ["2", "k2"]]);
    }
  }));

Deno.test("what is a list anywhere is lists everywhere, with as many values as it has", () =>
  withFolder(async (dir) => {
    const tags = [["b", 1], [], "a", null, ["a", null], [["b"], true]];
    const items = sideOf("item", 10, (i) => ({ tags: tags[i] ?? null }));
    const { dataset } = await prepare({
      data: rowsOf(),
      items,
      out: `${dir}/out`,
      features: "tags:multi",
      ...OPTIONS,
    });
    const found = dataset.table("features").toRecords().map(({ value, items }) => [value, items]);
    assert.deepEqual(found.sort(), [["1", 1], ["a", 2], ["b", 2], ["true", 1]]);
    await assert.rejects(
      prepare({ data: rowsOf((i) => i === 300 ? { item: ["a"] } : {}), out: `${dir}/none`, ...OPTIONS }),
      {
        name: "InputError",
        message:
          'Cannot read data: column "item" is a list, not the item; write a row for each of its values, ' +
          "as explode does in pandas and Polars, unnest in DuckDB",
      },
    );
    for (const [option, key] of [["items", "item"], ["users", "user"]] as const) {
      const table = sideOf(key, 10, (i) => ({ [key]: [i] }));
      await assert.rejects(prepare({ data: rowsOf(), [option]: table, out: `${dir}/none`, ...OPTIONS }), {
        name: "InputError",
        message: `Cannot read ${option}: column "${key}" is a list, not the id; ` +
          "give one id a row, or name the column that has it",
      });
    }
  }));

Deno.test("what no table can have is refused by its row and column, where it is read", () =>
  withFolder(async (dir) => {
    const wish = "give text, a number, true or false, a Date, a list of these, or null";
    const refused = (given: Partial<PrepareSource>, message: string) =>
      assert.rejects(prepare({ data: rowsOf(), out: `${dir}/out`, ...OPTIONS, ...given }), {
        name: "InputError",
        message: `Cannot read ${message}; ${wish}`,
      });
    const odd = (value: unknown) => (i: number) => i < 7 ? {} : { kind: value };
    await refused(
      { data: rowsOf((i) => i === 300 ? { item: { id: 3 } } : {}) },
      'data: row 301, column "item": the value is another object',
    );
    await refused(
      { items: sideOf("item", 10, odd(new Map())) },
      'items: row 8, column "kind": the value is of the class Map',
    );
    await refused(
      { users: sideOf("user", 20, odd([1, { a: 1 }])) },
      'users: row 8, column "kind": the value is a list whose value 2 is another object',
    );
    const out = (name: string, data: Row[]) => prepare({ data, out: `${dir}/${name}`, ...OPTIONS });
    const plain = await out("plain", rowsOf()),
      beside = await out("beside", rowsOf(() => ({ page: { path: "/" } })));
    assert.equal(
      beside.dataset.manifest.hash,
      plain.dataset.manifest.hash,
      "what is not read may be anything",
    );
  }));

Deno.test("points in time are times, dates or instants; an invalid date is a bad row", () =>
  withFolder(async (dir) => {
    const at = (i: number) => new Date(Date.UTC(2026, 0, 1) + i * 1000);
    const prepared = (name: string, given: Partial<PrepareSource>) =>
      prepare({ data: rowsOf((i) => ({ timestamp: at(i) })), out: `${dir}/${name}`, ...OPTIONS, ...given });
    const hash = async (name: string, given: Partial<PrepareSource> = {}) =>
      (await prepared(name, given)).dataset.manifest.hash;
    const instants = rowsOf((i) => ({ timestamp: Temporal.Instant.fromEpochMilliseconds(+at(i)) }));
    assert.equal(await hash("instants", { data: instants }), await hash("dates"));
    const finely = (i: number) =>
      Temporal.Instant.fromEpochNanoseconds(BigInt(+at(0)) * 1_000_000n + BigInt(1000 - i));
    const fine = await hash("fine", { data: rowsOf((i) => ({ timestamp: finely(i) })) });
    assert.equal(fine, await hash("texts", { data: rowsOf((i) => ({ timestamp: String(finely(i)) })) }));
    const without = await hash("without", { data: rowsOf((i) => ({ timestamp: at(i) })).toSpliced(5, 1) });
    const data = rowsOf((i) => ({ timestamp: i === 5 ? new Date(NaN) : at(i) }));
    for (const engine of ["polars", "duckdb"] as const) {
      await assert.rejects(prepared("none", { data, engine } as object), {
        name: "InputError",
        message:
          'Cannot read data: row 6, column "timestamp": "Invalid Date" is neither a number nor a date; ' +
          "fix it, or set bad rows aside with --on-bad-row skip",
      });
      const { dataset, reports } = await prepared(engine, { data, engine, onBadRow: "skip" } as object);
      assert.equal(dataset.manifest.hash, without);
      assert.equal(reports[1].dropped[0].rows, 1);
    }
    for (const number of [NaN, Infinity]) {
      await assert.rejects(prepared("none", { data: rowsOf((i) => ({ timestamp: i === 5 ? number : i })) }), {
        message: `Cannot read data: row 6, column "timestamp": "${number}" is not a finite number; ` +
          "fix it, or set bad rows aside with --on-bad-row skip",
      });
    }
    const kinds = (invalid: unknown) => sideOf("item", 10, (i) => ({ kind: i < 4 ? at(i % 2) : invalid }));
    const nothing = await hash("nothing", { items: kinds(null) });
    assert.equal(await hash("invalid", { items: kinds(new Date(NaN)) }), nothing, "of an item it is unknown");
  }));

Deno.test("rows are counted while they are read, and a stop gets through and leaves nothing behind", async () => {
  const data = rowsOf(), many = Array.from({ length: 500_000 }, (_, i) => data[i % data.length]);
  const tasks: [label: string, total?: number, unit?: string][] = [];
  let counted = 0, ended = 0, onAdvance = () => {};
  const progress: Progress = {
    start(...task) {
      tasks.push(task.slice(0, 3) as typeof tasks[number]);
      return { advance: (amount) => (counted += amount, onAdvance()), end: () => ended++ };
    },
    warn() {},
  };
  using files = await onDisk({ data, out: "not written" }, { progress });
  assert.deepEqual(tasks, [["reading data (table in memory)", 400, "rows"]]);
  assert.deepEqual([counted, ended], [400, 1]);
  const [kept] = [files.input.data].flat() as string[],
    folder = kept.replace(/[\\/]\w+[\\/]data\.parquet$/, "");
  const held = () => [...Deno.readDirSync(folder)].map(({ name }) => name), before = held();
  for (const pieces of [0, 3]) {
    const stop = new AbortController(), soon = () => void setTimeout(() => stop.abort(), 0);
    let read = 0;
    onAdvance = () => ++read === pieces && soon();
    if (pieces === 0) soon();
    await assert.rejects(onDisk({ data: many, out: "not written" }, { progress, signal: stop.signal }), {
      name: "Interrupted",
      message: "Stopped while reading data (table in memory); nothing half-written was left behind",
    });
  }
  assert.equal(ended, 3);
  assert.deepEqual(held(), before);
});
