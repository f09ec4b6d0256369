/**
 * The lines that finished tasks leave in a notebook: one per kind of task, however often it ran.
 *
 * @module
 */
import { type Ended, ENDING_MARKS, outcome, type Running, SHOW_AFTER } from "./tasks.ts";
import { formatSeconds } from "../text/units.ts";

/** A line that stays. */
export interface DoneLine {
  mark: typeof ENDING_MARKS[keyof typeof ENDING_MARKS] | "⚠" | "·";
  text: string;
}

interface Kind extends DoneLine {
  /** Whether it is a warning or remark, not a task. */
  isRemark: boolean;
  times: number;
  /** Total time of all of them, in milliseconds. */
  ms: number;
}

/** Maximum number of lines: nobody would read more. */
const MOST = 12;

/** The lines, in the order in which their kinds first ended. */
export class DoneLines {
  readonly #kinds = new Map<string, Kind>();

  /**
   * Adds a task that ended at `at` (ms). Labels that differ only in their numbers are of one kind if they are parts of work of one kind;
   * the newest is shown. A task that was stopped or cut short has a line of its own, however short it was.
   *
   * @param running Tasks that have not ended, including those that the task is a part of.
   */
  add(ended: Ended, running: readonly Running[], at: number): void {
    const { task, ending } = ended, mark = ENDING_MARKS[ending], text = outcome(ended, at);
    if (ending !== "done") return this.#keep({ mark, text }, false);
    const whole = running.filter(({ started }) => started <= task.started);
    // If several of one kind run at the same time, none is part of another.
    const key = [...new Set([...whole, task].map(({ label }) => label.replace(/\d+/g, "#")))].join("\n");
    const before = this.#kinds.get(key);
    this.#kinds.set(key, {
      isRemark: false,
      mark,
      text,
      times: (before?.times ?? 0) + 1,
      ms: (before?.ms ?? 0) + at - task.started,
    });
  }

  /** Adds a warning (⚠) or a remark (·), once. */
  say(mark: "⚠" | "·", message: string): void {
    this.#keep({ mark, text: message }, true);
  }

  /** Removes a warning; returns whether it was there. */
  forget(warning: string): boolean {
    return this.#kinds.delete(`⚠${warning}`);
  }

  /** Keeps a line, however short the work was. */
  #keep(line: DoneLine, isRemark: boolean): void {
    this.#kinds.set(line.mark + line.text, { ...line, isRemark, times: 1, ms: Infinity });
  }

  /**
   * Returns the lines of everything that took long enough to deserve one.
   *
   * @param ended Whether nothing is running: then at least the longest task has a line.
   */
  lines(ended: boolean): DoneLine[] {
    const kinds = [...this.#kinds.values()], tasks = kinds.filter(({ isRemark }) => !isRemark);
    const longest = tasks.reduce<Kind | undefined>((a, b) => a && a.ms >= b.ms ? a : b, undefined);
    const isShown = (kind: Kind) => kind.ms >= SHOW_AFTER || (ended && kind === longest);
    const lines = kinds.filter(isShown).map(({ mark, text, times, ms }) => ({
      mark,
      text: times > 1 ? `${text}, the last of ${times} in ${formatSeconds(ms / 1000)}` : text,
    }));
    return lines.length > MOST ? shortened(lines, lines.length - MOST + 1) : lines;
  }
}

/** Removes the oldest `count` lines: first those of work that went well, then those that need attention. */
function shortened(lines: readonly DoneLine[], count: number): DoneLine[] {
  const isFine = ({ mark }: DoneLine) => mark === "✓" || mark === "·";
  const order = [...lines.filter(isFine), ...lines.filter((line) => !isFine(line))];
  const gone = new Set(order.slice(0, count));
  const mark = [...gone].every(isFine) ? "✓" : "⚠";
  return [{ mark, text: `${count} more before` }, ...lines.filter((line) => !gone.has(line))];
}
