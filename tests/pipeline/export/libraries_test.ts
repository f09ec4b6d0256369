import assert from "node:assert/strict";
import { join } from "node:path";
import { exportDataset, type ExportFormat } from "../../../pipeline/export/mod.ts";
import { inFolder, makeDataset, type Sketch, TOY } from "./dataset.ts";
import { hasModules, runPython } from "./python.ts";

/** Exports, and returns the code blocks in the README by their titles. */
async function exportWithCode(
  folder: string,
  to: ExportFormat,
  sketch: Sketch = TOY,
): Promise<{ out: string; code: Map<string, string> }> {
  const out = join(folder, `out-${to}`);
  await exportDataset(await makeDataset(folder, sketch), {
    to,
    out,
    compression: to === "csv" ? "gzip" : undefined,
  });
  const readme = Deno.readTextFileSync(join(out, "README.md"));
  const blocks = readme.matchAll(/^(.+):\n\n```\w+\n([^]*?)\n```/gm);
  return { out, code: new Map(Array.from(blocks, ([, title, code]) => [title, code])) };
}

const INTERACTIONS = [
  ["ann", "a", "1", "1000000000", "train"],
  ["ann", "b,1", "2", "1000000001", "train"],
  ["ann", 'c"q"', "3", "1000000002", "train"],
  ["ann", "🦊", "4", "1000000003", "validation"],
  ["ann", "d", "5", "1000000004", "test"],
  ["小明", "b,1", "2", "1000001000", "train"],
];

type Rows = string[][] | { missing: string };

const modules = ["pandas", "duckdb", "lenskit", "sklearn", "polars", "datasets"].filter((name) =>
  hasModules(name)
);
Deno.test({
  name:
    "the lines of code in the READMEs load the files in pandas, DuckDB, Polars, Hugging Face Datasets, LensKit and scikit-learn" +
    (modules.length > 0
      ? ` (here: ${modules.join(", ")})`
      : " (ignored: none installed; set AUTOMLP_PYTHON)"),
  ignore: modules.length === 0,
  fn: () =>
    inFolder(async (folder) => {
      const tasks: [out: string, reader: string, ...unknown[]][] = [];
      for (const to of ["csv", "jsonl", "parquet"] as const) {
        const { out, code } = await exportWithCode(folder, to);
        for (const tool of ["pandas", "DuckDB", "Polars"]) {
          for (const table of ["interactions", "items"]) {
            tasks.push([out, tool.toLowerCase(), code.get(tool), table]);
          }
        }
      }
      const parquet = await exportWithCode(folder, "parquet");
      const ofDatasets = [...parquet.code].find(([title]) => title.startsWith("Hugging Face"))![1];
      tasks.push([parquet.out, "datasets", ofDatasets]);
      const lenskit = await exportWithCode(folder, "lenskit");
      tasks.push([lenskit.out, "lenskit", ...lenskit.code.values()]);
      const libsvm = await exportWithCode(folder, "libsvm");
      tasks.push([libsvm.out, "sklearn", libsvm.code.get("scikit-learn"), 1]);
      const session = await exportWithCode(folder, "session");
      tasks.push([session.out, "pandas", [...session.code.values()].join("\n"), "test"]);

      const results = runPython<unknown[]>("read_tables.py", JSON.stringify(tasks));
      results.forEach((result, i) => {
        const [out, reader, , table] = tasks[i];
        const where = `${out.split("out-")[1]} in ${reader}: ${table ?? ""}`;
        const missing = (result as { missing?: string }).missing;
        if (missing !== undefined) {
          return assert.ok(!modules.includes(missing), where);
        }
        if (reader === "lenskit") {
          const { metrics: _, ...loaded } = result as { metrics: unknown };
          return assert.deepEqual(loaded, {
            users: 3,
            items: 5,
            train: 7,
            test: { ann: ["d"], "小明": ["🦊"], 'O\'Neil,"Pat"': ['c"q"'] },
          });
        }
        if (reader === "sklearn") {
          const { shape, labels, row } = result as {
            shape: number[];
            labels: number[];
            row: Record<string, number>;
          };
          assert.deepEqual([shape, labels], [[7, 19], [1, 2, 3, 2, 3, 3, 4]]);
          return assert.deepEqual(Object.keys(row).map(Number), [1, 5, 10, 13, 14, 15]);
        }
        const rows = result as Exclude<Rows, { missing: string }>;
        if (reader === "datasets") {
          const train = INTERACTIONS.filter((row) => row[4] === "train");
          return assert.deepEqual([rows.length, rows.slice(0, train.length)], [7, train], where);
        }
        if (table === "test") {
          assert(["train", "test"].every((name) => Deno.statSync(join(out, `${name}.pickle`)).isFile));
          return assert.deepEqual(
            rows.map(([user]) => user),
            ["ann", "小明", 'O\'Neil,"Pat"'],
          );
        }
        if (table === "interactions") {
          return assert.deepEqual([rows.length, rows.slice(0, 6)], [13, INTERACTIONS], where);
        }
        assert.deepEqual(
          rows.map(([id]) => id),
          ["a", "b,1", 'c"q"', "🦊", "d"],
          where,
        );
        assert.deepEqual(rows.map((row) => row[3])[0], "A tab\there", where);
      });
    }),
});

Deno.test("pandas is told which columns hold numbers, and what stands for none", () =>
  inFolder(async (folder) => {
    const { code } = await exportWithCode(folder, "csv");
    assert.match(code.get("pandas")!, /keep_default_na=False, na_values=\{"price": \[""\]\}\)/);
  }));

Deno.test({
  name: "lenskit: the README's lines bear items that are taken twice, and rank by popularity as we do" +
    (modules.includes("lenskit") ? "" : " (ignored: Python without lenskit; set AUTOMLP_PYTHON)"),
  ignore: !modules.includes("lenskit"),
  fn: () =>
    inFolder(async (folder) => {
      // In training a occurs 5 times, b and e twice, c and d never. After e comes d for u, and c for v, who have had the others; for w, b
      // comes before c.
      const sequences = { u: [..."aabcd"], v: [..."abadc"], w: [..."eeadb"] };
      const { out, code } = await exportWithCode(folder, "lenskit", { sequences });
      const [{ train, metrics }] = runPython<{ train: number; metrics: Record<string, number> }[]>(
        "read_tables.py",
        JSON.stringify([[out, "lenskit", ...code.values()]]),
      );
      assert.deepEqual([train, metrics["Hit@10"]], [9, 1]);
      assert(Math.abs(metrics["NDCG@10"] - (1 + 2 / Math.log2(3)) / 3) < 1e-6, `${metrics["NDCG@10"]}`);
    }),
});

/**
 * 250 items whose first rows reveal little: numbers that are whole for a long time, notes that come late, texts that look like numbers,
 * dates and booleans; users and items named like UUIDs and dates.
 */
function late(): Sketch {
  const two = (n: number) => String(n).padStart(2, "0");
  const ids = Array.from({ length: 250 }, (_, i) => `20${two(i % 25)}-01-${two(1 + Math.floor(i / 25))}`);
  const users = Array.from({ length: 5 }, (_, u) => `015C33B2-DF14-61AA-F8EB-18B90074513${u}`);
  const item = (_: string, i: number) => ({
    brand: `00${i % 5}`,
    day: "2024-01-0" + (1 + i % 9),
    new: String(i % 2 === 0),
    price: i === 249 ? null : i < 220 ? `${i}` : `${i}.5`,
    note: i < 230 ? null : "late",
    tags: i < 210 ? null : "a|b",
  });
  return {
    sequences: Object.fromEntries(users.map((user, u) => [user, ids.slice(u * 50, u * 50 + 50)])),
    items: Object.fromEntries(ids.map((id, i) => [id, item(id, i)])),
    users: Object.fromEntries(users.map((user, u) => [user, { zip: `0096${u}` }])),
    features: [{ name: "price", kind: "numeric" }, { name: "tags", kind: "multi", separator: "|" }],
  };
}

const tables = ["pandas", "duckdb", "polars"].filter((name) => modules.includes(name));
Deno.test({
  name: "texts stay texts, and numbers numbers, whatever the first rows look like" +
    (tables.length > 0 ? ` (here: ${tables.join(", ")})` : " (ignored: none installed; set AUTOMLP_PYTHON)"),
  ignore: tables.length === 0,
  fn: () =>
    inFolder(async (folder) => {
      const sketch = late(), tasks: [out: string, reader: string, ...unknown[]][] = [];
      for (const to of ["csv", "jsonl", "parquet"] as const) {
        const { out, code } = await exportWithCode(folder, to, sketch);
        for (
          const tool of ["pandas", "DuckDB", "Polars"].filter((tool) => tables.includes(tool.toLowerCase()))
        ) {
          for (const table of ["interactions", "users", "items", "negatives"]) {
            tasks.push([out, tool.toLowerCase(), code.get(tool), table]);
          }
        }
      }
      const ids = Object.keys(sketch.items!), users = Object.keys(sketch.sequences);
      runPython<string[][][]>("read_tables.py", JSON.stringify(tasks)).forEach((rows, i) => {
        const [out, reader, , table] = tasks[i], where = `${out.split("out-")[1]} in ${reader}: ${table}`;
        switch (table) {
          case "interactions":
            assert.deepEqual(
              [rows.length, rows[49]],
              [250, [users[0], ids[49], "5", "1000000049", "test"]],
              where,
            );
            break;
          case "users":
            assert.deepEqual(rows[4], [users[4], "50", "00964"], where);
            break;
          case "items": {
            const seen = rows.map((
              [id, , , brand, day, isNew, price, note],
            ) => [id, brand, day, isNew, price, note]);
            const known = Object.entries(sketch.items!).map(([id, of]) =>
              [id, of.brand, of.day, of.new, of.price, of.note].map((value) => value ?? "")
            );
            assert.deepEqual(seen, known, where);
            break;
          }
          case "negatives":
            assert.deepEqual(
              [rows.length, rows[0].slice(0, 4), rows[0][4].match(/20\d\d-\d\d-\d\d/g)],
              [10, ["recbole", "validation", users[0], ids[48]], ids.slice(49, 52)],
              where,
            );
        }
      });
    }),
});
