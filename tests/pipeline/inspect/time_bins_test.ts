import assert from "node:assert/strict";
import pl from "nodejs-polars";
import { inspectTime } from "../../../pipeline/inspect/queries.ts";
import { inspectOverTime } from "../../../pipeline/inspect/profile.ts";

/** A dataset whose parts have these timestamps. */
const parts = (...timestamps: number[][]) =>
  ({
    manifest: {},
    scanParts: () =>
      timestamps.map((part) => pl.DataFrame({ timestamp: pl.Series("", part, pl.Int64) }).lazy()),
  }) as never;

const overTime = async (...timestamps: number[][]) =>
  await inspectOverTime(parts(...timestamps), await inspectTime(parts(...timestamps)));

const seconds = (date: string) => Date.parse(date) / 1000;

Deno.test("interactions over time: three days by 6 hours, from midnight on", async () => {
  const days = ["2001-09-09T01:46:40Z", "2001-09-10T01:46:40Z", "2001-09-12T01:46:40Z"].map(seconds);
  const { every, bins } = (await overTime(days, [days[0]]))!;
  assert.equal(every, "6 hours");
  assert.equal(bins.length, 13);
  assert.equal(bins[0].from, Date.parse("2001-09-09T00:00:00Z"));
  assert.deepEqual(bins.map(({ count }) => count), [2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1]);
  assert(bins.every(({ from, to }, i) => to - from === 6 * 3_600_000 && from === (bins[i - 1]?.to ?? from)));
});

Deno.test("interactions over time: a year by weeks, which begin on Mondays, also in milliseconds and before 1990", async () => {
  const sunday = "1986-01-05T23:59:59Z", monday = "1986-01-06T00:00:00Z", end = "1986-12-31T12:00:00Z";
  for (const factor of [1, 1000]) {
    const { every, bins } = (await overTime([sunday, monday, end].map((date) => seconds(date) * factor)))!;
    assert.equal(every, "1 week");
    assert.equal(bins[1].from, Date.parse(monday));
    assert.deepEqual([bins[0].count, bins[1].count, bins.at(-1)!.count], [1, 1, 1]);
    assert.equal(bins.reduce((sum, { count }) => sum + count, 0), 3);
    assert(bins.at(-1)!.from <= Date.parse(end) && Date.parse(end) < bins.at(-1)!.to);
  }
});

Deno.test("interactions over time: a moment is one bin, millennia are few bins, positions have none", async () => {
  assert.equal((await overTime([1_000_000_000]))!.bins.length, 1);
  const long = (await overTime([seconds("1975-01-01"), seconds("2425-01-01")]))!;
  assert.equal(long.every, "520 weeks");
  assert(long.bins.length <= 60);
  const openEnd = [seconds("2024-01-01"), seconds("9999-12-31")], dataset = parts(openEnd);
  const { every, bins } =
    (await inspectOverTime(dataset, { first: openEnd[0], last: openEnd[1], unit: "seconds" }))!;
  assert.equal(every, "52000 weeks");
  assert(bins.length <= 60);
  assert.equal(await overTime([0, 5, 9]), undefined);
});
