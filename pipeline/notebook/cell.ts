/**
 * What all work in one execution of a notebook cell shares: an output for its progress, and a stop button.
 *
 * @module
 */
import type { Progress } from "../contract/progress.ts";
import type { StageContext } from "../contract/stage.ts";
import type { NotebookProgress } from "../display/progress/notebook.ts";

/** Milliseconds without activity after which a cell whose end was not reported counts as over: if idle, if work is running. */
const OVER = 2_000, LOST = 60_000;

/** One execution of a cell. */
export class Cell {
  readonly #controller = new AbortController();
  readonly #running = new Set<symbol>();
  #alive: number;
  /** The context that work in this cell uses by default. */
  readonly context: Required<StageContext>;

  /**
   * @param output Where progress is shown.
   * @param now Milliseconds, from any origin.
   */
  constructor(readonly output: NotebookProgress, readonly now: () => number = () => performance.now()) {
    this.#alive = now();
    this.context = { progress: this.#watched(), signal: this.#controller.signal };
  }

  /** Progress to the output that also keeps track of what is running. */
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

  /** Whether the cell has shown no activity for so long that its work must have ended. */
  get over(): boolean {
    return this.now() - this.#alive > (this.working ? LOST : OVER);
  }

  /** Handles the stop button: all work of this cell ends at its next step, including work that has not begun yet. */
  stop(): void {
    this.#alive = this.now();
    this.output.stop();
    this.#controller.abort();
  }
}
