/**
 * The sequences that training reads, one part of the dataset at a time.
 *
 * @module
 */
import pl from "nodejs-polars";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { offsetsOf, type Sequences } from "../../pipeline/contract/dataset/users_part.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import type { Split } from "../../pipeline/contract/stage.ts";
import { type ExamplePool, poolOf } from "./order.ts";

/** Who reads: a search has one part that it learns from, and others that it judges by. */
export type Reader = "training" | "held out" | "validation";

/** The open parts, one for each reader. A reader that requests another part replaces its own. */
export class OpenPart {
  readonly #open = new Map<Reader, { part: number; sequences: Sequences }>();

  constructor(readonly dataset: SequenceDataset) {}

  /** Returns the sequences of a part; its users count from 1, its rows from 0. What another reader has open is not read again. */
  sequences(part: number, reader: Reader = "training"): Sequences {
    if (this.#open.get(reader)?.part !== part) {
      this.#open.delete(reader); // release the open part before the next one is read; nothing else here may hold it
      this.#open.set(reader, this.#opened(part));
    }
    return this.#open.get(reader)!.sequences;
  }

  #opened(part: number): { part: number; sequences: Sequences } {
    return [...this.#open.values()].find((other) => other.part === part) ??
      { part, sequences: this.dataset.parts[part].sequences() };
  }

  /** Converts a part's user numbers to the dataset's. */
  usersOf(part: number, users: Uint32Array): Uint32Array {
    const { firstUser } = this.dataset.parts[part];
    return firstUser === 1 ? users : users.map((user) => user + firstUser - 1);
  }
}

/**
 * Returns where the sequences of a part's users begin, as in `offsets` of its sequences, without reading the
 * sequences.
 *
 * @returns [users of the part + 2]
 */
export function partOffsets(dataset: SequenceDataset, part: number): Uint32Array {
  if (dataset.parts.length === 1) return dataset.sequences().offsets;
  const { firstUser, users } = dataset.parts[part];
  const lengths = dataset.slice("users", firstUser - 1, users).select("interactions").collectSync();
  return offsetsOf(lengths.getColumn("interactions").toTypedArray() as Uint32Array);
}

/** Returns the targets of a part of the split, as rows within the parts of the dataset. */
export function targetsOf(dataset: SequenceDataset, split: Exclude<Split, "test">): ExamplePool {
  const { parts } = dataset;
  if (parts.length === 1) return poolOf(dataset.targets(split));
  const isTarget = pl.col("split").eq(pl.lit(split)).and(pl.col("user").eq(pl.col("user").shift(1)));
  const sizes = Array.from(
    dataset.scanParts("interactions"),
    (interactions) => Number(interactions.select(isTarget.sum()).collectSync().row(0)[0]),
  );
  return { sizes, of: (part) => parts[part].targets(split) };
}

/** Number of examples in all parts. */
export const sizeOf = ({ sizes }: ExamplePool): number => sizes.reduce((sum, size) => sum + size, 0);

/**
 * Refuses data that nothing can be learnt from: a target needs something before it.
 *
 * @throws {InputError}
 */
export function checkTargets(dataset: SequenceDataset): void {
  if (sizeOf(targetsOf(dataset, "train")) > 0) return;
  throw new InputError(
    `Cannot train on ${dataset.folder}: no user has two interactions in its training part, and what comes next is learnt from what came ` +
      "before; prepare it of longer sequences, or with another --split",
  );
}

/**
 * Counts the users of each part of a dataset by their number of training interactions.
 *
 * @returns For each part, length → users.
 */
export function trainingLengths(dataset: SequenceDataset): Map<number, number>[] {
  return Array.from(dataset.scanParts("interactions"), (interactions) => {
    const lengths = interactions.filter(pl.col("split").eq(pl.lit("train")))
      .groupBy("user").agg(pl.len().alias("length")).groupBy("length").agg(pl.len().alias("users"));
    return new Map(lengths.collectSync().rows().map(([length, users]) => [Number(length), Number(users)]));
  });
}
