import assert from "node:assert/strict";
import fc from "fast-check";
import pl, { type DataFrame } from "nodejs-polars";
import { RandomStream } from "../../pipeline/contract/random.ts";
import { filterInteractions } from "../../pipeline/filter.ts";
import { checkSchema } from "../../pipeline/schema.ts";
import { ordered, splitInteractions, type SplitOptions } from "../../pipeline/split.ts";
import { leaveOneOut } from "../../pipeline/split/parts.ts";
import { buildVocabulary } from "../../pipeline/vocabulary.ts";
import { columnsOf, handExpected, handFrame, randomRows, rawFrame, shuffled } from "./frames.ts";

async function split(raw: DataFrame, minUser: number, options: SplitOptions = {}) {
  const checked = await checkSchema(raw), { timeUnit } = checked;
  const kept = filterInteractions(checked.frame, { minUser }).frame;
  const { frame, users, items } = buildVocabulary(kept);
  const result = splitInteractions(frame, { users, timeUnit, ...options });
  const { user, item, timestamp, split } = columnsOf(result.frame) as Record<string, number[]>;
  const userIds = columnsOf(users).id as string[], itemIds = columnsOf(items).id as string[];
  const rows = user.map((u, i) => ({
    user: userIds[u - 1],
    item: itemIds[item[i] - 1],
    time: timestamp[i],
    split: split[i] as unknown as string,
  }));
  return { ...result, rows };
}

Deno.test("split: leave-one-out on the data set made by hand, ties in file order", async () => {
  const { rows, report, split: info } = await split(handFrame(), 10);
  for (const user of handExpected.keptUsers) {
    const own = rows.filter((row) => row.user === user);
    assert.deepEqual(own.map(({ item }) => item), handExpected.sequences[user]);
    assert.deepEqual(own.filter((row) => row.split === "validation").map(({ item }) => item), [
      handExpected.validation[user],
    ]);
    assert.deepEqual(own.filter((row) => row.split === "test").map(({ item }) => item), [
      handExpected.test[user],
    ]);
  }
  assert.deepEqual(report.counts, { train: 43, validation: 5, test: 5, "training targets": 38 });
  assert.deepEqual(info, { kind: "leave-one-out" });
});

Deno.test("split: ties by item id", async () => {
  const rows = [["u", "c", "1"], ["u", "a", "1"], ["u", "b", "1"], ["u", "a", "0"]];
  const result = await split(rawFrame(rows), 1, { ties: "item" });
  assert.deepEqual(result.rows.map(({ item }) => item), ["a", "a", "b", "c"]);
});

Deno.test("split: ties in the reverse order of the rows", async () => {
  const rows = [["u", "c", "2"], ["v", "x", "1"], ["u", "b", "2"], ["u", "d", "1"], ["v", "y", "1"], [
    "u",
    "a",
    "2",
  ]];
  const of = async (ties: SplitOptions["ties"], raw = rows) =>
    (await split(rawFrame(raw), 1, { ties, split: "ratio", ratios: [0.4, 0.3, 0.3] })).rows;
  assert.deepEqual((await of("reverse")).map(({ item }) => item), ["d", "a", "b", "c", "y", "x"]);
  assert.deepEqual(await of("reverse"), await of("file", rows.toReversed()));
  assert.deepEqual((await of("file")).map(({ item }) => item), ["d", "c", "b", "a", "x", "y"]);
});

Deno.test("split: a user too short for leave-one-out is named", async () => {
  const rows = [["u", "a", "1"], ["u", "b", "2"], ["u", "c", "3"], ["v", "a", "1"], ["v", "b", "2"]];
  await assert.rejects(
    split(rawFrame(rows), 1),
    /Cannot split user "v": leave-one-out needs at least 3 interactions, found 2 \(1 such users\); raise --min-user to 3 or more, with --min-item give --filter k-core too, or split by time with --split global-time$/,
  );
  await assert.rejects(
    split(rawFrame([...rows, ["w", "a", "1"]]), 1),
    /Cannot split user "v": .* found 2 \(2 such users\)/,
    "the first of them",
  );
});

Deno.test("split: ratio", async () => {
  const rows = Array.from({ length: 10 }, (_, i) => ["u", `i${i}`, String(i)]);
  const parts = async (ratios: [number, number, number]) =>
    (await split(rawFrame(rows), 1, { split: "ratio", ratios })).rows.map((row) => row.split[0]).join("");
  assert.equal(await parts([0.8, 0.1, 0.1]), "ttttttttvt");
  assert.equal(await parts([0.5, 0.2, 0.3]), "tttttvvttt");
  assert.equal(await parts([0.7, 0.1, 0.2]), "tttttttvtt");
  await assert.rejects(parts([0.96, 0.02, 0.02]), /the validation part would be empty; choose other shares$/);
});

Deno.test("split: ratio, of few interactions: the first is in training, whatever its share", async () => {
  const rows = [1, 2, 3, 4, 5].flatMap((n) =>
    Array.from({ length: n }, (_, i) => [`u${n}`, `i${i}`, String(i)])
  );
  const found = (await split(rawFrame(rows), 1, { split: "ratio", ratios: [0.2, 0.3, 0.5] })).rows;
  const parts = Map.groupBy(found, ({ user }) => user).values();
  assert.deepEqual(Array.from(parts, (own) => own.map(({ split }) => split.slice(0, 2)).join(" ")), [
    "tr",
    "tr te",
    "tr te te",
    "tr va te te",
    "tr va te te te",
  ]);
});

Deno.test("split: global-time by times and by shares", async () => {
  const rows = Array.from({ length: 20 }, (_, i) => [`u${i % 2}`, `i${i}`, String(100 + i)]);
  const options: SplitOptions = { split: "global-time", validFrom: 110, testFrom: 115 };
  const byTime = await split(rawFrame(rows), 1, options);
  for (const { time, split } of byTime.rows) {
    assert.equal(split, time >= 115 ? "test" : time >= 110 ? "validation" : "train");
  }
  const byShare = await split(rawFrame(rows), 1, { split: "global-time", ratios: [0.5, 0.25, 0.25] });
  assert.deepEqual([
    byShare.report.counts.train,
    byShare.report.counts.validation,
    byShare.report.counts.test,
  ], [10, 5, 5]);
  await assert.rejects(split(rawFrame(rows), 1, { ...options, testFrom: undefined }), /give both/);
  await assert.rejects(split(rawFrame(rows), 1, { ...options, testFrom: 105 }), /test must begin later/);
  await assert.rejects(split(rawFrame(rows), 1, { ...options, testFrom: 110 }), /test must begin later/);
  await assert.rejects(
    split(rawFrame(rows), 1, { ...options, testFrom: 1000 }),
    /the test part would be empty; choose other times or shares$/,
  );
});

Deno.test("split: global-time by shares, where doubles have several times in one", async () => {
  const first = 1_700_000_000_000_000_000n;
  const rows = Array.from(
    { length: 20 },
    (_, i) => [`u${i % 2}`, `i${i * 7 % 20}`, String(first + BigInt(i))],
  );
  const { report: { counts: { train, validation, test } }, split: { validFrom } } = await split(
    rawFrame(rows),
    1,
    { split: "global-time", ratios: [0.5, 0.25, 0.25] },
  );
  assert.deepEqual([train, validation, test, validFrom], [10, 5, 5, Number(first)]);
  const alike = rows.map(([user, item]) => [user, item, String(first)]);
  await assert.rejects(
    split(rawFrame(alike), 1, { split: "global-time" }),
    /by these shares validation and test would both begin at 2023-11-14T22:13:20Z, .*; give other --ratios, or --valid-from and --test-from$/,
  );
  const numbers = alike.map(([user, item]) => [user, item, "7"]);
  await assert.rejects(
    split(rawFrame(numbers), 1, { split: "global-time" }),
    /would both begin at 7, for so/,
  );
});

Deno.test("split: global-time by dates, whatever the unit of the data's times is", async () => {
  const day = Date.UTC(2024, 4, 1);
  const rowsIn = (perMillisecond: number) =>
    Array.from({ length: 20 }, (_, i) => {
      return [`u${i % 2}`, `i${i}`, String((day + (i - 10) * 3_600_000) * perMillisecond)];
    });
  const dates = {
    split: "global-time",
    validFrom: "2024-05-01",
    testFrom: new Date(day + 5 * 3_600_000),
  } as const;
  for (const perMillisecond of [1e-3, 1, 1e3]) {
    const made = await split(rawFrame(rowsIn(perMillisecond)), 1, dates);
    assert.deepEqual(made.split, {
      kind: "global-time",
      validFrom: day * perMillisecond,
      testFrom: (day + 5 * 3_600_000) * perMillisecond,
    });
    const { train, validation, test } = made.report.counts;
    assert.deepEqual([train, validation, test], [10, 5, 5]);
  }
  const days = Array.from({ length: 20 }, (_, i) => [`u${i % 2}`, `i${i}`, String(i)]);
  await assert.rejects(
    split(rawFrame(days), 1, dates),
    /times, up to 19, are neither seconds nor milliseconds/,
  );
  const written = days.map(([user, item], i) => [user, item, `202401${10 + i}093000`]);
  await assert.rejects(
    split(rawFrame(written), 1, dates),
    /up to 20240129093000, are neither .*; read them as dates, by --time-format %Y%m%d%H%M%S, or give the point/,
  );
  await assert.rejects(
    split(rawFrame(days), 1, { ...dates, validFrom: "2024-13-01" }),
    /Cannot take "2024-13-01" for --valid-from: it is neither a number nor a date/,
  );
  const byNumbers = await split(rawFrame(days), 1, { ...dates, validFrom: "10", testFrom: "15.5" });
  assert.deepEqual(
    byNumbers.split,
    { kind: "global-time", validFrom: 10, testFrom: 15.5 },
    "text that is a number",
  );
});

Deno.test("split: points in time are as fine as they are given, and as the data are", async () => {
  const rowsIn = (digits: number) =>
    Array.from({ length: 20 }, (_, i) => {
      return [`u${i % 2}`, `i${i}`, `2024-01-01 10:00:00.123${String(i + 1).padStart(digits, "0")}`];
    });
  const parts = async (rows: string[][], validFrom: string, testFrom: string) => {
    const made = await split(rawFrame(rows), 1, { split: "global-time", validFrom, testFrom });
    const { train, validation, test } = made.report.counts;
    return [train, validation, test, made.split.validFrom];
  };
  const at = (fraction: string) => `2024-01-01T10:00:00.${fraction}`, ms = Date.UTC(2024, 0, 1, 10) + 123;
  assert.deepEqual(await parts(rowsIn(3), at("123011"), at("123016")), [10, 5, 5, ms * 1e3 + 11]);
  // Between two microseconds: what follows it begins with the second.
  assert.deepEqual(await parts(rowsIn(3), at("1230105"), at("123015001")), [10, 5, 5, ms * 1e3 + 11]);
  assert.deepEqual((await parts(rowsIn(6), at("123000011"), at("123000016"))).slice(0, 3), [10, 5, 5]);
  const first = BigInt(ms) * 1_000_000n;
  assert.deepEqual((await parts(rowsIn(6), String(first + 11n), String(first + 16n))).slice(0, 3), [
    10,
    5,
    5,
  ]);
});

Deno.test("split: rows that are equal in user, item and time go by rating, whatever the order of rows", async () => {
  const rated = ["user", "item", "rating", "timestamp"];
  const raw = randomRows(3).map(([user, item], i) => [user, item, String(i % 7), String(i % 2)]);
  const tied = raw.filter((row) => raw.some((other) => other !== row && row.join() === other.join())).length;
  const frames = [0, 1, 2, 3].map((order) => rawFrame(order ? shuffled(raw, order) : raw, rated));
  const results = await Promise.all(frames.map((frame) => split(frame, 3, { ties: "item" })));
  for (const { frame } of results) assert.deepEqual(frame.rows(), results[0].frame.rows());
  const users = results[0].frame.select("user", "item", "timestamp");
  assert(users.unique().height < users.height - tied, "some rows differ in their rating alone");
});

Deno.test("split: times are in order whatever their sign, kind and size", async () => {
  const kinds: fc.Arbitrary<number | bigint>[] = [
    fc.integer(),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    // Nanoseconds, of which a Float64 cannot distinguish two neighbors.
    fc.bigInt({ min: 1_700_000_000_000_000_000n, max: 1_700_000_000_000_000_900n }),
    fc.bigInt({ min: -1_700_000_000_000_000_900n, max: -1_700_000_000_000_000_000n }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
  ];
  const few = (time: fc.Arbitrary<number | bigint>) => fc.array(time, { minLength: 3, maxLength: 12 });
  const alike = kinds.map((kind) => fc.tuple(few(kind), few(kind)));
  // Times of two kinds in one column, as in a file that holds both.
  const mixed = fc.tuple(few(fc.oneof(...kinds)), few(fc.oneof(...kinds)));
  await fc.assert(
    fc.asyncProperty(fc.oneof(...alike, mixed), async ([a, b]) => {
      const rows = [...a.map((time) => ["u", time]), ...b.map((time) => ["v", time])]
        .map(([user, time], i) => [String(user), `i${i}`, String(time)]);
      const exact = rows.every(([, , time]) =>
        /^-?\d+$/.test(time) && BigInt(time) === BigInt.asIntN(64, BigInt(time))
      );
      const order = (x: string, y: string) =>
        exact ? Number(BigInt(x) > BigInt(y)) - Number(BigInt(x) < BigInt(y)) : Number(x) - Number(y);
      const expected = ["u", "v"].flatMap((user) =>
        rows.filter(([owner]) => owner === user).sort(([, , x], [, , y]) => order(x, y)).map(([, item]) =>
          item
        )
      );
      const { frame, items, users } = buildVocabulary((await checkSchema(rawFrame(rows))).frame);
      const ids = columnsOf(items).id as string[];
      const found = columnsOf(splitInteractions(frame, { users }).frame).item as number[];
      assert.deepEqual(found.map((item) => ids[item - 1]), expected);
    }),
    { numRuns: 60 },
  );
});

Deno.test("split: times of any whole type are in order", () => {
  const types: [pl.DataType, (number | bigint)[]][] = [
    [pl.Int8, [127, -128, 0, 1]],
    [pl.Int16, [32767, -32768, 0, 1]],
    [pl.Int32, [2 ** 31 - 1, -(2 ** 31), 0, 1]],
    [pl.UInt32, [2 ** 32 - 1, 0, 1, 2]],
    [pl.UInt64, [2n ** 63n + 2n ** 60n, 2n ** 63n, 2n ** 63n + 1n, 2n ** 63n + 2n]],
  ];
  for (const [type, times] of types) {
    const timestamp = pl.DataFrame({ timestamp: times.map(String) }).getColumn("timestamp").cast(type);
    const ids = (values: number[]) => pl.Series("id", values, pl.UInt32);
    const log = pl.DataFrame({ user: ids([7, 7, 7, 7]), item: ids([4, 1, 2, 3]), timestamp });
    assert.deepEqual(columnsOf(splitInteractions(log).frame).item, [1, 2, 3, 4], String(type));
  }
});

Deno.test("split: properties of leave-one-out, whatever the order of rows", async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(1000), fc.nat(1000), async (seed, order) => {
      const raw = randomRows(seed);
      const { rows, frame } = await split(rawFrame(raw), 5);
      const mixed = await split(rawFrame(shuffled(raw, order)), 5);
      assert.deepEqual(frame.rows(), mixed.frame.rows(), "the order of rows does not matter without ties");
      for (const own of Map.groupBy(rows, ({ user }) => user).values()) {
        assert(own.length >= 5, "no user under the limit");
        assert.deepEqual(own.slice(-2).map(({ split }) => split), ["validation", "test"]);
        assert(own.slice(0, -2).every(({ split }) => split === "train"));
        assert(own.every(({ time }, i) => i === 0 || own[i - 1].time <= time), "in the order of time");
      }
    }),
    { numRuns: 15 },
  );
});

Deno.test("split: a log that is ordered in pieces of users is as in one", () => {
  const rows = 3000, users = 31, random = new RandomStream(1, "test/split");
  const numbers = (below: number) => Uint32Array.from({ length: rows }, () => random.below(below));
  const log = pl.DataFrame([
    pl.Series("user", numbers(users).map((user) => user + 1)),
    pl.Series("item", Uint32Array.from({ length: rows }, (_, row) => row)),
    pl.Series("timestamp", numbers(50)), // many ties
  ]);
  const [whole, pieces] = [undefined, 700].map((size) => ordered(log, "file", leaveOneOut(log), size));
  assert(pieces.frame.frameEqual(whole.frame));
  assert.deepEqual(pieces.steps, whole.steps);
  const expected = log.sort(["user", "timestamp", "item"]);
  assert.deepEqual(pieces.frame.select(...log.columns).rows(), expected.rows());
});
