/**
 * `deno task runs`: the runs that a folder holds, as a table.
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "../../pipeline/contract/errors.ts";
import { runCommand } from "../../pipeline/terminal/command.ts";
import { commandOptions } from "../../pipeline/terminal/config.ts";
import type { CommandSpec } from "../../pipeline/terminal/options.ts";
import { listRuns } from "../report/list.ts";

const RUNS: CommandSpec = {
  name: "runs",
  summary:
    "Lists the runs in a folder, the newest first: data, method, selected length, figures on test, time.",
  positional: "[DIR]",
  options: {},
  examples: ["deno task runs", "deno task runs results/mine", "deno task runs runs --json"],
};

/** The default folder of runs. */
const DEFAULT_FOLDER = "runs";

/** Runs the command; returns its exit code. */
export function main(args: string[]): Promise<number> {
  return runCommand(RUNS, args, async ({ flags, positional, config }) => {
    await commandOptions(z.strictObject({}), config, flags);
    const [folder = DEFAULT_FOLDER, second] = positional;
    if (second !== undefined) {
      throw new InputError(
        `Two folders are named, ${folder} and ${second}: name one, as in deno task runs runs`,
      );
    }
    const runs = listRuns(folder);
    return { text: String(runs), json: { folder, runs: runs.runs }, isAnswer: true };
  });
}

if (import.meta.main) Deno.exit(await main(Deno.args));
