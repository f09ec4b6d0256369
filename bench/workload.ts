/**
 * The workload of training benches: random sequences in memory, a network of the requested sizes, and its timed
 * steps.
 *
 * @module
 */
import { z } from "zod";
import { SequenceDataset } from "../pipeline/contract/dataset.ts";
import type { ItemFeature } from "../pipeline/contract/dataset/item_features.ts";
import type { Sequences } from "../pipeline/contract/dataset/users_part.ts";
import { checkInterrupt } from "../pipeline/contract/errors.ts";
import {
  FORMAT_VERSION,
  type Manifest,
  type TableInfo,
  TABLES,
} from "../pipeline/contract/dataset/manifest.ts";
import { RandomStream } from "../pipeline/contract/random.ts";
import { type Split, SPLITS } from "../pipeline/contract/stage.ts";
import type { Option } from "../pipeline/terminal/options.ts";
import { networkFor } from "../model/automlp/build.ts";
import type { TrainingSettings } from "../model/train/settings.ts";
import type { NetworkConfig } from "../model/automlp/network_config.ts";
import { type Engine, ENGINES } from "../model/backend/types.ts";
import { Trainer } from "../model/search/trainer.ts";
import { poolOf } from "../model/train/order.ts";
import { yieldToEventLoop } from "../pipeline/contract/machine/event_loop.ts";
import { PRECISIONS } from "../model/backend/precision.ts";
import { LOSSES, lossOf } from "../model/train/losses/registry.ts";
import { stepFlops } from "./matmul.ts";
import { median } from "./measure.ts";

/** A whole number of at least 1. */
export const size = z.int().positive();

/** Options that all benches of training share. */
export const workloadShape = {
  batch: size.default(256),
  layers: size.default(2),
  longLayers: z.int().nonnegative().optional(),
  dim: size.default(64),
  items: size.default(12_000),
  features: z.int().nonnegative().default(0),
  loss: z.enum(LOSSES).default("bce"),
  negatives: size.optional(),
  dropout: z.number().min(0).lt(1).default(0),
  precision: z.enum(PRECISIONS).default("float32"),
  engine: z.enum(ENGINES).optional(),
  threads: size.optional(),
  seed: z.int().nonnegative().default(1),
};

/** Options, for `--help`, of a bench that times steps in turn with a script that does the same in PyTorch. */
export const inTurnOptions = (script: string): Record<string, Record<string, Option>> => ({
  "How often": {
    steps: { kind: "number", value: "N", help: `steps a round that count, after ${WARM_UP} that do not` },
    rounds: { kind: "number", value: "N", help: "number of rounds, in turn with the peer" },
  },
  "What it is compared with": {
    peer: {
      kind: "flag",
      help: "run PyTorch in turn",
      fallback: "yes, where it is; --no-peer turns it off",
    },
    peerScript: {
      kind: "text",
      value: "FILE",
      help: "script that does the same, run by the Python that AUTOMLP_PYTHON names",
      fallback: script,
    },
  },
});

/** The same for `--help`. */
export const WORKLOAD_OPTIONS: Record<string, Option> = {
  batch: { kind: "number", value: "N", help: "number of targets in a step" },
  layers: { kind: "number", value: "N", help: "number of layers in a short-term module" },
  longLayers: {
    kind: "number",
    value: "N",
    help: "number of layers in the long-term module",
    fallback: "as --layers",
  },
  dim: { kind: "number", value: "N", help: "channels, and hidden size of both mixers" },
  items: {
    kind: "number",
    value: "N",
    help: "number of items, each as likely as the others in the random sequences",
  },
  features: { kind: "number", value: "N", help: "number of categorical item features, of 100 values each" },
  loss: { kind: "text", value: "NAME", help: "loss that is minimised" },
  precision: { kind: "text", value: "NAME", help: "what factors of products are rounded to, as in training" },
  negatives: {
    kind: "number",
    value: "N",
    help: "number of negatives for a target (bce) or a batch (others)",
    fallback: "1 and 200",
  },
  dropout: { kind: "number", value: "SHARE", help: "share of the vectors that is set to zero" },
  engine: { kind: "text", value: "NAME", help: "engine to compute on", fallback: "the fastest there is" },
  threads: {
    kind: "number",
    value: "N",
    help: "threads of the native engine and of the peer",
    fallback: "all",
  },
  seed: { kind: "number", value: "N", help: "seed of weights and sequences" },
};

const workloadSchema = z.strictObject(workloadShape);
/** Options of all benches of training. */
export type Workload = z.output<typeof workloadSchema>;

const VALUES_OF_A_FEATURE = 100;

type CategoricalFeature = ItemFeature & { kind: "categorical" };

/** Random sequences in memory. Each user has a history of full length, one training target and one validation target. */
export class RandomDataset extends SequenceDataset {
  readonly #sequences: Sequences;
  readonly #features: CategoricalFeature[];

  /**
   * @param length Number of items before the training target, T.
   * @param batches Number of batches of users.
   */
  constructor(
    { batch, items, features, seed }: Pick<Workload, "batch" | "items" | "features" | "seed">,
    readonly length: number,
    batches = 8,
  ) {
    const users = batches * batch, interactions = users * (length + 2); // so that the steps of an epoch differ
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

/** Returns the network that a bench asks for. */
export function benchNetwork(
  dataset: RandomDataset,
  { layers, longLayers = layers, dim, dropout }: Workload,
  lengths: number[],
): NetworkConfig {
  const sizes = { dim, sequenceHidden: dim, channelHidden: dim };
  return networkFor(dataset, { length: dataset.length, layers, longLayers, ...sizes, lengths, dropout });
}

/** Returns how a bench trains it. */
export function benchSettings(
  { loss, batch, seed, precision, negatives = lossOf(loss).negatives === "shared" ? 200 : 1 }: Workload,
): TrainingSettings {
  return {
    loss,
    trainNegatives: negatives,
    trainDistribution: "uniform",
    rate: 1e-3,
    batchSize: batch,
    precision,
    seed,
  };
}

/** A network that is trained on random sequences; `step` does one step of its weights. */
export function benchTraining(
  engine: Engine,
  dataset: RandomDataset,
  workload: Workload,
  lengths: number[],
): { step: () => number; flops: number; dispose: () => void } {
  const config = benchNetwork(dataset, workload, lengths), settings = benchSettings(workload);
  const rows = dataset.targets("train");
  const trainer = new Trainer(engine, dataset, config, settings, poolOf(rows), "bench");
  const alpha = new Float64Array(config.lengths.length);
  const { batch } = trainer.objective.example(rows.subarray(0, workload.batch), 0, dataset.sequences());
  const encoded = settings.loss === "ce" ? config.items : batch.items.length;
  return {
    step: () => trainer.step(alpha),
    flops: stepFlops(config, { batch: workload.batch, encoded, ...settings }),
    dispose: () => trainer.dispose(),
  };
}

/** Milliseconds of one call. Between calls the event loop runs, which is not counted, so that Ctrl-C gets through. */
export async function timeStep(step: () => unknown, signal?: AbortSignal): Promise<number> {
  await yieldToEventLoop();
  checkInterrupt(signal, "measuring");
  const started = performance.now();
  step();
  return performance.now() - started;
}

/** Median, minimum and quartiles of milliseconds. */
export interface StepTime {
  medianMs: number;
  minMs: number;
  quartilesMs: [number, number];
}

export function summarize(times: number[]): StepTime {
  const sorted = [...times].sort((a, b) => a - b);
  const quantile = (share: number) => {
    const place = share * (sorted.length - 1), low = Math.floor(place), high = Math.ceil(place);
    return sorted[low] + (place - low) * (sorted[high] - sorted[low]);
  };
  return { medianMs: median(times), minMs: sorted[0], quartilesMs: [quantile(0.25), quantile(0.75)] };
}

/** Number of steps before those that count: the engine's first calls are slower. */
export const WARM_UP = 3;
