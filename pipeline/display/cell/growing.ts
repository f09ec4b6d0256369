/**
 * Drawings of a notebook cell's work while it grows: one output, replaced in place.
 *
 * @module
 */
import type { Growing, Growth } from "../../contract/progress.ts";
import { showsGrown } from "../with_display.ts";
import type { Broadcast } from "./broadcast.ts";

/** Minimum milliseconds between two drawings, and between the final drawings of two pieces of work. */
const EVERY = 1000, BETWEEN_ENDS = 250;
/**
 * Drawing may take this share of the working time; the pause is at least this share of the time since the beginning, so that a day has only
 * a few hundred drawings more than an hour.
 */
const DRAWING = 1 / 20, PAUSE = 1 / 50;

/** Replaces a drawing that the cell's result shows itself; hosts without HTML show the text. */
const ELSEWHERE = { "text/html": "", "text/plain": "(shown below)" };

/** The output of one cell. It shows the most recent work. */
export class GrowingOutput {
  #begun = Infinity;
  #drawn = -Infinity;
  #took = 0;
  /** Something that has grown since it was last drawn in its final form. */
  #due?: Growing;
  #isBegun = false;
  /** Whose drawing is in the output; held weakly, so that the output alone does not keep it in memory. */
  #shown?: { of: WeakRef<object>; within?: string };
  #failed = false;
  /** How often each thing has grown in this cell. */
  readonly #times = new WeakMap<object, number>();

  /**
   * @param displayId The output's name in the notebook.
   * @param now Milliseconds, from any origin.
   * @param warn Called if something cannot be drawn: that is no reason to stop the work.
   */
  constructor(
    readonly broadcast: Broadcast,
    readonly displayId: string,
    readonly now: () => number,
    readonly warn: (message: string) => void,
  ) {}

  /** Draws it if enough time has passed. Growing once in a cell makes no curve; work that was stopped may already have one. */
  async show(growing: Growing, growth: Growth): Promise<void> {
    const times = (this.#times.get(growing.of) ?? 0) + (growth === "grown" ? 1 : 0);
    this.#times.set(growing.of, times);
    if (growth === "stopped" ? times === 0 : growth === "grown" ? times < 2 : times === 1) return;
    const at = this.now(), since = at - this.#drawn;
    this.#begun = Math.min(this.#begun, at);
    this.#due = growing;
    if (growth === "stopped") return await this.#draw(true);
    // A result without earlier drawings may be the cell's own result.
    const waits = times === 0 && !this.#isBegun || since < BETWEEN_ENDS;
    if (growth === "ended") return waits ? undefined : await this.#draw(true);
    if (since >= Math.max(EVERY, this.#took / DRAWING, PAUSE * (at - this.#begun))) await this.#draw(false);
  }

  /**
   * Draws in its final form whatever has not been drawn yet.
   *
   * @param result The cell's result: if it is what grew, or the run in which it grew, it displays itself and the output is cleared.
   */
  async close(result?: unknown): Promise<void> {
    const { of, within } = this.#due ?? { of: this.#shown?.of.deref(), within: this.#shown?.within };
    if (showsGrown(result, of, within)) {
      this.#due = this.#shown = undefined;
      if (this.#isBegun) await this.#send(ELSEWHERE);
    } else if (this.#due) await this.#draw(true);
  }

  async #draw(ended: boolean): Promise<void> {
    const growing = this.#due!, started = this.now();
    if (this.#failed) return;
    if (ended) this.#due = undefined;
    try {
      const data = await growing.draw(ended);
      if (!data) return;
      await this.#send(data);
      this.#shown = { of: new WeakRef(growing.of), within: growing.within };
    } catch (error) {
      this.#failed = true;
      this.warn(`The curves cannot be drawn: ${error instanceof Error ? error.message : error}`);
    }
    this.#drawn = this.now();
    this.#took = this.#drawn - started;
  }

  async #send(data: Record<string, string>): Promise<void> {
    const type = this.#isBegun ? "update_display_data" : "display_data";
    this.#isBegun = true;
    const content = { data, metadata: {}, transient: { display_id: this.displayId } };
    // The front end may be gone or the cell closed; that is no reason to stop the work.
    await Promise.try(() => this.broadcast(type, content)).catch(() => {});
  }
}
