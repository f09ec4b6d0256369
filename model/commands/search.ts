/**
 * `deno task search`: the search alone, on a dataset folder.
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "../../pipeline/contract/errors.ts";
import { DEFAULT_SEED } from "../../pipeline/contract/random.ts";
import { readDataset } from "../../pipeline/contract/store.ts";
import { runCommand } from "../../pipeline/terminal/command.ts";
import { commandOptions } from "../../pipeline/terminal/config.ts";
import type { CommandSpec } from "../../pipeline/terminal/options.ts";
import { JOB_FLAGS, RUN_FLAGS } from "../experiment/flags.ts";
import { runJob } from "../experiment/job.ts";
import { checkJob, jobShape } from "../experiment/options.ts";
import { presentJob } from "../experiment/present.ts";

const searchSchema = z.strictObject({
  ...jobShape,
  out: z.string().min(1).optional(),
  seed: z.int().nonnegative().default(DEFAULT_SEED),
});

const SEARCH: CommandSpec = {
  name: "search",
  summary:
    "Searches for the short-term length on a dataset folder, and selects it. Go on with deno task retrain.",
  positional: "DATASET",
  options: {
    "Where it goes": {
      out: { kind: "text", value: "DIR", help: "run folder to write" },
      seed: {
        kind: "number",
        value: "N",
        help: "seed of weights, order and dropout",
        fallback: String(DEFAULT_SEED),
      },
      ...RUN_FLAGS,
    },
    ...JOB_FLAGS,
  },
  examples: [
    "deno task search data/mine --out runs/mine",
    "deno task search data/mine --out runs/mine --candidates 2,4,8 --order 2",
  ],
};

/** Runs the command; returns its exit code. */
export function main(args: string[]): Promise<number> {
  return runCommand(SEARCH, args, async ({ flags, positional, config, progress, signal }) => {
    if (positional.length !== 1) {
      throw new InputError("Name one dataset folder, as in deno task search data/mine --out runs/mine");
    }
    const { out, seed, ...options } = commandOptions(searchSchema, config, flags);
    if (!out) throw new InputError("Where to? Name the run folder with --out DIR");
    checkJob(options);
    const dataset = await readDataset(positional[0]);
    const command = ["deno task search", ...args].join(" ");
    return presentJob(
      await runJob(dataset, { ...options, until: "search" }, {
        ...{ out, seed, command, progress, signal },
      }),
    );
  });
}

if (import.meta.main) Deno.exit(await main(Deno.args));
