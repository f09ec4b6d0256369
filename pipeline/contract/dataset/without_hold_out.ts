/**
 * A dataset that is used for training beyond its training part, for the final training of a method that was already chosen.
 *
 * @module
 */
import pl, { type DataFrame, type LazyDataFrame } from "nodejs-polars";
import { SequenceDataset } from "../dataset.ts";
import { InputError } from "../errors.ts";
import { HELD_OUT, type HeldOut, type Split, SPLITS } from "../stage.ts";
import type { TableName } from "./manifest.ts";
import type { Protocol } from "./protocols.ts";
import type { DatasetPart, Negatives, Sequences } from "./users_part.ts";

/** Options of {@link withoutHoldOut}. */
export interface WithoutHoldOutOptions {
  /** The part that stays held out for a test; training and validation interactions are then all used for training. Default: none. */
  keep?: "test";
}

/** Results by dataset, and by the part that stays held out. */
const KNOWN = new WeakMap<SequenceDataset, Map<WithoutHoldOutOptions["keep"], SequenceDataset>>();

/**
 * Returns the same data with nothing held out: interactions of the validation and test parts become training interactions. After a method
 * was chosen and measured with the parts held out, the model for production is trained once more on this dataset, so that it knows the
 * newest interactions. Nothing is left for validation, so the number of epochs has to be known. With `keep: "test"` the test part stays
 * held out, and the model can be tested on it. Users, items and files are those of the dataset.
 *
 * @returns The dataset; always the same object for the same dataset and options.
 * @throws {InputError} if the part to keep is already used for training.
 * @example
 * ```ts
 * import { networkFor, openEngine, prepare, Training, withoutHoldOut } from "automlp";
 * import assert from "node:assert/strict";
 *
 * const { dataset } = await prepare({ dataset: "demo", out: await Deno.makeTempDir() });
 * const all = withoutHoldOut(dataset);
 * assert.equal(all.manifest.counts.train, dataset.manifest.counts.interactions);
 * assert.deepEqual(withoutHoldOut(dataset, { keep: "test" }).heldOut, ["test"]);
 * const config = networkFor(all, { lengths: [3], length: 10, dim: 8, layers: 1 });
 * const training = new Training(await openEngine(), all, config, { epochs: 1 }); // as many as were best on validation
 * const model = await training.run();
 * console.log(model.parameters);
 * training.dispose();
 * ```
 */
export function withoutHoldOut(
  dataset: SequenceDataset,
  options: WithoutHoldOutOptions = {},
): SequenceDataset {
  const { keep } = options;
  if (keep !== undefined && !dataset.heldOut.includes(keep)) {
    throw new InputError(
      `Cannot keep the ${keep} part of ${dataset.folder} held out: it is learnt already; give the dataset as readDataset gives it`,
    );
  }
  if (dataset.heldOut.every((part) => part === keep)) return dataset;
  return KNOWN.getOrInsertComputed(dataset, () => new Map())
    .getOrInsertComputed(keep, () => new WithoutHoldOut(dataset, keep));
}

class WithoutHoldOut extends SequenceDataset {
  readonly #heldOut: readonly HeldOut[];
  readonly #source: SequenceDataset;
  #sequences?: Sequences;
  #parts?: readonly DatasetPart[];

  constructor(source: SequenceDataset, keep: WithoutHoldOutOptions["keep"]) {
    const { folder, manifest } = source, { counts } = manifest;
    const heldOut = HELD_OUT.filter((part) => part === keep);
    const left = (part: HeldOut) => heldOut.includes(part) ? counts[part] : 0;
    const [validation, test] = [left("validation"), left("test")];
    const train = counts.interactions - validation - test;
    super(folder, { ...manifest, counts: { ...counts, train, validation, test } });
    this.#source = source;
    this.#heldOut = heldOut;
  }

  override get heldOut(): readonly HeldOut[] {
    return this.#heldOut;
  }

  override stored(name: TableName): DataFrame {
    const frame = this.#source.stored(name);
    return name === "interactions" ? this.#learnt(frame.lazy()).collectSync() : frame;
  }

  override scan(name: TableName): LazyDataFrame {
    const table = this.#source.scan(name);
    return name === "interactions" ? this.#learnt(table) : table;
  }

  override slice(name: TableName, start: number, rows: number): LazyDataFrame {
    const table = this.#source.slice(name, start, rows);
    return name === "interactions" ? this.#learnt(table) : table;
  }

  override get parts(): readonly DatasetPart[] {
    return this.#parts ??= this.#source.parts.map((part) => {
      const { firstUser, users, firstRow, rows } = part;
      const sequences = () => this.#withoutSplits(part.sequences());
      return {
        firstUser,
        users,
        firstRow,
        rows,
        sequences,
        targets: (split) => this.#targets(split, sequences),
        negatives: (protocol, split) => this.#negatives(part, protocol, split),
      };
    });
  }

  override sequences(): Sequences {
    return this.#sequences ??= this.#withoutSplits(this.#source.sequences());
  }

  override targets(split: Split): Uint32Array {
    return this.#targets(split, () => this.sequences());
  }

  override negatives(protocol: Protocol, split: HeldOut): Negatives {
    return this.#negatives(this.#source, protocol, split);
  }

  #learnt(interactions: LazyDataFrame): LazyDataFrame {
    const split = pl.col("split"), kept = pl.lit(this.heldOut[0] ?? "train"); // there is at most one
    return interactions.withColumns(
      pl.when(split.eq(kept)).then(split).otherwise(pl.lit("train")).alias("split"),
    );
  }

  #withoutSplits(sequences: Sequences): Sequences {
    const stays = SPLITS.map((split) => split !== "train" && this.heldOut.includes(split));
    return { ...sequences, splits: sequences.splits.map((split) => stays[split] ? split : 0) };
  }

  /** Rows of all interactions of a part except the first of each user. */
  #targets(split: Split, sequences: () => Sequences): Uint32Array {
    if (split !== "train" && !this.heldOut.includes(split)) return new Uint32Array(0);
    const { offsets, items, splits } = sequences(), targets = new Uint32Array(items.length);
    const wanted = SPLITS.indexOf(split);
    let found = 0;
    for (let user = 1; user < offsets.length - 1; user++) {
      for (let row = offsets[user] + 1; row < offsets[user + 1]; row++) {
        if (splits[row] === wanted) targets[found++] = row;
      }
    }
    return targets.slice(0, found);
  }

  #negatives(of: Pick<DatasetPart, "negatives">, protocol: Protocol, split: HeldOut): Negatives {
    if (this.heldOut.includes(split)) return of.negatives(protocol, split);
    throw new InputError(
      `There are no negatives of the ${split} part of ${this.folder}: it is not held out; take the dataset as it was prepared, of a model that has not learnt from that part`,
    );
  }
}
