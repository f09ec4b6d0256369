/**
 * Processes that train cells, several at once. Each has its share of the threads and its own memory: if one is killed, the others go on.
 *
 * @module
 */
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { workerArguments } from "../../pipeline/terminal/launch/permissions.ts";
import { start } from "../../pipeline/terminal/launch/process.ts";
import { MODULE, packagePath } from "../../pipeline/contract/machine/package_folder.ts";
import { LAUNCHER } from "../../pipeline/terminal/signals.ts";
import { availableMemory } from "../../pipeline/contract/machine/available_memory.ts";
import { whenStopped } from "../../pipeline/contract/when_stopped.ts";
import type { WorkerLine, WorkerTask } from "./cell.ts";
import type { ShownPeople } from "../views/people.ts";

/** How a cell's process ended: with its run complete, with an error, not begun for lack of memory, or stopped with everything saved. */
export type Outcome =
  | { status: "done" | "stopped" }
  | { status: "failed" | "too large"; message: string };

/** What cells show to people. */
export interface CellsShown {
  /** Folder for TensorBoard events, with a subfolder for each cell. */
  tensorboard?: string;
  /** How their reports name the few people that they show. Default: as each cell says. */
  people?: ShownPeople;
}

/** Bytes that a training of common size needs, with its libraries. */
const PROCESS_BYTES = 1.5 * 2 ** 30;

/** The default number of processes: one per core, if memory suffices. */
export const defaultJobs = (): number =>
  Math.max(1, Math.min(navigator.hardwareConcurrency, Math.floor(availableMemory().bytes / PROCESS_BYTES)));

/** Runs processes that train cells, a limited number at once. */
export class Workers {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  /**
   * @param jobs Number of processes at once.
   * @param signal Stops all of them, with everything saved.
   * @param shown What the cells show to people.
   */
  constructor(readonly jobs: number, readonly signal?: AbortSignal, readonly shown: CellsShown = {}) {
    this.#free = jobs;
  }

  /** Threads of each process, which together use all cores; the digits of a result depend on this number. */
  get threads(): number {
    return Math.max(1, Math.floor(navigator.hardwareConcurrency / this.jobs));
  }

  /**
   * Trains a cell as soon as a process may be started.
   *
   * @param onDoing Called with what the process begins to do. If it throws, so does this, once the process has ended.
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
    const program = packagePath("model", "studies", `worker${MODULE}`);
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
      end(child); // its output can no longer be read
      await child.status;
      throw error;
    } finally {
      over();
    }
  }
}

/** Stops a process. Ctrl-C reaches it directly as well; signals that arrive together count as one. */
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
    if (!line.startsWith("{")) continue; // a library's own output
    last = JSON.parse(line) as WorkerLine;
    if ("doing" in last) onDoing(last.doing);
  }
  return last;
}

/** Said of a process that a signal ended, which is not its own fault. */
const GOES_ON = "called again, it goes on from its last epoch";

/**
 * Why a process ended, if it did not say so itself.
 *
 * @param said What it wrote to standard error: of several lines, the one with the error counts, or else the last.
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
