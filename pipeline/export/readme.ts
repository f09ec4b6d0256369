/**
 * Pieces of the README that every export holds.
 *
 * @module
 */
import type { SequenceDataset } from "../contract/dataset.ts";

/** What the data is, and how it was split, in a few lines. */
export function aboutDataset({ manifest }: SequenceDataset): string {
  const { counts, split, sources, seed, hash } = manifest;
  const n = (value: number) => value.toLocaleString("en-US");
  return [
    `${n(counts.interactions)} interactions of ${n(counts.users)} users with ${n(counts.items)} items: ` +
    `${n(counts.train)} train, ${n(counts.validation)} validation, ${
      n(counts.test)
    } test (${split.kind}, by time).`,
    "",
    `Made with automlp from ${
      sources.map(({ path }) => `\`${path.split(/[\\/]/).at(-1)}\``).join(", ") || "a frame"
    }, ` +
    `seed ${seed}, dataset hash \`${
      hash.slice(0, 16)
    }\`. All ids are those of the source, unless said otherwise. ${aboutTimes(manifest)}`,
  ].join("\n");
}

/** What the timestamps are: other tools may take them for seconds, or for times where they are none. */
function aboutTimes({ timeUnit, stages }: SequenceDataset["manifest"]): string {
  if (timeUnit) return `Timestamps are ${timeUnit} since 1970 (UTC).`;
  const columns = stages.find(({ stage }) => stage === "read")?.columns?.interactions?.taken;
  return columns && columns.timestamp === undefined
    ? "The source had no times: timestamps give the order and nothing else."
    : "Timestamps are the numbers of the source, in its unit.";
}

/** For formats with cells. */
export const CELLS_AS_THEY_ARE =
  "Cells are as the data has them: a spreadsheet may take one that begins with `=`, `+`, `-` or `@` for a formula. " +
  "Export with `--safe-cells` what is to be opened in one.";

/** A Markdown table of files and what they hold, or of other names and what they are. */
export function fileTable(files: [name: string, holds: string][], [name, holds] = ["file", "holds"]): string {
  return [
    `| ${name} | ${holds} |`,
    "| --- | --- |",
    ...files.map(([name, holds]) => `| \`${name}\` | ${holds} |`),
  ]
    .join("\n");
}

/** A Markdown block of code under a line that says what it is. */
export function snippet(title: string, language: string, code: string): string {
  return `${title}:\n\n\`\`\`${language}\n${code.trim()}\n\`\`\``;
}
