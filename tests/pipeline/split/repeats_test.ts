import assert from "node:assert/strict";
import fc from "fast-check";
import pl from "nodejs-polars";
import { countPairs, countRepeats, repeatWarnings } from "../../../pipeline/split/repeats.ts";
import { splitInteractions } from "../../../pipeline/split.ts";

type Row = [user: number, item: number, time: number];

const frameOf = (rows: Row[]) =>
  pl.DataFrame([
    ...["user", "item"].map((name, i) => pl.Series(name, rows.map((row) => row[i]), pl.UInt32)),
    pl.Series("timestamp", rows.map((row) => row[2]), pl.Int64),
  ]);

Deno.test("repeats: the same user, item and time, of which each but one counts", () => {
  const rows: Row[] = [
    [1, 5, 10],
    [1, 6, 10],
    [1, 5, 10], // not adjacent to the one that it repeats
    [1, 5, 10],
    [1, 5, 11], // another time
    [2, 5, 11], // another user
    [2, 6, 12],
    [3, 6, 12],
    [3, 6, 12],
  ];
  assert.equal(countRepeats(frameOf(rows)), 3);
  assert.equal(countRepeats(frameOf(rows), 2), 3, "in pieces");
  assert.equal(countRepeats(frameOf(rows.slice(4, 8))), 0);
});

Deno.test("repeats: however rows are, and in however many pieces", () => {
  const row = fc.tuple(
    fc.integer({ min: 1, max: 4 }),
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: -2, max: 2 }),
  );
  fc.assert(
    fc.property(
      fc.array(row, { minLength: 1, maxLength: 40 }),
      fc.integer({ min: 1, max: 50 }),
      (rows, pieceRows) => {
        const ordered = rows.toSorted((a, b) => a[0] - b[0] || a[2] - b[2]);
        const distinct = new Set(rows.map((row) => row.join())).size;
        assert.equal(countRepeats(frameOf(ordered), pieceRows), rows.length - distinct);
        const pairs = new Set(rows.map(([user, item]) => `${user},${item}`)).size;
        assert.equal(countPairs(frameOf(ordered), pieceRows), pairs);
      },
    ),
  );
});

Deno.test("repeats: the split says how many there are, and what can be done", () => {
  const once: Row[] = [[1, 5, 3], [1, 6, 1], [1, 7, 2], [1, 5, 4]];
  assert.deepEqual(splitInteractions(frameOf(once)).report.warnings, []);
  assert.deepEqual(splitInteractions(frameOf([...once, [1, 5, 3], [1, 6, 1]])).report.warnings, [
    "interactions that repeat another of the same user, item and time: 2, each counts; " +
    "--duplicates same-time takes one of them",
  ]);
  assert.deepEqual(repeatWarnings(3, 56_778), [], "so few are chance");
  assert.equal(repeatWarnings(57, 56_778).length, 1);
  assert.deepEqual([1000, 1001].map((rows) => repeatWarnings(1, rows).length), [1, 0], "one in a thousand");
  assert.deepEqual(repeatWarnings(0, 0), []);
});
