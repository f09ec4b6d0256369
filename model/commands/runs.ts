/**
 * `deno task runs`: the runs that a folder holds, as a table.
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "../../pipeline/contract/errors.ts";
import { runCommand } from "../../pipeline/terminal/command.ts";
import { commandOptions } from "../../pipeline/terminal/config.ts";
import { gone } from "../../pipeline/terminal/gone.ts";
import type { CommandSpec } from "../../pipeline/terminal/options.ts";
import { optionsOf } from "../../pipeline/terminal/schema_options.ts";
import { listRuns } from "../report/list.ts";

const what = {
  tags: z.array(z.string().min(1)).min(1).optional().meta({
    title: "TAG,TAG,…",
    description: "only runs that have all of these tags",
    fallback: "all",
  }),
  tag: gone("it is --tags TAG,TAG now"),
};

const RUNS: CommandSpec = {
  name: "runs",
  summary:
    "Lists the runs in a folder, the newest first: data, method, selected length, figures on test, time, tags.",
  positional: "[DIR]",
  options: optionsOf({ "Which runs": what }),
  examples: ["deno task runs", "deno task runs results/mine --tags wide,first", "deno task runs runs --json"],
};

/** The default folder of runs. */
const DEFAULT_FOLDER = "runs";

/** Runs the command; returns its exit code. */
export function main(args: string[]): Promise<number> {
  return runCommand(RUNS, args, async ({ flags, positional, config }) => {
    const { tags = [] } = await commandOptions(z.strictObject(what), config, flags);
    const [folder = DEFAULT_FOLDER, second] = positional;
    if (second !== undefined) {
      throw new InputError(
        `Two folders are named, ${folder} and ${second}: name one, as in deno task runs runs`,
      );
    }
    const listed = listRuns(folder), runs = listed.tagged(...tags);
    return { text: String(runs), json: { folder, runs: runs.runs }, isAnswer: true };
  });
}

if (import.meta.main) Deno.exit(await main(Deno.args));
