/**
 * What finished tasks leave in a notebook: one line a kind of task, however often it ran.
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
  /** Whether it is no task. */
  isRemark: boolean;
  times: number;
  /** Of all of them, in milliseconds. */
  ms: number;
}

/** More lines than this are not read. */
const MOST = 12;

/** The lines, in the order in which their kinds first ended. */
export class DoneLines {
  readonly #kinds = new Map<string, Kind>();

  /**
   * Adds a task that ended at `at` (ms). Labels that differ in their numbers only are of one kind, where they are parts of work of one kind; the
   * newest is shown. One that was stopped or cut short has a line of its own, however short it was.
   *
   * @param running What has not ended: what it is a part of is among these.
   */
  add(ended: Ended, running: readonly Running[], at: number): void {
    const { task, ending } = ended, mark = ENDING_MARKS[ending], text = outcome(ended, at);
    if (ending !== "done") return this.#keep({ mark, text }, false);
    const whole = running.filter(({ started }) => started <= task.started);
    // Of several of one kind that run beside each other none is a part of another.
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

  /** Takes a warning back. Says whether it was there. */
  forget(warning: string): boolean {
    return this.#kinds.delete(`⚠${warning}`);
  }

  /** However short it was. */
  #keep(line: DoneLine, isRemark: boolean): void {
    this.#kinds.set(line.mark + line.text, { ...line, isRemark, times: 1, ms: Infinity });
  }

  /**
   * What took long enough to be worth a line.
   *
   * @param ended Nothing runs: then there is the line of one task at least, the longest.
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

/** Without the oldest `count` of them: what went well before what somebody is to look at. */
function shortened(lines: readonly DoneLine[], count: number): DoneLine[] {
  const isFine = ({ mark }: DoneLine) => mark === "✓" || mark === "·";
  const order = [...lines.filter(isFine), ...lines.filter((line) => !isFine(line))];
  const gone = new Set(order.slice(0, count));
  const mark = [...gone].every(isFine) ? "✓" : "⚠";
  return [{ mark, text: `${count} more before` }, ...lines.filter((line) => !gone.has(line))];
}
