/** Which kinds of events count, in every form that a log can have them. */
import assert from "node:assert/strict";
import { join } from "node:path";
import pl from "nodejs-polars";
import { prepare, type PrepareSource } from "../../mod.ts";
import { droppedUsers } from "../../pipeline/dropped_users.ts";
import { withFolder } from "../folders.ts";
import { listener } from "../listener.ts";

const KINDS = ["view", "basket", "buy"];
/** Six users who view, put into the basket and buy, in turn: only what they bought counts. */
const ROWS = Array.from({ length: 6 * 18 }, (_, i) => ({
  visitor: `v${Math.floor(i / 18)}`,
  product: `p${i % 7}`,
  // Only views have invalid times.
  at: i % 3 === 0 ? "?" : `${i}`,
  action: KINDS[i % 3],
  code: i % 3,
}));
const COLUMNS = { user: "visitor", item: "product", timestamp: "at", event: "action" };
const OPTIONS = { minUser: 6, evalNegatives: 1, protocols: ["recbole"], events: "buy" } as const;

Deno.test("events: the same dataset of any format, of codes, by position, of several files and of a frame", () =>
  withFolder(async (dir) => {
    const at = (name: string) => join(dir, name);
    const write = (name: string, lines: readonly string[]) => {
      Deno.writeTextFileSync(at(name), lines.join("\n") + "\n");
      return at(name);
    };
    const csv = (rows: typeof ROWS) => rows.map((row) => Object.values(row).join());
    const header = Object.keys(ROWS[0]).join();
    const frame = pl.DataFrame(ROWS).withColumn(pl.col("code").cast(pl.Int64));
    frame.writeParquet(at("log.parquet"));
    frame.withColumn(pl.col("code").cast(pl.Float64)).writeParquet(at("floats.parquet"));
    const bought = ROWS.filter(({ action }) => action === "buy").map(({ visitor, product, at }) =>
      [visitor, product, at].join()
    );
    const { dataset: wanted } = await prepare({
      ...OPTIONS,
      events: undefined,
      data: write("bought.csv", ["user,item,timestamp", ...bought]),
      out: at("wanted"),
    });
    assert.equal(wanted.manifest.counts.interactions, 36);

    const codes = { columns: { ...COLUMNS, event: "code" }, events: 2 };
    const cases: [name: string, source: Partial<PrepareSource>][] = [
      ["CSV", { data: write("log.csv", [header, ...csv(ROWS)]) }],
      ["codes in CSV", { data: at("log.csv"), ...codes }],
      ["by position, without header", {
        data: write("bare.csv", csv(ROWS)),
        header: false,
        columns: ["user", "item", "timestamp", "event", "_"],
      }],
      ["several files", {
        data: [
          write("1.csv", [header, ...csv(ROWS.slice(0, 50))]),
          write("2.csv", [header, ...csv(ROWS.slice(50))]),
        ],
      }],
      ["JSON lines", { data: write("log.jsonl", ROWS.map((row) => JSON.stringify(row))) }],
      ["codes in JSON lines", { data: at("log.jsonl"), ...codes }],
      ["Parquet", { data: at("log.parquet") }],
      ["codes in Parquet", { data: at("log.parquet"), ...codes }],
      ["codes that are floats", { data: at("floats.parquet"), ...codes }],
      ["a frame", { data: frame }],
      ["objects", { data: ROWS }],
      ["DuckDB", { data: at("log.csv"), engine: "duckdb" } as Partial<PrepareSource>],
      ["DuckDB, Parquet", { data: at("log.parquet"), ...codes, engine: "duckdb" } as Partial<PrepareSource>],
    ];
    for (const [name, source] of cases) {
      const { dataset, reports } = await prepare({
        ...OPTIONS,
        columns: COLUMNS,
        ...source,
        out: at("made"),
        force: true,
      });
      assert.equal(dataset.manifest.hash, wanted.manifest.hash, name);
      const [{ dropped }] = reports.filter(({ stage }) => stage === "schema");
      assert.deepEqual(dropped.map(({ rows }) => rows), [72], name);
    }
  }));

Deno.test("events: a column of them that is not read is remarked on; one that is read, or another, is not", () =>
  withFolder(async (dir) => {
    const { progress, remarks } = listener();
    const of = async (header: string, options: Partial<PrepareSource> = {}) => {
      remarks.length = 0;
      const rows = ROWS.map(({ visitor, product, action }, i) => [visitor, product, i, action].join());
      Deno.writeTextFileSync(join(dir, "log.csv"), [header, ...rows].join("\n"));
      const source = {
        ...OPTIONS,
        events: undefined,
        data: join(dir, "log.csv"),
        out: join(dir, "data"),
        force: true,
      };
      await prepare({ ...source, ...options }, { progress });
      return remarks.filter((remark) => remark.includes("is not read"));
    };
    assert.deepEqual(await of("user,item,time,Event-Type"), [
      'the column "Event-Type" is not read: whatever was done, a row counts as an interaction; to choose, name it in --columns as event=Event-Type and give those that count, as in --events purchase',
    ]);
    const columns = { user: "user", item: "item", timestamp: "time", event: "event" };
    assert.deepEqual(await of("user,item,time,event", { columns, events: "buy" }), []);
    assert.deepEqual(await of("user,item,time,shop"), []);
  }));

Deno.test("events: who was dropped for too few is served by those that count", () =>
  withFolder(async (dir) => {
    const path = join(dir, "log.csv");
    const few = [["new", "p1", "1", "view"], ["new", "p2", "2", "buy"], ["new", "p3", "3", "buy"]];
    Deno.writeTextFileSync(
      path,
      [COLUMNS, ...few, ...ROWS.map(({ code: _, ...row }) => row)].map((row) => Object.values(row).join())
        .join("\n"),
    );
    const { dataset } = await prepare({ ...OPTIONS, data: path, columns: COLUMNS, out: join(dir, "data") });
    const found = await droppedUsers(dataset, ["new"]);
    assert("users" in found);
    const { rows, interactions, items } = found.users.get("new")!;
    assert.deepEqual([rows, interactions, items.map((item) => dataset.itemId(item))], [3, 2, ["p2", "p3"]]);
    assert.match(String(dataset), /36|left out/);
  }));
