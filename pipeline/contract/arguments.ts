/**
 * What a function of the library is given, before it looks at it: a slip is one line in words, and not an error from within.
 *
 * @module
 */
import { InputError } from "./errors.ts";

/**
 * A path that a caller gives.
 *
 * @param call As in `readDataset`.
 * @param example As in `readDataset("data/mine")`.
 * @throws {InputError} if it is no text.
 */
export function checkPath(path: unknown, call: string, example: string): void {
  if (typeof path === "string" && path !== "") return;
  throw new InputError(`Cannot call ${call} without the path of a folder: write it as in ${example}`);
}

/**
 * The one object of options that a caller gives.
 *
 * @param example As in `prepare({ data: "ratings.csv", out: "data/mine" })`.
 * @throws {InputError} if it is something else: nothing, a text, a list, a table.
 */
export function checkOneObject(options: unknown, call: string, example: string): void {
  const isObject = typeof options === "object" && options !== null && !Array.isArray(options);
  // A frame of Polars is an object, too.
  if (isObject && typeof (options as { lazy?: unknown }).lazy !== "function") return;
  throw new InputError(`Cannot call ${call} with this: it takes one object with options, as in ${example}`);
}
