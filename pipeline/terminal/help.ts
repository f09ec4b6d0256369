/**
 * The text that `--help` prints.
 *
 * @module
 */
import { type CommandSpec, COMMON_OPTIONS, type Option, toFlag } from "./options.ts";

/** A word and its meaning, in a list of such. */
export type Entry = [word: string, meaning: string];

/** An option as `--help` lists it. */
export const optionEntry = (key: string, { kind, value, help, choices, fallback }: Option): Entry => [
  `--${toFlag(key)}${kind === "flag" ? "" : " " + (value ?? "VALUE")}`,
  help + (choices ? `: ${choices.join(", ")}` : "") + (fallback ? ` (default: ${fallback})` : ""),
];

/** Lists under their titles, the meanings in one column; a line has at most so many columns. */
export function entryLines(groups: [title: string, entries: Entry[]][], columns = 108): string[] {
  const width = Math.max(...groups.flatMap(([, entries]) => entries.map(([word]) => word.length))) + 4;
  return groups.flatMap(([title, entries]) => [
    "",
    title,
    ...entries.flatMap(([word, meaning]) => {
      const [first, ...more] = wrap(meaning, columns - width);
      return [`  ${word}`.padEnd(width) + first, ...more.map((line) => " ".repeat(width) + line)];
    }),
  ]);
}

/** The text of `--help`. */
export function helpText(spec: CommandSpec): string {
  const options = Object.entries({ ...spec.options, "Every command": COMMON_OPTIONS });
  return [
    spec.summary,
    "",
    `Usage: deno task ${spec.name}${spec.positional ? " " + spec.positional : ""} [options]`,
    ...entryLines([
      ...options.map(([title, group]): [string, Entry[]] => [
        title,
        Object.entries(group).filter(([, { gone }]) => !gone).map(([key, option]) =>
          optionEntry(key, option)
        ),
      ]),
      ...Object.entries(spec.glossary ?? {}).map(([title, words]): [string, Entry[]] => [
        title,
        Object.entries(words),
      ]),
    ]),
    "",
    "Examples",
    ...spec.examples.map((example) => `  ${example}`),
  ].join("\n");
}

function wrap(text: string, width: number): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines[lines.length - 1];
    if (last && last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = last ? `${last} ${word}` : word;
  }
  return lines;
}
