/**
 * Measures what a phase costs: seconds and memory.
 *
 * @module
 */
import process from "node:process";

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
