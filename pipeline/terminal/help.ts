/**
 * The text that `--help` prints.
 *
 * @module
 */
import { type CommandSpec, COMMON_OPTIONS, type Option, toFlag } from "./options.ts";

/** The text of `--help`. */
export function helpText(spec: CommandSpec): string {
  const meaning = ({ help, choices, fallback }: Option) =>
    help + (choices ? `: ${choices.join(", ")}` : "") + (fallback ? ` (default: ${fallback})` : "");
  const flag = (key: string, { kind, value }: Option) =>
    `--${toFlag(key)}${kind === "flag" ? "" : " " + (value ?? "VALUE")}`;
  const groups: [title: string, entries: [word: string, meaning: string][]][] = [
    ...Object.entries({ ...spec.options, "Every command": COMMON_OPTIONS }).map(([title, group]) =>
      [
        title,
        Object.entries(group).filter(([, { gone }]) => !gone)
          .map(([key, option]) => [flag(key, option), meaning(option)]),
      ] as typeof groups[0]
    ),
    ...Object.entries(spec.glossary ?? {}).map(([title, words]) =>
      [title, Object.entries(words)] as typeof groups[0]
    ),
  ];
  const width = Math.max(...groups.flatMap(([, entries]) => entries.map(([word]) => word.length))) + 4;
  const lines = [
    spec.summary,
    "",
    `Usage: deno task ${spec.name}${spec.positional ? " " + spec.positional : ""} [options]`,
  ];
  for (const [title, entries] of groups) {
    lines.push("", title);
    for (const [word, meaning] of entries) {
      const [first, ...more] = wrap(meaning, 108 - width);
      lines.push(`  ${word}`.padEnd(width) + first, ...more.map((line) => " ".repeat(width) + line));
    }
  }
  lines.push("", "Examples", ...spec.examples.map((example) => `  ${example}`));
  return lines.join("\n");
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
