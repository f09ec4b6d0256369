/**
 * What each stage on an engine that runs SQL receives.
 *
 * @module
 */
import type { PrepareConfig } from "../../prepare_options.ts";
import { checkInterrupt } from "../../contract/errors.ts";
import type { Progress } from "../../contract/progress.ts";
import type { Runner } from "../runner.ts";

/** The work, and where it runs. */
export interface EngineWork {
  runner: Runner;
  config: PrepareConfig;
  /** Number of parts into which tables are divided, each processed by one task. */
  parts: number;
  progress: Progress;
  signal?: AbortSignal;
}

/** Does a stage's work, and shows the engine's finished tasks as progress. */
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
