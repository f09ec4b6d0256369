/**
 * `deno task inspect`: what is in a dataset folder.
 *
 * @module
 */
import { join } from "node:path";
import { z } from "zod";
import { InputError } from "../contract/errors.ts";
import { readDataset } from "../contract/store.ts";
import { inspectDataset, inspectionHtml, inspectionText } from "../inspect/mod.ts";
import { runCommand } from "../terminal/command.ts";
import { commandOptions } from "../terminal/config.ts";
import type { CommandSpec } from "../terminal/options.ts";

const INSPECT: CommandSpec = {
  name: "inspect",
  summary:
    "Shows what is in a dataset folder: counts, density, sequence lengths, popularity, features, and how it was made.",
  positional: "DIR",
  options: {
    "What is shown": {
      html: { kind: "flag", help: "write a report with plots as well, DIR/report.html" },
      out: { kind: "text", value: "FILE", help: "with --html: where to write it instead" },
    },
  },
  examples: [
    "deno task inspect data/mine",
    "deno task inspect data/mine --html",
    "deno task inspect data/mine --json",
  ],
};

const inspectSchema = z.strictObject({ html: z.boolean().default(false), out: z.string().optional() });

/** Runs the command; returns its exit code. */
export function main(args: string[]): Promise<number> {
  return runCommand(INSPECT, args, async ({ flags, positional, config, progress, signal }) => {
    const { html, out } = commandOptions(inspectSchema, config, flags);
    if (positional.length !== 1) {
      throw new InputError("Name one dataset folder, as in deno task inspect data/mine");
    }
    if (out !== undefined && !html) throw new InputError("Option --out goes with --html");
    const [folder] = positional;
    const dataset = await readDataset(folder);
    const inspection = await inspectDataset(dataset, { progress, signal });
    const report = html ? out ?? join(folder, "report.html") : undefined;
    if (report) writeReport(report, await inspectionHtml(inspection, dataset));
    return {
      text: inspectionText(inspection) + (report ? `\n\nReport: ${report}` : ""),
      json: { ...inspection, ...(report && { report }) },
    };
  });
}

function writeReport(path: string, html: string): void {
  try {
    Deno.writeTextFileSync(`${path}.tmp`, html);
    Deno.renameSync(`${path}.tmp`, path);
  } catch (error) {
    throw new InputError(`Cannot write the report ${path}: ${(error as Error).message}`);
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
