/**
 * Progress in a notebook: one output that updates in place.
 *
 * @module
 */
import type { Growing, Growth, StoppableProgress } from "../../contract/progress.ts";
import { InputError } from "../../contract/errors/classes.ts";
import { type Broadcast, kernelBroadcast } from "../cell/broadcast.ts";
import { type DoneLine, DoneLines } from "./done_lines.ts";
import { GrowingOutput } from "../cell/growing.ts";
import { spoken } from "../text/option_names.ts";
import { escapeHtml } from "../table.ts";
import { type Ended, fractionOf, type Running, type Screen, stoppedText, track, wordsOf } from "./tasks.ts";
import { visible } from "../text/visible.ts";
import { warningsShownBy } from "../with_display.ts";

/** Options of {@link notebookProgress}. */
export interface NotebookOptions {
  /** Returns the current time in milliseconds, from any origin. Default: `performance.now`. */
  now?: () => number;
  /** Sends the output to the front end. Default: the Deno kernel's function. */
  broadcast?: Broadcast;
  /** Name of the output in the notebook. Default: a random one. */
  displayId?: string;
  /** Calls `draw` after `ms` milliseconds. Default: a timer that does not keep the process alive. */
  later?: (draw: () => void, ms: number) => void;
}

/** Progress in a notebook, as {@link notebookProgress} returns it: one output for progress, and another for what grows. */
export interface NotebookProgress extends StoppableProgress {
  /** Shows something that grows, replacing what was shown before, at a limited rate. */
  grow(growing: Growing, growth: Growth): Promise<void>;
  /**
   * Draws what grew in its final form, once the cell has ended.
   *
   * @param result The cell's result, which displays itself: if it is what grew, that is not drawn; warnings that it shows are removed.
   */
  ended(result?: unknown): Promise<void>;
  /** Draws immediately whatever is waiting to be drawn. */
  flush(): void;
  /** Shows tasks that have not ended as stopped, after the work failed, unless they continue after all. */
  close(): void;
}

const EVERY = 250; // ms between two pictures of tasks that advance
/** Number of starts and ends in a row that are drawn at once; then the usual rate applies, so that short tasks cannot flood a page. */
const BURST = 16;

/** Colors that are readable on white and on black. */
const COLOR: Record<DoneLine["mark"], string> = {
  "✓": "#3f9a5a",
  "⚠": "#d27d2d",
  "◐": "#d27d2d",
  "■": "#d1575d",
  "·": "inherit",
};
const GRID = "display:grid;grid-template-columns:fit-content(28em) minmax(5em,14em) 1fr;gap:.1em .8em;" +
  "align-items:center;line-height:1.5;font-variant-numeric:tabular-nums";

/**
 * Shows progress as one output of a notebook cell, updated in place, at most four times a second while tasks advance. Use
 * one per cell: it keeps drawing in the cell where it began. Finished tasks of one kind (`epoch 1`, `epoch 2` …) share one line.
 *
 * @throws {InputError} outside Deno's Jupyter kernel, if no `broadcast` is given.
 * @example
 * ```ts
 * import { notebookProgress } from "automlp";
 *
 * // In a kernel no option is needed; elsewhere the outputs are caught.
 * const outputs: string[] = [];
 * const progress = notebookProgress({ broadcast: (type) => void outputs.push(type) });
 * const task = progress.start("reading ratings.csv", 100, "rows");
 * task.advance(100);
 * task.end("100 rows");
 * progress.close();
 * console.log(outputs[0]); // display_data
 * ```
 */
export function notebookProgress(options: NotebookOptions = {}): NotebookProgress {
  const now = options.now ?? (() => performance.now());
  const broadcast = options.broadcast ?? kernelBroadcast();
  if (!broadcast) {
    throw new InputError(
      "Cannot show progress in a notebook: this program is no Jupyter kernel; take terminalProgress(), or give broadcast",
    );
  }
  const id = options.displayId ?? crypto.randomUUID();
  const output = new Output(
    broadcast,
    id,
    now,
    options.later ?? ((draw, ms) => Deno.unrefTimer(setTimeout(draw, ms))),
  );
  const progress = track(output, now);
  const growing = new GrowingOutput(broadcast, `${id}-growing`, now, progress.warn);
  return {
    ...progress,
    grow: (one, growth) => growing.show(one, growth),
    ended: (result) => {
      output.forget(warningsShownBy(result));
      return growing.close(result);
    },
    flush: () => output.flush(),
    close: () => output.close(),
  };
}

/** The output, which decides when it is drawn. */
class Output implements Screen {
  readonly #done = new DoneLines();
  #tasks: readonly Running[] = [];
  #drawn = -Infinity;
  #left = BURST;
  #waiting = false;
  #closed = false;

  constructor(
    readonly broadcast: Broadcast,
    readonly displayId: string,
    readonly now: () => number,
    readonly later: (draw: () => void, ms: number) => void,
  ) {}

  show(tasks: readonly Running[], at: number, event: "start" | "advance"): void {
    this.#tasks = tasks;
    this.#closed = false;
    // A start is drawn at once, because the work may block until its end.
    if (event === "start") this.#soon(at);
    else if (at - this.#drawn >= EVERY) this.#draw(at);
  }

  finish(ended: Ended, tasks: readonly Running[], at: number): void {
    this.#tasks = tasks;
    this.#done.add(ended, tasks, at);
    this.#soon(at);
  }

  warn(message: string, tasks: readonly Running[], at: number): void {
    this.#tasks = tasks;
    this.#done.say("⚠", message);
    this.#soon(at);
  }

  remark(message: string, tasks: readonly Running[], at: number): void {
    this.#tasks = tasks;
    this.#done.say("·", message);
    this.#soon(at);
  }

  /** Removes warnings that are shown elsewhere. */
  forget(warnings: readonly string[]): void {
    const told = warnings.filter((warning) => this.#done.forget(visible(spoken(warning))));
    if (told.length > 0) this.#draw(this.now());
  }

  flush(): void {
    if (this.#waiting) this.#draw(this.now());
  }

  close(): void {
    this.#closed = this.#tasks.length > 0;
    if (this.#closed || this.#waiting) this.#draw(this.now());
  }

  #soon(at: number): void {
    const earned = Math.max(0, at - this.#drawn) / EVERY;
    if (Math.min(BURST, this.#left + earned) >= 1) return this.#draw(at);
    if (this.#waiting) return;
    this.#waiting = true;
    this.later(() => this.flush(), EVERY);
  }

  #draw(at: number): void {
    const first = this.#drawn === -Infinity;
    const earned = first ? 0 : Math.max(0, at - this.#drawn) / EVERY;
    this.#left = Math.max(0, Math.min(BURST, this.#left + earned) - 1);
    this.#drawn = at;
    this.#waiting = false;
    const done = this.#done.lines(this.#tasks.length === 0);
    const rows = [
      ...done.map(doneRow),
      ...this.#tasks.map((task) =>
        this.#closed ? doneRow({ mark: "■", text: stoppedText(task) }) : runningRow(task, at)
      ),
    ];
    const content = {
      data: {
        "text/html": `<div style="${GRID}">${rows.map(({ html }) => html).join("")}</div>`,
        "text/plain": rows.map(({ text }) => text).join("\n"),
      },
      metadata: {},
      transient: { display_id: this.displayId },
    };
    // The front end may be gone, or the cell closed: that is no reason to stop the work.
    Promise.try(() => this.broadcast(first ? "display_data" : "update_display_data", content)).catch(
      () => {},
    );
  }
}

const doneRow = ({ mark, text }: DoneLine) => ({
  html: `<div style="grid-column:1/-1"><span style="color:${COLOR[mark]}">${mark}</span> ${
    escapeHtml(text)
  }</div>`,
  text: `${mark} ${text}`,
});

function runningRow(task: Running, at: number) {
  const { title, known: facts } = wordsOf(task, at), label = escapeHtml(title), known = facts.join(" · ");
  const fraction = fractionOf(task);
  const value = fraction === undefined ? "" : ` value="${fraction.toFixed(4)}"`;
  return {
    html: `<div>${label}</div><progress${value} aria-label="${label}" ` +
      `style="width:100%;accent-color:#3d85c6"></progress><div style="opacity:.75">${
        escapeHtml(known)
      }</div>`,
    text: `${title}  ${known}`.trimEnd(),
  };
}
