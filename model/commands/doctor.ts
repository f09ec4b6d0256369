/**
 * `deno task doctor`: what this machine computes with, why, and what would make it faster.
 *
 * @module
 */
import { z } from "zod";
import { formatBytes } from "../../pipeline/display/text/units.ts";
import { textTable } from "../../pipeline/display/table.ts";
import { asCalled } from "../../pipeline/terminal/called.ts";
import { runCommand } from "../../pipeline/terminal/command.ts";
import { commandOptions } from "../../pipeline/terminal/config.ts";
import { columnsWithin, type Entry, entryLines } from "../../pipeline/terminal/help.ts";
import type { CommandSpec } from "../../pipeline/terminal/options.ts";
import { optionsOf } from "../../pipeline/terminal/schema_options.ts";
import { diagnose, type Diagnosis } from "../backend/diagnose.ts";
import { engineShape } from "../backend/types.ts";

const DOCTOR: CommandSpec = {
  name: "doctor",
  summary: "Says what this machine computes with, why, and what would make it faster.",
  options: optionsOf({ Engine: engineShape }),
  examples: ["deno task doctor", "deno task doctor --engine wasm", "deno task doctor --json"],
};

/** Runs the command; returns its exit code. */
export function main(args: string[]): Promise<number> {
  return runCommand(DOCTOR, args, async ({ flags, config }) => {
    const { engine } = await commandOptions(z.strictObject(engineShape), config, flags);
    const diagnosis = await diagnose(engine);
    return { text: diagnosisText(diagnosis), json: diagnosis, isAnswer: true };
  });
}

/** Reasons are sentences: without a terminal they are wrapped to the usual minimum width. */
const USUAL_COLUMNS = 80;

const memoryText = ({ memory, free, limit }: Diagnosis["machine"]): string =>
  `${formatBytes(memory)}, ${formatBytes(free)} free` +
  (limit === undefined ? "" : `; ${formatBytes(limit)} for this process`);

/** The diagnosis as text; the lines about engines have at most `columns` columns. */
export function diagnosisText(
  { machine, versions, cache, engines, engine }: Diagnosis,
  columns: number = columnsWithin(USUAL_COLUMNS),
): string {
  const facts = textTable({
    caption: "Machine",
    columns: ["", ""],
    rows: [
      ["system", machine.system],
      ["processor", machine.processor],
      ["cores", String(machine.cores)],
      ["memory", memoryText(machine)],
      ["vector instructions", machine.vectors.join(" ") || "unknown"],
      ...Object.entries(versions),
      ["cache", cache ? `${cache.folder} (engine: ${formatBytes(cache.engine)})` : "none: set AUTOMLP_CACHE"],
    ],
  });
  const [, ...found] = entryLines([[
    "Engines, the fastest first",
    engines.map((one): Entry => [
      one.engine,
      one.found ? one.device : asCalled(`not found: ${one.reason}; ${one.wish}`),
    ]),
  ]], columns);
  const times = textTable({
    caption: `Measured on ${engine.name} (${engine.device})`,
    columns: ["", "milliseconds"],
    rows: Object.entries(engine.milliseconds),
  });
  return [facts, found.join("\n"), times].join("\n\n");
}

if (import.meta.main) Deno.exit(await main(Deno.args));
