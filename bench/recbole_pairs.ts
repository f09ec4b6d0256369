/**
 * Methods that RecBole has too, and how each side runs with its own defaults: T = 50 and D = 64 are those of both.
 *
 * @module
 */
import process from "node:process";
import {
  beginTraining,
  itemKnn,
  type Method,
  type MethodName,
  popularity,
  type Recommender,
  type SequenceDataset,
} from "../mod.ts";
import type { StageContext } from "../pipeline/contract/stage.ts";

/** How a training went, on either side. */
export interface Course {
  /** Epochs done, and the one whose weights are kept. */
  epochs: number;
  bestEpoch: number;
  ended: "early stopping" | "all epochs" | "time";
  /** Of the processor, over all threads: training and validation. */
  seconds: number;
}

/** What bounds a training, on either side. */
export interface Bounds {
  seed: number;
  /** Maximum number of epochs. */
  epochs: number;
  /** No epoch begins that would end after this many processor seconds. */
  limit: number;
}

/** A method as both sides have it. */
export interface Pair {
  /** RecBole's name. */
  recbole: string;
  /** Whether the order of a history counts. */
  ordered: boolean;
  /** RecBole's options that differ from its defaults. */
  config(dataset: SequenceDataset): Record<string, unknown>;
  /** Calls `use` with our method, trained. */
  ours<T>(
    dataset: SequenceDataset,
    bounds: Bounds,
    context: StageContext,
    use: (model: Recommender, course: Course) => Promise<T>,
  ): Promise<T>;
}

/** RecBole's own default; the export switches it off, as cross-entropy wants it. */
const ONE_NEGATIVE = {
  train_neg_sample_args: {
    distribution: "uniform",
    sample_num: 1,
    alpha: 1,
    dynamic: false,
    candidate_num: 0,
  },
};

const features = (dataset: SequenceDataset) => ({
  selected_features: dataset.features().map(({ name }) => name),
});

/** Our method's name → the pair. */
export const PAIRS: Record<string, Pair> = {
  "popularity": fitted("Pop", popularity),
  "item-knn": fitted("ItemKNN", itemKnn),
  "fpmc": trained("fpmc", "FPMC", () => ONE_NEGATIVE),
  "gru4rec": trained("gru4rec", "GRU4Rec"),
  "gru4rec-plus": trained("gru4rec-plus", "GRU4RecF", features),
  "sasrec": trained("sasrec", "SASRec"),
  "bert4rec": trained("bert4rec", "BERT4Rec"),
  "nextitnet": trained("nextitnet", "NextItNet"),
  "fdsa": trained("fdsa", "FDSA", features),
};

function fitted(recbole: string, method: Method<Record<never, never>>): Pair {
  return {
    recbole,
    ordered: false,
    config: () => ({}),
    async ours(dataset, _bounds, context, use) {
      const started = processorSeconds();
      const model = await method.fit(dataset, context);
      const seconds = processorSeconds() - started;
      return await use(model, { epochs: 1, bestEpoch: 1, ended: "all epochs", seconds });
    },
  };
}

function trained(name: MethodName, recbole: string, config: Pair["config"] = () => ({})): Pair {
  return {
    recbole,
    ordered: true,
    config,
    async ours(dataset, { seed, epochs, limit }, context, use) {
      const started = processorSeconds(), spent = () => processorSeconds() - started;
      const options = {
        seed,
        epochs,
        metric: "NDCG@10" as const,
        protocol: "full" as const,
        keepSeen: true,
        ...context,
      };
      using training = await beginTraining(name, dataset, options);
      let before = 0, inTime = true;
      for await (const _epoch of training) {
        const now = spent();
        inTime = 2 * now - before <= limit;
        before = now;
        if (!inTime) break;
      }
      const done = training.history.length, { bestEpoch } = training;
      return await use(training.finish(), {
        epochs: done,
        bestEpoch,
        ended: done === epochs ? "all epochs" : inTime ? "early stopping" : "time",
        seconds: spent(),
      });
    },
  };
}

/** Returns the processor seconds that this process has used, over all its threads. */
function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
