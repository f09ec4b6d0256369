/**
 * A dataset of which all is learnt: for the last training of a model that is to serve.
 *
 * @module
 */
import pl, { type DataFrame, type LazyDataFrame } from "nodejs-polars";
import { DATASET, SequenceDataset } from "../dataset.ts";
import { InputError } from "../errors.ts";
import { checkCall, oneOf } from "../options/arguments.ts";
import { type Split, SPLITS } from "../stage.ts";
import type { TableName } from "./manifest.ts";
import type { DatasetPart, Negatives, Sequences } from "./users_part.ts";

const KNOWN = new WeakMap<SequenceDataset, SequenceDataset>();

/**
 * The same data with nothing held out: interactions of the validation and the test part are training interactions, too. A model that is to serve is trained
 * on it once more, after its method was chosen and measured with the parts held out, so that it knows the newest interactions. Nothing
 * is left to validate or to test on: how long it trains has to be known. Users, items and the files are those of the dataset.
 *
 * @returns Of one dataset always the same.
 * @example
 * ```ts
 * import { networkFor, openEngine, prepare, Training, withoutHoldOut } from "automlp";
 * import assert from "node:assert/strict";
 *
 * const { dataset } = await prepare({ dataset: "demo", out: await Deno.makeTempDir() });
 * const all = withoutHoldOut(dataset);
 * assert.equal(all.manifest.counts.train, dataset.manifest.counts.interactions);
 * const config = networkFor(all, { candidates: [3], length: 10, dim: 8, layers: 1 });
 * const training = new Training(await openEngine(), all, config, { epochs: 1 }); // as many as were best on validation
 * const model = await training.run();
 * console.log(model.parameters);
 * training.dispose();
 * ```
 */
export function withoutHoldOut(dataset: SequenceDataset): SequenceDataset {
  checkCall("withoutHoldOut(dataset)", [dataset, DATASET]);
  if (!dataset.holdsOut) return dataset;
  const known = KNOWN.get(dataset);
  if (known) return known;
  const all = new WithoutHoldOut(dataset);
  KNOWN.set(dataset, all);
  return all;
}

class WithoutHoldOut extends SequenceDataset {
  readonly #source: SequenceDataset;
  #sequences?: Sequences;
  #parts?: readonly DatasetPart[];

  constructor(source: SequenceDataset) {
    const { folder, manifest } = source, { counts } = manifest;
    super(folder, { ...manifest, counts: { ...counts, train: counts.interactions, validation: 0, test: 0 } });
    this.#source = source;
  }

  override get holdsOut(): boolean {
    return false;
  }

  override stored(name: TableName): DataFrame {
    const frame = this.#source.stored(name);
    return name === "interactions" ? frame.withColumns(TRAIN) : frame;
  }

  override scan(name: TableName): LazyDataFrame {
    return learnt(name, this.#source.scan(name));
  }

  override slice(name: TableName, start: number, rows: number): LazyDataFrame {
    return learnt(name, this.#source.slice(name, start, rows));
  }

  override get parts(): readonly DatasetPart[] {
    return this.#parts ??= this.#source.parts.map((part) => partOf(part));
  }

  override sequences(): Sequences {
    return this.#sequences ??= withoutSplits(this.#source.sequences());
  }

  override targets(split: Split): Uint32Array {
    return targetsOf(split, () => this.sequences());
  }

  override negatives(): Negatives {
    throw nothingHeldOut(this.folder);
  }
}

const partOf = (part: DatasetPart): DatasetPart => {
  const { firstUser, users, firstRow, rows } = part, sequences = () => withoutSplits(part.sequences());
  return {
    firstUser,
    users,
    firstRow,
    rows,
    sequences,
    targets: (split) => targetsOf(split, sequences),
    negatives: () => {
      throw nothingHeldOut("it");
    },
  };
};

const TRAIN = pl.lit("train").alias("split");

const learnt = (name: TableName, table: LazyDataFrame): LazyDataFrame =>
  name === "interactions" ? table.withColumns(TRAIN) : table;

const withoutSplits = (sequences: Sequences): Sequences => ({
  ...sequences,
  splits: new Uint8Array(sequences.splits.length),
});

/** All interactions but the first of each user, or none. */
function targetsOf(split: Split, sequences: () => Sequences): Uint32Array {
  checkCall('dataset.targets("train")', [split, oneOf(SPLITS)]);
  if (split !== "train") return new Uint32Array(0);
  const { offsets, items } = sequences(), targets = new Uint32Array(items.length);
  let found = 0;
  for (let user = 1; user < offsets.length - 1; user++) {
    for (let row = offsets[user] + 1; row < offsets[user + 1]; row++) targets[found++] = row;
  }
  return targets.slice(0, found);
}

const nothingHeldOut = (dataset: string): InputError =>
  new InputError(
    `There are no negatives: of ${dataset} nothing is held out; take the dataset as it was prepared, of a model that was trained on its training part`,
  );
