/**
 * `deno task inspect`: shows what is in a dataset folder.
 *
 * @module
 */
import { join } from "node:path";
import { z } from "zod";
import { InputError } from "../contract/errors.ts";
import { FolderRecord, RECORD } from "../contract/files/checksums.ts";
import { claimFile } from "../contract/files/claim.ts";
import { headOf } from "../contract/files/readable.ts";
import { tryFile, writeText } from "../contract/files/stage.ts";
import { filesOf } from "../contract/dataset/manifest.ts";
import { readDataset } from "../contract/dataset/store.ts";
import { isOurPage } from "../display/page.ts";
import { inspectDataset, inspectionHtml, inspectionText, sinceWarnings } from "../inspect/mod.ts";
import { runCommand } from "../terminal/command.ts";
import { commandOptions } from "../terminal/config.ts";
import { datasetFolder, datasetShape } from "../terminal/named.ts";
import type { CommandSpec } from "../terminal/options.ts";
import { optionsOf } from "../terminal/schema_options.ts";

const what = {
  ...datasetShape,
  since: z.string().min(1).optional().meta({
    title: "DIR",
    description:
      "an earlier dataset, such as yesterday's from a growing log: also show what has changed since",
  }),
  html: z.boolean().default(false)
    .meta({ description: "write a report with plots as well, DIR/report.html" }),
  out: z.string().optional().meta({
    title: "FILE",
    description: "with --html: file to write the report to, instead",
  }),
  overwrite: z.boolean().default(false)
    .meta({ description: "with --out: replace a file that is not an automlp report" }),
};

const EXAMPLE = "deno task inspect --dataset data/mine";

const INSPECT: CommandSpec = {
  name: "inspect",
  summary:
    "Shows what is in a dataset folder: counts, density, sequence lengths, popularity, features, and how it was made.",
  positional: "[DIR]",
  options: optionsOf({ "What is shown": what }),
  examples: [
    EXAMPLE,
    `${EXAMPLE} --html`,
    `${EXAMPLE} --json`,
    "deno task inspect data/today --since data/yesterday",
  ],
};

/** Runs the command; returns its exit code. */
export function main(args: string[]): Promise<number> {
  return runCommand(INSPECT, args, async ({ flags, positional, config, progress, signal }) => {
    const { html, out, overwrite, since, ...named } = await commandOptions(
      z.strictObject(what),
      config,
      flags,
    );
    const folder = datasetFolder(positional, named, EXAMPLE);
    if (out !== undefined && !html) throw new InputError("Option --out goes with --html");
    if (overwrite && out === undefined) throw new InputError("Option --overwrite goes with --out");
    const dataset = await readDataset(folder),
      earlier = since === undefined ? undefined : await readDataset(since);
    const place = out === undefined ? undefined : claimFile(out, {
      what: "the report",
      inputs: filesOf(dataset.manifest).map(({ file }) => join(folder, file)),
      isOurs: (path) => isOurPage(headOf(path)),
      overwrite,
    });
    if (html && !place) tryFile(join(folder, REPORT));
    const inspection = await inspectDataset(dataset, { since: earlier, progress, signal });
    const report = html ? out ?? join(folder, REPORT) : undefined;
    if (report) {
      const page = await inspectionHtml(inspection, dataset);
      await (place ? writeText(place, page) : writeInto(folder, REPORT, page));
    }
    return {
      text: inspectionText(inspection) + (report ? `\n\nReport: ${report}` : ""),
      isAnswer: true,
      json: { ...inspection, ...(report && { report }) },
      warnings: [
        ...(inspection.since ? sinceWarnings(inspection.since, inspection) : []),
        ...inspection.stages.flatMap(({ warnings }) => warnings),
      ],
    };
  });
}

const REPORT = "report.html";

/** Writes a file into one of our folders, beside the others. */
async function writeInto(folder: string, name: string, text: string): Promise<void> {
  const record = FolderRecord.read(folder);
  if (!record) {
    throw new InputError(`Cannot write into ${folder}: it has no ${RECORD}; name a place with --out`);
  }
  await record.put(name, (part) => Deno.writeTextFileSync(part, text), { unedited: true });
}

if (import.meta.main) Deno.exit(await main(Deno.args));
