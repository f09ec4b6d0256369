/**
 * Progress in a terminal: bars that are redrawn in place; in a log: plain lines.
 *
 * @module
 */
import type { StoppableProgress } from "../../contract/progress.ts";
import { taskLines } from "./task_lines.ts";
import {
  type Ended,
  ENDING_MARKS,
  outcome,
  type Running,
  type Screen,
  SHOW_AFTER,
  track,
  wordsOf,
} from "./tasks.ts";
import { consoleColumns, wrapped } from "../text/wrap.ts";

/** A stream to which {@link terminalProgress} writes text, such as `Deno.stderr`. */
export interface TextStream {
  /** Writes bytes and returns how many were written. */
  writeSync(bytes: Uint8Array): number;
  /** Whether the stream is a terminal. */
  isTerminal(): boolean;
}

/** Options of {@link terminalProgress}. */
export interface TerminalOptions {
  /** Returns the current time in milliseconds, from any origin. Default: `performance.now`. */
  now?: () => number;
  /** Returns the terminal's width in columns. Default: that of the console. */
  columns?: () => number;
  /** Whether to use colors in a terminal. Default: true unless `NO_COLOR` is set. */
  color?: boolean;
}

/** Progress on a stream, as {@link terminalProgress} returns it. */
export interface TerminalProgress extends StoppableProgress, Disposable {
  /** Removes the drawing from the terminal. Call it before anything else writes there, and if the work failed. */
  close(): void;
  /** Does the same as `close` at the end of a block, if declared with `using`. */
  [Symbol.dispose](): void;
}

const REDRAW_EVERY = 100; // ms, in a terminal
const LOG_AFTER = 1000, LOG_EVERY = 10_000; // ms, in a log
/** Green, yellow, red. */
const COLOR = { done: 32, "cut short": 33, stopped: 31 };

function writeAll(stream: TextStream, text: string): void {
  let bytes = new TextEncoder().encode(text);
  try {
    while (bytes.length > 0) bytes = bytes.subarray(stream.writeSync(bytes));
  } catch {
    // The terminal was closed, or the reader of the log has ended: no reason to lose the work.
  }
}

/**
 * Shows progress on a terminal or in a log, depending on what `stream` is.
 *
 * In a terminal, every running task has a line with label, bar, percent, time left, count and rate, redrawn at most
 * ten times a second. A finished task that took at least half a second leaves one line with its outcome, or how far it got if it was
 * stopped; shorter tasks leave nothing. A log has no escape codes: there is a line at the end of each task of a second or more, and one
 * every ten seconds in between.
 *
 * @example
 * ```ts
 * import { terminalProgress } from "automlp";
 * using progress = terminalProgress(Deno.stderr);
 * const task = progress.start("reading ratings.csv", 1_000_000, "rows");
 * task.advance(1_000_000);
 * task.end("6,040 users");
 * ```
 */
export function terminalProgress(
  stream: TextStream = Deno.stderr,
  options: TerminalOptions = {},
): TerminalProgress {
  const now = options.now ?? (() => performance.now());
  if (!stream.isTerminal()) return closedBy(() => {}, track(logScreen(stream), now));
  const columns = options.columns ?? consoleColumns;
  const screen = new Bars(stream, columns, options.color ?? !Deno.noColor);
  return closedBy(() => screen.clear(), track(screen, now));
}

const closedBy = (close: () => void, progress: StoppableProgress): TerminalProgress => ({
  ...progress,
  close,
  [Symbol.dispose]: close,
});

function logScreen(stream: TextStream): Screen {
  const line = (text: string) => writeAll(stream, text + "\n");
  const logged = new WeakMap<Running, number>();
  return {
    show(tasks, at) {
      for (const task of tasks) {
        if (at - (logged.get(task) ?? task.started) < LOG_EVERY) continue;
        logged.set(task, at);
        const { title, known } = wordsOf(task, at);
        line([`${title}:`, ...known.length > 0 ? known : ["under way"]].join("  "));
      }
    },
    finish(ended, _tasks, at) {
      if (at - ended.task.started >= LOG_AFTER) line(outcome(ended, at));
    },
    warn: (message) => line(`warning: ${message}`),
    remark: (message) => line(`note: ${message}`),
  };
}

/** The lines at the bottom of a terminal, redrawn in place. */
class Bars implements Screen {
  #lines = 0;
  #drawn = -Infinity;

  constructor(
    readonly stream: TextStream,
    readonly columns: () => number,
    readonly color: boolean,
  ) {}

  show(tasks: readonly Running[], at: number, event: "start" | "advance"): void {
    // A start is drawn at once, because the work may block until its end, and a blank terminal looks like a hang.
    if (event === "start" || at - this.#drawn >= REDRAW_EVERY) this.#draw("", tasks, at);
  }

  finish(ended: Ended, tasks: readonly Running[], at: number): void {
    const worthALine = at - ended.task.started >= SHOW_AFTER;
    const { ending } = ended,
      line = () => this.#sentence(ENDING_MARKS[ending], COLOR[ending], outcome(ended, at));
    this.#draw(worthALine ? line() : "", tasks, at);
  }

  warn(message: string, tasks: readonly Running[], at: number): void {
    this.#draw(this.#sentence("warning:", 33, message), tasks, at);
  }

  remark(message: string, tasks: readonly Running[], at: number): void {
    this.#draw(this.#sentence("note:", 36, message), tasks, at);
  }

  /** Formats a permanent line, or several if it is too long, with its mark in color. */
  #sentence(mark: string, code: number, text: string): string {
    return `${this.#paint(code, mark)}${wrapped(`${mark} ${text}`, this.columns()).slice(mark.length)}\n`;
  }

  clear(): void {
    writeAll(this.stream, this.#erase());
    this.#lines = 0;
  }

  /** Writes `above` permanently, and the bars below it. */
  #draw(above: string, tasks: readonly Running[], at: number): void {
    const width = this.columns() - 1; // the last column makes some terminals wrap
    const paint = (code: number, text: string) => this.#paint(code, text);
    const lines = taskLines(tasks, at, width, this.color ? paint : undefined);
    writeAll(this.stream, this.#erase() + above + lines.join("\n"));
    this.#lines = lines.length;
    this.#drawn = at;
  }

  #erase(): string {
    if (this.#lines === 0) return "";
    const up = this.#lines > 1 ? `\x1b[${this.#lines - 1}A` : "";
    return `\r${up}\x1b[J`;
  }

  #paint(code: number, text: string): string {
    return this.color && text ? `\x1b[${code}m${text}\x1b[0m` : text;
  }
}
