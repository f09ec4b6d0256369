/**
 * What is said where a source has no time.
 *
 * @module
 */
import type { ColumnUse } from "../contract/dataset/columns.ts";
import { quoteAll } from "./shorten.ts";

/** Words by which names say that they are of times: `ordered_on`, `createdAt`, `order date`. */
const TIME_WORDS = /^(at|on|when|time|times|timestamp|ts|date|datetime|day|unixtime)$/;

/** What can be written behind an option as it is. */
const SIMPLE = /^[\w.-]+$/;

/** The names that are those of times, by their last word. */
export const timeNames = (names: readonly string[]): string[] =>
  names.filter((name) => {
    const words = name.replace(/:[a-z_]+$/, "").replace(/([a-z])([A-Z])/g, "$1 $2").split(/[^\p{L}\p{N}]+/u);
    const last = words.filter(Boolean).at(-1)?.toLowerCase() ?? "";
    return TIME_WORDS.test(last) || /(date|time|timestamp)$/.test(last);
  });

/**
 * That the order of the rows counts; and which columns look like times and are not used, if any does.
 *
 * @param uses What became of the columns of each file.
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
