/**
 * Makes a trained method from the description in its file, which includes its network.
 *
 * @module
 */
import type { z } from "zod";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import { aboutTargets, defaultBatchSize } from "../data_defaults.ts";
import { checkMemory } from "../memory/check.ts";
import { countsOf } from "../memory/estimate.ts";
import { estimateNetwork, type NetworkSizes } from "../memory/network.ts";
import type { ExampleKind } from "../train/examples.ts";
import type { LossName } from "../train/losses/registry.ts";
import type { ModelParts, NeuralMethod } from "../train/method.ts";
import { NetworkModel } from "../train/model.ts";
import type { Network } from "../train/network.ts";
import { NetworkTraining } from "../train/network_training.ts";
import { type TrainingSettings, USUAL_BATCH_SIZE } from "../train/settings.ts";
import { checkedNetwork } from "./checked_network.ts";
import { configurations, type Configured } from "./config.ts";

/** Description of a method. */
export interface MethodDescription<S extends z.ZodRawShape, N extends string = string> {
  /** Name, as in `--method`. */
  name: N;
  /** Title, as in tables. */
  title: string;
  /** Where it was published. */
  paper: string;
  /** Description in one line, for `--help`. */
  help: string;
  /** Sizes and choices, among them `length` and `dropout`. */
  shape: S;
  /** Refuses sizes that contradict each other, before any data are read. */
  check?(sizes: z.output<z.ZodObject<S>>): void;
  /** Returns what training predicts of a sequence. */
  examples(config: Configured<S>): ExampleKind;
  /** Default loss. */
  loss: LossName;
  /** Other default settings of its training; `batchSize` applies if there are many examples. */
  training?: Partial<Pick<TrainingSettings, "batchSize" | "rate" | "trainNegatives" | "trainDistribution">>;
  /** Whether it requires item features. */
  needsFeatures?: boolean;
  /** For examples of the kind `masked`: returns the share that is hidden. */
  hidden?(config: Configured<S>): number;
  network(dataset: SequenceDataset, config: Configured<S>): Network;
}

/** A method in the form that training uses. */
export interface DescribedMethod<S extends z.ZodRawShape, N extends string = string>
  extends NeuralMethod<Configured<S>> {
  readonly description: MethodDescription<S, N>;
}

/** Returns the error for a method that needs item features, on data without any. */
export const withoutFeatures = (title: string): InputError =>
  new InputError(
    `Cannot build ${title}: it needs item features, and the dataset has none; prepare with --items`,
  );

/** Makes a method from its description. */
export function neuralMethod<S extends z.ZodRawShape, N extends string>(
  description: MethodDescription<S, N>,
): DescribedMethod<S, N> {
  const { name, title, shape, check, examples, needsFeatures, hidden, network } = description;
  const networkOf = (dataset: SequenceDataset, config: Configured<S>): Network => {
    check?.(config as unknown as z.output<z.ZodObject<S>>);
    if (!needsFeatures || dataset.features().length > 0) {
      return checkedNetwork(title, network(dataset, config));
    }
    throw withoutFeatures(title);
  };
  const parts = (dataset: SequenceDataset, config: Configured<S>): ModelParts => ({
    name: title,
    config,
    items: config.items,
    length: (config as unknown as { length: number }).length,
    hidesNext: examples(config) === "masked",
    network: networkOf(dataset, config),
  });
  const { configure, reconfigure } = configurations(name, shape);
  return {
    name,
    title,
    description,
    configure(dataset, input) {
      const config = configure(dataset, input);
      networkOf(dataset, config); // refuses what does not fit the dataset
      return config;
    },
    reconfigure,
    batchSize: (dataset, config) =>
      defaultBatchSize(
        examples(config) === "last" ? aboutTargets(dataset) : dataset.users,
        description.training?.batchSize ?? USUAL_BATCH_SIZE,
      ),
    parameters: (dataset, config) => networkOf(dataset, config).parameters,
    parts,
    build(engine, dataset, config, settings, networks) {
      const made = parts(dataset, config), kind = examples(config);
      const training = new NetworkTraining(engine, dataset, settings, {
        ...made,
        examples: kind,
        hidden: hidden?.(config),
      });
      const work = {
        kind: "train" as const,
        settings,
        examples: training.examples.sizes.reduce((sum, size) => sum + size, 0),
        targets: kind === "last" ? 1 : made.length,
      };
      const estimate = estimateNetwork({ ...sizesOf(made), networks }, work, countsOf(dataset), engine);
      checkMemory("train", estimate, engine, networks);
      return training;
    },
    checkScoring(doing, engine, dataset, config, networks) {
      const sizes = { ...sizesOf(parts(dataset, config)), networks };
      const estimate = estimateNetwork(sizes, { kind: "score" }, countsOf(dataset), engine);
      checkMemory(doing, estimate, engine, networks);
    },
    model: (engine, dataset, config, weights, name = title) =>
      new NetworkModel(engine, { ...parts(dataset, config), name }, weights),
  };
}

/** Returns the sizes that determine how much memory a network needs. */
function sizesOf({ network: { parameters, window }, config, items, length }: ModelParts): NetworkSizes {
  const { dim, layers = 1, heads = 0 } = config as { dim?: number; layers?: number; heads?: number };
  return { parameters, items, length, dim: dim!, pairs: layers * heads * length ** 2, window };
}
