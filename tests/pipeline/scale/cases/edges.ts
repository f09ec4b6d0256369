import { join } from "node:path";
import pl from "nodejs-polars";
import { assertSameRows, type Engine, type Options } from "../same.ts";
import { step } from "../step.ts";

/** Values at the edge of what is accepted: the engines accept and refuse the same, with the same results. */

/** Values at the edge. */
export async function edges(t: Deno.TestContext, dir: string, engine: Engine): Promise<void> {
  const options = { onBadRow: "skip", minUser: 4, evalNegatives: 0 } as const;
  /** Rows with these texts in the column of a role, among some of five users that have a usual one. */
  const same = (
    role: "rating" | "timestamp",
    name: string,
    { usual, texts, ...more }: { usual: string; texts: readonly string[] } & Partial<Options>,
  ) =>
    step(t, `${role}: ${name}`, () => {
      // Spark reads each line by itself.
      const own = texts.filter((text) => engine.place.engine === "duckdb" || !text.includes("\n"));
      const data = join(dir, "log.csv"), all = [...Array.from({ length: 25 }, () => usual), ...own];
      const rows = all.map((text, i) => `u${i % 5},i${i},"${text}",${role === "rating" ? i : 5}\n`);
      const header = `user,item,${role},${role === "rating" ? "timestamp" : "rating"}\n`;
      Deno.writeTextFileSync(data, header + rows.join(""));
      return assertSameRows(dir, engine, { ...options, data, ...more });
    });

  const around = ["4.1", "4.2", "4.3", "0.7", "0.69999", "3.3", "3.2999"];
  const large = [
    "3.4e38",
    "3.40282356e38",
    "3.4028235677973366e38",
    "1e39",
    "-1e39",
    "1e308",
    "1e400",
    "inf",
  ];
  const spaces = [
    "\u00a07",
    "7\u2003",
    "7\v",
    "\t7\n",
    " 7\u3000",
    "7\x85",
    "\u202f7",
    "7 8",
    "\ufeff7",
    "\u00a0",
  ];
  await same("rating", "a bound, large ones, white space", {
    usual: "5",
    texts: [...around, ...large, ...spaces],
    minRating: 4.2,
  });
  const isSpark = engine.place.engine === "spark"; // it is slow for each
  if (!isSpark) await same("timestamp", "white space", { usual: "100.5", texts: spaces });
  const least = String(-(2n ** 63n)), most = String(2n ** 63n - 1n);
  const numbers = [least, most, "-0", ...isSpark ? spaces : []];
  await same("timestamp", "the least and the largest number", { usual: "100", texts: numbers });

  const clocks = ["00:00:00", "23:59:59", "24:00:00", "23:59:60", "23:60:00", "10:00:00.9999999", "7:00:00"];
  const decimals = ["9995", "999", "99955", "9999999", "0001", "5", "123456789123"];
  const before = decimals.map((digits) => `1969-12-31 23:59:59.${digits}`);
  const spaced = (text: string) => [`\t${text}`, `${text}\n`, `\u00a0${text}\u2003`, `${text} .`];
  const times = [
    ...clocks.map((clock) => `2024-01-05 ${clock}`),
    ...before,
    ...spaced("2024-01-05 10:00:00"),
  ];
  await same("timestamp", "clocks", { usual: "2024-01-01 00:00:00", texts: times });
  const distances = [
    "+00:00",
    "-00:30",
    "+0530",
    "+18:01",
    "-23:59",
    "+24:00",
    "+25:00",
    "+99:99",
    "+05:60",
    "+5:00",
  ];
  await same("timestamp", "distances from UTC", {
    usual: "2024-01-01T00:00:00+01:00",
    texts: [
      ...distances.map((distance) => `2024-01-05T10:00:00${distance}`),
      ...[...clocks, "23:59:59.9995"].map((clock) => `1969-12-31T${clock}+00:00`),
      "1970-01-01T01:59:59.9995+02:00",
    ],
  });
  if (!isSpark) {
    await same("timestamp", "a format of its own", {
      usual: "01.01.2024 00:00:00.5",
      texts: [
        ...before.map((text) => `31.12.${text.slice(0, 4)}${text.slice(10)}`),
        ...spaced("05.01.2024 10:00:00.25"),
      ],
      timeFormat: "%d.%m.%Y %H:%M:%S.%f",
    });
  }

  await step(t, "ids that are numbers in JSON lines", () => {
    const ids = ["1.0", '"1.0"', "1e21", "1.50", '"E5"', "100E-2", "12345678901234567890", '"1E5"', "0.25"];
    const rows = ids.flatMap((id, i) =>
      Array.from(
        { length: 4 },
        (_, t) => `{"user":${id},"a.b":${ids[(i + t) % ids.length]},"timestamp":${t}}\n`,
      )
    );
    const data = join(dir, "ids.jsonl"), columns = ["user=user", "item=a.b", "timestamp=timestamp"];
    Deno.writeTextFileSync(data, rows.join(""));
    return assertSameRows(dir, engine, { ...options, columns, data });
  });

  await step(t, "fields within objects of JSON lines", () => {
    const ids = [1, "1.0", 2.5, 1e21, "é", "12"];
    const events = ids.flatMap((id, i) =>
      Array.from({ length: 4 }, (_, t) => ({
        user: t === 1 ? { name: "x", id } : { id },
        "of it": { item: { id: ids[(i + t) % ids.length] }, at: t % 2 === 0 ? t : String(t) },
        item: { ids: ["other"] },
      }))
    );
    const data = join(dir, "nested.jsonl");
    Deno.writeTextFileSync(data, events.map((event) => JSON.stringify(event) + "\n").join(""));
    const columns = ["user=user.id", "item=of it.item.id", "timestamp=of it.at"];
    return assertSameRows(dir, engine, { ...options, columns, data });
  });

  await step(t, "fields of structures in Parquet", () => {
    const all = Array.from({ length: 40 }, (_, i) => i), data = join(dir, "structures.parquet");
    pl.DataFrame({
      user: all.map((i) => ({ id: i % 4, "the name": `u${i % 4}` })),
      event: all.map((i) => ({ item: { id: `i${i % 7}` }, at: { time: i } })),
      item: all.map((i) => ({ ids: i })),
    }).writeParquet(data);
    const columns = ["user=user.the name", "item=event.item.id", "timestamp=event.at.time"];
    return assertSameRows(dir, engine, { ...options, columns, data });
  });

  await step(t, "ids and times of other types in Parquet", () => {
    const all = Array.from({ length: 40 }, (_, i) => i), first = 1_700_000_000_000_000_001n;
    const numbers = [7, 0.5, 12345678.25, -3.125, 0.001];
    const data = ["floats", "flags"].map((name) => join(dir, `${name}.parquet`));
    const timestamp = pl.Series("timestamp", all.map((i) => String(first + BigInt(i))), pl.String).cast(
      pl.UInt64,
    );
    const item = pl.Series("item", all.map((i) => numbers[i % numbers.length]), pl.Float64);
    pl.DataFrame({ user: all.map((i) => i % 4), item, timestamp }).writeParquet(data[0]);
    pl.DataFrame({ user: all.map((i) => i % 4 === 0), item: all.map(String), timestamp }).writeParquet(
      data[1],
    );
    return assertSameRows(dir, engine, { ...options, data });
  });

  await step(t, "files without rows", () => {
    const rows = (user: string) => Array.from({ length: 6 }, (_, i) => `${user},i${i},${i}\n`).join("");
    const header = "user,item,timestamp\n", texts = [header, header + rows("a"), header, header + rows("b")];
    texts.unshift("", "");
    texts.forEach((text, i) => Deno.writeTextFileSync(join(dir, `part ${i}%20.csv`), text));
    Deno.writeTextFileSync(join(dir, "header.csv"), header);
    Deno.writeTextFileSync(join(dir, "empty.csv"), "");
    const alone = ["empty", "header"].map((name) => join(dir, `${name}.csv`));
    return assertSameRows(dir, engine, { ...options, data: [...alone, join(dir, "part *.csv")] });
  });

  if (isSpark) return;
  for (const minRating of [0.7, 3.3]) {
    await same("rating", `from ${minRating} on`, { usual: "5", texts: around, minRating });
  }
  await same("rating", "white space and commas", { usual: "5,5", texts: spaces, decimal: "comma" });
  await same("timestamp", "white space around whole numbers", { usual: "100", texts: spaces });
  for (const zone of ["Z", " UTC"]) {
    const texts = times.map((text) => text + zone);
    await same("timestamp", `clocks and${zone}`, { usual: `2024-01-01 00:00:00${zone}`, texts });
  }
  await same("timestamp", "clocks without seconds", {
    usual: "2024-01-01 00:00",
    texts: ["24:00", "23:60", "23:59", "7:59"].map((clock) => `2024-01-05 ${clock}`),
  });
  await same("timestamp", "a format with a zone", {
    usual: "2024-01-01T00:00:00.0+0000",
    texts: decimals.map((digits) => `1970-01-01T02:29:59.${digits}+02:30`),
    timeFormat: "%Y-%m-%dT%H:%M:%S.%f%z",
  });
}
