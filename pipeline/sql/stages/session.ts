/**
 * What every stage on an engine that runs SQL is given.
 *
 * @module
 */
import type { PrepareConfig } from "../../prepare_options.ts";
import { checkInterrupt } from "../../contract/errors.ts";
import type { Progress } from "../../contract/progress.ts";
import type { Runner } from "../runner.ts";

/** The work, and where it is done. */
export interface EngineWork {
  runner: Runner;
  config: PrepareConfig;
  /** Into how many parts tables are divided, each the work of one task. */
  parts: number;
  progress: Progress;
  signal?: AbortSignal;
}

/** Does a stage's work, with the engine's finished tasks as its progress. */
export async function announced<R>(
  doing: string,
  { runner, progress, signal }: EngineWork,
  work: () => Promise<R>,
): Promise<R> {
  checkInterrupt(signal, doing);
  const task = progress.start(doing, undefined, runner.unit);
  runner.watch({ doing, finished: (tasks) => task.advance(tasks) });
  try {
    return await work();
  } finally {
    task.end();
  }
}
