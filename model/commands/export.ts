/**
 * `deno task export`: a dataset, or a run's model, for other tools.
 *
 * @module
 */
import { z } from "zod";
import { didYouMean, InputError } from "../../pipeline/contract/errors.ts";
import { readDataset } from "../../pipeline/contract/dataset/store.ts";
import {
  type Compression,
  EXPORT_FORMATS,
  exportDataset,
  type ExportFormat,
  TOOL_HINTS,
} from "../../pipeline/export/mod.ts";
import { toFlag } from "../../pipeline/display/text/to_key.ts";
import { runCommand } from "../../pipeline/terminal/command.ts";
import { commandOptions } from "../../pipeline/terminal/config.ts";
import { datasetFolder, runFolder } from "../../pipeline/terminal/named.ts";
import type { CommandSpec } from "../../pipeline/terminal/options.ts";
import { optionsOf } from "../../pipeline/terminal/schema_options.ts";
import { reopenRun } from "../experiment/begun.ts";
import { readTrained } from "../methods/store.ts";
import { warnOfUnfinished } from "../runs/unfinished.ts";
import { exportTrained } from "../onnx/export.ts";

/** What each format is for. `onnx` is the only format for models. */
const FORMATS: Record<string, string> = {
  ...Object.fromEntries(Object.entries(EXPORT_FORMATS).map(([name, { description }]) => [name, description])),
  onnx:
    "A run's trained model for onnxruntime and others, with a script that scores all users on a Spark cluster.",
};
const HINTS = { ...TOOL_HINTS, onnxruntime: "onnxruntime reads onnx" };
const NAMES = Object.keys(FORMATS) as [string, ...string[]];

const content = {
  dataset: z.string().min(1).optional().meta({
    title: "DIR",
    description:
      "folder of a prepared dataset; DIR without the flag means the same. With onnx: the folder of the run's dataset, if it was moved",
  }),
  to: z.enum(NAMES, {
    error: ({ input }) => `choose one of ${NAMES.join(", ")}${didYouMean(String(input), NAMES, HINTS)}`,
  }).optional().meta({ title: "FORMAT", description: "format to write", hints: HINTS }),
};

const ofDatasets = {
  maxLength: z.int().positive().optional().meta({
    title: "N",
    description: "maximum number of items in a history, for formats that write histories, such as recbole",
    fallback: "50",
  }),
  compression: z.string().transform((name) => name as Compression).optional()
    .meta({
      title: "NAME",
      description: "compression, one of those that the format has",
      fallback: "its first",
    }),
  safeCells: z.boolean().optional()
    .meta({
      description:
        "for spreadsheets: write ' before ids and texts that would be taken for formulas, and begin a CSV with a byte-order mark, which tells the encoding",
    }),
  name: z.string().optional().meta({
    title: "NAME",
    description: "name of the data set in the other tool",
    fallback: "the dataset's own name",
  }),
};

const ofModels = {
  popularity: z.number().min(0).max(1).optional().meta({
    title: "SHARE",
    description: "how much popularity counts in the model's scores, as in recommend",
    fallback: "1",
  }),
  keepSeen: z.boolean().optional()
    .meta({
      description: "allow items of the user's own history among the model's best",
      fallback: "as in the run",
    }),
};

const place = {
  out: z.string().optional().meta({
    title: "DIR",
    description: "folder to write; an earlier export there is replaced",
  }),
  overwrite: z.boolean().optional().meta({
    description: "replace an export that was changed since, or an automlp dataset; never other files",
  }),
};

const exportSchema = z.strictObject({ ...content, ...ofDatasets, ...ofModels, ...place });

const EXAMPLE = "deno task export --dataset data/mine --to recbole --out exports/recbole";

const EXPORT: CommandSpec = {
  name: "export",
  summary:
    "Writes a dataset for another tool under its original ids, or a run's model as ONNX, with a README that says how to load it.",
  positional: "[DIR | RUN]",
  options: optionsOf({
    "What is written": content,
    "Of a dataset": ofDatasets,
    "Of a model": ofModels,
    "Where it goes": place,
  }),
  glossary: { "Formats": FORMATS },
  examples: [
    EXAMPLE,
    "deno task export --dataset data/mine --to parquet --out exports/parquet",
    "deno task export runs/demo --to onnx --out exports/demo",
  ],
};

/** Runs the command; returns its exit code. */
export function main(args: string[]): Promise<number> {
  return runCommand(EXPORT, args, async ({ flags, positional, config, progress, signal }) => {
    const { dataset: named, ...options } = await commandOptions(exportSchema, config, flags);
    const { to, out } = options;
    if (to === "onnx") {
      refuseOthers(options, ofDatasets, "a dataset's format");
      const run = runFolder(positional, "deno task export runs/mine --to onnx");
      if (!out) throw new InputError(NO_PLACE);
      const { folder, dataset } = await reopenRun(run, named);
      warnOfUnfinished(folder, progress);
      const { popularity, keepSeen = folder.keepsSeen, overwrite } = options;
      const result = await exportTrained(await readTrained(folder, dataset), dataset, {
        to,
        out,
        popularity,
        keepSeen,
        overwrite,
        progress,
        signal,
      }, [run]);
      return { text: String(result), json: result };
    }
    const folder = datasetFolder(positional, { dataset: named }, EXAMPLE);
    if (!to) throw new InputError(`To what? Name the format with --to: ${NAMES.join(", ")}`);
    refuseOthers(options, ofModels, "onnx");
    if (!out) throw new InputError(NO_PLACE);
    const { maxLength, compression, safeCells, name, overwrite } = options;
    const result = await exportDataset(await readDataset(folder), {
      to: to as ExportFormat,
      out,
      maxLength,
      compression,
      safeCells,
      name,
      overwrite,
      progress,
      signal,
    });
    return { text: String(result), json: result };
  });
}

const NO_PLACE = "Where to? Name the folder with --out DIR";

/** @throws {InputError} if options are given that belong to another kind of export. */
function refuseOthers(
  options: Record<string, unknown>,
  theirs: Record<string, unknown>,
  whose: string,
): void {
  const given = Object.keys(theirs).find((key) => options[key] !== undefined);
  if (given !== undefined) throw new InputError(`Option --${toFlag(given)} goes with ${whose}`);
}

if (import.meta.main) Deno.exit(await main(Deno.args));
