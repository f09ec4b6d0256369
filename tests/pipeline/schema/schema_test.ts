/** What the check of the schema refuses, sets aside and warns about. */
import assert from "node:assert/strict";
import pl from "nodejs-polars";
import { checkSchema, type SchemaOptions } from "../../../pipeline/schema.ts";
import { columnsOf, handExpected, handFrame, rawFrame } from "../frames.ts";
import { reject } from "./reject.ts";

const good = ["u", "i", "5"];

Deno.test("schema: the data set made by hand passes whole", async () => {
  const { frame, report, rejected } = await checkSchema(handFrame());
  assert.deepEqual([report.rowsIn, report.rowsOut, rejected.height], [72, 72, 0]);
  assert.deepEqual(report.counts, { users: 8, items: 18 });
  assert.deepEqual(frame.columns, ["user", "item", "rating", "timestamp"]);
  assert.equal(String(frame.getColumn("timestamp").dtype), String(pl.Int64));
  assert.equal(columnsOf(frame).user[0], "ann");
});

Deno.test("schema: each fault is named with its row, column and text", async () => {
  await reject([good, ["u", null, "6"]], /row 2, column "item": the field is empty/);
  await reject([good, [null, "i", "6"]], /row 2, column "user": the field is empty/);
  await reject([good, ["", "i", "6"]], /row 2, column "user": the field is empty/);
  await reject([good, ["u", "i", null]], /row 2, column "timestamp": the field is empty/);
  await reject([good, ["u", "i", "abc"]], /row 2, column "timestamp": .* is neither a number nor a date/);
  await reject([good, ["u", "i", "NaN"]], /row 2, column "timestamp": .* not a finite number/);
  await reject([good, ["u", "i", "inf"]], /row 2, column "timestamp": .* not a finite number/);
  await reject([good, ["u", "i", "x"], ["u", "i", "y"]], /row 2, .* nor a date \(2 bad rows in all\)/);
  const rated = ["user", "item", "rating", "timestamp"];
  await reject(
    [["u", "i", "4", "1"], ["u", "i", "x", "2"]],
    /row 2, column "rating": .* not a number/,
    {},
    rated,
  );
  await reject([["u", "i", "4", "1"], ["u", "i", null, "2"]], /row 2, column "rating": .* empty/, {}, rated);
});

Deno.test("schema: a rating that is missing need not cost the row, and the error says how to leave ratings out", async () => {
  const rated = ["user", "item", "rating", "timestamp"], rows = [["u", "i", "", "1"]];
  const at = (fields: Record<string, string>, columnName?: SchemaOptions["columnName"]): SchemaOptions => ({
    locate: () => Promise.resolve([{ file: "log.csv", line: 2, fields, text: "u,i,,1" }]),
    columnName,
  });
  const found = { user: "u", item: "i", timestamp: "1" };
  const aside = "or set bad rows aside with --on-bad-row skip";
  const says = async (wish: string, options: SchemaOptions) =>
    await reject(
      rows,
      RegExp(`fix it, leave ratings out, which no model needs, with --columns${wish}, ${aside}$`),
      options,
      rated,
    );
  await says(
    " user=uid,item=iid,timestamp=timestampid",
    at(found, (role) => role === "timestamp" ? `${role}id` : `${role[0]}id`),
  );
  await says(" user=user,item=item", at({ user: "u", item: "i" }));
  await says(", with _ in its place", at(found, (role) => `column ${role.length}`));
  await reject(
    [["u", "", "4", "1"]],
    /fix it, leave out all rows without a user or an item with --null-values NULL, or set/,
    at(found),
    rated,
  );
});

Deno.test("schema: a locator gives file, line and text, and the source's own column name", async () => {
  const options: SchemaOptions = {
    locate: (rows) =>
      Promise.resolve(rows.map((row) => ({
        file: "log.csv",
        line: row + 2,
        fields: { timestamp: "soon" },
        text: "u,i,soon",
      }))),
    columnName: () => "when",
  };
  await reject([good, ["u", "i", "soon"]], /log\.csv: line 3, column "when": "soon" is neither/, options);
  const at = (line: number) => ({
    locate: () =>
      Promise.resolve([{ file: "log.jsonl", line, fields: { timestamp: "soon" }, text: "u,i,soon" }]),
  });
  await reject([["u", "i", "soon"]], /Cannot read log\.jsonl: line 1, column "timestamp"/, at(1));
  await reject([["u", "i", "soon"]], /Cannot read log\.jsonl: row "u,i,soon", column "timestamp"/, at(0));
  const { rejected } = await checkSchema(rawFrame([good, ["u", "i", "soon"]]), {
    ...options,
    onBadRow: "skip",
  });
  assert.deepEqual(rejected.rows(), [[
    "log.csv",
    3,
    "when",
    "timestamp neither a number nor a date",
    "u,i,soon",
  ]]);
});

Deno.test("schema: bad rows set aside are counted by reason, and the rest continues", async () => {
  const rows = [good, ["u", null, "6"], ["u", "i", "x"], ["u", "j", "7"], ["u", "k", "-inf"], [
    "u",
    "l",
    "y",
  ]];
  const { frame, report, rejected } = await checkSchema(rawFrame(rows), { onBadRow: "skip" });
  assert.deepEqual(columnsOf(frame), { user: ["u", "u"], item: ["i", "j"], timestamp: [5, 7] });
  const skip = { name: "onBadRow", value: "skip" };
  assert.deepEqual(report.dropped, [
    { reason: "item missing", rows: 1, option: skip },
    { reason: "timestamp neither a number nor a date", rows: 2, option: skip },
    { reason: "timestamp not finite", rows: 1, option: skip },
  ]);
  assert.deepEqual(columnsOf(rejected).line, [2, 3, 5, 6]);
});

Deno.test("schema: the reason for a bad time says whether it is one, or is not in the given format", async () => {
  const texts = [
    "2026-10-30T10:00:00Z",
    "2026-10-30 10:03:00.5",
    "2026-10-30T10:01:00Z",
    "7",
    "soon",
    "2026-02-30",
  ];
  const reasons = async (options: SchemaOptions = {}) => {
    const locate = (rows: readonly number[]) =>
      Promise.resolve(
        rows.map((row) => ({
          file: "log.csv",
          line: row + 1,
          fields: { timestamp: texts[row] },
          text: texts[row],
        })),
      );
    const { report, rejected } = await checkSchema(rawFrame(texts.map((text, i) => ["u", `i${i}`, text])), {
      onBadRow: "skip",
      locate,
      ...options,
    });
    assert.equal(report.dropped.reduce((sum, { rows }) => sum + rows, 0), rejected.height);
    return {
      each: columnsOf(rejected).reason,
      counted: report.dropped.map(({ reason, rows }) => `${rows} ${reason}`),
    };
  };
  const other = "timestamp written differently from most", none = "timestamp neither a number nor a date";
  assert.deepEqual(await reasons(), {
    each: [other, other, none, none],
    counted: [`2 ${none}`, `2 ${other}`],
  });
  assert.deepEqual((await reasons({ timeFormat: "%Y-%m-%d %H:%M:%S.%f" })).counted, [
    "5 timestamp not in the format of --time-format",
  ]);
});

Deno.test("schema: a row with too many fields is bad", async () => {
  const frame = rawFrame([good, good]).withColumn(pl.Series("ragged", [false, true]));
  await assert.rejects(checkSchema(frame), /row 2: the row has too many fields/);
});

Deno.test("schema: decimals of ratings are written with a point, or with a comma where that is said", async () => {
  const frame = (...ratings: string[]) =>
    pl.DataFrame({
      user: ratings.map(() => "u"),
      item: ratings.map((_, i) => `i${i}`),
      timestamp: ratings.map((_, i) => i),
      rating: pl.Series("rating", ratings, pl.String),
    });
  const located = (rating: string) => ({
    locate: () => Promise.resolve([{ file: "a.csv", line: 2, fields: { rating }, text: "" }]),
  });
  const comma = await checkSchema(frame("3,5", "-1,25", "4", " 2,5e1 "), { decimal: "comma" });
  assert.deepEqual(columnsOf(comma.frame).rating, [3.5, -1.25, 4, 25]);
  assert.deepEqual(columnsOf((await checkSchema(frame(" 3.5 "), { decimal: "point" })).frame).rating, [3.5]);
  const numbers = pl.DataFrame({ user: ["u"], item: ["i"], timestamp: [1], rating: [3.5] });
  assert.deepEqual(columnsOf((await checkSchema(numbers, { decimal: "comma" })).frame).rating, [3.5]);
  await assert.rejects(
    checkSchema(frame("3,5"), located("3,5")),
    /line 2, column "rating": "3,5" is not a number; it looks like decimal: comma; fix it/,
  );
  for (const text of ["1.234", "1.234,5", "3,5,1"]) {
    await assert.rejects(
      checkSchema(frame(text), { ...located(text), decimal: "comma" }),
      new RegExp(`"${text}" is not a number with a decimal comma, as decimal: comma says`),
    );
  }
  await assert.rejects(checkSchema(frame("1,234"), located("1,234")), /"1,234" is not a number; fix it/);
  await assert.rejects(checkSchema(frame("3,5,1"), located("3,5,1")), /"3,5,1" is not a number; fix it/);
});

Deno.test("schema: the first of several at the same time goes by rating where ties go by item", async () => {
  const rows = [["u", "i", "3", "1"], ["u", "i", "5", "1"], ["u", "i", "4", "1"]];
  const rated = ["user", "item", "rating", "timestamp"];
  const kept = async (options: SchemaOptions) =>
    columnsOf((await checkSchema(rawFrame(rows, rated), options)).frame).rating;
  assert.deepEqual(await kept({ duplicates: "last" }), [4]);
  assert.deepEqual(await kept({ duplicates: "last", ties: "item" }), [5]);
  assert.deepEqual(await kept({ duplicates: "first", ties: "item" }), [3]);
  assert.deepEqual(await kept({ duplicates: "last", ties: "reverse" }), [3]);
  assert.deepEqual(await kept({ duplicates: "first", ties: "reverse" }), [4]);
  assert.deepEqual(await kept({ duplicates: "same-time" }), [4], "what was written last");
  assert.deepEqual(await kept({ duplicates: "same-time", ties: "item" }), [5]);
  assert.deepEqual(await kept({ duplicates: "same-time", ties: "reverse" }), [3]);
});

Deno.test("schema: of a log that was delivered twice each row counts once, and what is taken again stays", async () => {
  const day = [["u", "i", "1"], ["u", "k", "1"], ["v", "i", "1"], ["u", "i", "2"]];
  const { frame, report } = await checkSchema(rawFrame([...day, ...day.slice(1)]), {
    duplicates: "same-time",
  });
  const { user, item, timestamp } = columnsOf(frame);
  const rows = (user as string[]).map((user, i) => [user, item[i], String(timestamp[i])].join());
  assert.deepEqual(rows.toSorted(), day.map((row) => row.join()).toSorted());
  assert.deepEqual(report.dropped, [{
    reason: "duplicate interaction (same user, item and time)",
    rows: 3,
    option: { name: "duplicates", value: "same-time" },
  }]);
  await reject(
    [["u", "i", "1"], ["u", "i", "1"]],
    /choose keep, same-time, first or last with --duplicates/,
    {
      duplicates: "error",
    },
  );
});

Deno.test("schema: duplicates", async () => {
  const { duplicatesFirst, duplicatesFirstMinUser9, duplicatesLastMinUser9 } = handExpected.variants;
  const first = await checkSchema(handFrame(), { duplicates: "first" });
  assert.equal(first.frame.height, duplicatesFirst.rowsAfterSchema);
  assert.deepEqual(first.report.dropped, [{
    reason: "duplicate interaction (kept the first)",
    rows: 3,
    option: { name: "duplicates", value: "first" },
  }]);
  const last = await checkSchema(handFrame(), { duplicates: "last" });
  const fox = (frame: typeof last.frame) =>
    columnsOf(frame.filter(pl.col("user").eq(pl.lit("🦊"))).sort("timestamp")).item;
  assert.deepEqual(fox(first.frame), duplicatesFirstMinUser9.fox);
  assert.deepEqual(fox(last.frame), duplicatesLastMinUser9.fox);
  await assert.rejects(
    checkSchema(handFrame(), { duplicates: "error" }),
    /has item ".*" more than once .*row \d+/,
  );
});

Deno.test("schema: the rating threshold", async () => {
  const { frame, report } = await checkSchema(handFrame(), { minRating: 3 });
  assert.equal(frame.height, handExpected.variants.minRating3.rowsAfterSchema);
  assert.deepEqual(report.dropped, [{
    reason: "rating below 3",
    rows: 10,
    option: { name: "minRating", value: 3 },
  }]);
  await reject([good], /no rating column/, { minRating: 3 });
  const columns = ["user", "item", "rating", "timestamp"];
  await reject(
    [["u", "i", "1", "1"]],
    /none of 1 rows is left .*\(1 rating below 3\)$/,
    { minRating: 3 },
    columns,
  );
});

Deno.test("schema: words that stand for no value leave rows out, empty ids with them; what is read wrongly stays a bad row", async () => {
  const log = [
    ["a", "x", "1"],
    ["NULL", "x", "soon"],
    ["", "x", "2"],
    ["a", "-1", "3"],
    ["null", "y", "4"],
    ["b", "y", "5"],
  ];
  const frame = rawFrame(log, ["user", "item", "timestamp"]);
  const { frame: kept, report, rejected } = await checkSchema(frame, { nullValues: ["NULL", "-1"] });
  assert.deepEqual(columnsOf(kept), {
    user: ["a", "null", "b"],
    item: ["x", "y", "y"],
    timestamp: [1, 4, 5],
  });
  assert.deepEqual(report.dropped, [
    { reason: "no user or no item", rows: 3, option: { name: "nullValues", value: "NULL,-1" } },
  ]);
  assert.equal(rejected.height, 0);
  const numbers = pl.DataFrame([
    pl.Series("user", [0, 1], pl.Int32),
    pl.Series("item", [2, 2], pl.UInt8),
    pl.Series("timestamp", [1, 2], pl.Int64),
  ]);
  const { frame: other } = await checkSchema(numbers, { nullValues: ["0"] });
  assert.equal(other.height, 1);

  const flawed = frame.withColumn(pl.col("user").eq(pl.lit("NULL")).alias("ragged"));
  await assert.rejects(checkSchema(flawed, { nullValues: ["NULL", "-1"] }), /^InputError: .*row 2/);
  await reject([["NULL", "x", "1"]], /none of 1 rows is left after the checks \(1 no user or no item\)/, {
    nullValues: ["NULL"],
  });
});

Deno.test("schema: events that count; what is wrong in rows of others does not matter, and rows are found at their places", async () => {
  const columns = ["user", "item", "timestamp", "event"];
  const log = [
    ["a", "x", "1", "view"],
    ["a", "x", "2", "buy"],
    ["", "y", "soon", "view"],
    ["b", "y", "3", "basket"],
    ["a", "y", "4", ""],
    ["b", "z", "never", "buy"],
    ["b", "x", "5", "buy"],
  ];
  const frame = rawFrame(log, columns);
  const { frame: kept, report, rejected } = await checkSchema(frame, {
    events: ["buy", "basket", "buy"],
    onBadRow: "skip",
    locate: (rows) =>
      Promise.resolve(
        rows.map((row) => ({ file: "log.csv", line: row + 2, fields: {}, text: log[row].join() })),
      ),
  });
  assert.deepEqual(kept.columns, ["user", "item", "timestamp"]);
  assert.deepEqual(columnsOf(kept), { user: ["a", "b", "b"], item: ["x", "y", "x"], timestamp: [2, 3, 5] });
  assert.deepEqual(report.dropped, [
    {
      reason: "event other than buy, basket",
      rows: 3,
      option: { name: "events", value: "buy,basket" },
    },
    { reason: "timestamp neither a number nor a date", rows: 1, option: { name: "onBadRow", value: "skip" } },
  ]);
  assert.deepEqual([rejected.getColumn("line").get(0), rejected.getColumn("text").get(0)], [
    7,
    "b,z,never,buy",
  ]);
  assert.deepEqual(report.warnings, []);

  const { report: some } = await checkSchema(frame, { events: ["buy", "bascet"], onBadRow: "skip" });
  assert.deepEqual(some.warnings, [
    'no event is "bascet" (did you mean "basket"?); there are "buy" (3), "view" (2), "basket" (1)',
  ]);
  await reject(log, /^Cannot apply --events purchase: no event is "purchase"; there are "buy" \(3\)/, {
    events: ["purchase"],
  }, columns);
  await reject([good], /^Cannot apply --events buy: no column is named that has the events; name it, as in/, {
    events: ["buy"],
  });
  const { report: all } = await checkSchema(frame, { onBadRow: "skip" });
  assert.deepEqual(all.warnings, [
    "the column of events is not looked at: all rows count as interactions; --events says which do",
  ]);
});

Deno.test("schema: a rating that 32 bits do not hold is a bad row, as one that is infinite", async () => {
  const columns = ["user", "item", "rating", "timestamp"];
  const rated = (rating: string) => rawFrame([["u", "i", "4", "1"], ["u", "i", rating, "2"]], columns);
  const at = (rating: string): SchemaOptions => ({
    locate: () => Promise.resolve([{ file: "a.csv", line: 3, fields: { rating }, text: "" }]),
  });
  for (const text of ["1e39", "-1e39", "1e400", "3.4028236e38"]) {
    await assert.rejects(
      checkSchema(rated(text), at(text)),
      RegExp(
        `line 3, column "rating": "${text}" is too large for a rating, which is a 32-bit number; fix it`,
      ),
    );
  }
  await assert.rejects(checkSchema(rated("-inf"), at("-inf")), /"-inf" is not a number; fix it/);
  const numbers = pl.DataFrame({
    user: ["u", "u"],
    item: ["i", "j"],
    timestamp: [1, 2],
    rating: [1e39, 3e38],
  });
  const { frame, rejected } = await checkSchema(numbers, { onBadRow: "skip" });
  assert.deepEqual(columnsOf(frame).rating, [Math.fround(3e38)]);
  assert.deepEqual(columnsOf(rejected).reason, ["rating not a number"]);
});

Deno.test("schema: a rating that is written as the lower bound stays, whatever 32 bits make of it", async () => {
  for (const bound of [4.2, 0.7, 3.3, 0.1, 5]) {
    const rows = [bound - 0.01, bound, bound + 0.01].map((rating, i) => ["u", `i${i}`, String(rating), "1"]);
    const frame = rawFrame(rows, ["user", "item", "rating", "timestamp"]);
    const { frame: kept } = await checkSchema(frame, { minRating: bound });
    assert.deepEqual(columnsOf(kept).item, ["i1", "i2"], String(bound));
  }
});

Deno.test("schema: where no row is left it says what most have, and of the first of them what is wrong", () =>
  reject(
    [["u", "", "1", "1"], ["u", "i", "good", "1"], ["u", "j", "bad", "1"]],
    /none of 3 rows is left after the checks \(2 rating not a number, 1 item missing\); the data: row 2, column "rating": the field is not a number$/,
    { onBadRow: "skip" },
    ["user", "item", "rating", "timestamp"],
  ));
