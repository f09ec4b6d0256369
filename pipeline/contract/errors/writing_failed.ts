/**
 * The error for something that could not be written, for lack of space or permission.
 *
 * @module
 */
import { spoken } from "../../display/text/option_names.ts";
import { InputError, Interrupted } from "./classes.ts";

const TOO_MANY = /too many open files/i, RAISE_LIMIT = "raise the limit of open files (ulimit -n)";
/** Returns what to do before it can be written there, according to the system's message. */
export const remedyOf = (reason: string): string =>
  /space|quota/i.test(reason) ? "free some space" : "see that it can be written";

/** What to do if neither more space nor another place helps. */
const WISHES: readonly (readonly [RegExp, string])[] = [
  [TOO_MANY, RAISE_LIMIT],
  [/name too long/i, "choose a shorter name with --out"],
];

/** The error for it. If the results so far are kept, it says how to continue instead of suggesting another place. */
export class WritingFailed extends InputError {
  #goesOn?: string;

  /**
   * @param what What could not be written, as in `the dataset data/mine`.
   * @param reason The system's message.
   */
  constructor(what: string, readonly reason: string) {
    const [, wish = `${remedyOf(reason)} or choose another place with --out`] =
      WISHES.find(([said]) => said.test(reason)) ?? [];
    super(`Cannot write ${what}: ${reason}; ${wish}`);
    this.problem = `Cannot write ${what}: ${reason}`;
  }

  /** The message without the advice. */
  readonly problem: string;

  /** What to do about it before the work can continue. */
  get remedy(): string {
    if (TOO_MANY.test(this.reason)) return RAISE_LIMIT;
    return remedyOf(this.reason);
  }

  /** What the caller can do to continue, as in "call it again"; undefined if nothing can be continued. */
  get goesOn(): string | undefined {
    return this.#goesOn;
  }

  set goesOn(action: string | undefined) {
    this.#goesOn = action;
    this.message = spoken(`${this.problem}; ${this.remedy}, and ${action} to resume`);
  }
}

/**
 * Adds how the caller can continue to an error after which the results so far are kept: an interruption, or a full disk.
 *
 * @param action What to do, as in "call it again".
 * @returns Whether it is such an error; others are not changed.
 */
export function goesOnBy(error: unknown, action: string): boolean {
  if (!(error instanceof Interrupted || error instanceof WritingFailed)) return false;
  error.goesOn = action;
  return true;
}
