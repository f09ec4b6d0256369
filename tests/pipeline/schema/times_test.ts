/** What counts as a time, and how finely it is counted. */
import assert from "node:assert/strict";
import pl, { type DataFrame } from "nodejs-polars";
import { checkSchema, type SchemaOptions } from "../../../pipeline/schema.ts";
import { columnsOf, rawFrame } from "../frames.ts";
import { reject } from "./reject.ts";

Deno.test("schema: whole numbers stay exact beside what is no time", async () => {
  const ticks = [9n, 7n, 8n].map((i) => 1_700_000_000_000_000_000n + i);
  const rows = [...ticks, "soon"].map((time) => ["u", "i", String(time)]);
  const { frame } = await checkSchema(rawFrame(rows), { onBadRow: "skip" });
  const timestamp = frame.getColumn("timestamp");
  assert.equal(String(timestamp.dtype), String(pl.Int64));
  assert.deepEqual(timestamp.cast(pl.String).toArray(), ticks.map(String));
});

Deno.test("schema: timestamps may be decimal, padded, or dates", async () => {
  const times = async (...texts: string[]) => {
    const { frame, report } = await checkSchema(rawFrame(texts.map((text) => ["u", "i", text])));
    return { dtype: String(frame.getColumn("timestamp").dtype), values: columnsOf(frame).timestamp, report };
  };
  assert.deepEqual((await times("1.5", "2")).values, [1.5, 2]);
  const scientific = await times("1.3e9", " 7 ");
  assert.deepEqual([scientific.dtype, scientific.values], [String(pl.Int64), [1.3e9, 7]]);
  const dates = await times("2014-03-01T12:00:00", "2014-03-01T12:00:01");
  assert.deepEqual(dates.values, [Date.UTC(2014, 2, 1, 12), Date.UTC(2014, 2, 1, 12, 0, 1)]);
  assert.deepEqual(dates.report.warnings, [], "dates are nothing to warn of");
  assert.deepEqual((await times("2014-03-01", "2014-03-02")).values, [
    Date.UTC(2014, 2, 1),
    Date.UTC(2014, 2, 2),
  ]);
  assert.deepEqual((await times("2014-03-01T12:00:00Z")).values, [Date.UTC(2014, 2, 1, 12)]);
  assert.deepEqual((await times("2014-03-01T12:00:00+02:00")).values, [Date.UTC(2014, 2, 1, 10)]);
  for (
    const text of [
      "2014-03-01 12:00:00 UTC",
      " 2014-03-01 12:00:00Z",
      "2014-03-01 12:00",
      "2014-03-01T12:00 ",
    ]
  ) {
    assert.deepEqual((await times(text)).values, [Date.UTC(2014, 2, 1, 12)], text);
  }
});

Deno.test("schema: UTC may be written Z beside other distances, as programs write that follow RFC 3339", async () => {
  for (const between of ["T", " "]) {
    const texts = [["08", "Z"], ["10", "+02:00"], ["05", "-0230"]].map(([hour, zone]) =>
      `2014-03-01${between}${hour}:00:00.5${zone}`
    );
    const { frame } = await checkSchema(rawFrame(texts.map((text, i) => ["u", `i${i}`, text])));
    assert.deepEqual(
      columnsOf(frame).timestamp,
      [8, 8, 7.5].map((hours) => Date.UTC(2014, 2, 1) + hours * 36e5 + 500),
    );
  }
});

Deno.test("schema: dates are counted as finely as the finest of them", async () => {
  const times = async (texts: string[], timeFormat?: string) => {
    const rows = rawFrame(texts.map((text, i) => ["u", `i${i}`, text]));
    const { frame, timeUnit, report } = await checkSchema(rows, { timeFormat });
    const values = frame.getColumn("timestamp").cast(pl.String).toArray() as string[];
    return { timeUnit, values, warnings: report.warnings };
  };
  const expect = async (texts: string[], timeUnit: string | undefined, values: string[], format?: string) =>
    assert.deepEqual(await times(texts, format), { timeUnit, values, warnings: [] });
  const second = String(Date.UTC(2024, 0, 1, 10) / 1000);
  const texts = (...fractions: string[]) => fractions.map((fraction) => `2024-01-01 10:00:00${fraction}`);
  await expect(texts(".000", ".5", ""), "milliseconds", [`${second}000`, `${second}500`, `${second}000`]);
  await expect(texts(".000011", ".5"), "microseconds", [`${second}000011`, `${second}500000`]);
  await expect(texts(".000000011", ".12"), "nanoseconds", [`${second}000000011`, `${second}120000000`]);
  await expect(["1969-12-31T23:59:59.999999Z", "1970-01-01T00:00:00Z"], "microseconds", ["-1", "0"]);
  await expect(["1.1.2024 10:00:00.0001"], "microseconds", [`${second}000100`], "%d.%m.%Y %H:%M:%S.%f");
  await expect([`${second}000011`, "0"], undefined, [`${second}000011`, "0"]);
  const far = await times([...texts(".000011999", ".000011"), "9999-12-31 00:00:00"]);
  assert.deepEqual(far.values.slice(0, 2), [`${second}000011`, `${second}000011`]);
  assert.match(
    far.warnings[0],
    /^timestamps whose nanoseconds are left out: 1, because others are before 1678/,
  );
});

Deno.test("schema: columns of dates are counted as finely as the finest of them, and their size says nothing", async () => {
  const times = async (type: pl.DataType, ...ticks: number[]) => {
    const time = pl.Series("timestamp", ticks).cast(type === pl.Date ? pl.Int32 : pl.Int64).cast(type);
    const ids = { user: ticks.map(() => "u"), item: ticks.map((_, i) => `i${i}`) };
    const { frame, timeUnit, report } = await checkSchema(pl.DataFrame({ ...ids, timestamp: time }));
    assert.deepEqual(report.warnings, []);
    return [timeUnit, ...(columnsOf(frame).timestamp as number[]).map(Number)];
  };
  assert.deepEqual(await times(pl.Datetime("us"), 5000, 0), ["milliseconds", 5, 0]);
  assert.deepEqual(await times(pl.Datetime("us"), 5001, 0), ["microseconds", 5001, 0]);
  assert.deepEqual(await times(pl.Datetime("ns"), 5_001_000, 0), ["microseconds", 5001, 0]);
  assert.deepEqual(await times(pl.Datetime("ns"), 5_000_001, 0), ["nanoseconds", 5_000_001, 0]);
  assert.deepEqual(await times(pl.Date, 10, 20_000), ["milliseconds", 864_000_000, 1_728_000_000_000]);
});

Deno.test("schema: timestamps in a format of the data's own", async () => {
  const read = (timestamp: string, timeFormat?: string) =>
    checkSchema(rawFrame([["u", "i", timestamp]]), {
      timeFormat,
      locate: () => Promise.resolve([{ file: "a.csv", line: 2, fields: { timestamp }, text: "" }]),
    });
  const { frame } = await read("1.3.2014 12:00", "%d.%m.%Y %H:%M");
  assert.deepEqual(columnsOf(frame).timestamp, [Date.UTC(2014, 2, 1, 12)]);
  await assert.rejects(
    read("2014-03-01", "%d.%m.%Y"),
    /"2014-03-01" is not written as --time-format "%d.%m.%Y" says/,
  );
  await assert.rejects(
    read("1/3/2014"),
    /neither a number nor a date that is known; it looks like --time-format "%d\/%m\/%Y" or "%m\/%d\/%Y"/,
  );
  await assert.rejects(read("13/3/2014"), /that is known; it looks like --time-format "%d\/%m\/%Y"; fix it/);
  await assert.rejects(
    read("١٦٠٠"),
    /"١٦٠٠" is neither a number nor a date: it is not in digits from 0 to 9; write it in those; /,
  );
  await assert.rejects(read("1,600,350,888"), /nor a date: thousands are not grouped in numbers; /);
});

Deno.test("schema: times before 1970 are negative numbers", async () => {
  const times = async (...texts: string[]) =>
    columnsOf((await checkSchema(rawFrame(texts.map((text) => ["u", "i", text])))).frame).timestamp;
  assert.deepEqual(await times("-5", "0", "7"), [-5, 0, 7]);
  assert.deepEqual(await times("-1.5", "2"), [-1.5, 2]);
  assert.deepEqual(await times("1969-12-31T23:59:59.5", "1970-01-01T00:00:00.5"), [-500, 500]);
  assert.deepEqual(await times("1812-06-24"), [Date.UTC(1812, 5, 24)]);
  assert.deepEqual(await times("1969-12-31T23:00:00-02:00"), [3_600_000]);
});

Deno.test("schema: numbers beyond 64-bit integers are taken as decimal times", async () => {
  const { frame } = await checkSchema(rawFrame([["u", "i", "1e300"], ["u", "i", "-1e19"], ["u", "i", "5"]]));
  assert.deepEqual(columnsOf(frame).timestamp, [1e300, -1e19, 5]);
});

Deno.test("schema: minus zero is zero", async () => {
  const rated = ["user", "item", "rating", "timestamp"];
  const { frame } = await checkSchema(rawFrame([["u", "i", "-0", "-0.0"], ["u", "i", "0", "1.5"]], rated));
  assert.deepEqual(columnsOf(frame), {
    user: ["u", "u"],
    item: ["i", "i"],
    rating: [0, 0],
    timestamp: [0, 1.5],
  });
  assert.equal(String(frame.getColumn("rating").dtype), String(pl.Float32));
});

Deno.test("schema: of a period its first moment counts, and the one at which it is over does not", async () => {
  const log = (...times: string[]) => rawFrame(times.map((time, i) => ["u", `i${i}`, time]));
  const kept = async (frame: DataFrame, options: SchemaOptions) =>
    columnsOf((await checkSchema(frame, options)).frame).item;
  const days = log("2024-04-30T23:59:59.999Z", "2024-05-01", "2024-05-31 23:59:59", "2024-06-01T00:00:00");
  const seconds = log("1714521599", "1714521600", "1717199999", "1717200000");
  const fine = log(
    "2024-04-30 23:59:59.999999999",
    "2024-05-01 00:00:00.000000000",
    "2024-05-31 23:59:59.999999999",
    "2024-06-01 00:00:00.000000001",
  );
  const may = { timeFrom: "2024-05-01", timeBefore: "2024-06-01" };
  for (
    const [frame, ...options] of [
      [rawFrame(days.rows().map(([u, i, t]) => [u, i, String(t).slice(0, 10)])), may],
      [seconds, may, { timeFrom: 1714521600, timeBefore: new Date("2024-06-01") }],
      [fine, may, { timeFrom: "2024-05-01T02:00:00+02:00", timeBefore: "1717200000000000000" }],
    ] as const
  ) {
    for (const one of options) assert.deepEqual(await kept(frame, one), ["i1", "i2"]);
  }
  const { report } = await checkSchema(seconds, may);
  assert.deepEqual(report.dropped, [
    { reason: "earlier than 2024-05-01", rows: 1, option: { name: "timeFrom", value: "2024-05-01" } },
    { reason: "from 2024-06-01 on", rows: 1, option: { name: "timeBefore", value: "2024-06-01" } },
  ]);
  assert.deepEqual(await kept(seconds, { timeFrom: "2024-05-01" }), ["i1", "i2", "i3"]);
  assert.deepEqual(await kept(seconds, { timeBefore: "2024-05-01" }), ["i0"]);
  await reject(
    [["u", "i", "1714521600"]],
    /^Cannot use the data: none of 1 rows is left .* \(1 earlier than 2024-06-01\); their times go from 2024-05-01 to 2024-05-01$/,
    { timeFrom: "2024-06-01" },
  );
  await reject(
    [["u", "i", "2024-05-01 10:00:00.5"], ["u", "j", "2024-07-01 00:00:00"]],
    /\(1 earlier than 2024-06-01, 1 from 2024-06-02 on\); their times go from 2024-05-01T10:00:00Z to 2024-07-01$/,
    { timeFrom: "2024-06-01", timeBefore: "2024-06-02" },
  );
  await reject([["u", "i", "7"], ["u", "j", "9"]], /\(2 earlier than 10\); their times go from 7 to 9$/, {
    timeFrom: 10,
  });
  await reject(
    [["u", "i", "7"]],
    /^Cannot apply --time-from 2024-06-01: the data's times, up to 7, are neither/,
    { timeFrom: "2024-06-01" },
  );
  await reject(
    [["u", "i", "7"]],
    /^Cannot keep a period from 8 \(--time-from\) until before 8 \(--time-before\): it has to end later/,
    {
      timeFrom: 8,
      timeBefore: 8,
    },
  );
  await reject([["u", "i", "7"]], /^Cannot take "soon" for --time-from/, { timeFrom: "soon" });
});

Deno.test("schema: milliseconds among seconds get a warning", async () => {
  const { report } = await checkSchema(rawFrame([["u", "i", "1300000000"], ["u", "j", "1300000000000"]]));
  assert.match(report.warnings[0], /1 timestamps look like milliseconds and 1 like seconds/);
  const early = await checkSchema(rawFrame([["u", "i", "-1300000000"], ["u", "j", "-1300000000000"]]));
  assert.match(early.report.warnings[0], /1 timestamps look like milliseconds and 1 like seconds/);
});

Deno.test("schema: times that are all equal get a warning, since they decide nothing", async () => {
  const warnings = async (times: string[], options?: SchemaOptions) =>
    (await checkSchema(rawFrame(times.map((time, i) => ["u", `i${i}`, time])), options)).report.warnings;
  assert.deepEqual(await warnings(["0", "0", "0"]), [
    "all timestamps are equal: the order of the rows counts as the order of time",
  ]);
  assert.deepEqual(await warnings(["1.5", "1.5"], { ties: "item" }), [
    "all timestamps are equal: by --ties item, the ids of the items count as the order of time",
  ]);
  assert.deepEqual(await warnings(["3", "3"], { ties: "reverse" }), [
    "all timestamps are equal: by --ties reverse, the reverse order of the rows counts as the order of time",
  ]);
  assert.deepEqual(await warnings(["0", "0", "1"]), []);
  assert.deepEqual(await warnings(["0"]), []);
});

Deno.test("schema: a time that is written differently from most is not said to be none", async () => {
  const dates = ["2023-11-16", "2023-11-17"],
    differ = "is a time, but most are written differently: all files and rows";
  const at = (timestamp: string): SchemaOptions => ({
    locate: () => Promise.resolve([{ file: "b.csv", line: 9, fields: { timestamp }, text: "" }]),
  });
  for (const text of ["1700146800", "2023-11-16T10:00:00Z", "1.5"]) {
    const rows = [...dates, text].map((time) => ["u", "i", time]);
    await reject(rows, RegExp(`b.csv: line 9, column "timestamp": "${text}" ${differ}`), at(text));
  }
  for (const text of ["nan", "soon", "2023-13-16"]) {
    await reject(
      [...dates, text].map((time) => ["u", "i", time]),
      /is neither a number nor a date/,
      at(text),
    );
  }
});

Deno.test("schema: a date is counted up from its second, also before 1970, and none that no clock shows", async () => {
  const timesOf = async (...texts: string[]) => {
    const { frame } = await checkSchema(rawFrame(texts.map((text, i) => ["u", `i${i}`, text])));
    return columnsOf(frame).timestamp;
  };
  assert.deepEqual(
    await timesOf("1969-12-31 23:59:59.9995", "1970-01-01 00:00:00.0019999", "\u00a01970-01-01 00:00:01\t"),
    [-500_000, 1_999_900, 1_000_000_000],
  );
  assert.deepEqual(await timesOf("1970-01-01T00:00:00+23:59", "1970-01-01T23:59:00+2359"), [-86340000, 0]);
  for (const clock of ["24:00:00", "23:59:60", "24:00", "24:00:00Z", "23:59:60 UTC"]) {
    await reject([["u", "i", `2024-01-05 ${clock}`]], /is neither a number nor a date/);
  }
  for (const distance of ["+24:00", "+99:99", "-05:60", "+2400"]) {
    await reject([["u", "i", `2024-01-05T10:00:00${distance}`]], /is neither a number nor a date/);
  }
});
