/**
 * What data are called of which only the place is known.
 *
 * @module
 */
import { basename } from "node:path";

/** `logs/clicks.csv.gz` → `clicks`; of a glob, `logs/*.csv` → `logs`; of a cluster's table, `table:logs.clicks` → `clicks` */
export function dataName(path: string): string {
  if (path.startsWith("table:")) return path.replace(/^.*[.:]/, "").replaceAll("`", "");
  const name = basename(path).replace(/\.gz$/, "").replace(/\.[^.]+$/, "");
  const parts = path.split(/[\\/]/).slice(0, -1).filter((part) => part !== "." && part !== "");
  return /[*?[{]/.test(name) ? parts.findLast((part) => !/[*?[{]/.test(part)) ?? "data" : name;
}
