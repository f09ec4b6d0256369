/**
 * Time and memory of a job: its budget, what its phases take, and how long the rest may take.
 *
 * @module
 */
import process from "node:process";
import type { PlaceFact } from "../../pipeline/contract/progress.ts";
import { formatSeconds } from "../../pipeline/display/text/units.ts";

/** A moment by which work has to be done, and shares of the time left until then. Moments are those of `performance.now()`. */
export class Budget {
  /** @param end The moment by which work has to be done. Omitted: no limit. */
  constructor(readonly end?: number) {}

  /** Creates a budget of some seconds, or without a limit. */
  static of(seconds: number | undefined, started: number = performance.now()): Budget {
    return new Budget(seconds === undefined ? undefined : started + seconds * 1000);
  }

  /** Seconds left now; undefined without a limit. */
  get left(): number | undefined {
    return this.end === undefined ? undefined : Math.max(0, this.end - performance.now()) / 1000;
  }

  /** Returns the moment at which a share of the time left now is used up; undefined without a limit. */
  share(share: number): number | undefined {
    const { left } = this;
    return left === undefined ? undefined : performance.now() + left * 1000 * share;
  }
}

/** Cost of work so far. */
export interface PhaseCost {
  /** Wall time in seconds. */
  seconds: number;
  /** Largest resident set of this process during the work: exact if the work raised the process's high-water mark, otherwise by samples. */
  peakMemoryBytes: number;
}

/** The clock and the memory readings of a meter. */
export interface Readings {
  /** Milliseconds, from any origin. */
  now(): number;
  /** Current resident set in bytes. */
  resident(): number;
  /** Largest resident set since the process began, in bytes. */
  highest(): number;
}

/** Largest resident set of this process so far, in bytes. Node's interface returns KiB. */
export const highestResident = (): number => process.resourceUsage().maxRSS * 1024;

const OF_THIS_PROCESS: Readings = {
  now: () => performance.now(),
  resident: () => Deno.memoryUsage().rss,
  highest: highestResident,
};

/** Milliseconds between two samples. */
const EVERY = 100;

/**
 * Measures the wall time and the peak memory of work, from the moment the meter is created. The operating system only knows the largest
 * resident set since the process began: if the work raised it, that is the exact peak. If an earlier phase used more, the peak is the
 * largest of ten samples per second; a short peak between two samples, or while the engine blocks the thread, is missed.
 */
export class PhaseMeter implements Disposable {
  readonly #readings: Readings;
  readonly #started: number;
  readonly #highestBefore: number;
  readonly #timer: ReturnType<typeof setInterval>;
  #sampled = 0;

  constructor(readings: Readings = OF_THIS_PROCESS) {
    this.#readings = readings;
    this.#started = readings.now();
    this.#highestBefore = readings.highest();
    this.sample();
    this.#timer = setInterval(() => this.sample(), EVERY);
  }

  /** Takes a sample of the memory now, in addition to the regular ones. */
  sample(): void {
    this.#sampled = Math.max(this.#sampled, this.#readings.resident());
  }

  /** Cost up to now. */
  get cost(): PhaseCost {
    this.sample();
    const highest = this.#readings.highest();
    return {
      seconds: (this.#readings.now() - this.#started) / 1000,
      peakMemoryBytes: highest > this.#highestBefore ? highest : this.#sampled,
    };
  }

  /** Ends the sampling. */
  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

/** Returns a function for the seconds left of a number of seconds that begin now. */
export function countdown(seconds: number): () => number {
  const end = performance.now() + seconds * 1000;
  return () => Math.max(0, end - performance.now()) / 1000;
}

/** Number of seconds beyond the budget that are not worth mentioning. */
const HARDLY = 30;

/** What is shown about the remaining time while a phase of a job runs. */
export class Outlook {
  #facts: () => readonly (string | PlaceFact)[] = () => [];

  constructor(readonly budget: Budget) {}

  /**
   * Says from here on what is known.
   *
   * @param facts As in `about 8 s more`, the most important first. Asked each time that it is shown.
   */
  says(facts: () => readonly (string | PlaceFact)[]): void {
    this.#facts = facts;
  }

  /**
   * Shows from now on how long learning may take.
   *
   * @param seconds Maximum number of seconds that search and training take from now; undefined while that is not known.
   * @param isLast Whether nothing comes after them.
   * @param standing The best result so far, as in `best NDCG@10 0.4023 in epoch 3`; undefined while there is none.
   */
  learns(
    seconds: () => number | undefined,
    isLast: boolean,
    standing: () => PlaceFact | undefined = () => undefined,
  ): void {
    this.says(() => {
      const most = seconds(), left = most && formatSeconds(Math.min(most, this.budget.left ?? Infinity));
      const text = isLast ? `at most ${left} more` : `at most ${left} until the evaluation`;
      return [...(left ? [{ text, short: `at most ${left} left` }] : []), standing()]
        .filter((fact) => fact !== undefined);
    });
  }

  /** The warning about work of that many seconds that the budget does not end; undefined if it is done in time, or hardly later. */
  beyond(seconds: number): string | undefined {
    const { left } = this.budget;
    return left === undefined || seconds - left < HARDLY
      ? undefined
      : `The evaluation takes about ${formatSeconds(seconds)} more, and the budget ${
        left > 0 ? `has ${formatSeconds(left)} left` : "is used up"
      }: evaluation is never cut short`;
  }

  /** `at most 3:40 until the evaluation`, `best NDCG@10 0.4023 in epoch 3`, `12:00 of the budget left`; empty if nothing is known. */
  get place(): readonly (string | PlaceFact)[] {
    const { left } = this.budget;
    if (left === undefined) return this.#facts();
    if (left === 0) return [...this.#facts(), { text: "the budget is used up", short: "no budget" }];
    const time = formatSeconds(left);
    return [...this.#facts(), { text: `${time} of the budget left`, short: `budget ${time}` }];
  }
}
