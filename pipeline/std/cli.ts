/** What is used of `@std/cli`: JSR cannot be reached from everywhere. */

/** Options of {@link parseArgs}; names are without dashes. */
export interface ParseOptions {
  /** Options with a value; "" if it is missing. */
  string: readonly string[];
  /** Options without a value. `--NAME=false` and `--no-NAME` say false. */
  boolean: readonly string[];
  /** Options with a value that may be given more than once: a list. */
  collect: readonly string[];
  /** Options by their letter. */
  alias: Readonly<Record<string, string>>;
  /** Called with an argument that is an option, but none of these; throws. */
  unknown(argument: string, name: string, value: string | undefined): never;
}

/** The given options by name, and the other arguments in `_`. */
export type Args = Record<string, string | boolean | string[]> & { _: string[] };

/**
 * Parses a command line. All that follows `--` is no option, and a value may begin with a dash: `--seed -1`.
 *
 * @example
 * ```ts
 * import { parseArgs } from "./cli.ts";
 * import assert from "node:assert/strict";
 *
 * const args = parseArgs(["-q", "--data=a.csv", "--data", "b.csv", "out"], {
 *   string: [],
 *   boolean: ["quiet"],
 *   collect: ["data"],
 *   alias: { q: "quiet" },
 *   unknown: assert.fail,
 * });
 * assert.deepEqual(args, { _: ["out"], quiet: true, data: ["a.csv", "b.csv"] });
 * ```
 */
export function parseArgs(args: readonly string[], options: ParseOptions): Args {
  const { string, boolean, collect, alias, unknown } = options;
  const isValue = (word = "--") => !word.startsWith("--") && !(word[0] === "-" && word.slice(1) in alias);
  const parsed: Args = { _: [] };
  for (let i = 0; i < args.length; i++) {
    if (args[i] === "--") {
      parsed._.push(...args.slice(i + 1));
      break;
    }
    const [, dashes, text, value] = /^(--?)([^=]+)(?:=([^]*))?$/.exec(args[i]) ?? [];
    if (text === undefined) {
      parsed._.push(args[i]);
      continue;
    }
    const name = dashes === "--" ? text : alias[text] ?? "", positive = name.replace(/^no-/, "");
    const next = args[i + 1];
    if (boolean.includes(name)) {
      const said = value ?? (next === "true" || next === "false" ? args[++i] : "true");
      parsed[name] = said !== "false";
    } else if (boolean.includes(positive)) {
      parsed[positive] = false;
    } else if (string.includes(name) || collect.includes(name)) {
      const given = value ?? (isValue(next) ? args[++i] : "");
      parsed[name] = collect.includes(name) ? [...(parsed[name] ?? []) as string[], given] : given;
    } else unknown(args[i], text, value ?? (isValue(next) ? next : undefined));
  }
  return parsed;
}
