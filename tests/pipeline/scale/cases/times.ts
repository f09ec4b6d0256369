import { join } from "node:path";
import pl, { type DataType } from "nodejs-polars";
import { assertSame, assertSameRows, type Engine, type Options } from "../same.ts";
import { step } from "../step.ts";

/** Times finer than milliseconds, and dates whose size suggests another unit, are the same with every engine. */

const ROWS = 42;
/** Spark takes some ten seconds for each. */
const ON_SPARK = [
  "before 1970",
  "nanoseconds, and one far off",
  "in a format",
  "nanoseconds, split at two of them",
  "nanoseconds, up to one of them",
  "Parquet of microseconds of a zone",
];
const isTried = ({ place }: Engine, name: string) => place.engine !== "spark" || ON_SPARK.includes(name);
const options = {
  columns: ["user=u", "item=i", "timestamp=t"],
  minUser: 3,
  protocols: ["recbole"],
} satisfies Partial<Options>;

/** Times as text. */
export async function texts(t: Deno.TestContext, dir: string, engine: Engine): Promise<void> {
  const ofTexts = (name: string, text: (i: number) => string, more: Partial<Options> = {}) =>
    isTried(engine, name) && step(t, name, async () => {
      const rows = Array.from({ length: ROWS }, (_, i) => `${i % 3}\t${i % 7}\t${text(i)}\n`);
      const data = join(dir, "times.tsv");
      Deno.writeTextFileSync(
        data,
        "u\ti\tt\n" + rows.join("") + "1\t1\tno time .0000001\n1\t2\t2020-02-01 10:00\n",
      );
      const all = { ...options, data, onBadRow: "skip", evalNegatives: 1, ...more } satisfies Options;
      await (more.split ? assertSame : assertSameRows)(dir, engine, all);
    });
  const digits = (i: number, n: number) => String(ROWS - i).padStart(n, "0");
  await ofTexts("microseconds, newest first", (i) => `2020-02-01 10:00:00.${digits(i, 6)}`);
  await ofTexts("few of them", (i) => `2020-02-01T10:00:0${i % 4}${i === 30 ? ".0001" : ""}+02:00`);
  await ofTexts("nanoseconds", (i) => `2020-02-01 10:00:00.1234${digits(i, 5)} UTC`);
  const zones = ["Z", "+01:00", "-0730"];
  await ofTexts(
    "of UTC and of other zones",
    (i) => `2020-02-01T10:00:0${i % 4}.${digits(i, 3)}${zones[i % 3]}`,
  );
  await ofTexts("of UTC and of other zones, in a format", (i) => `${1 + i % 9}.2.2020 10:00${zones[i % 3]}`, {
    timeFormat: "%d.%m.%Y %H:%M%z",
  });
  await ofTexts("more digits than count", (i) => `2020-02-01 10:00:00.123000000${digits(i, 3)}`);
  await ofTexts("before 1970", (i) => `1969-12-31 23:59:59.9${digits(i, i % 2 ? 5 : 8)}`);
  await ofTexts("nanoseconds as numbers", NANOSECONDS);
  await ofTexts("whole numbers, some with a point", (i) => `${17e8 + ROWS - i}${i % 2 ? ".0" : ""}`);
  const openEnd = (i: number) => i === 20 ? "9999-12-31 00:00:00" : `2020-02-01 10:00:00.0000${digits(i, 4)}`;
  await ofTexts("nanoseconds, and one far off", openEnd, { duplicates: "first" });
  await ofTexts("in a format", (i) => `1.2.2020, 10:${10 + i}:00.0001${digits(i, 2)}`, {
    timeFormat: "%d.%m.%Y, %H:%M:%S.%f",
  });
  const month = (i: number) => `2024-05-${10 + i % 20} 10:00:00`;
  await ofTexts("of a period", month, {
    timeFrom: "2024-05-12",
    timeBefore: "2024-05-25T10:00:00",
    minUser: 3,
  });
  await ofTexts("of a period of numbers, with its end open", (i) => `${17e8 + ROWS - i}`, {
    timeFrom: 17e8 + 20,
    minUser: 3,
  });
  await ofTexts("nanoseconds, up to one of them", (i) => `2024-05-20 10:00:00.${digits(i, 9)}`, {
    timeBefore: "2024-05-20 10:00:00.000000055",
    minUser: 3,
  });
  const split = { split: "global-time" } as const;
  await ofTexts("nanoseconds, split by shares", (i) => `2024-05-20 10:00:00.${digits(i, 9)}`, {
    ...split,
    ratios: [0.5, 0.25, 0.25],
  });
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
  await ofTexts("nanoseconds, split at two of them", (i) => `2024-05-20 10:00:00.${digits(i, 9)}`, {
    ...split,
    validFrom: "2024-05-20 10:00:00.000000021",
    testFrom: "2024-05-20T12:00:00.000000032+02:00",
  });
}

type Ticks = (i: number) => string;
const MICROSECONDS: Ticks = (i) => String(17e14 + ROWS - i);
const NANOSECONDS: Ticks = (i) => String(1_700_000_000_000_000_000n + BigInt(ROWS - i));

/** Times in Parquet. */
export async function columns(t: Deno.TestContext, dir: string, engine: Engine): Promise<void> {
  const ofType = (of: string, type: DataType, ticks: Ticks) => {
    const name = `Parquet of ${of}`;
    return isTried(engine, name) && step(t, name, () => ofColumns(dir, engine, [[type, ticks]]));
  };
  await ofType("microseconds", pl.Datetime("us"), MICROSECONDS);
  await ofType(
    "microseconds that are milliseconds",
    pl.Datetime("us"),
    (i) => String(17e14 + (ROWS - i) * 1000),
  );
  await ofType("microseconds of a zone", pl.Datetime("us", "Europe/Berlin"), MICROSECONDS);
  await ofType("days, from 1970 on", pl.Date, (i) => String(i * 500));
  // Before 1970, too.
  const early: Ticks = (i) => String(i * 7 - 100_500);
  await step(
    t,
    "Parquet of dates and of numbers",
    () => ofColumns(dir, engine, [[pl.Datetime("us"), early], [pl.Int64, (i) => String(17e11 + i)]]),
  );
  if (engine.place.engine === "spark") return;
  await step(t, "Parquet of nanoseconds", () => ofColumns(dir, engine, [[pl.Datetime("ns"), NANOSECONDS]]));
  await step(
    t,
    "Parquet of several types",
    () => ofColumns(dir, engine, [[pl.Datetime("ns"), early], [pl.Datetime("us"), MICROSECONDS]]),
  );
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
  // For a cluster, all files of a glob have one type.
  const data = types.map((_, n) => join(folder, `${n}.parquet`));
  await assertSameRows(dir, engine, { ...options, data, evalNegatives: 1 });
}
