/**
 * Reading one flag of a command line without knowing the others.
 *
 * @module
 */
import { existsSync } from "node:fs";

/** Splits a flag's value at commas into files; if a file of the whole name exists, it is one file. */
export const filesIn = (text: string): string[] =>
  isThere(text) ? [text] : text.split(",").map((part) => part.trim());

function isThere(path: string): boolean {
  try {
    return existsSync(path);
  } catch {
    return false; // Deno does not allow access to /dev/stdin and the like: the reader reports it
  }
}

/** Returns the value of a flag, the last one if it is repeated; undefined if it is not given. */
export const flagValue = (options: readonly string[], name: string): string | undefined =>
  flagValues(options, name).at(-1);

/** Returns all values of a flag in order; undefined for one without a value. */
export const flagValues = (options: readonly string[], name: string): (string | undefined)[] =>
  options.flatMap((arg, i) => {
    if (arg === `--${name}`) return [options[i + 1]];
    return arg.startsWith(`--${name}=`) ? [arg.slice(name.length + 3)] : [];
  });
