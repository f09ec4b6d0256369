/**
 * A process that trains one cell of a study: `deno run … worker.ts TASK`, where TASK is a {@link WorkerTask} as JSON. It reports what it
 * does as lines of JSON, {@link WorkerLine}. It stops, with everything saved, on a signal or when the study has ended.
 *
 * @module
 */
import { AutoMLPError, EXIT, InputError, Interrupted, shownMessage } from "../../pipeline/contract/errors.ts";
import { WritingFailed } from "../../pipeline/contract/errors/system.ts";
import type { Progress } from "../../pipeline/contract/progress.ts";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { readDataset } from "../../pipeline/contract/dataset/store.ts";
import { StopListener } from "../../pipeline/terminal/signals.ts";
import { limitMemory } from "../../pipeline/contract/machine/available_memory.ts";
import { TooLarge } from "../memory/check.ts";
import { doJob } from "../experiment/job.ts";
import { jobOfCell } from "./cell.ts";
import type { WorkerLine, WorkerTask } from "./cell.ts";
import "../methods/registry.ts";

const say = (line: WorkerLine) => console.log(JSON.stringify(line));

/** Warnings are in the run's record. */
const progress: Progress = {
  start(label) {
    say({ doing: label });
    return { advance() {}, end() {} };
  },
  warn() {},
};

async function train(
  { dataset, hash, out, seed, command, memory, ...cell }: WorkerTask,
  signal: AbortSignal,
) {
  if (memory !== undefined) limitMemory(memory);
  await doJob(await readSame(dataset, hash), jobOfCell(cell), { out, seed, command, progress, signal });
}

/** Reads the dataset and checks that it is the one the study was begun with: all cells must be of the same data. */
async function readSame(folder: string, hash: string): Promise<SequenceDataset> {
  const dataset = await readDataset(folder);
  if (dataset.manifest.hash === hash) return dataset;
  throw new InputError(
    `Cannot train on the dataset ${folder}: it has been prepared anew since this study began; prepare it as it was and give the command again, or begin a new study with --out`,
  );
}

/** The error as the study's tables show it: the user runs the study again, not the training. */
function failureOf(error: unknown): string {
  if (error instanceof WritingFailed) return `${error.problem}; ${error.remedy}, and give the command again`;
  return error instanceof AutoMLPError ? shownMessage(error) : String(error);
}

async function main(task: WorkerTask): Promise<number> {
  using stop = new StopListener();
  try {
    await train(task, stop.signal);
    say({ done: true });
    return EXIT.done;
  } catch (error) {
    if (error instanceof Interrupted) say({ stopped: true });
    else if (error instanceof TooLarge) say({ tooLarge: shownMessage(error) });
    else say({ failed: failureOf(error) });
    return error instanceof AutoMLPError ? error.exitCode : EXIT.failed;
  }
}

if (import.meta.main) Deno.exit(await main(JSON.parse(Deno.args[0])));
