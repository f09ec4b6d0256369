/** Times finer than milliseconds, and dates whose size says another unit, are the same by every engine. */
import assert from "node:assert/strict";
import { join } from "node:path";
import pl, { type DataType } from "nodejs-polars";
import { inspectDataset, prepare } from "../../../mod.ts";
import { withFolder } from "../../folders.ts";
import { assertSame, type Engine, type Options } from "./same.ts";
import { onSpark } from "./spark/engine.ts";
import { hasSpark } from "./spark/server.ts";

Deno.test("times are read by DuckDB as by Polars", (t) =>
  withFolder(async (dir) => {
    const engine: Engine = { place: { engine: "duckdb", memory: "512MiB" }, work: dir };
    await texts(t, dir, engine);
    await columns(t, dir, engine);
    await t.step("Parquet of nanoseconds", () => ofColumns(dir, engine, [[pl.Datetime("ns"), NANOSECONDS]]));
    await t.step("Parquet of several types", () =>
      ofColumns(dir, engine, [[pl.Datetime("ns"), NANOSECONDS], [pl.Datetime("us"), MICROSECONDS]]));
    await t.step("Parquet of dates and of numbers", () =>
      ofColumns(dir, engine, [[pl.Datetime("us"), MICROSECONDS], [pl.Int64, (i) =>
        String(17e11 + i)]]));
  }));

Deno.test({
  name: "times are read by Spark as by Polars",
  ignore: !hasSpark,
  fn: (t) =>
    onSpark(async (dir, engine) => {
      await texts(t, dir, engine);
      await columns(t, dir, engine);
    }),
});

const ROWS = 42;
/** Spark takes some ten seconds for each. */
const ON_SPARK = [
  "before 1970",
  "nanoseconds, and one far off",
  "in a format",
  "microseconds, split at dates",
  "Parquet of microseconds of a zone",
];
const isTried = ({ place }: Engine, name: string) => place.engine !== "spark" || ON_SPARK.includes(name);
const options = {
  columns: ["user=u", "item=i", "timestamp=t"],
  minUser: 3,
  protocols: ["recbole"],
} satisfies Partial<Options>;

async function texts(t: Deno.TestContext, dir: string, engine: Engine): Promise<void> {
  const ofTexts = (name: string, text: (i: number) => string, more: Partial<Options> = {}) =>
    isTried(engine, name) && t.step(name, async () => {
      const rows = Array.from({ length: ROWS }, (_, i) => `${i % 3}\t${i % 7}\t${text(i)}\n`);
      const data = join(dir, "times.tsv");
      Deno.writeTextFileSync(data, "u\ti\tt\n" + rows.join("") + "1\t1\tno time .0000001\n");
      await assertSame(dir, engine, { ...options, data, onBadRow: "skip", evalNegatives: 1, ...more });
    });
  const digits = (i: number, n: number) => String(ROWS - i).padStart(n, "0");
  await ofTexts("microseconds, newest first", (i) => `2020-02-01 10:00:00.${digits(i, 6)}`);
  await ofTexts("few of them", (i) => `2020-02-01T10:00:0${i % 4}${i === 30 ? ".0001" : ""}+02:00`);
  await ofTexts("nanoseconds", (i) => `2020-02-01 10:00:00.1234${digits(i, 5)} UTC`);
  await ofTexts("more digits than count", (i) => `2020-02-01 10:00:00.123000000${digits(i, 3)}`);
  await ofTexts("before 1970", (i) => `1969-12-31 23:59:59.9${digits(i, i % 2 ? 5 : 8)}`);
  const openEnd = (i: number) => i === 20 ? "9999-12-31 00:00:00" : `2020-02-01 10:00:00.0000${digits(i, 4)}`;
  await ofTexts("nanoseconds, and one far off", openEnd, { duplicates: "first" });
  await ofTexts("in a format", (i) => `1.2.2020, 10:${10 + i}:00.0001${digits(i, 2)}`, {
    timeFormat: "%d.%m.%Y, %H:%M:%S.%f",
  });
  const split = { split: "global-time" } as const;
  const far = (i: number) => i === 20 ? "9999-12-31 00:00:00" : `2024-05-${10 + i % 20} 10:00:00`;
  await ofTexts("one far off, split at dates", far, {
    ...split,
    validFrom: "2024-05-20",
    testFrom: "2024-05-25",
  });
  const early = (i: number) => `1971-05-${10 + i % 20}`;
  await ofTexts("of 1971, split at dates", early, {
    ...split,
    validFrom: "1971-05-20",
    testFrom: "1971-05-25",
  });
  await ofTexts("microseconds, split at dates", (i) => `2024-05-${10 + i % 20} 10:00:00.00000${i % 9}`, {
    ...split,
    validFrom: "2024-05-20",
    testFrom: "2024-05-25",
  });
}

type Ticks = (i: number) => string;
const MICROSECONDS: Ticks = (i) => String(17e14 + ROWS - i);
const NANOSECONDS: Ticks = (i) => String(1_700_000_000_000_000_000n + BigInt(ROWS - i));

async function columns(t: Deno.TestContext, dir: string, engine: Engine): Promise<void> {
  const step = (of: string, type: DataType, ticks: Ticks) => {
    const name = `Parquet of ${of}`;
    return isTried(engine, name) && t.step(name, () => ofColumns(dir, engine, [[type, ticks]]));
  };
  await step("microseconds", pl.Datetime("us"), MICROSECONDS);
  await step(
    "microseconds that are milliseconds",
    pl.Datetime("us"),
    (i) => String(17e14 + (ROWS - i) * 1000),
  );
  await step("microseconds of a zone", pl.Datetime("us", "Europe/Berlin"), MICROSECONDS);
  await step("days, from 1970 on", pl.Date, (i) => String(i * 500));
}

/** A file for each type. */
async function ofColumns(dir: string, engine: Engine, types: [DataType, Ticks][]): Promise<void> {
  const folder = Deno.makeTempDirSync({ dir }), indices = Array.from({ length: ROWS }, (_, i) => i);
  types.forEach(([type, ticks], n) =>
    pl.DataFrame({
      u: indices.map((i) => String(i % 3)),
      i: indices.map((i) => String(i % 7)),
      t: pl.Series("t", indices.map(ticks), pl.String).cast(pl.Int64).cast(
        type === pl.Date ? pl.Int32 : pl.Int64,
      )
        .cast(type),
    }).writeParquet(join(folder, `${n}.parquet`))
  );
  await assertSame(dir, engine, { ...options, data: join(folder, "*.parquet"), evalNegatives: 1 });
}

Deno.test("what was read as dates is shown as dates, whatever its size", () =>
  withFolder(async (dir) => {
    const data = join(dir, "log.csv");
    const look = async (day: (i: number) => string) => {
      const rows = Array.from({ length: ROWS }, (_, i) => `${i % 3},${i % 7},${day(i)}\n`);
      Deno.writeTextFileSync(data, "user,item,timestamp\n" + rows.join(""));
      const { dataset } = await prepare({
        data,
        out: join(dir, "out"),
        minUser: 3,
        protocols: ["recbole"],
        evalNegatives: 1,
        force: true,
      });
      const { time, overTime } = await inspectDataset(dataset);
      return [dataset.manifest.timeUnit, time.unit, time.firstDate, time.lastDate, overTime !== undefined];
    };
    assert.deepEqual(await look((i) => i === 0 ? "9999-12-31 00:00:00" : "2024-02-01 10:00:00"), [
      ...["milliseconds", "milliseconds", "2024-02-01T10:00:00Z", "9999-12-31T00:00:00Z", true],
    ]);
    assert.deepEqual(await look((i) => `1971-02-0${1 + i % 9}T00:00:00.00000${i % 3}`), [
      ...["microseconds", "microseconds", "1971-02-01T00:00:00Z", "1971-02-09T00:00:00Z", true],
    ]);
    assert.deepEqual((await look((i) => String(1_700_000_000 + i))).slice(0, 2), [undefined, "seconds"]);
  }));
