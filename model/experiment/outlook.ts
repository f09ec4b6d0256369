/**
 * How long the rest of a job takes, as far as that is known.
 *
 * @module
 */
import type { PlaceFact } from "../../pipeline/contract/progress.ts";
import { formatSeconds } from "../../pipeline/display/text/units.ts";
import type { Budget } from "./budget.ts";

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
