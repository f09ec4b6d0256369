/**
 * Parts of the README in every export.
 *
 * @module
 */
import type { SequenceDataset } from "../contract/dataset.ts";

/** Describes the data and its split in a few lines. */
export function aboutDataset({ manifest }: SequenceDataset): string {
  const { counts, split, sources, seed, hash } = manifest;
  const n = (value: number) => value.toLocaleString("en-US");
  return [
    `${n(counts.interactions)} interactions of ${n(counts.users)} users with ${n(counts.items)} items: ` +
    `${n(counts.train)} train, ${n(counts.validation)} validation, ${
      n(counts.test)
    } test (${split.kind}, by time).`,
    "",
    `Made with automlp from ${sourceNames(sources.map(({ path }) => path)) || "a frame"}, ` +
    `seed ${seed}, dataset hash \`${
      hash.slice(0, 16)
    }\`. All ids are those of the source, unless said otherwise. ${aboutTimes(manifest)}`,
  ].join("\n");
}

/** Maximum number of source files that are named. */
const MOST_NAMED = 3;

/** Names the source files; of many, the first ones and their number. */
function sourceNames(paths: readonly string[]): string {
  const isMany = paths.length > MOST_NAMED + 1;
  const names = (isMany ? paths.slice(0, MOST_NAMED) : paths).map((path) =>
    `\`${path.split(/[\\/]/).at(-1)}\``
  );
  return names.join(", ") + (isMany ? ` … (${paths.length} files)` : "");
}

/** Describes the timestamps: other tools may assume seconds, or times where there are none. */
function aboutTimes({ timeUnit, stages }: SequenceDataset["manifest"]): string {
  if (timeUnit) return `Timestamps are ${timeUnit} since 1970 (UTC).`;
  const columns = stages.find(({ stage }) => stage === "read")?.columns?.interactions?.taken;
  return columns && columns.timestamp === undefined
    ? "The source had no times: timestamps give the order and nothing else."
    : "Timestamps are the numbers of the source, in its unit.";
}

/** Note for formats with cells. */
export const CELLS_AS_THEY_ARE =
  "Cells are as the data has them: a spreadsheet may take one that begins with `=`, `+`, `-` or `@` for a formula. " +
  "Export with `--safe-cells` what is to be opened in one.";

/** Formats a Markdown table of files and their contents, or of other names and their meanings. */
export function fileTable(files: [name: string, holds: string][], [name, holds] = ["file", "holds"]): string {
  return [
    `| ${name} | ${holds} |`,
    "| --- | --- |",
    ...files.map(([name, holds]) => `| \`${name}\` | ${holds} |`),
  ]
    .join("\n");
}

/** Formats a Markdown code block under a line that describes it. */
export function snippet(title: string, language: string, code: string): string {
  return `${title}:\n\n\`\`\`${language}\n${code.trim()}\n\`\`\``;
}
