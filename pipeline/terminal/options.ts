/**
 * Options of a command: declared once, as data; parsed, checked and explained from there.
 *
 * @module
 */
import { parseArgs } from "../std/cli.ts";
import { filesIn } from "./flag_value.ts";
import { didYouMean, InputError, meantName } from "../contract/errors.ts";
import { toFlag } from "../display/text/to_key.ts";

/** One option. Its key in a configuration file is its name in camel case (`minUser`), its flag in kebab case (`--min-user`). */
export interface Option {
  kind: "text" | "number" | "flag" | "list";
  /** A sentence for `--help`. */
  help: string;
  /** What the value is called in `--help`, as in FILE. */
  value?: string;
  /** The words it may be. */
  choices?: readonly string[];
  /** What to say of other words, by these in small letters: `{ pandas: "pandas reads parquet" }`. */
  hints?: Readonly<Record<string, string>>;
  /** Of a list of KEY=VALUE: the keys, for who takes one for an option, as `--user` for `--columns user=…`. */
  keys?: readonly string[];
  /** Of a list: a comma belongs to a value, and several values are given by the option again. */
  whole?: boolean;
  /** What holds where it is left out, for `--help`. */
  fallback?: string;
  /** Of an option of earlier versions: what to give instead. It is refused, and not in `--help`. */
  gone?: string;
}

/** Options in groups, in the order of `--help`. */
export type OptionGroups = Record<string, Record<string, Option>>;

/** A command: what it does, how it is called, what it takes. */
export interface CommandSpec {
  /** As in `deno task prepare`. */
  name: string;
  /** One line. */
  summary: string;
  /** What may follow the name beside options, as in `DIR`. */
  positional?: string;
  /** Where nothing may: what to do instead, as in `files are named with --data`. */
  instead?: string;
  /** The words that may follow, for completion; left out: folders, where anything may. */
  words?: readonly string[];
  /** Whether a file may follow, too; for completion. */
  files?: boolean;
  options: OptionGroups;
  /** Of many options the keys of those that people need first, in the order of `--help`, which then lists no others. Left out: it lists all. */
  first?: readonly string[];
  /**
   * The command that goes on where one was stopped; undefined or left out: the same again.
   *
   * @param config The configuration file, if it was given one.
   * @param words What followed the name beside options.
   */
  resumedBy?(
    flags: Record<string, unknown>,
    config: string | undefined,
    words: readonly string[],
  ): string | undefined;
  /** More to know, as titled lists of a word and its meaning. */
  glossary?: Record<string, Record<string, string>>;
  examples: string[];
}

/** Options that every command has. */
export const COMMON_OPTIONS: Record<string, Option> = {
  config: { kind: "text", value: "FILE", help: "take options from a YAML file; flags override it" },
  quiet: { kind: "flag", help: "print errors only" },
  json: { kind: "flag", help: "print one JSON object on stdout, and nothing else" },
  help: { kind: "flag", help: "show this text" },
};

const HELP_ALL: Option = { kind: "flag", help: "show all options" };

/** The same, and of a command with many options the way to see them all. */
export const commonOptions = ({ first }: CommandSpec): Record<string, Option> => ({
  ...COMMON_OPTIONS,
  ...(first && { helpAll: HELP_ALL }),
});

/** What stands for the value of an option, as in FILE: without a name of its own, the last word of the option. */
export const valueName = (flag: string, { value }: Option): string =>
  value ?? flag.split("-").at(-1)!.toUpperCase();

/** The options of all groups, by key. */
export const allOptions = (groups: OptionGroups): Record<string, Option> =>
  Object.assign({}, ...Object.values(groups));

/**
 * Reads the command line. Values are of the option's kind; a list takes commas and repeats, or repeats alone (`whole`).
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
 * @throws {InputError} for an unknown option (naming the nearest), one that is gone, a missing value, a word that is no choice.
 */
export function parseCommandLine(
  args: string[],
  spec: CommandSpec,
): { values: Record<string, unknown>; positional: string[] } {
  // Where help shows all options anyway, --help-all does so, too.
  const options = { ...allOptions(spec.options), ...commonOptions(spec), helpAll: HELP_ALL };
  const byFlag = new Map(Object.entries(options).map(([key, option]) => [toFlag(key), { key, ...option }]));
  const names = (want: (option: Option) => boolean) =>
    [...byFlag].filter(([, option]) => want(option)).map(([flag]) => flag);
  const takesValue = names(({ kind }) => kind !== "flag");
  const parsed = parseArgs(joinDashedValues(args, takesValue), {
    string: [...takesValue, "_"], // a folder called 007 keeps its name
    boolean: names(({ kind }) => kind === "flag"),
    negatable: names(({ kind }) => kind === "flag"),
    collect: names(({ kind }) => kind === "list"),
    alias: { h: "help" },
    unknown: (argument: string, flag?: string, value?: unknown) => {
      if (flag === undefined) return true;
      const holder = [...byFlag].find(([, { keys }]) => keys?.includes(flag))?.[0];
      const near = holder === undefined
        ? meantName(flag, byFlag.keys())
        : `${holder} ${flag}=${typeof value === "string" ? value : "…"}`;
      throw new InputError(
        `Unknown option ${argument.split("=")[0]}${
          near === undefined ? "" : ` (did you mean --${near}?)`
        }; see deno task ${spec.name} ${spec.first ? "--help-all" : "--help"}`,
      );
    },
  }) as Record<string, unknown> & { _: string[] };

  const values: Record<string, unknown> = {};
  const ahead = args.includes("--") ? args.slice(0, args.indexOf("--")) : args;
  for (const [flag, option] of byFlag) {
    const value = parsed[flag];
    const given = ahead.some((arg) => [`--${flag}`, `--no-${flag}`].includes(arg.split("=")[0])) ||
      (flag === "help" && ahead.includes("-h"));
    if (!given) continue;
    if (option.gone) throw new InputError(`Option --${flag} is gone: ${option.gone}`);
    values[option.key] = option.kind === "flag" ? value : convert(flag, option, value as string | string[]);
  }
  return { values, positional: parsed._ };
}

/**
 * Writes `--seed -1` as `--seed=-1`. Of words with one dash only `-h` is an option: any other one after an option that takes a
 * value is that value, be it a negative number or a file called `-x.csv`.
 */
function joinDashedValues(args: string[], takesValue: string[]): string[] {
  const joined: string[] = [];
  for (let i = 0; i < args.length; i++) {
    if (args[i] === "--") return [...joined, ...args.slice(i)];
    const next = args[i + 1];
    const isValue = takesValue.includes(args[i].replace(/^--/, "")) && args[i].startsWith("--") &&
      /^-(?!-|h$)/.test(next ?? "");
    joined.push(isValue ? `${args[i]}=${args[++i]}` : args[i]);
  }
  return joined;
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

/** The parts of a list; a comma of a part's own has a backslash in front of it. */
const atCommas = (text: string): string[] =>
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
