/** Tables in a terminal that is narrower than they are. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { displayWidth, type Table, textTable, textTables } from "../../../../pipeline/display/table.ts";
import { withTablesFor } from "../../../../pipeline/display/table/room.ts";

/** A table as lines, in a terminal with this many columns. */
const within = (columns: number, table: Table) => withTablesFor(columns, () => textTable(table)).split("\n");

const STAGES: Table = {
  columns: ["stage", "rows in", "why", "seconds"],
  rows: [
    ["read", 57306, "", 0.3],
    ["filter", 57306, "85 of 1,500 users with fewer than 10 interactions", 0.01],
  ],
};

Deno.test("headers are broken first, then sentences, between words; below that each row stands by itself", () => {
  const whole = [
    "stage   rows in  why                                                seconds",
    "───────────────────────────────────────────────────────────────────────────",
    "read     57,306                                                        0.30",
    "filter   57,306  85 of 1,500 users with fewer than 10 interactions     0.01",
  ];
  assert.deepEqual(textTable(STAGES).split("\n"), whole, "not in a terminal");
  assert.deepEqual(within(76, STAGES), whole);
  assert.deepEqual(within(75, STAGES), [
    "          rows",
    "stage       in  why                                                seconds",
    "──────────────────────────────────────────────────────────────────────────",
    "read    57,306                                                        0.30",
    "filter  57,306  85 of 1,500 users with fewer than 10 interactions     0.01",
  ]);
  assert.deepEqual(within(40, STAGES), [
    "          rows",
    "stage       in  why             seconds",
    "───────────────────────────────────────",
    "read    57,306                     0.30",
    "filter  57,306  85 of 1,500        0.01",
    "                users with",
    "                fewer than 10",
    "                interactions",
  ]);
  assert.deepEqual(within(20, STAGES), [
    "stage    read",
    "rows in  57,306",
    "seconds  0.30",
    "",
    "stage    filter",
    "rows in  57,306",
    "why      85 of 1,500 users with fewer than 10 interactions",
    "seconds  0.01",
  ]);
});

Deno.test("what a table can spare is left out, no more than needed, and said once below all of them", () => {
  const runs: Table = {
    columns: ["run", "seed", "data", "HR@10"],
    rows: [["runs/demo", 2023, "demo", "0.5527 ± 0.0132"]],
    spare: ["seed", "data"],
  };
  assert.deepEqual(within(42, runs).length, 3);
  assert.deepEqual(within(36, runs), [
    "run        data  HR@10",
    "────────────────────────────────",
    "runs/demo  demo  0.5527 ± 0.0132",
    "(left out, for the terminal is too narrow: seed)",
  ]);
  const both = withTablesFor(30, () => textTables([{ ...runs, caption: "first" }, runs]));
  assert.equal(both.split("(left out").length, 2);
  assert.match(both, /\n\(left out, for the terminal is too narrow: seed, data\)$/);
});

Deno.test("a sentence among numbers is read from the left; numbers of a column have the same decimals", () => {
  const facts: Table = {
    columns: ["", "value"],
    rows: [["users", 1415], ["left out", "85 of 1,500 users with fewer than 10"]],
  };
  assert.equal(textTable(facts).split("\n")[2], "users     1,415");
  const numbers = (...values: (number | string)[]) =>
    textTable({ columns: ["n"], rows: values.map((value) => [value]) }).split("\n").slice(2)
      .map((line) => line.trim());
  assert.deepEqual(numbers(0.1, 0.08, 12), ["0.10", "0.08", "12.00"]);
  assert.deepEqual(numbers(1, 2), ["1", "2"]);
  assert.deepEqual(numbers(0.5, "–", ""), ["0.5", "–", ""]);
  assert.deepEqual(numbers(0.5, 1415, "4.2 MB"), ["0.5", "1,415", "4.2 MB"], "numbers of several things");
});

Deno.test("whatever the table and the terminal, no word is lost, and no line of a table is too wide", () => {
  const words = fc.array(fc.stringMatching(/^[a-z]{1,9}$/), { minLength: 1, maxLength: 9 }).map((all) =>
    all.join(" ")
  );
  const rows = fc.array(fc.tuple(words, fc.integer(), words), { minLength: 1, maxLength: 4 });
  fc.assert(fc.property(rows, fc.integer({ min: 24, max: 120 }), (cells, columns) => {
    const lines = within(columns, { columns: ["first of all", "a number", "last"], rows: cells });
    const isTable = lines.some((line) => line.startsWith("──"));
    assert(!isTable || lines.every((line) => displayWidth(line) < columns), lines.join("\n"));
    const shown = lines.join(" ").split(/\s+/);
    for (const [one, , other] of cells) {
      for (const word of `${one} ${other}`.split(" ")) assert(shown.includes(word), word);
    }
  }));
});
