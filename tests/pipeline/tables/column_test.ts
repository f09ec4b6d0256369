import assert from "node:assert/strict";
import fc from "fast-check";
import pl from "nodejs-polars";
import { TableColumn } from "../../../pipeline/tables/column.ts";

/** A column after reading all of its values. */
function columnOf(values: readonly unknown[]): TableColumn {
  const column = new TableColumn("c");
  values.forEach((value, row) => column.see(value, row));
  return column;
}

/** The type and the values of a column made from these values. */
function made(values: readonly unknown[], times = false): [type: string, values: unknown[]] {
  const series = columnOf(values).series("c", values, times);
  return [String(series.dtype), series.toArray()];
}

const DAY = new Date("2026-01-02"), INVALID = new Date(NaN), ISO = "2026-01-02T00:00:00.000Z";

Deno.test("all values of a column decide its type", () => {
  const cases: [values: unknown[], type: string, expected: unknown[]][] = [
    [[1, null, undefined, 3], "Int64", [1, null, null, 3]],
    [[-0, 2 ** 53 - 1], "Int64", [0, 2 ** 53 - 1]],
    [[1, 2.5, null, NaN], "Float64", [1, 2.5, null, NaN]],
    [[1, true, DAY, INVALID], "Float64", [1, 1, +DAY, NaN]],
    [[true, null, false], "Bool", [true, null, false]],
    [[null, "a", "", undefined], "String", [null, "a", "", null]],
    [[1, 1.5, 10n, true, DAY, INVALID, "a"], "String", ["1", "1.5", "10", "true", ISO, null, "a"]],
    [[null, undefined], "String", [null, null]],
    [[DAY, INVALID, null], "Datetime(ms,)", [DAY, null, null]],
    [[Temporal.Instant.from(ISO), DAY], "Datetime(ms,)", [DAY, DAY]],
    [[1n, -2n, 3], "Int64", [1, -2, 3]],
    [[1n, 2n ** 63n], "UInt64", [1n, 2n ** 63n]],
    [[-1, 2n ** 63n], "String", ["-1", "9223372036854775808"]],
    [[1n, 2n ** 64n], "String", ["1", "18446744073709551616"]],
    [[1n, 0.5], "Float64", [1, 0.5]],
    [[2n ** 53n + 1n, 0.5], "String", ["9007199254740993", "0.5"]],
    [["a", ["b", 1, null, [2.5]], [], null], "List(DataType(String))", [["a"], ["b", "1", "2.5"], [], null]],
    [[[], [], null], "List(DataType(String))", [[], [], null]],
  ];
  for (const [values, type, expected] of cases) {
    assert.deepEqual(made(values), [`DataType(${type})`, expected], values.map(String).join());
  }
});

Deno.test("an invalid time of interactions is told by its text", () => {
  assert.deepEqual(made([DAY, INVALID], true), ["DataType(String)", [ISO, "Invalid Date"]]);
  assert.deepEqual(
    made([DAY, null], true),
    ["DataType(Datetime(ms,))", [DAY, null]],
    "else times stay times",
  );
});

Deno.test("times of interactions keep what is finer than a millisecond", () => {
  const fine = Temporal.Instant.from("2026-01-02T00:00:00.000000003Z");
  assert.deepEqual(made([fine, DAY, null], true), ["DataType(String)", [String(fine), ISO, null]]);
  assert.deepEqual(
    made([fine, DAY]),
    ["DataType(Datetime(ms,))", [DAY, DAY]],
    "of what is no time of theirs",
  );
});

Deno.test("the first value that no table can have is named", () => {
  const cases: [values: unknown[], row: number, found: string][] = [
    [[1, { x: 1 }, () => 1], 1, "another object"],
    [["a", null, Symbol("b")], 2, "a symbol"],
    [[["a", ["b", new Map()]]], 0, "a list whose value 3 is of the class Map"],
  ];
  for (const [values, row, found] of cases) {
    const column = columnOf(values);
    assert.deepEqual(column.unreadable, { row, found });
    const { length } = column.series("c", values);
    assert.equal(length, values.length, "in a column that nobody reads it is nothing");
  }
  assert.equal(columnOf([1, "a", [1]]).unreadable, undefined);
});

Deno.test("where one value is text, all are as JavaScript writes them, whatever stands first", () => {
  const value = fc.oneof(
    fc.integer(),
    fc.double({ noNaN: true }),
    fc.bigInt(),
    fc.boolean(),
    fc.constant(null),
  );
  fc.assert(fc.property(fc.array(value), fc.array(value), (before, after) => {
    const values = [...before, "text", ...after];
    assert.deepEqual(made(values)[1], values.map((one) => one === null ? null : String(one)));
  }));
});

Deno.test("integers stay exact, of either type and any size", () => {
  const whole = fc.oneof(fc.maxSafeInteger(), fc.bigInt({ min: -(2n ** 65n), max: 2n ** 65n }));
  fc.assert(fc.property(fc.array(whole, { minLength: 1 }), (values) => {
    const texts = columnOf(values).series("c", values).cast(pl.String).toArray();
    assert.deepEqual(texts, values.map(String));
  }));
});
