/**
 * The places that a command line names, read without knowing the command's options: the command itself checks them.
 *
 * @module
 */

import { toKey } from "../../display/text/to_key.ts";
import { filesIn, flagValue, flagValues } from "../flag_value.ts";

/** A command line with its configuration file. */
export interface Given {
  /** Returns an option's value: the flag's last one, else that of the configuration file. */
  value(name: string): string | undefined;
  /** Returns the files of an option that may have several, as the command reads them: of all its flags, else of the configuration file. */
  list(name: string): string[];
  /** Whether a flag is given, or the option is true in the configuration file. */
  has(name: string): boolean;
  /** Words that may name what the command works on, without values of options that only read; values of others may be included. */
  words: string[];
}

/** Options whose value is only read, in every command. */
const READ_ONLY = ["config", "data", "dataset"];

/**
 * Reads a command line. A configuration file that cannot be read counts as empty: the command reports what is wrong with it.
 *
 * @example
 * ```ts
 * import { readGiven } from "./given.ts";
 * import assert from "node:assert/strict";
 *
 * const given = await readGiven(["runs/mine", "--data", "log.csv", "--out=new"]);
 * assert.deepEqual([given.words, given.value("out")], [["runs/mine"], "new"]);
 * ```
 */
export async function readGiven(args: string[]): Promise<Given> {
  const options = optionsOf(args);
  const flag = (name: string) => flagValue(options, name);
  const config = flag("config"), file = config === undefined ? {} : await readConfig(config);
  const inFile = (name: string) => file[toKey(name)];
  return {
    value: (name) => flag(name) ?? (inFile(name) === undefined ? undefined : String(inFile(name))),
    list: (name) => {
      const flags = flagValues(options, name).filter((text) => text !== undefined);
      if (flags.length > 0) return flags.flatMap(filesIn);
      return inFile(name) === undefined ? [] : [inFile(name)].flat().map(String);
    },
    has: (name) => options.some((arg) => arg.split("=")[0] === `--${name}`) || inFile(name) === true,
    words: wordsOf(args),
  };
}

/** Returns the arguments that may be options: all before `--`. */
const optionsOf = (args: string[]): string[] =>
  args.includes("--") ? args.slice(0, args.indexOf("--")) : args;

/** See {@link Given.words}. */
export function wordsOf(args: string[]): string[] {
  const options = optionsOf(args), rest = args.slice(options.length + 1);
  const words = options.filter((arg, i) =>
    !arg.startsWith("-") && !READ_ONLY.some((name) => options[i - 1] === `--${name}`)
  );
  return [...words, ...rest];
}

/** Bytes; a command refuses more. */
const MAX_CONFIG = 1 << 16;

async function readConfig(path: string): Promise<Record<string, unknown>> {
  try {
    const { isFile, size } = await Deno.stat(path);
    if (!isFile || size > MAX_CONFIG) return {}; // a pipe would be waited for
    const { parse } = await import("yaml");
    const value = parse(await Deno.readTextFile(path), { logLevel: "error" });
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}
