/**
 * Options of a command: declared once as data, from which they are parsed, checked and explained.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { parseArgs } from "../std/cli.ts";
import { didYouMean, InputError, meantName } from "../contract/errors.ts";
import { toFlag } from "../display/text/to_key.ts";

/** One option. Its key in a configuration file is its name in camel case (`minUser`), its flag in kebab case (`--min-user`). */
export interface Option {
  kind: "text" | "number" | "flag" | "list";
  /** A sentence for `--help`. */
  help: string;
  /** Name of the value in `--help`, such as FILE. */
  value?: string;
  /** The allowed words. */
  choices?: readonly string[];
  /** Hints for other words, by the word in lower case: `{ pandas: "pandas reads parquet" }`. */
  hints?: Readonly<Record<string, string>>;
  /** For a list of KEY=VALUE: the keys, for the hint if one is given as an option, such as `--user` for `--columns user=…`. */
  keys?: readonly string[];
  /** For a list: a comma is part of a value, and several values are given by repeating the option. */
  whole?: boolean;
  /** The default, for `--help`. */
  fallback?: string;
  /** Rarely set: a key of a configuration file, and no flag. */
  yaml?: boolean;
}

/** Options in groups, in the order of `--help`. */
export type OptionGroups = Record<string, Record<string, Option>>;

/** A command: what it does, how it is called, and its options. */
export interface CommandSpec {
  /** Its name, as in `deno task prepare`. */
  name: string;
  /** What it does, in one line. */
  summary: string;
  /** What may follow the name besides options, such as `DIR`. */
  positional?: string;
  /** If nothing may follow: what to do instead, such as `files are named with --data`. */
  instead?: string;
  /** The words that may follow, for completion. Default: folders, if anything may follow. */
  words?: readonly string[];
  /** Whether a file may also follow, for completion. */
  files?: boolean;
  options: OptionGroups;
  /** If there are many options, the keys of those needed first, in the order of `--help`, which then lists only these. Default: all. */
  first?: readonly string[];
  /**
   * Returns the command that continues after this one was stopped; undefined or omitted: the same command again.
   *
   * @param config The configuration file, if one was given.
   * @param words What followed the name besides options.
   */
  resumedBy?(
    flags: Record<string, unknown>,
    config: string | undefined,
    words: readonly string[],
  ): string | undefined;
  /** Further explanations, as titled lists of words with their meanings. */
  glossary?: Record<string, Record<string, string>>;
  examples: string[];
}

/** Options that every command has. */
export const COMMON_OPTIONS: Record<string, Option> = {
  config: { kind: "text", value: "FILE", help: "take options from a YAML file; flags override it" },
  quiet: { kind: "flag", help: "print no progress, warnings or summaries" },
  json: { kind: "flag", help: "print one JSON object on stdout, and nothing else" },
  help: { kind: "flag", help: "show this text" },
};

const HELP_ALL: Option = { kind: "flag", help: "show all options" };

/** The common options and, for a command with many options, the one that shows them all. */
export const commonOptions = ({ first }: CommandSpec): Record<string, Option> => ({
  ...COMMON_OPTIONS,
  ...(first && { helpAll: HELP_ALL }),
});

/** Returns the placeholder for an option's value, such as FILE; by default the last word of the option. */
export const valueName = (flag: string, { value }: Option): string =>
  value ?? flag.split("-").at(-1)!.toUpperCase();

/** Text that follows `to continue` if the command is not known: the same again, with `--resume` if it has that option. */
export const again = ({ options }: CommandSpec): string =>
  `, give the same command again${allOptions(options).resume ? " with --resume" : ""}`;

/** Returns the options of all groups, by key. */
export const allOptions = (groups: OptionGroups): Record<string, Option> =>
  Object.assign({}, ...Object.values(groups));

/**
 * Parses the command line. Values have the option's kind; a list is given with commas or repetition, or only with repetition (`whole`).
 *
 * @example
 * ```ts
 * import { type CommandSpec, parseCommandLine } from "./options.ts";
 * import assert from "node:assert/strict";
 *
 * const spec: CommandSpec = {
 *   name: "brew",
 *   summary: "Brews tea.",
 *   options: { "What is brewed": { maxMinutes: { kind: "number", help: "how long" } } },
 *   examples: [],
 * };
 * assert.deepEqual(parseCommandLine(["mug", "--max-minutes", "3"], spec), {
 *   values: { maxMinutes: 3 },
 *   positional: ["mug"],
 * });
 * ```
 * @throws {InputError} for an unknown option (naming the nearest), a missing value, or a word that is not a choice.
 */
export function parseCommandLine(
  args: string[],
  spec: CommandSpec,
): { values: Record<string, unknown>; positional: string[] } {
  // If help shows all options anyway, --help-all does the same.
  const options: Record<string, Option> = {
    ...allOptions(spec.options),
    ...commonOptions(spec),
    helpAll: HELP_ALL,
  };
  const byFlag = new Map(flagsOf(options).map(([key, option]) => [toFlag(key), { key, ...option }]));
  const names = (want: (option: Option) => boolean) =>
    [...byFlag].filter(([, option]) => want(option)).map(([flag]) => flag);
  const [string, boolean, collect] = [["text", "number"], ["flag"], ["list"]]
    .map((kinds) => names(({ kind }) => kinds.includes(kind)));
  const parsed = parseArgs(args, {
    string,
    boolean,
    collect,
    alias: { h: "help" },
    unknown(argument, name, value) {
      const key = Object.keys(options).find((key) => options[key].yaml && toFlag(key) === name);
      if (key !== undefined) {
        throw new InputError(
          `Option ${key} has no flag: write "${key}: …" in a file, and name that with --config`,
        );
      }
      const holder = [...byFlag].find(([, { keys }]) => keys?.includes(name))?.[0];
      const near = holder === undefined
        ? meantName(name, byFlag.keys())
        : `${holder} ${name}=${value ?? "…"}`;
      throw new InputError(
        `Unknown option ${argument.split("=")[0]}${
          near === undefined ? "" : ` (did you mean --${near}?)`
        }; see deno task ${spec.name} ${spec.first ? "--help-all" : "--help"}`,
      );
    },
  });

  const values: Record<string, unknown> = {};
  for (const [flag, option] of byFlag) {
    const value = parsed[flag];
    if (value === undefined) continue;
    values[option.key] = option.kind === "flag" ? value : convert(flag, option, value as string | string[]);
  }
  return { values, positional: parsed._ };
}

function convert(flag: string, option: Option, value: string | string[]): unknown {
  const texts = [value].flat();
  if (texts.some((text) => text === undefined || text === "")) {
    throw new InputError(`Option --${flag} needs a value: --${flag} ${valueName(flag, option)}`);
  }
  if (option.kind === "list") {
    const partsOf = (text: string) =>
      option.value === "FILE"
        ? filesIn(text)
        : (option.whole ? [text] : atCommas(text)).map((part) => part.trim());
    return texts.flatMap(partsOf)
      .map((part) => checkChoice(flag, option, part));
  }
  const text = checkChoice(flag, option, texts.at(-1)!);
  if (option.kind === "text") return text;
  const number = Number(text);
  if (text.trim() === "" || !Number.isFinite(number)) {
    throw new InputError(`Option --${flag} takes a number, not "${text}"`);
  }
  return number;
}

/** Splits a flag's value at commas into files; if a file of the whole name exists, it is one file. */
const filesIn = (text: string): string[] =>
  isThere(text) ? [text] : text.split(",").map((part) => part.trim());

function isThere(path: string): boolean {
  try {
    return existsSync(path);
  } catch {
    return false; // Deno does not allow access to /dev/stdin and the like: the reader reports it
  }
}

/** Returns the options that are flags, by key. */
export const flagsOf = (options: Record<string, Option>): [key: string, option: Option][] =>
  Object.entries(options).filter(([, { yaml }]) => !yaml);

/** Returns the options of a command in all its variants, by key. */
export const mergedOptions = (variants: readonly CommandSpec[]): Record<string, Option> =>
  Object.assign({}, ...variants.flatMap((spec) => [...Object.values(spec.options), commonOptions(spec)]));

/** Splits a list into its parts; a comma within a part is preceded by a backslash. */
export const atCommas = (text: string): string[] =>
  text.split(/(?<!\\),/).map((part) => part.replaceAll("\\,", ","));

function checkChoice(flag: string, option: Option, text: string): string {
  if (option.choices && !option.choices.includes(text)) {
    throw new InputError(
      `Option --${flag} takes ${option.choices.join(", ")}, not "${text}"${
        didYouMean(text, option.choices, option.hints)
      }`,
    );
  }
  return text;
}
