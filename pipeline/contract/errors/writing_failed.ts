/**
 * Something that could not be written: no room, no right.
 *
 * @module
 */
import { spoken } from "../../display/text/option_names.ts";
import { InputError, Interrupted } from "./classes.ts";

const TOO_MANY = /too many open files/i, RAISE_LIMIT = "raise the limit of open files (ulimit -n)";
/** What to do before it can be written there, by the system's words. */
export const remedyOf = (reason: string): string =>
  /space|quota/i.test(reason) ? "free some space" : "see that it can be written";

/** What to do where neither room nor another place helps. */
const WISHES: readonly (readonly [RegExp, string])[] = [
  [TOO_MANY, RAISE_LIMIT],
  [/name too long/i, "choose a shorter name with --out"],
];

/** The error for it. What was computed before may be kept; then it says how to go on, and no other place. */
export class WritingFailed extends InputError {
  #goesOn?: string;

  /**
   * @param what As in `the dataset data/mine`.
   * @param reason The system's words.
   */
  constructor(what: string, readonly reason: string) {
    const [, wish = `${remedyOf(reason)} or choose another place with --out`] =
      WISHES.find(([said]) => said.test(reason)) ?? [];
    super(`Cannot write ${what}: ${reason}; ${wish}`);
    this.problem = `Cannot write ${what}: ${reason}`;
  }

  /** Its message without what to do. */
  readonly problem: string;

  /** What to do about it before the work goes on. */
  get remedy(): string {
    if (TOO_MANY.test(this.reason)) return RAISE_LIMIT;
    return remedyOf(this.reason);
  }

  /** What the caller does to go on, as in "call it again"; undefined where nothing goes on. */
  get goesOn(): string | undefined {
    return this.#goesOn;
  }

  set goesOn(action: string | undefined) {
    this.#goesOn = action;
    this.message = spoken(`${this.problem}; ${this.remedy}, and ${action} to resume`);
  }
}

/**
 * Says how the caller goes on, of an error after which what was computed is kept: an interruption, or a disk without room.
 *
 * @param action As in "call it again".
 * @returns Whether it is such an error; others stay as they are.
 */
export function goesOnBy(error: unknown, action: string): boolean {
  if (!(error instanceof Interrupted || error instanceof WritingFailed)) return false;
  error.goesOn = action;
  return true;
}
