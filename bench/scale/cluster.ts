/**
 * What a Spark application has done so far, as its own page of figures tells it.
 *
 * @module
 */
import { RunError } from "../../pipeline/contract/errors.ts";

/** Sums over all stages. */
export interface ClusterWork {
  cpuSeconds: number;
  /** Written for other tasks to read. */
  shuffledBytes: number;
  tasks: number;
}

interface Stage {
  executorCpuTime: number;
  shuffleWriteBytes: number;
  numCompleteTasks: number;
}

/**
 * Asks the application behind a Spark UI.
 *
 * @param ui As in `http://host:4040`.
 * @throws {RunError} if nobody answers there, or it is no Spark UI.
 */
export async function clusterWork(ui: string): Promise<ClusterWork> {
  const at = new URL("/api/v1/applications", ui);
  const [application] = await answer<{ id: string }[]>(at);
  if (!application?.id) throw noFigures(at, "no application is there");
  const stages = await answer<Stage[]>(new URL(`${at.pathname}/${application.id}/stages`, at));
  const sum = (of: (stage: Stage) => number) => stages.reduce((total, stage) => total + of(stage), 0);
  return {
    cpuSeconds: sum(({ executorCpuTime }) => executorCpuTime) / 1e9,
    shuffledBytes: sum(({ shuffleWriteBytes }) => shuffleWriteBytes),
    tasks: sum(({ numCompleteTasks }) => numCompleteTasks),
  };
}

async function answer<T>(url: URL): Promise<T> {
  try {
    const response = await fetch(url);
    if (response.ok) return await response.json();
    await response.body?.cancel();
    throw new Error(`it answers ${response.status}`);
  } catch (error) {
    throw noFigures(url, (error as Error).message);
  }
}

const noFigures = (url: URL, problem: string) =>
  new RunError(
    `Cannot read ${url}: ${problem}; give the address of the application's Spark UI, as in --spark-ui http://host:4040`,
  );
