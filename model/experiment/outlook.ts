/**
 * How long the rest of a job takes, as far as it is known.
 *
 * @module
 */
import type { PlaceFact } from "../../pipeline/contract/progress.ts";
import { formatSeconds } from "../../pipeline/display/text/units.ts";
import type { Budget } from "./budget.ts";

/** Seconds that are left of so many, from now on. */
export function countdown(seconds: number): () => number {
  const end = performance.now() + seconds * 1000;
  return () => Math.max(0, end - performance.now()) / 1000;
}

/** Seconds beyond the budget that nobody needs to be told of. */
const HARDLY = 30;

/** What is shown of the time ahead while a phase of a job runs. */
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
   * Says from here on how long learning may take.
   *
   * @param seconds What search and training take from now at most; undefined while that is not known.
   * @param isLast Whether nothing comes after them.
   * @param standing What it has come to, as in `best NDCG@10 0.4023 in epoch 3`; undefined while there is nothing.
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

  /** What to say of work of so many seconds that the budget does not end; undefined where it is done in time, or hardly later. */
  beyond(seconds: number): string | undefined {
    const { left } = this.budget;
    return left === undefined || seconds - left < HARDLY
      ? undefined
      : `The evaluation takes about ${formatSeconds(seconds)} more, and the budget ${
        left > 0 ? `has ${formatSeconds(left)} left` : "is used up"
      }: evaluation is never cut short`;
  }

  /** `at most 3:40 until the evaluation`, `best NDCG@10 0.4023 in epoch 3`, `12:00 of the budget left`; nothing where nothing is known. */
  get place(): readonly (string | PlaceFact)[] {
    const { left } = this.budget;
    if (left === undefined) return this.#facts();
    if (left === 0) return [...this.#facts(), { text: "the budget is used up", short: "no budget" }];
    const time = formatSeconds(left);
    return [...this.#facts(), { text: `${time} of the budget left`, short: `budget ${time}` }];
  }
}
