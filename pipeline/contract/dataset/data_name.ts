/**
 * A name for data of which only the location is known.
 *
 * @module
 */
import { basename } from "node:path";

/** Derives a name: `logs/clicks.csv.gz` → `clicks`; a glob, `logs/*.csv` → `logs`; a cluster's table, `table:logs.clicks` → `clicks`. */
export function dataName(path: string): string {
  if (path.startsWith("table:")) return path.replace(/^.*[.:]/, "").replaceAll("`", "");
  const name = basename(path).replace(/\.gz$/, "").replace(/\.[^.]+$/, "");
  const parts = path.split(/[\\/]/).slice(0, -1).filter((part) => part !== "." && part !== "");
  return /[*?[{]/.test(name) ? parts.findLast((part) => !/[*?[{]/.test(part)) ?? "data" : name;
}
