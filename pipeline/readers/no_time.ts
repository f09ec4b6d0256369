/**
 * The remark for a source without times.
 *
 * @module
 */
import type { ColumnUse } from "../contract/dataset/columns.ts";
import { quoteAll } from "./shorten.ts";

/** Words in names that indicate times: `ordered_on`, `createdAt`, `order date`. */
const TIME_WORDS = /^(at|on|when|time|times|timestamp|ts|date|datetime|day|unixtime)$/;

/** Names that can follow an option without quoting. */
const SIMPLE = /^[\w.-]+$/;

/** Checks whether a column name stands for only a part of a date. */
export const isPartOfDate = (name: string): boolean =>
  /^(year|month|week|day|weekday|hour|minute)s?$/i.test(name);

/** Splits a name into lower-case words, also RecBole's `order_date:token`. */
const wordsOf = (name: string): string[] =>
  name.replace(/:[a-z_]+$/, "").replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase()
    .split(/[^\p{L}\p{N}]+/u).filter(Boolean);

/** Returns the names that indicate times: by their last word, or by their first if that is `date`. Parts of a date do not count. */
export function timeNames(names: readonly string[]): string[] {
  const isDivided = names.some((name) => /^months?$/i.test(name));
  return names.filter((name) => {
    const words = wordsOf(name), last = words.at(-1) ?? "";
    if (last === "day" && (isDivided || words.at(-2) === "of")) return false;
    return TIME_WORDS.test(last) || /(date|time|timestamp)$/.test(last) || words[0] === "date";
  });
}

/**
 * Returns the remark that rows count as ordered by time, with any unused columns that look like times.
 *
 * @param uses The taken and unused columns of each file.
 */
export function noTime(uses: readonly ColumnUse[]): string {
  const remark = "no timestamps: the order of the rows counts as the order of time";
  const found = [...new Set(timeNames(uses.flatMap(({ unused }) => unused)))];
  if (found.length === 0) return remark;
  const roles = { ...uses[0].taken, timestamp: found[0] };
  const isSimple = Object.values(roles).every((name) => SIMPLE.test(name));
  const wish = isSimple
    ? `--columns ${Object.entries(roles).map(([role, name]) => `${role}=${name}`).join(",")}`
    : "--columns, as timestamp=…";
  return `${remark}; ${quoteAll(found)} ${
    found.length === 1 ? "looks like a time and is" : "look like times and are"
  } not used: to order by ${found.length === 1 ? "it" : "the first"} give ${wish}`;
}
