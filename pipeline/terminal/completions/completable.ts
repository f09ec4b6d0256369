/**
 * What there is to complete, the same for every shell.
 *
 * @module
 */
import type { KnownSpecs } from "../known_help.ts";
import { commonOptions, type Option, toFlag } from "../options.ts";

/** What may follow an option. */
export type Follows = "nothing" | "anything" | "file" | "folder" | readonly string[];

/** An option of a command. */
export interface Flag {
  /** As in `--min-user`. */
  word: string;
  /** One line. */
  about: string;
  follows: Follows;
}

/** A command, by itself and with its options. */
export interface Completable {
  name: string;
  about: string;
  flags: Flag[];
  /** What the words beside its options are. */
  words: "none" | "folders" | readonly string[];
}

/** The commands with their options; where these are those of a method, of all methods together. */
export const completable = (about: Record<string, string>, specs: KnownSpecs): Completable[] =>
  Object.entries(about).map(([name, does]) => {
    const variants = Object.entries(specs).filter(([key]) => key === name || key.startsWith(`${name} `));
    const options: Record<string, Option> = Object.assign(
      {},
      ...variants.flatMap(([, spec]) => Object.values(spec.options)),
      commonOptions(specs[name]),
    );
    const methods = variants.flatMap(([key]) => key.split(" ").slice(1));
    const flags = Object.entries(options).filter(([, { gone }]) => !gone).map(([key, option]): Flag => ({
      word: `--${toFlag(key)}`,
      about: option.help.replace(/\s+/g, " "),
      follows: key === "method" && methods.length > 0 ? methods : followsOf(option),
    }));
    const { positional, words = positional === undefined ? "none" : "folders" } = specs[name];
    return { name, about: does, flags, words };
  });

function followsOf({ kind, choices, value = "" }: Option): Follows {
  if (kind === "flag") return "nothing";
  if (choices) return choices;
  if (value === "DIR") return "folder";
  return value === "FILE" ? "file" : "anything";
}
