/**
 * Random sequences in memory, on which `bench step` trains.
 *
 * @module
 */
import { SequenceDataset } from "../pipeline/contract/dataset.ts";
import type { ItemFeature } from "../pipeline/contract/dataset/item_features.ts";
import {
  FORMAT_VERSION,
  type Manifest,
  type TableInfo,
  TABLES,
} from "../pipeline/contract/dataset/manifest.ts";
import type { Sequences } from "../pipeline/contract/dataset/users_part.ts";
import { RandomStream } from "../pipeline/contract/random.ts";
import { type Split, SPLITS } from "../pipeline/contract/stage.ts";

const VALUES_OF_A_FEATURE = 100;
/** Number of batches of users. */
const BATCHES = 8;

type CategoricalFeature = ItemFeature & { kind: "categorical" };

/** Random sequences in memory. Each user has a history of full length, one training target and one validation target. */
export class RandomDataset extends SequenceDataset {
  readonly #sequences: Sequences;
  readonly #features: CategoricalFeature[];

  /** @param length Number of items before the training target, T. */
  constructor(
    { batch, items, features, seed }: { batch: number; items: number; features: number; seed: number },
    readonly length: number,
  ) {
    const users = BATCHES * batch, interactions = users * (length + 2); // so that the steps of an epoch differ
    const featureNames = Array.from({ length: features }, (_, i) => `feature${i + 1}`);
    super("", manifestOf({ users, items, interactions, featureNames, seed }));
    const random = new RandomStream(seed, "bench/sequences");
    const draw = (n: number, below: number) => Uint32Array.from({ length: n }, () => 1 + random.below(below));
    this.#features = featureNames.map((name) => {
      const codes = draw(items + 1, VALUES_OF_A_FEATURE);
      codes[0] = 0; // the padding
      return { name, kind: "categorical", values: VALUES_OF_A_FEATURE, codes };
    });
    this.#sequences = {
      offsets: Uint32Array.from({ length: users + 2 }, (_, u) => Math.max(0, u - 1) * (length + 2)),
      items: draw(interactions, items),
      timestamps: Float64Array.from({ length: interactions }, (_, row) => row),
      splits: Uint8Array.from(
        { length: interactions },
        (_, row) => SPLITS.indexOf((row + 1) % (length + 2) === 0 ? "validation" : "train"),
      ),
    };
  }

  override sequences(): Sequences {
    return this.#sequences;
  }

  override targets(split: Split): Uint32Array {
    const place = { train: this.length, validation: this.length + 1, test: undefined }[split];
    return place === undefined
      ? new Uint32Array(0)
      : this.#sequences.offsets.slice(1, -1).map((first) => first + place);
  }

  override features(): CategoricalFeature[] {
    return this.#features;
  }
}

function manifestOf(
  { users, items, interactions, featureNames, seed }: {
    users: number;
    items: number;
    interactions: number;
    featureNames: string[];
    seed: number;
  },
): Manifest {
  const table: TableInfo = { rows: 0, bytes: 0, sha256: "", files: [] };
  return {
    format: "automlp-dataset",
    version: FORMAT_VERSION,
    name: "random sequences",
    config: {},
    seed,
    sources: [],
    counts: {
      users,
      items,
      interactions,
      pairs: interactions,
      train: interactions - users,
      validation: users,
      test: 0,
    },
    split: { kind: "leave-one-out" },
    negatives: { protocols: [], count: 0, exponent: 0 },
    features: featureNames.map((name) => ({
      name,
      kind: "categorical",
      column: "",
      values: VALUES_OF_A_FEATURE,
    })),
    hasRating: false,
    stages: [],
    tables: Object.fromEntries(TABLES.map((name) => [name, table])) as Manifest["tables"],
    hash: "",
    versions: {},
  };
}
