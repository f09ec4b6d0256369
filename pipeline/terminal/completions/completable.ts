/**
 * What can be completed, the same for every shell.
 *
 * @module
 */
import { toFlag } from "../../display/text/to_key.ts";
import type { KnownSpecs } from "../known_help.ts";
import { type CommandSpec, commonOptions, type Option } from "../options.ts";

/** Words that may follow an option or a command. */
export interface Offered {
  words: readonly string[];
  /** What else may be given. */
  or?: "folder" | "file";
  /** Whether several may be given, separated by commas. */
  isList: boolean;
}

/** What may follow an option or a command. */
export type Follows = "nothing" | "anything" | "file" | "folder" | Offered;

/** An option of a command. */
export interface Flag {
  /** The flag, such as `--min-user`. */
  word: string;
  /** Its description, in one line. */
  about: string;
  follows: Follows;
}

/** A command with its options. */
export interface Completable {
  name: string;
  about: string;
  flags: Flag[];
  /** What may be given besides options. */
  words: Follows;
}

/** Returns the commands with their options; if options depend on the method, those of all methods together. */
export function completable(about: Record<string, string>, specs: KnownSpecs): Completable[] {
  const methods = Object.keys(specs).flatMap((key) => /^train (.+)/.exec(key)?.slice(1) ?? []);
  const named: Record<string, Offered> = {
    method: { words: methods, isList: false },
    methods: { words: ["automlp", ...methods], isList: true },
  };
  const dataSets = specs.data?.words?.filter((word) => !ACTIONS.includes(word)) ?? [];
  return Object.entries(about).map(([name, does]) => {
    const variants = Object.entries(specs).filter(([key]) => key === name || key.startsWith(`${name} `));
    const options: Record<string, Option> = Object.assign(
      {},
      ...variants.flatMap(([, spec]) => Object.values(spec.options)),
      commonOptions(specs[name]),
    );
    const flags = Object.entries(options).filter(([, { gone }]) => !gone).map(([key, option]): Flag => ({
      word: `--${toFlag(key)}`,
      about: option.help.replace(/\s+/g, " "),
      follows: named[key] ?? followsOf(key, option, dataSets),
    }));
    return { name, about: does, flags, words: wordsOf(specs[name]) };
  });
}

function wordsOf({ positional, words, files = false }: CommandSpec): Follows {
  if (positional === undefined) return "nothing";
  if (words) return { words, isList: false, ...(files && { or: "file" }) };
  return files ? "file" : "folder";
}

/** The actions of `data`; its other words are data sets. */
const ACTIONS: readonly string[] = ["list", "get"];

/**
 * Returns what may follow the option of this name.
 *
 * @param dataSets Names of the known data sets.
 */
function followsOf(key: string, { kind, choices, value = "" }: Option, dataSets: readonly string[]): Follows {
  if (kind === "flag") return "nothing";
  if (choices) return { words: choices, isList: kind === "list" };
  if (value === "DIR" || value === "RUN") return "folder";
  if (key === "dataset") {
    return { words: dataSets, isList: false, ...(value.endsWith("DIR") && { or: "folder" }) };
  }
  return value.endsWith("FILE") || value === "PROGRAM" ? "file" : "anything";
}
