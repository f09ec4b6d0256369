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
import { countsOf, type DatasetCounts, type Learning, type MemoryEstimate } from "../memory/estimate.ts";
import { estimateNetwork, type NetworkExamples, type NetworkSizes } from "../memory/network.ts";
import type { Engine } from "../backend/types.ts";
import { type ExampleKind, type Examples, makeExamples } from "../train/examples.ts";
import type { LossName } from "../train/losses/registry.ts";
import type { MethodConfig, ModelParts, NeuralMethod } from "../train/method.ts";
import { NetworkModel } from "../train/model.ts";
import type { Network } from "../train/network.ts";
import { NetworkTraining } from "../train/network_training.ts";
import { sizeOf } from "../train/open_part.ts";
import { type TrainingSettings, USUAL_BATCH_SIZE } from "../train/settings.ts";
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

/** What distinguishes a trained method from the others. */
export interface MethodParts<C extends MethodConfig>
  extends Pick<NeuralMethod<C>, "name" | "title" | "configure" | "reconfigure" | "batchSize"> {
  /** Returns the network and its sizes. @throws {InputError} if the configuration does not fit the dataset. */
  parts(dataset: SequenceDataset, config: C): ModelParts;
  /** Returns the examples of its training. */
  examples(dataset: SequenceDataset, config: C, seed: number): Examples;
  /** Estimates the memory of training or scoring. */
  estimate(
    parts: ModelParts,
    work: Learning & NetworkExamples | { kind: "score" },
    counts: DatasetCounts,
    engine: Engine,
    networks?: number,
  ): MemoryEstimate;
}

/** Makes a method of its parts. */
export const methodOfParts = <C extends MethodConfig>(
  { parts, examples, estimate, ...method }: MethodParts<C>,
): NeuralMethod<C> & Required<Pick<NeuralMethod<C>, "parts">> => ({
  ...method,
  parts,
  parameters: (dataset, config) => parts(dataset, config).network.parameters,
  build(engine, dataset, config, settings, networks) {
    const made = { ...parts(dataset, config), examples: examples(dataset, config, settings.seed) };
    const training = new NetworkTraining(engine, dataset, settings, made);
    const work = {
      kind: "train" as const,
      settings,
      examples: sizeOf(training.examples),
      targets: made.examples.targets ?? 1,
    };
    checkMemory("train", estimate(made, work, countsOf(dataset), engine, networks), engine, networks);
    return training;
  },
  checkScoring(doing, engine, dataset, config, networks) {
    const work = { kind: "score" as const };
    checkMemory(
      doing,
      estimate(parts(dataset, config), work, countsOf(dataset), engine, networks),
      engine,
      networks,
    );
  },
  model: (engine, dataset, config, weights, name = method.title) =>
    new NetworkModel(engine, { ...parts(dataset, config), name }, weights),
});

/** Makes a method from its description. */
export function neuralMethod<S extends z.ZodRawShape, N extends string>(
  description: MethodDescription<S, N>,
): DescribedMethod<S, N> {
  const { name, title, shape, check, examples, needsFeatures, hidden, network } = description;
  const parts = (dataset: SequenceDataset, config: Configured<S>): ModelParts => {
    check?.(config as unknown as z.output<z.ZodObject<S>>);
    if (needsFeatures && dataset.features().length === 0) throw withoutFeatures(title);
    return {
      name: title,
      config,
      items: config.items,
      length: (config as unknown as { length: number }).length,
      hidesNext: examples(config) === "masked",
      network: network(dataset, config),
    };
  };
  const { configure, reconfigure } = configurations(name, shape);
  return {
    ...methodOfParts<Configured<S>>({
      name,
      title,
      configure(dataset, input) {
        const config = configure(dataset, input);
        parts(dataset, config); // refuses what does not fit the dataset
        return config;
      },
      reconfigure,
      batchSize: (dataset, config) =>
        defaultBatchSize(
          examples(config) === "last" ? aboutTargets(dataset) : dataset.users,
          description.training?.batchSize ?? USUAL_BATCH_SIZE,
        ),
      parts,
      examples: (dataset, config, seed) =>
        makeExamples(examples(config), dataset, {
          length: (config as unknown as { length: number }).length,
          seed,
          hidden: hidden?.(config),
        }),
      estimate: (parts, work, counts, engine, networks) =>
        estimateNetwork({ ...sizesOf(parts), networks }, work, counts, engine),
    }),
    description,
  };
}

/** Returns the sizes that determine how much memory a network needs. */
function sizesOf({ network: { parameters, window }, config, items, length }: ModelParts): NetworkSizes {
  const { dim, layers = 1, heads = 0 } = config as { dim?: number; layers?: number; heads?: number };
  return { parameters, items, length, dim: dim!, pairs: layers * heads * length ** 2, window };
}
