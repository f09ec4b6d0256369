/**
 * `deno task bench start`: measures how long the program takes before it begins to work.
 *
 * @module
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { checkInterrupt, RunError } from "../pipeline/contract/errors.ts";
import { silent } from "../pipeline/contract/progress.ts";
import type { StageContext } from "../pipeline/contract/stage.ts";
import { checkConfig } from "../pipeline/terminal/config.ts";
import { COMMANDS } from "../model/commands/mod.ts";
import { optionsOf } from "../pipeline/terminal/schema_options.ts";
import type { Bench, BenchResult } from "./bench.ts";
import { median } from "./measure.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

const startShape = {
  runs: z.int().positive().default(7).meta({
    title: "N",
    description: "starts of each kind; the median counts",
  }),
};
const startSchema = z.strictObject(startShape);
/** Options of `bench start`. */
export type StartPlan = z.output<typeof startSchema>;

/** The commands that are started, as people type them. */
export const starts = (): Record<string, string[]> => {
  const program = ["-P=launch", join(ROOT, "automlp.ts")];
  return {
    "automlp --help": [...program, "--help"],
    ...Object.fromEntries(
      Object.keys(COMMANDS).map((name) => [`automlp ${name} --help`, [...program, name, "--help"]]),
    ),
    "automlp train --method sasrec --help": [...program, "train", "--method", "sasrec", "--help"],
    'import "automlp"': ["--allow-all", join(ROOT, "mod.ts")],
  };
};

/** Wall time of a process from its beginning to its end, in milliseconds. */
async function time(args: string[], env: Record<string, string> = {}): Promise<number> {
  const started = performance.now();
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--config", join(ROOT, "deno.json"), ...args],
    env,
    stdout: "null",
    stderr: "piped",
  }).output();
  if (code === 0) return performance.now() - started;
  throw new RunError(`Cannot measure deno run ${args.join(" ")}: ${new TextDecoder().decode(stderr).trim()}`);
}

/** The same with none of automlp's code in Deno's caches; packages are in place. */
async function timeCold(args: string[]): Promise<number> {
  const cache = await Deno.makeTempDir({ prefix: "automlp-bench-" });
  try {
    return await time(args, { DENO_DIR: cache });
  } finally {
    await Deno.remove(cache, { recursive: true });
  }
}

/** Runs the plan's measurements. The kinds of start take turns. */
export async function benchStart(
  { runs }: StartPlan,
  { progress = silent, signal }: StageContext = {},
  kinds = Object.entries(starts()),
): Promise<BenchResult> {
  const times = kinds.map(() => ({ cold: [] as number[], warm: [] as number[] }));
  const task = progress.start("starts", runs * kinds.length, "rounds");
  for (let run = 0; run < runs; run++) {
    for (const [i, [, args]] of kinds.entries()) {
      checkInterrupt(signal, "measuring starts");
      times[i].cold.push(await timeCold(args));
      if (run === 0) await time(args); // fills the caches
      times[i].warm.push(await time(args));
      task.advance(1);
    }
  }
  task.end();
  const rows = kinds.map(([name], i) => ({ name, ...times[i] }));
  return {
    tables: [{
      caption: `Starts, whole processes; medians of ${runs}`,
      columns: ["start", "warm ms", "warm least", "cold ms"],
      rows: rows.map(({ name, cold, warm }) => [
        name,
        Math.round(median(warm)),
        Math.round(Math.min(...warm)),
        Math.round(median(cold)),
      ]),
    }],
    notes: [
      "Cold: none of our code is in Deno's caches, and the packages are in place. Warm: as it is from the second start on.",
    ],
    data: { bench: "start", runs, starts: rows },
  };
}

/** The subcommand that measures starts. */
export const startBench: Bench = {
  spec: {
    name: "bench start",
    summary: "Time of a start: --help of each command, cold and warm, and the library.",
    options: optionsOf({ "What is measured": startShape }),
    examples: ["deno task bench start", "deno task bench start --runs 15 --json"],
  },
  run: async (values, context) => await benchStart(checkConfig(startSchema, values), context),
};
