/**
 * Options that experiments and tunings share.
 *
 * @module
 */
import { z } from "zod";
import { size } from "../../pipeline/contract/options/shapes.ts";
import { checkOptions } from "../../pipeline/terminal/config.ts";
import { Budget } from "../experiment/cost.ts";
import { runShape } from "../experiment/options.ts";
import { Interrupted } from "../../pipeline/contract/errors.ts";

/** The longest that a timer waits, in milliseconds; for a longer time it would not wait at all. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** Aborted by a signal, or when the time is up. */
export class Stop implements Disposable {
  readonly #timeOut = new AbortController();
  #timer?: ReturnType<typeof setTimeout>;
  readonly signal: AbortSignal;

  /** @param deadline A time of `performance.now()`. */
  constructor(deadline?: number, signal?: AbortSignal) {
    this.signal = AbortSignal.any([this.#timeOut.signal, ...(signal ? [signal] : [])]);
    if (deadline !== undefined) this.#waitFor(deadline);
  }

  #waitFor(deadline: number): void {
    const left = Math.max(0, deadline - performance.now());
    this.#timer = left > LONGEST_TIMER
      ? setTimeout(() => this.#waitFor(deadline), LONGEST_TIMER)
      : setTimeout(() => this.abort(), left);
  }

  abort(): void {
    this.#timeOut.abort();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}

/** The error of a study that was stopped, with how to resume it. */
export function stoppedStudy(study: "experiment" | "tuning", kept: string, cause: unknown): Interrupted {
  const error = new Interrupted(`Stopped; ${kept} is kept`, { cause });
  error.goesOn = `run the ${study} again`;
  return error;
}

/** How a study is carried out; the texts are those of `--help`. */
export const studyShape = {
  jobs: z.int().positive().optional().meta({
    title: "N",
    description: "number of trainings at once, each in its own process",
    fallback: "one per core, if memory suffices",
  }),
  tensorboard: runShape.tensorboard.meta({
    title: "DIR",
    description: "folder for TensorBoard event files, with a subfolder for each training",
  }),
  people: runShape.people.meta({
    description:
      "how its page, and the reports of trainings still to come, name the few people whose histories they show: by id, or by number (person 1, person 2); none leaves them out",
    fallback: "ids",
  }),
  budget: runShape.budget.meta({
    title: "TIME",
    description: "time limit for this call, as in 2h; what is then left is listed, and the next call does it",
  }),
};

const limitsSchema = z.object({ budget: runShape.budget, memory: size.optional() });

/** How much a study may use. */
export interface Limits {
  /** Maximum number of seconds for a call. */
  budget?: number;
  /** Maximum number of bytes for a training. */
  memory?: number;
}

/** @throws {InputError} if a limit is not valid. */
export const limitsOf = ({ budget, memory }: { budget?: unknown; memory?: unknown }): Limits =>
  checkOptions(limitsSchema, { budget, memory });

/**
 * When a call that begins now has to end: when its budget is used up, or at the deadline if that is earlier; undefined if there is no
 * limit.
 */
export function endOf({ budget }: Limits, deadline = Infinity): number | undefined {
  const { end = Infinity } = Budget.of(budget), first = Math.min(end, deadline);
  return first === Infinity ? undefined : first;
}
