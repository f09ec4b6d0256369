/**
 * Processes that train cells, so many at once. Each has the threads that are its share, and memory of its own: one that is killed takes
 * nothing with it.
 *
 * @module
 */
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { workerArguments } from "../../pipeline/terminal/launch/flags.ts";
import { start } from "../../pipeline/terminal/launch/start.ts";
import { MODULE, packageFolder } from "../../pipeline/terminal/published/package_folder.ts";
import { LAUNCHER } from "../../pipeline/terminal/stop_signals.ts";
import { availableMemory } from "../../pipeline/contract/machine/available_memory.ts";
import { whenStopped } from "../../pipeline/contract/when_stopped.ts";
import type { WorkerLine, WorkerTask } from "./worker_task.ts";
import type { ShownPeople } from "../views/shown_people.ts";

/** How a cell's process ended: with its run complete, by an error, not begun for want of memory, or stopped with everything saved. */
export type Outcome =
  | { status: "done" | "stopped" }
  | { status: "failed" | "too large"; message: string };

/** What cells leave for people. */
export interface CellsShown {
  /** A folder in which each cell gets one for its events. */
  tensorboard?: string;
  /** How their reports call the few people that they show. Default: as each cell says. */
  people?: ShownPeople;
}

/** What a training of common size takes with its libraries. */
const PROCESS_BYTES = 1.5 * 2 ** 30;

/** As many processes as there are cores, where memory suffices. */
export const defaultJobs = (): number =>
  Math.max(1, Math.min(navigator.hardwareConcurrency, Math.floor(availableMemory().bytes / PROCESS_BYTES)));

/** A number of processes that train cells. */
export class Workers {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  /**
   * @param jobs At once.
   * @param signal Stops all of them, with everything saved.
   * @param shown What the cells leave for people.
   */
  constructor(readonly jobs: number, readonly signal?: AbortSignal, readonly shown: CellsShown = {}) {
    this.#free = jobs;
  }

  /** Threads of each, all cores together; the digits of a result depend on them. */
  get threads(): number {
    return Math.max(1, Math.floor(navigator.hardwareConcurrency / this.jobs));
  }

  /**
   * Trains a cell as soon as a process may be started.
   *
   * @param onDoing Called with what the process begins to do. Where it throws, so does this, once the process has ended.
   */
  async train(task: WorkerTask, onDoing: (what: string) => void = () => {}): Promise<Outcome> {
    await this.#turn();
    try {
      if (this.signal?.aborted) return { status: "stopped" };
      return await this.#run(task, onDoing);
    } finally {
      this.#free++;
      this.#waiting.shift()?.();
    }
  }

  async #turn(): Promise<void> {
    while (this.#free === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#free--;
  }

  async #run(task: WorkerTask, onDoing: (what: string) => void): Promise<Outcome> {
    const { tensorboard, people } = this.shown;
    const events = tensorboard === undefined ? [] : [join(tensorboard, task.id)];
    const options = {
      ...task.options,
      threads: this.threads,
      ...(events.length > 0 && { tensorboard: events[0] }),
      ...(people !== undefined && { people }),
    };
    const program = join(await packageFolder(), "model", "studies", `worker${MODULE}`);
    const command = new Deno.Command(Deno.execPath(), {
      args: workerArguments(program, [task.out, ...events], [
        JSON.stringify({ ...task, options }),
      ]),
      env: { [LAUNCHER]: String(Deno.pid) },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    });
    const child = start(command, "a training");
    const over = whenStopped(this.signal, () => end(child));
    try {
      const [last, said, { signal }] = await Promise.all([
        lastLine(child.stdout, onDoing),
        new Response(child.stderr).text(),
        child.status,
      ]);
      if (last && "done" in last) return { status: "done" };
      if (last && "stopped" in last) return { status: "stopped" };
      if (last && "tooLarge" in last) return { status: "too large", message: last.tooLarge };
      if (last && "failed" in last) return { status: "failed", message: last.failed };
      if (this.signal?.aborted) return { status: "stopped" };
      return { status: "failed", message: crash(signal, said) };
    } catch (error) {
      end(child); // what it says can no longer be heard
      await child.status;
      throw error;
    } finally {
      over();
    }
  }
}

/** Ctrl-C reaches the process by itself as well: it takes what arrives at once for one signal. */
function end(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGINT");
  } catch {
    // It has just ended.
  }
}

async function lastLine(
  stdout: ReadableStream<Uint8Array<ArrayBuffer>>,
  onDoing: (what: string) => void,
): Promise<WorkerLine | undefined> {
  let last: WorkerLine | undefined;
  for await (const line of createInterface({ input: Readable.from(stdout) })) {
    if (!line.startsWith("{")) continue; // a library's own words
    last = JSON.parse(line) as WorkerLine;
    if ("doing" in last) onDoing(last.doing);
  }
  return last;
}

/** What a signal ends is not at fault. */
const GOES_ON = "called again, it goes on from its last epoch";

/**
 * Why a process ended that did not say so itself.
 *
 * @param said What it wrote to its standard error: of several lines that with the error, else the last.
 */
export function crash(signal: string | null, said: string): string {
  if (signal === "SIGKILL") {
    return `its process was killed (SIGKILL), perhaps because there was not enough memory; ${GOES_ON}`;
  }
  const lines = stripVTControlCharacters(said).split("\n").filter((line) => line.trim() !== "");
  const line = lines.find((line) => /^\s*(\w*error|panic)\b.*: /i.test(line)) ?? lines.at(-1);
  const words = line ? `: ${line.trim()}` : "";
  return signal ? `its process ended by ${signal}${words}; ${GOES_ON}` : `its process ended${words}`;
}
