/**
 * The sequences that training reads: those of one part of the dataset at a time.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import type { Sequences } from "../../pipeline/contract/dataset_part.ts";
import type { ExamplePool } from "./order.ts";

/** The part that is open. Another one takes its place when it is asked for. */
export class OpenPart {
  #open?: { part: number; sequences: Sequences };

  constructor(readonly dataset: SequenceDataset) {}

  /** The sequences of a part; its users count from 1, its rows from 0. */
  sequences(part: number): Sequences {
    if (this.#open?.part !== part) {
      this.#open = undefined; // what is open is let go before the next is read
      this.#open = { part, sequences: this.dataset.parts[part].sequences() };
    }
    return this.#open.sequences;
  }

  /** The dataset's numbers of users of a part. */
  usersOf(part: number, users: Uint32Array): Uint32Array {
    const { firstUser } = this.dataset.parts[part];
    return firstUser === 1 ? users : users.map((user) => user + firstUser - 1);
  }
}

/** The training targets, rows within their parts. */
export function trainingTargets(dataset: SequenceDataset): ExamplePool {
  const { parts } = dataset, all = parts.length === 1 ? parts[0].targets("train") : undefined;
  const of = (part: number) => all ?? parts[part].targets("train");
  return { sizes: parts.map((_, part) => of(part).length), of };
}
