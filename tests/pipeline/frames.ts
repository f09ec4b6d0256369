/** Frames as input for tests of stages. */
import pl, { type DataFrame } from "nodejs-polars";
import { RandomStream } from "../../pipeline/contract/random.ts";
import { root } from "../paths.ts";

/** An interactions frame as a reader returns it: ids Categorical, the rest text. */
export function rawFrame(rows: (string | null)[][], columns = ["user", "item", "timestamp"]): DataFrame {
  return pl.DataFrame(columns.map((name, i) => {
    const series = pl.Series(name, rows.map((row) => row[i]), pl.String);
    return name === "user" || name === "item" ? series.cast(pl.Categorical) : series;
  }));
}

/** The handmade data set, as a reader returns it. */
export function handFrame(): DataFrame {
  return pl.scanCSV(`${root}fixtures/hand/interactions.csv`, {
    hasHeader: false,
    skipLines: 1,
    schema: { user: pl.Categorical, item: pl.Categorical, rating: pl.String, timestamp: pl.String },
  }).collectSync();
}

/** The expected results for the handmade data set. */
export const handExpected = JSON.parse(Deno.readTextFileSync(`${root}fixtures/hand/expected.json`));

/** Random interactions: users of many lengths, items of skewed popularity, all times of a user different. */
export function randomRows(seed: number, users = 40, items = 60): string[][] {
  const random = new RandomStream(seed, "test rows");
  const rows: string[][] = [];
  for (let user = 1; user <= users; user++) {
    const length = 1 + random.below(30);
    for (let i = 0; i < length; i++) {
      const item = 1 + Math.floor(items * random.float() ** 2);
      rows.push([`u${user}`, `i${item}`, String(1_000_000 + i * 1000 + random.below(900))]);
    }
  }
  return rows;
}

/** The same rows in another order. */
export function shuffled<T>(rows: T[], seed: number): T[] {
  const random = new RandomStream(seed, "shuffle");
  const result = [...rows];
  for (let i = result.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [result[i], result[j]] = [result[j], result[i]];
  }
  return result;
}

/** A frame's columns as arrays, Categorical as text. */
export function columnsOf(frame: DataFrame): Record<string, unknown[]> {
  return Object.fromEntries(
    frame.columns.map((name) => [name, frame.getColumn(name).toArray() as unknown[]]),
  );
}
