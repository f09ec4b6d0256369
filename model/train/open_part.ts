/**
 * The sequences that training reads: those of one part of the dataset at a time.
 *
 * @module
 */
import pl from "nodejs-polars";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import type { Sequences } from "../../pipeline/contract/dataset_part.ts";
import { type ExamplePool, poolOf } from "./order.ts";

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
  const { parts } = dataset;
  if (parts.length === 1) return poolOf(dataset.targets("train"));
  const isTarget = pl.col("split").eq(pl.lit("train")).and(pl.col("user").eq(pl.col("user").shift(1)));
  const sizes = Array.from(
    dataset.scanParts("interactions"),
    (interactions) => Number(interactions.select(isTarget.sum()).collectSync().row(0)[0]),
  );
  return { sizes, of: (part) => parts[part].targets("train") };
}

/**
 * How many users of each part of a dataset have so many training interactions.
 *
 * @returns [parts]: length → users.
 */
export function trainingLengths(dataset: SequenceDataset): Map<number, number>[] {
  return Array.from(dataset.scanParts("interactions"), (interactions) => {
    const lengths = interactions.filter(pl.col("split").eq(pl.lit("train")))
      .groupBy("user").agg(pl.len().alias("length")).groupBy("length").agg(pl.len().alias("users"));
    return new Map(lengths.collectSync().rows().map(([length, users]) => [Number(length), Number(users)]));
  });
}
