import assert from "node:assert/strict";
import { join } from "node:path";
import { parse } from "../../../pipeline/std/csv.ts";
import {
  EXPORT_FORMATS,
  exportDataset,
  type ExportFormat,
  type ExportOptions,
} from "../../../pipeline/export/mod.ts";
import { task } from "../../command.ts";
import { assertRefused } from "../commands/refused.ts";
import { inFolder, linesOf, makeDataset, type Sketch, textOf, TOY } from "./dataset.ts";

/** Ids, texts, numbers and a column's name that spreadsheets take for formulas, and an id that equals another one's escaped form. */
const SHEET: Sketch = {
  sequences: {
    "-5": ["=x", "'=x", "@sum", "007", "=x"],
    ann: ["007", "=x", "+1", "@sum"],
    "=cmd|calc!A0": ["=x", "+1", "007", "'=x"],
  },
  items: {
    "=x": { title: "=HYPERLINK(1)", genres: "=a|b", price: "-3", "=side": "1" },
    "'=x": { title: "plain", genres: "b|-c", price: "2", "=side": "+2" },
    "@sum": { title: " =1", genres: "", price: null, "=side": "" },
    "007": { title: "\t=1", genres: null, price: "-1.5", "=side": null },
    "+1": { title: null, genres: "b", price: "1e3", "=side": "x" },
  },
  users: { "-5": { bio: "@me" }, ann: { bio: "-" }, "=cmd|calc!A0": { bio: "a=b" } },
  features: [
    { name: "genres", kind: "multi", separator: "|" },
    { name: "price", kind: "numeric" },
    { name: "=side", kind: "categorical" },
  ],
};

const CELLS = ["recbole", "csv", "libsvm", "sasrec", "sequences", "session"];

type Exported = Awaited<ReturnType<typeof exportDataset>>;

/** Exports to `<folder>/out` and passes the result to the test. */
const exported = (
  sketch: Sketch,
  to: ExportFormat,
  options: Partial<ExportOptions>,
  test: (result: Exported) => void | Promise<void>,
) =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, sketch);
    await test(await exportDataset(dataset, { to, out: join(folder, "out"), ...options }));
  });

/** The cells of a file as a spreadsheet splits it, by rows. */
function cellsOf(folder: string, path: string): string[][] {
  const text = textOf(folder, path);
  if (path.endsWith(".csv")) return parse(text);
  if (/\.(tsv|inter|item|user)$/.test(path)) return parse(text, { separator: "\t" });
  return text.trimEnd().split("\n").map((line) => [line, ...line.split(" ")]);
}

Deno.test("formats with cells are those whose files a spreadsheet may open", () => {
  const marked = Object.entries(EXPORT_FORMATS).filter(([, format]) => "cells" in format && format.cells);
  assert.deepEqual(marked.map(([name]) => name).sort(), CELLS.toSorted());
});

Deno.test("every format with cells: none begins a formula with safe cells, some do without; numbers stay", async (t) => {
  const begins = (cell: string) => /^[\s\0]*[=+\-@]/.test(cell) && !/^-\d[\d.]*$/.test(cell);
  for (const to of CELLS as ExportFormat[]) {
    await t.step(to, async () => {
      const cells: Record<string, string[]> = {};
      for (const safeCells of [false, true]) {
        await exported(SHEET, to, { safeCells }, ({ folder, files }) => {
          const tables = files.filter(({ rows }) => rows > 0).map(({ path }) => path);
          cells[`${safeCells}`] = tables.flatMap((path) => cellsOf(folder, path).flat());
        });
      }
      // In a column of numbers, -3 is a number; as an id it is text.
      const numbers = new Set(["-3", "-1.5", "-3.0"]);
      assert(cells.false.some(begins), "without");
      assert.deepEqual(cells.true.filter((cell) => begins(cell) && !numbers.has(cell)), []);
      assert.equal(cells.true.length, cells.false.length);
      if (to === "csv") assert(cells.true.includes("-3") && cells.true.includes("-1.5"));
      for (const id of ["'=x", "''=x", "'@sum"]) assert(cells.true.includes(id), id);
      assert(cells.true.includes("'-5") || cells.true.some((cell) => cell.startsWith("'-5 ")));
    });
  }
});

/** The byte-order mark by which a spreadsheet recognizes the encoding. */
const MARK = "\ufeff";

Deno.test("csv with safe cells: ids are changed alike in every table and list, and different ones stay different", () =>
  exported(SHEET, "csv", { safeCells: true }, ({ folder }) => {
    assert.deepEqual(linesOf(folder, "users.csv"), [
      `${MARK}user,interactions,bio`,
      "'-5,5,'@me",
      "ann,4,'-",
      "'=cmd|calc!A0,4,a=b",
    ]);
    assert.deepEqual(linesOf(folder, "items.csv"), [
      `${MARK}item,interactions,popularity,title,genres,price,'=side`,
      "'=x,4,2,'=HYPERLINK(1),'=a|b,-3,1",
      "''=x,2,2,plain,b|'-c,2,'+2",
      `'@sum,2,2,' =1,"",,""`,
      "007,3,2,'\t=1,,-1.5,",
      "'+1,2,2,,b,1e3,x",
    ]);
    assert.deepEqual(linesOf(folder, "interactions.csv").slice(0, 4), [
      `${MARK}user,item,rating,timestamp,split`,
      "'-5,'=x,1.0,1000000000,train",
      "'-5,''=x,2.0,1000000001,train",
      "'-5,'@sum,3.0,1000000002,train",
    ]);
    assert.deepEqual(linesOf(folder, "negatives.csv").slice(0, 2), [
      `${MARK}protocol,split,user,target,negatives`,
      "recbole,validation,'-5,007,'+1 '=x ''=x",
    ]);
  }));

Deno.test("notes and README say what was changed and how to undo it; without, that cells are as the data has them", async () => {
  const count =
    'Put an apostrophe in front of 2 user ids, 2 values of "bio", 4 item ids, 3 values of "title", ' +
    '2 values of "genres", 1 value of "=side" and 1 name of a column, wherever they occur';
  await exported(SHEET, "csv", { safeCells: true }, (result) => {
    const [note, ...others] = result.notes;
    assert.deepEqual(others, []);
    assert(note.startsWith(count), note);
    assert.match(note, /no longer those of the source; without their first apostrophe they are again$/);
    const readme = textOf(result.folder, "README.md");
    assert(readme.includes(`- ${note}\n`) && !readme.includes("Cells are as the data has them"));
    assert(String(result).includes(`note: ${note}`));
    assert.equal(JSON.parse(textOf(result.folder, "export.json")).safeCells, true);
  });
  await exported(TOY, "csv", { safeCells: true }, ({ notes }) => {
    assert.deepEqual(notes, ["Safe cells changed nothing: no id or text begins as a formula does"]);
  });
  for (const to of Object.keys(EXPORT_FORMATS) as ExportFormat[]) {
    await exported(TOY, to, {}, ({ folder }) => {
      const readme = textOf(folder, "README.md");
      assert.equal(
        /Cells are as the data has them: a spreadsheet may take/.test(readme),
        CELLS.includes(to),
        to,
      );
    });
  }
});

Deno.test("safe cells change nothing of ordinary data, but that a CSV says by a mark what its encoding is", async () => {
  for (const to of CELLS.filter((to) => to !== "sequences") as ExportFormat[]) {
    const files: Record<string, string>[] = [];
    for (const safeCells of [false, true]) {
      await exported(TOY, to, { safeCells }, (result) => {
        const paths = result.files.map(({ path }) => path).filter((path) => path !== "README.md");
        files.push(Object.fromEntries(paths.map((path) => [path, textOf(result.folder, path)])));
      });
    }
    const [plain, safe] = files;
    if (to === "csv") { for (const path of Object.keys(plain)) plain[path] = MARK + plain[path]; }
    assert.deepEqual(safe, plain, to);
  }
});

Deno.test("values with a separator that begins a formula: the cell as a whole", () =>
  exported(
    {
      sequences: { u: ["a", "b", "c"] },
      items: { a: { tags: "-x-y" }, b: { tags: "x" }, c: { tags: "x-y" } },
      features: [{ name: "tags", kind: "multi", separator: "-" }],
    },
    "csv",
    { safeCells: true },
    ({ folder }) =>
      assert.deepEqual(linesOf(folder, "items.csv").map((line) => line.split(",")[3]), [
        "tags",
        "'-x-y",
        "x",
        "x-y",
      ]),
  ));

Deno.test("a format without cells refuses, and leaves nothing", async () => {
  for (const to of ["parquet", "jsonl", "lenskit"] as const) {
    await inFolder(async (folder) => {
      const dataset = await makeDataset(folder, SHEET), out = join(folder, "out");
      await assert.rejects(
        exportDataset(dataset, { to, out, safeCells: true }),
        {
          name: "InputError",
          message: new RegExp(`^Cannot export ${to} with safe cells: .*choose recbole, csv`),
        },
      );
      assert.deepEqual(Array.from(Deno.readDirSync(folder), ({ name }) => name), ["dataset"]);
    });
  }
});

Deno.test("export --safe-cells, as a command", () =>
  inFolder(async (folder) => {
    const { folder: data } = await makeDataset(folder, SHEET), out = join(folder, "out");
    const { code, stdout, stderr } = await task("export", [
      data,
      "--to",
      "csv",
      "--out",
      out,
      "--safe-cells",
    ]);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(stdout, /\nnote: Put an apostrophe in front of 2 user ids, /);
    assert.equal(linesOf(out, "users.csv")[1], "'-5,5,'@me");
    assertRefused(
      await task("export", [data, "--to", "jsonl", "--out", join(folder, "other"), "--safe-cells"]),
      /Cannot export jsonl with safe cells/,
    );
  }));
