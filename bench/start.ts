/**
 * `deno task bench start`: measures how long the program takes before it begins to work, and how large it is.
 *
 * @module
 */
import { basename, join } from "node:path";
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
const starts = (): Record<string, string[]> => {
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

/** Number and total size of a folder's files, without following links. */
function sizeOf(folder: string): { files: number; bytes: number } {
  let files = 0, bytes = 0;
  for (const { name, isDirectory, isFile } of Deno.readDirSync(folder)) {
    const path = join(folder, name), inside = isDirectory ? sizeOf(path) : undefined;
    files += inside?.files ?? Number(isFile);
    bytes += inside?.bytes ?? (isFile ? Deno.statSync(path).size : 0);
  }
  return { files, bytes };
}

/** The installed packages, largest first. */
function packages(): { name: string; bytes: number }[] {
  const store = join(ROOT, "node_modules", ".deno");
  return [...Deno.readDirSync(store)].filter(({ name, isDirectory }) =>
    isDirectory && name !== "node_modules"
  )
    .map(({ name }) => ({ name, bytes: sizeOf(join(store, name)).bytes }))
    .sort((a, b) => b.bytes - a.bytes);
}

/** Size of the npm package in bytes, and of its content. */
async function packed(): Promise<{ tarball: number; files: number; bytes: number }> {
  const folder = await Deno.makeTempDir({ prefix: "automlp-bench-" });
  const run = async (program: string, args: string[], cwd: string) => {
    const { code, stderr } = await new Deno.Command(program, { args, cwd, stdout: "null", stderr: "piped" })
      .output();
    if (code !== 0) throw new RunError(`Cannot pack: ${new TextDecoder().decode(stderr).trim()}`);
  };
  try {
    const tarball = join(folder, "automlp.tgz");
    await run(Deno.execPath(), [
      ...["pack", "--no-source-maps", "--allow-dirty", "--ignore=package.json,deno.lock"],
      ...["--output", tarball],
    ], ROOT);
    await run("tar", ["-xzf", tarball], folder);
    return { tarball: Deno.statSync(tarball).size, ...sizeOf(join(folder, "package")) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const megabytes = (bytes: number) => Number((bytes / 1e6).toFixed(1));

/** Runs the plan's measurements. The kinds of start take turns. */
export async function benchStart(
  { runs }: StartPlan,
  { progress = silent, signal }: StageContext = {},
): Promise<BenchResult> {
  const kinds = Object.entries(starts());
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
  const npm = await packed(), installed = packages();
  const total = installed.reduce((sum, { bytes }) => sum + bytes, 0);
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
    }, {
      caption: "Sizes",
      columns: ["what", "MB", "of which"],
      rows: [
        ["npm package, packed", megabytes(npm.tarball), ""],
        ["npm package, unpacked", megabytes(npm.bytes), `${npm.files} files`],
        ["installed packages", megabytes(total), `${installed.length} packages`],
        ...installed.slice(0, 6).map(({ name, bytes }) => [`  ${basename(name)}`, megabytes(bytes), ""]),
      ],
    }],
    notes: [
      "Cold: none of our code is in Deno's caches, and the packages are in place. Warm: as it is from the second start on.",
    ],
    data: { bench: "start", runs, starts: rows, npm, installed },
  };
}

/** The subcommand that measures starts and sizes. */
export const startBench: Bench = {
  spec: {
    name: "bench start",
    summary:
      "Time of a start: --help of each command, cold and warm, and the library; bytes of the packages.",
    options: optionsOf({ "What is measured": startShape }),
    examples: ["deno task bench start", "deno task bench start --runs 15 --json"],
  },
  run: async (values, context) => await benchStart(checkConfig(startSchema, values), context),
};
