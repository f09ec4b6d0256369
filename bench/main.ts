/**
 * `deno task bench NAME …`: runs one bench.
 *
 * @module
 */
import { didYouMean, EXIT } from "../pipeline/contract/errors.ts";
import { textTable } from "../pipeline/display/table.ts";
import { runCommand } from "../pipeline/terminal/command.ts";
import { givenOptions } from "../pipeline/terminal/config.ts";
import type { Bench } from "./bench.ts";
import { describeMachine, machineLine } from "./machine.ts";
import { prepareBench } from "./prepare.ts";
import { recboleBench } from "./recbole.ts";
import { scaleBench } from "./scale.ts";
import { searchBench } from "./search.ts";
import { startBench } from "./start.ts";
import { stepBench } from "./step.ts";

/** All benches, by the name that the command line takes. */
export const BENCHES: Record<string, Bench> = {
  prepare: prepareBench,
  scale: scaleBench,
  step: stepBench,
  search: searchBench,
  recbole: recboleBench,
  start: startBench,
};

const overview = () =>
  [
    "Measures this program on this machine.",
    "",
    "Usage: deno task bench NAME [options]; deno task bench NAME --help lists the options",
    "",
    textTable({
      columns: ["bench", "measures"],
      rows: Object.entries(BENCHES).map(([name, { spec }]) => [name, spec.summary]),
    }),
  ].join("\n");

/** Runs the command; returns its exit code. */
export async function main([name, ...args]: string[]): Promise<number> {
  if (name === "--help" || name === "-h") {
    console.log(overview());
    return EXIT.done;
  }
  if (name === undefined || !Object.hasOwn(BENCHES, name)) {
    const state = name === undefined
      ? "Which bench?"
      : `No bench is called "${name}"${didYouMean(name, Object.keys(BENCHES))}.`;
    console.error(`error: ${state} There is: ${Object.keys(BENCHES).join(", ")}; see deno task bench --help`);
    return EXIT.input;
  }
  const { spec, run } = BENCHES[name];
  let failed: string | undefined;
  const code = await runCommand(spec, args, async ({ flags, config, progress, signal }) => {
    const options = (await givenOptions(config, flags)).values;
    const result = await run(options, { progress, signal });
    failed = result.failed;
    const machine = describeMachine();
    return {
      text: [machineLine(machine), ...result.tables.map(textTable), ...result.notes].join("\n\n"),
      json: { machine, ...result.data, notes: result.notes },
    };
  });
  if (failed === undefined) return code;
  console.error(`error: ${failed}`);
  return EXIT.failed;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
