/**
 * What the work of one execution of a notebook cell shares: an output for its progress, and a stop button.
 *
 * @module
 */
import type { Progress } from "../contract/progress.ts";
import type { StageContext } from "../contract/stage.ts";
import type { NotebookProgress } from "../display/progress/notebook.ts";

/** Milliseconds without a sign of life after which a cell that nobody ended is over: with nothing running, with work begun. */
const OVER = 2_000, LOST = 60_000;

/** One execution of a cell. */
export class Cell {
  readonly #controller = new AbortController();
  readonly #running = new Set<symbol>();
  #alive: number;
  /** What work in this cell takes where it is passed nothing. */
  readonly context: Required<StageContext>;

  /**
   * @param output Where progress is shown.
   * @param now Milliseconds, from any origin.
   */
  constructor(readonly output: NotebookProgress, readonly now: () => number = () => performance.now()) {
    this.#alive = now();
    this.context = { progress: this.#watched(), signal: this.#controller.signal };
  }

  /** The output, and a note of what runs. */
  #watched(): Progress {
    return {
      start: (...work) => {
        const task = this.output.start(...work), id = Symbol();
        this.#running.add(id);
        this.#alive = this.now();
        return {
          advance: (amount, when) => {
            task.advance(amount, when);
            this.#alive = this.now();
          },
          end: (note, ending) => {
            task.end(note, ending);
            this.#running.delete(id);
            this.#alive = this.now();
          },
        };
      },
      warn: (message) => this.output.warn(message),
      remark: (message) => this.output.remark?.(message),
      grow: (growing, moment) => this.output.grow(growing, moment),
    };
  }

  /** Whether work is under way. */
  get working(): boolean {
    return this.#running.size > 0;
  }

  /** Whether its work must have ended long ago. */
  get over(): boolean {
    return this.now() - this.#alive > (this.working ? LOST : OVER);
  }

  /** The stop button: all work of this cell ends at its next step, what is yet to begin included. */
  stop(): void {
    this.#alive = this.now();
    this.output.stop();
    this.#controller.abort();
  }
}
