import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { join } from "node:path";
import pl from "nodejs-polars";
import { type DroppedUser, droppedUsers } from "../../pipeline/dropped_users.ts";
import { prepare, type PrepareSource, readDataset, type SequenceDataset } from "../../mod.ts";
import { withFolder } from "../folders.ts";

type Row = [user: string, item: string, rating: number, time: number];

/** Two users with five interactions with a … e; and one with three, not in order of time, one of them with an item that nobody else has. */
const ROWS: Row[] = [
  ["late", "b", 5, 30],
  ...Array.from("abcde", (item, t): Row => ["ann", item, 4, t]),
  ["late", "z", 4, 20],
  ...Array.from("edcba", (item, t): Row => ["bob", item, 3, t]),
  ["late", "a", 2, 10],
];
const HEADER = "user,item,rating,timestamp";
const csv = (rows: readonly Row[]) => [HEADER, ...rows.map((row) => row.join())].join("\n") + "\n";

const SMALL = { minUser: 4, evalNegatives: 1, protocols: ["recbole"] as ["recbole"] };

const prepared = async (dir: string, options: Partial<PrepareSource>): Promise<SequenceDataset> =>
  (await prepare({ ...SMALL, out: join(dir, "data"), ...options })).dataset;

/** The users that were dropped, with original ids of their items. */
async function dropped(dataset: SequenceDataset, ...ids: string[]) {
  const found = await droppedUsers(dataset, ids);
  if ("reason" in found) return found.reason;
  return Object.fromEntries(
    [...found.users].map(([id, { items, ...counts }]: [string, DroppedUser]) => [
      id,
      [...Object.values(counts), items.map((item) => dataset.itemId(item)).join("")],
    ]),
  );
}

/** Three rows, three interactions, oldest first without what the dataset does not have. */
const LATE = { late: [3, 3, "ab"] };

Deno.test("a user with too few interactions is found in the file, in the order of time; who is in neither is not", () =>
  withFolder(async (dir) => {
    Deno.writeTextFileSync(join(dir, "log.csv"), csv(ROWS));
    const dataset = await prepared(dir, { data: join(dir, "log.csv") });
    assert.ok(!dataset.hasUser("late"));
    assert.deepEqual(await dropped(dataset, "nobody", "late"), LATE);
    assert.deepEqual(await dropped(dataset, "nobody"), {});
    assert.deepEqual(
      await dropped(dataset, ...Array.from({ length: 5000 }, (_, i) => `u${i}`), "late"),
      LATE,
    );
  }));

Deno.test("whatever the format, plain or by gzip, in one file or in several", async (t) => {
  const frame = pl.DataFrame({
    user: ROWS.map(([user]) => user),
    item: ROWS.map(([, item]) => item),
    rating: ROWS.map(([, , rating]) => rating),
    timestamp: ROWS.map((row) => row[3]),
  });
  const json = ROWS.map(([user, item, rating, timestamp]) =>
    JSON.stringify({ user, item, rating, timestamp })
  );
  const dates = ROWS.map(([user, item, rating, t]) => `${user};${item};${rating};2024-05-01 10:${10 + t}:00`);
  const bytes = (text: string) => new TextEncoder().encode(text);
  const cases: [name: string, files: Record<string, Uint8Array>, options?: Partial<PrepareSource>][] = [
    ["CSV by gzip", { "log.csv.gz": gzipSync(csv(ROWS)) }],
    ["several files", {
      "1.csv": bytes(csv(ROWS.slice(0, 1))),
      "2.csv": bytes(csv(ROWS.slice(1, 8))),
      "3.csv": bytes(csv(ROWS.slice(8))),
    }],
    ["no header, dates, another delimiter", { "log.txt": bytes(dates.join("\n")) }, {
      format: "csv",
      delimiter: ";",
      header: false,
      columns: ["user", "item", "_", "timestamp"],
    }],
    ["a delimiter of two characters", { "log.dat": bytes(ROWS.map((row) => row.join("::")).join("\n")) }],
    ["quotes that are text", {
      "log.tsv": bytes(
        "user\titem\trating\ttimestamp\ttitle\n" +
          ROWS.map((row) => `${row.join("\t")}\t"x" (Live)\n`).join(""),
      ),
    }, { quotes: false }],
    ["JSON lines", { "log.jsonl": bytes(json.join("\n")) }],
    ["Parquet", { "log.parquet": frame.writeParquet() }],
    ["Arrow", { "log.arrow": frame.writeIPC() }],
    ["sequences", { "log.txt": bytes("late a z b\nann a b c d e\nbob e d c b a\n") }, {
      format: "sequences",
    }],
    ["no time: the order of rows", {
      "log.csv": bytes(
        "u,i\nlate,a\nann,a\nann,b\nann,c\nann,d\nann,e\nlate,z\nbob,e\nbob,d\nbob,c\nbob,b\nbob,a\nlate,b\n",
      ),
    }, { columns: ["user=u", "item=i"] }],
    ["DuckDB", { "log.csv": bytes(csv(ROWS)) }, { engine: "duckdb" } as Partial<PrepareSource>],
  ];
  for (const [name, files, options] of cases) {
    await t.step(name, () =>
      withFolder(async (dir) => {
        const data = Object.entries(files).map(([file, content]) => {
          Deno.writeFileSync(join(dir, file), content);
          return join(dir, file);
        });
        assert.deepEqual(await dropped(await prepared(dir, { data, ...options }), "late", "nobody"), LATE);
      }));
  }
});

Deno.test("rows are checked as they were: ratings, duplicates, rows that cannot be read, equal times", () =>
  withFolder(async (dir) => {
    const rows: Row[] = [...ROWS, ["late", "b", 5, 5], ["tie", "c", 5, 1], ["tie", "b", 4, 1], [
      "low",
      "a",
      1,
      1,
    ]];
    Deno.writeTextFileSync(join(dir, "log.csv"), `${csv(rows)}late,c,5,soon\n`);
    const of = async (options: Partial<PrepareSource>) =>
      await dropped(
        await prepared(dir, { data: join(dir, "log.csv"), onBadRow: "skip", ...options }),
        ...["late", "tie", "low"],
      );
    assert.deepEqual(await of({ minUser: 5 }), { late: [5, 4, "bab"], tie: [2, 2, "cb"], low: [1, 1, "a"] });
    assert.deepEqual(
      await of({ minRating: 3, duplicates: "last", ties: "item", minUser: 3, out: join(dir, "other") }),
      { late: [5, 2, "b"], tie: [2, 2, "bc"], low: [1, 0, ""] },
      "of low nothing counts",
    );
    assert.deepEqual(
      await of({ minUser: 5, ties: "reverse", out: join(dir, "reverse") }),
      { late: [5, 4, "bab"], tie: [2, 2, "bc"], low: [1, 1, "a"] },
      "the last row of tie is its first",
    );
    const few = { data: join(dir, "log.csv"), onBadRow: "skip", protocols: ["strict"] } as const;
    const none = await prepared(dir, {
      ...few,
      evalNegatives: undefined,
      exponent: 0.5,
      out: join(dir, "few"),
    });
    assert.equal(none.manifest.config.evalNegatives, 0, "there are too few items to draw of");
    assert.deepEqual(
      await dropped(none, "low"),
      { low: [1, 1, "a"] },
      "an exponent beside no negatives",
    );
    assert.deepEqual(
      await of({ timeFrom: 1, timeBefore: 30, minUser: 4, out: join(dir, "period") }),
      { late: [5, 3, "ba"], tie: [2, 2, "cb"], low: [1, 1, "a"] },
      "of late what is at 30 does not count, and z is not in the dataset",
    );
  }));

Deno.test("numbers as ids, in Parquet and with gaps", () =>
  withFolder(async (dir) => {
    const numbers = new Map(["late", "ann", "bob"].map((id, i) => [id, i + 7]));
    for (const [type, out] of [[pl.Int64, "whole"], [pl.Float64, "floats"]] as const) {
      const path = join(dir, `${out}.parquet`);
      pl.DataFrame([
        pl.Series("user", ROWS.map(([user]) => numbers.get(user)!)).cast(type),
        pl.Series("item", ROWS.map(([, item]) => item)),
        pl.Series("timestamp", ROWS.map((row) => row[3])),
      ]).writeParquet(path);
      assert.deepEqual(
        await dropped(await prepared(dir, { data: path, out: join(dir, out) }), "7"),
        { 7: LATE.late },
      );
    }
  }));

Deno.test("a known data set is read from where its files were, and nothing is downloaded or made", () =>
  withFolder(async (dir) => {
    // MovieLens-100K's form, under its name: tabs, no header.
    const path = join(dir, "u.data");
    Deno.writeTextFileSync(path, ROWS.map((row) => row.join("\t")).join("\n"));
    const dataset = await prepared(dir, { dataset: "ml-100k", data: path });
    assert.deepEqual(await dropped(dataset, "late"), LATE);
    Deno.removeSync(path);
    assert.match(String(await dropped(dataset, "late")), /^Cannot read .*u\.data: no such file/);
  }));

Deno.test("a file with a relative name is found above the dataset, from any working folder, also after all of it has moved", () =>
  withFolder(async (dir) => {
    const project = join(dir, "project"), before = Deno.cwd();
    Deno.mkdirSync(join(project, "raw"), { recursive: true });
    Deno.writeTextFileSync(join(project, "raw", "log.csv"), csv(ROWS));
    Deno.chdir(project);
    try {
      await prepared("sets/mine", { data: "raw/log.csv" });
      Deno.chdir(dir);
      // Another file with that name, which is not the source.
      Deno.mkdirSync("raw");
      Deno.writeTextFileSync("raw/log.csv", "user,item\n");
      assert.deepEqual(await dropped(await readDataset("project/sets/mine/data"), "late"), LATE);
      Deno.renameSync("project", "moved");
      const moved = await readDataset(join(dir, "moved/sets/mine/data"));
      assert.deepEqual(await dropped(moved, "late"), LATE);
      Deno.removeSync("moved/raw/log.csv");
      assert.equal(await dropped(moved, "late"), "raw/log.csv has changed since it was prepared");
    } finally {
      Deno.chdir(before);
    }
  }));

Deno.test("what is gone, changed or was no file is said, and not read", () =>
  withFolder(async (dir) => {
    const log = join(dir, "log.csv"), items = join(dir, "items.csv");
    Deno.writeTextFileSync(log, csv(ROWS));
    Deno.writeTextFileSync(items, "item,title\na,A\n");
    const dataset = await prepared(dir, { data: log, items });
    Deno.writeTextFileSync(items, "item,title\na,Another\n");
    assert.deepEqual(await dropped(dataset, "late"), LATE, "the table of items does not matter");
    Deno.writeTextFileSync(log, csv(ROWS).replace("late,z", "late,a"));
    assert.equal(
      await dropped(dataset, "late"),
      `${log} has changed since it was prepared`,
      "of the same size",
    );
    Deno.writeTextFileSync(log, csv(ROWS) + "late,c,1,1\n");
    assert.equal(await dropped(dataset, "late"), `${log} has changed since it was prepared`);
    Deno.removeSync(log);
    assert.match(String(await dropped(dataset, "late")), /^Cannot read .*log\.csv: no such file/);
    const table = ROWS.map(([user, item, , timestamp]) => ({ user, item, timestamp }));
    const inMemory = await prepared(dir, { data: table, out: join(dir, "memory") });
    assert.equal(await dropped(inMemory, "late"), "its data were a table in memory");
    const { manifest } = await readDataset(dataset.folder);
    const [{ sha256: _, ...source }] = manifest.sources;
    Object.assign(dataset.manifest, { sources: [{ ...source, modified: "2024-01-01T00:00:00Z" }] });
    assert.match(String(await dropped(dataset, "late")), /^a cluster has read .*log\.csv$/);
  }));
