/**
 * What a phase takes: seconds, and memory.
 *
 * @module
 */
import process from "node:process";

/** What work has taken so far. */
export interface PhaseCost {
  /** Wall time. */
  seconds: number;
  /** The largest resident set of this process meanwhile; exact where the work raised the process's high-water mark, otherwise by samples. */
  peakMemoryBytes: number;
}

/** Where a meter reads clock and memory. */
export interface Readings {
  /** Milliseconds, from any origin. */
  now(): number;
  /** The resident set as it is now, in bytes. */
  resident(): number;
  /** The largest that it has been since the process began. */
  highest(): number;
}

/** The largest resident set of this process so far. Node's interface gives KiB. */
export const highestResident = (): number => process.resourceUsage().maxRSS * 1024;

const OF_THIS_PROCESS: Readings = {
  now: () => performance.now(),
  resident: () => Deno.memoryUsage().rss,
  highest: highestResident,
};

/** Milliseconds between two samples. */
const EVERY = 100;

/**
 * Measures the wall time and the peak memory of work, from the moment the meter is made. The operating system only knows the largest resident set since
 * the process began: if the work raised it, that is the exact peak. If an earlier phase had used more, the peak is the largest of ten samples a second; a
 * short peak between two samples, or while the engine blocks the thread, is missed.
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

  /** Looks at the memory now, beside the samples that are taken anyway. */
  sample(): void {
    this.#sampled = Math.max(this.#sampled, this.#readings.resident());
  }

  /** What it took up to now. */
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
