/**
 * The text that `--help` prints.
 *
 * @module
 */
import { toFlag } from "../display/text/to_key.ts";
import { consoleColumns, filled } from "../display/text/wrap.ts";
import { allOptions, type CommandSpec, commonOptions, flagsOf, type Option, valueName } from "./options.ts";

/** A word and its meaning, as one entry of a list. */
export type Entry = [word: string, meaning: string];

/** Returns an option's entry in `--help`. */
export function optionEntry(key: string, option: Option): Entry {
  const { kind, help, choices, fallback, yaml } = option, flag = toFlag(key);
  return [
    yaml ? key : `--${flag}${kind === "flag" ? "" : " " + valueName(flag, option)}`,
    help + (choices ? `: one of ${choices.join(", ")}` : "") + (fallback ? ` (default: ${fallback})` : ""),
  ];
}

/** Longer lines are hard to read. */
const MOST_COLUMNS = 108;
/** Minimum width of the column of meanings: with less room beside the words, meanings are below them, indented by `SET_IN`. */
const LEAST_COLUMNS = 24, SET_IN = 6;

/** Returns the columns of a line on stdout: those of its terminal, but no more than `most`. */
export const columnsWithin = (most: number): number =>
  Deno.stdout.isTerminal() ? Math.min(most, consoleColumns() - 1) : most;

/** Formats lists below their titles, with the meanings in one column or below the words, in lines of limited width. */
export function entryLines(
  groups: [title: string, entries: Entry[]][],
  columns = columnsWithin(MOST_COLUMNS),
): string[] {
  const beside = Math.max(...groups.flatMap(([, entries]) => entries.map(([word]) => word.length))) + 4;
  const isBelow = columns - beside < LEAST_COLUMNS, width = isBelow ? SET_IN : beside;
  return groups.flatMap(([title, entries]) => [
    "",
    title,
    ...entries.flatMap(([word, meaning]) => {
      const lines = filled(meaning.split(" "), columns - width),
        set = lines.map((line) => " ".repeat(width) + line);
      return isBelow ? [`  ${word}`, ...set] : [`  ${word}`.padEnd(width) + lines[0], ...set.slice(1)];
    }),
  ]);
}

/**
 * Returns the text of `--help`.
 *
 * @param all For a command with many options, whether to list all of them instead of those needed first.
 */
export function helpText(spec: CommandSpec, all: boolean = false): string {
  const { first } = spec, short = first && !all, options = allOptions(spec.options);
  const listed = short
    ? { "Options to begin with": Object.fromEntries(first.map((key) => [key, options[key]])) }
    : spec.options;
  const count = flagsOf(options).length, rare = Object.entries(options).filter(([, { yaml }]) => yaml);
  const entriesOf = (options: [string, Option][]) => options.map(([key, option]) => optionEntry(key, option));
  const inFile: [string, Entry[]] = ["Only in a configuration file (--config)", entriesOf(rare)];
  return [
    spec.summary,
    "",
    `Usage: deno task ${spec.name}${spec.positional ? " " + spec.positional : ""} [options]`,
    ...entryLines([
      ...Object.entries({ ...listed, "Every command": commonOptions(spec) }).map((
        [title, group],
      ): [string, Entry[]] => [
        title,
        entriesOf(flagsOf(group)),
      ]),
      ...(short || rare.length === 0 ? [] : [inFile]),
      ...(short ? [] : Object.entries(spec.glossary ?? {}).map(([title, words]): [string, Entry[]] => [
        title,
        Object.entries(words),
      ])),
    ]),
    "",
    "Examples",
    ...spec.examples.map((example) => `  ${example}`),
    ...(short ? ["", `All ${count} options: deno task ${spec.name} --help-all`] : []),
  ].join("\n");
}
