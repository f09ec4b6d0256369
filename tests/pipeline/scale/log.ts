import type { RandomStream } from "../../../pipeline/contract/random.ts";

/** Made-up logs of interactions, as text. */

/** A row of a log, as text. */
export type LogRow = Record<"user" | "item" | "rating" | "timestamp", string>;

/** Rows of users who chose among few items at few times, so that many rows are partly equal. */
export function logRows(random: RandomStream, users: number, each: number, items: number): LogRow[] {
  const pick = <T>(values: readonly T[]): T => values[random.below(values.length)];
  return Array.from({ length: users * each }, () => ({
    user: `${pick(["0", "u", "é"])}${random.below(users / 3)}`,
    item: `${pick(["", "00", 'x, "y"', "é"])}${random.below(items)}`,
    rating: String(random.below(10) / 2),
    timestamp: String(1_000_000_000 + random.below(40)),
  }));
}

/** The distinct items of some rows. */
export const itemsOf = (rows: readonly LogRow[]): string[] => [...new Set(rows.map(({ item }) => item))];

const quoted = (field: string) => /[",]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;

/** The rows' values as lines of a CSV, without a header. */
export const csv = (rows: readonly Record<string, string>[]): string =>
  rows.map((row) => Object.values(row).map(quoted).join() + "\n").join("");

const BAD = ["u1,,3,5\n", "u1,x,3,soon\n", "\n", "u1,x,3,5,6\n", " , \n", "u1,x,much,5\n", "u1,x,3,inf\n"];

/** The rows as a CSV with a header, and some bad lines after the first 200. */
export function csvWithBadLines(rows: readonly LogRow[]): string {
  return "user_id,item_id,stars,ts\n" + csv(rows.slice(0, 200)) + BAD.join("") + csv(rows.slice(200));
}

/** The rows as JSON lines, with times that are numbers and a field that nobody asked for. */
export const jsonLines = (rows: readonly LogRow[]): string[] =>
  rows.map((row) => JSON.stringify({ ...row, timestamp: Number(row.timestamp), more: [1] }));
