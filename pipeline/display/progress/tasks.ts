/**
 * What every way of drawing progress shares: the list of running tasks, and their state in words.
 *
 * Most work here blocks the event loop (Polars), so nothing is drawn by timers. A task shows when it starts and moves
 * when it advances. When it ends it leaves a line, if it took long enough.
 *
 * @module
 */
import { type Fact, plainFact } from "../text/fitting.ts";
import { spoken } from "../text/option_names.ts";
import type { Ending, Place, StoppableProgress } from "../../contract/progress.ts";
import { formatAmount, formatRate, formatSeconds } from "../text/units.ts";
import { visible } from "../text/visible.ts";

/** A finished task that took less, in milliseconds, leaves no line in a terminal or notebook. */
export const SHOW_AFTER = 500;

/** A task's state. Times in milliseconds. */
export interface Running {
  label: string;
  total?: number;
  unit?: string;
  place?: Place | (() => Place);
  started: number;
  done: number;
  /** How much of `done` was done before the task started. */
  before: number;
  /** When everything counted was done, if work continues after that, as in an epoch that validates at its end. */
  whole?: number;
}

/** A task that ended. */
export interface Ended {
  task: Running;
  /** The outcome; for work that was cut short, the reason. */
  note?: string;
  ending: Ending;
}

/** The sign before the line of a task, by how it ended. */
export const ENDING_MARKS = { done: "✓", "cut short": "◐", stopped: "■" } as const satisfies Record<
  Ending,
  string
>;

/** A display of tasks, which is notified of every change. */
export interface Screen {
  /** A task started or advanced. `at` is the time. */
  show(tasks: readonly Running[], at: number, event: "start" | "advance"): void;
  /** A task ended and is no longer among `tasks`. */
  finish(ended: Ended, tasks: readonly Running[], at: number): void;
  warn(message: string, tasks: readonly Running[], at: number): void;
  remark(message: string, tasks: readonly Running[], at: number): void;
}

/** Keeps the list of running tasks for a screen. */
export function track(screen: Screen, now: () => number): StoppableProgress {
  const tasks: Running[] = [];
  let stopping = false;
  return {
    start(label, total, unit, place) {
      // File names and ids must not control the terminal. Screens get text with only visible characters.
      const task: Running = { label: visible(label), total, unit, place, started: now(), done: 0, before: 0 };
      tasks.push(task);
      screen.show(tasks, task.started, "start");
      return {
        advance(amount, when = "now") {
          task.done += amount;
          if (when === "before") task.before += amount;
          const at = now();
          if (fractionOf(task) === 1) task.whole ??= at;
          screen.show(tasks, at, "advance");
        },
        end(note, ending = "done") {
          const place = tasks.indexOf(task);
          if (place < 0) return;
          tasks.splice(place, 1);
          const how = stopping && fractionOf(task) !== 1 ? "stopped" : ending;
          screen.finish({ task, note: note && visible(note), ending: how }, tasks, now());
        },
      };
    },
    warn: (message) => screen.warn(visible(spoken(message)), tasks, now()),
    remark: (message) => screen.remark(visible(spoken(message)), tasks, now()),
    stop: () => stopping = true,
  };
}

/** The texts about a running task. */
export interface Said {
  label: string;
  /** Shown after the label: the task's place in longer work. */
  place: Fact[];
  /** Most important first: `62%`, `loss 4.72`, `12 s left`. */
  facts: Fact[];
  /** Shown if there is room: `620,000/1,000,000 rows`, `3.1 M rows/s`. */
  more: string[];
}

/** Returns the texts about a running task at a time. */
export function saidOf(task: Running, at: number): Said {
  const { label } = task, place = placeOf(task), [percent, ...timeLeft] = shareFacts(task, at);
  const more = amounts(task, at);
  if (percent === undefined) return { label, place, facts: [], more };
  const [first, ...others] = place;
  return { label, place: first ? [first] : [], facts: [percent, ...others, ...timeLeft], more };
}

/** Returns a running task in words: label and place, and all its facts. */
export function wordsOf(task: Running, at: number): { title: string; known: string[] } {
  const { label, place, facts, more } = saidOf(task, at);
  return {
    title: titled(label, place.map(({ text }) => text)),
    known: [...facts.map(({ text }) => text), ...more],
  };
}

/** `phase 2 of 3 · best NDCG@10 0.4023, at most 1:04 more` */
export const titled = (label: string, place: readonly string[]): string =>
  place.length > 0 ? `${label} · ${place.join(", ")}` : label;

function placeOf({ place }: Running): Fact[] {
  const now = typeof place === "function" ? place() : place ?? [];
  const facts = typeof now === "string" ? [now] : now;
  return facts.map((fact) => typeof fact === "string" ? plainFact(fact) : fact).filter(({ text }) =>
    text !== ""
  );
}

/** Share done, between 0 and 1; undefined if the total is unknown. */
export const fractionOf = ({ done, total }: Running) => total ? Math.min(1, done / total) : undefined;

/** Minimum seconds for a meaningful rate. */
const SETTLED = 0.5;

const secondsOf = ({ started }: Running, at: number) => (at - started) / 1000;

/** Units per second since the task started, until all were done; undefined while that is not meaningful. */
function rateOf(task: Running, at: number): number | undefined {
  const now = task.done - task.before, seconds = secondsOf(task, Math.min(at, task.whole ?? at));
  return now > 0 && seconds >= SETTLED ? now / seconds : undefined;
}

/** `62%`, `12 s left`; empty if the total is unknown. */
function shareFacts(task: Running, at: number): Fact[] {
  const { done, total } = task, fraction = fractionOf(task), rate = rateOf(task, at);
  if (fraction === undefined) return [];
  const isTold = rate !== undefined && done < total!;
  return [
    plainFact(`${Math.floor(fraction * 100)}%`),
    ...(isTold ? [plainFact(`${formatSeconds((total! - done) / rate)} left`)] : []),
  ];
}

/** `620,000/1,000,000 rows`, `3.1 M rows/s` */
function amounts(task: Running, at: number): string[] {
  const { done, total, unit } = task, rate = rateOf(task, at);
  if (done === 0) return [];
  const amount = total === undefined
    ? formatAmount(done, unit)
    : `${formatAmount(done, unit === "bytes" ? unit : undefined)}/${formatAmount(total, unit)}`;
  return rate === undefined ? [amount] : [amount, formatRate(rate, unit)];
}

/** The line that a task leaves: `reading ratings.csv: 6,040 users (1.2 s)`, `epoch 3: cut short by the budget (4.0 s)`, `epoch 3: stopped at 38%`. */
export function outcome({ task, note: said, ending }: Ended, at: number): string {
  if (ending === "stopped") return stoppedText(task, said);
  const note = said ?? (ending === "cut short" ? ending : undefined);
  return `${task.label}${note ? `: ${note}` : ""} (${formatSeconds((at - task.started) / 1000)})`;
}

/** Returns the line of a task that was stopped before its end. */
export function stoppedText(task: Running, note?: string): string {
  const fraction = fractionOf(task);
  const share = fraction === undefined ? "" : ` at ${Math.floor(fraction * 100)}%`;
  return `${task.label}: stopped${share}${note ? `; ${note}` : ""}`;
}
