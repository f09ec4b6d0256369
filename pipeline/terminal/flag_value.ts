/**
 * One flag of a command line, read without knowing the others.
 *
 * @module
 */
import { existsSync } from "node:fs";

/** The files of one value of a flag, with commas between them; what is there by that name is one file, commas or not. */
export const filesIn = (text: string): string[] =>
  isThere(text) ? [text] : text.split(",").map((part) => part.trim());

function isThere(path: string): boolean {
  try {
    return existsSync(path);
  } catch {
    return false; // Deno gives /dev/stdin and the like to nobody: who reads it says so
  }
}

/** The value of a flag, the last where it is there twice; undefined if it is not there. */
export const flagValue = (options: readonly string[], name: string): string | undefined =>
  flagValues(options, name).at(-1);

/** All values of a flag, in their order; without a value it has undefined. */
export const flagValues = (options: readonly string[], name: string): (string | undefined)[] =>
  options.flatMap((arg, i) => {
    if (arg === `--${name}`) return [options[i + 1]];
    return arg.startsWith(`--${name}=`) ? [arg.slice(name.length + 3)] : [];
  });
