/**
 * The signals that stop a command: Ctrl-C, a request to terminate, a terminal that closes. The work stops with everything saved.
 *
 * @module
 */
import { Interrupted } from "../contract/errors/classes.ts";

const NUMBERS = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 };

/** Ctrl-C, a request to terminate, a terminal that closes. */
export type StopSignal = keyof typeof NUMBERS;

/** The stop signals that the system supports. */
export const STOP_SIGNALS: readonly StopSignal[] = Deno.build.os === "windows"
  ? ["SIGINT"]
  : ["SIGINT", "SIGTERM", "SIGHUP"];

/** Returns the exit code of a process stopped by a signal: 128 plus the signal's number, as in shells. */
export const stopCode = (signal: StopSignal): number => 128 + NUMBERS[signal];

/** The environment variable in which a command finds the process id of the launcher that started it. */
export const LAUNCHER = "AUTOMLP_LAUNCHER";

const PREFIXES: Record<StopSignal, string> = {
  SIGINT: "",
  SIGTERM: "Terminated by SIGTERM: ",
  SIGHUP: "The terminal or program that started this has ended (SIGHUP): ",
};

/**
 * One Ctrl-C arrives more than once: the terminal sends it to every process of the job, and parent processes pass it on. A signal that
 * arrives within this many turns of the event loop, this many milliseconds apart, counts as the same one. Turns are counted rather
 * than only time, because work may block the loop for longer.
 */
const TURNS = 3, TURN_MS = 100;

/** A killed launcher cannot pass on a signal, so the command checks for it at this interval, in milliseconds. */
const LOOK_MS = 1000;

/** Why a command's `AbortSignal` is aborted. */
export class Stopped extends Interrupted {
  override name = "Stopped";
  override readonly exitCode: number;

  /** @param doing What was stopped, and what happens to it. */
  constructor(readonly by: StopSignal, doing = "Stopped") {
    super(PREFIXES[by] ? PREFIXES[by] + doing[0].toLowerCase() + doing.slice(1) : doing);
    this.exitCode = stopCode(by);
  }
}

/** Listens for the signals until it is disposed: the first aborts {@link StopListener.signal}, a second one ends the process. */
export class StopListener implements Disposable {
  readonly #controller = new AbortController();
  readonly #listeners: (readonly [StopSignal, () => void])[];
  readonly #watch: ReturnType<typeof setInterval> | undefined;
  #impatient = false;
  /** The first signal received. */
  by?: StopSignal;

  constructor() {
    this.#listeners = STOP_SIGNALS.map((name) => [name, () => this.#receive(name)] as const);
    for (const [name, listener] of this.#listeners) Deno.addSignalListener(name, listener);
    this.#watch = watchLauncher(() => this.#receive("SIGHUP"));
  }

  /** Aborted by the first signal, with {@link Stopped} as its reason. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  #receive(name: StopSignal): void {
    if (this.#impatient) Deno.exit(stopCode(name));
    if (this.by) return;
    this.by = name;
    this.#awaitAnother();
    this.#controller.abort(new Stopped(name));
  }

  async #awaitAnother(): Promise<void> {
    for (let turn = 0; turn < TURNS; turn++) {
      await new Promise((resolve) => Deno.unrefTimer(setTimeout(resolve, TURN_MS)));
    }
    this.#impatient = true;
  }

  [Symbol.dispose](): void {
    for (const [name, listener] of this.#listeners) Deno.removeSignalListener(name, listener);
    clearInterval(this.#watch);
  }
}

/** Calls `ended` once when the launcher that started this process is gone. Without a launcher there is nothing to watch. */
function watchLauncher(ended: () => void): ReturnType<typeof setInterval> | undefined {
  const launcher = Number(Deno.env.get(LAUNCHER));
  if (launcher !== Deno.ppid) return undefined;
  const watch = setInterval(() => {
    if (Deno.ppid === launcher) return;
    clearInterval(watch);
    ended();
  }, LOOK_MS);
  Deno.unrefTimer(watch);
  return watch;
}
