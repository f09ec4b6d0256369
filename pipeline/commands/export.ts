/**
 * `deno task export`: a dataset for other tools.
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "../contract/errors.ts";
import { readDataset } from "../contract/store.ts";
import { type Compression, EXPORT_FORMATS, exportDataset, type ExportFormat } from "../export/mod.ts";
import { runCommand } from "../terminal/command.ts";
import { commandOptions } from "../terminal/config.ts";
import { datasetFolder, datasetShape } from "../terminal/named.ts";
import type { CommandSpec } from "../terminal/options.ts";
import { optionsOf } from "../terminal/schema_options.ts";

const FORMATS = Object.entries(EXPORT_FORMATS);

const content = {
  ...datasetShape,
  to: z.enum(FORMATS.map(([name]) => name as ExportFormat)).optional()
    .meta({ title: "FORMAT", description: "format to write" }),
  maxLength: z.int().positive().optional().meta({
    title: "N",
    description: "maximum number of items in a history, where a format writes histories",
    fallback: "50",
  }),
  compression: z.string().transform((name) => name as Compression).optional()
    .meta({ title: "NAME", description: "compression, of those that the format has", fallback: "its first" }),
  safeCells: z.boolean().optional()
    .meta({ description: "put ' in front of ids and texts that a spreadsheet would take for formulas" }),
  name: z.string().optional().meta({
    title: "NAME",
    description: "name of the data set in the other tool",
    fallback: "the dataset's own name",
  }),
};

const place = {
  out: z.string().optional().meta({
    title: "DIR",
    description: "folder to write; an earlier export there is replaced",
  }),
  overwrite: z.boolean().optional().meta({
    description: "replace an export that was changed since, or a dataset of automlp's; files of others never",
  }),
};

const EXAMPLE = "deno task export --dataset data/mine --to recbole --out exports/recbole";

const EXPORT: CommandSpec = {
  name: "export",
  summary:
    "Writes a dataset for another tool, under its original ids, with a README that says how to load it.",
  options: optionsOf({ "What is written": content, "Where it goes": place }),
  glossary: { "Formats": Object.fromEntries(FORMATS.map(([name, { description }]) => [name, description])) },
  examples: [
    EXAMPLE,
    "deno task export --dataset data/mine --to parquet --out exports/parquet",
  ],
};

/** Runs the command; returns its exit code. */
export function main(args: string[]): Promise<number> {
  return runCommand(EXPORT, args, async ({ flags, positional, config, progress, signal }) => {
    const { dataset: named, ...options } = commandOptions(
      z.strictObject({ ...content, ...place }),
      config,
      flags,
    );
    const folder = datasetFolder(positional, { dataset: named }, EXAMPLE);
    const { to, out } = options;
    if (!to) {
      throw new InputError(`To what? Name the format with --to: ${FORMATS.map(([name]) => name).join(", ")}`);
    }
    if (!out) throw new InputError("Where to? Name the folder with --out DIR");
    const dataset = await readDataset(folder);
    const result = await exportDataset(dataset, { ...options, to, out, progress, signal });
    return { text: String(result), json: result };
  });
}

if (import.meta.main) Deno.exit(await main(Deno.args));
