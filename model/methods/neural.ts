/**
 * A trained method from the description in its file, which includes its network; and what the descriptions have in common.
 *
 * @module
 */
import { z } from "zod";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { didYouMean, InputError } from "../../pipeline/contract/errors.ts";
import { inPlainWords, placed } from "../../pipeline/contract/options/plain_words.ts";
import type { Engine } from "../backend/types.ts";
import { aboutTargets, defaultBatchSize, withDataDefaults } from "../data_defaults.ts";
import { checkMemory } from "../memory/check.ts";
import { countsOf, type DatasetCounts, type Learning, type MemoryEstimate } from "../memory/estimate.ts";
import { estimateNetwork, type NetworkExamples, type NetworkSizes } from "../memory/network.ts";
import { type ExampleKind, type Examples, makeExamples } from "../train/examples.ts";
import type { LossName } from "../train/losses/registry.ts";
import type { MethodConfig, ModelParts, NeuralMethod } from "../train/method.ts";
import { NetworkModel } from "../train/model.ts";
import type { Network } from "../train/network.ts";
import { NetworkTraining } from "../train/network_training.ts";
import { sizeOf } from "../train/open_part.ts";
import { fewerOnSmallData, type TrainingSettings, USUAL_BATCH_SIZE } from "../train/settings.ts";
import { sizesShape } from "./automlp/config.ts";

const size = z.int().positive();

/** AutoMLP's size with a lower limit, for networks whose cost grows faster with it. */
const atMost = (limit: number, schema: z.ZodNumber) => schema.max(limit, `must be at most ${limit}`);

/** Sizes that most methods have; their texts are shown by `--help`. */
export const shapes = {
  length: atMost(10_000, sizesShape.length.unwrap()).optional().meta(sizesShape.length.meta()!),
  dim: atMost(16_384, sizesShape.dim.unwrap()).default(sizesShape.dim.parse(undefined)).meta(
    sizesShape.dim.meta()!,
  ),
  layers: size.max(1_000).default(2).meta({ title: "L", description: "number of layers", space: [1, 2, 3] }),
  dropout: sizesShape.dropout,
  seenBias: sizesShape.seenBias,
};

/** Options only of methods that look back only. */
export const causal = {
  examples: z.enum(["each", "last"]).default("each").meta({
    description:
      "what training predicts: the next item at every position of a sequence at once, or each item separately " +
      "with all that came before it, which takes far longer",
  }),
};

/**
 * Defaults of the training of recurrent networks. GRU4Rec and LSTM-LSTM reached more at this rate than at 0.001 on three data sets, GRU4Rec+
 * a little less on one, with fewer epochs in most cases; see bench/README.md. Self-attention is worse with it.
 */
export const RECURRENT_TRAINING = { batchSize: 128, rate: 4e-3 } as const;

/** Returns the option for the number of heads of a self-attention. */
export const heads = (count: number) =>
  size.max(64).default(count).meta({
    title: "H",
    description: "heads of the attention; D is a multiple of H",
    space: [1, 2, 4],
  });

/** @throws {InputError} if the heads cannot share the numbers evenly. */
export function checkHeads(method: string, { heads, dim }: { heads: number; dim: number }): void {
  if (dim % heads === 0) return;
  throw new InputError(
    `Cannot build ${method}: ${heads} heads cannot share ${dim} numbers evenly; give a --dim that is a multiple of --heads`,
  );
}

/** Returns an entry of a shape with another default and the same help. */
export function withDefault<T extends z.ZodType>(
  schema: z.ZodDefault<T> | z.ZodOptional<T>,
  value: z.output<T>,
): z.ZodDefault<T> {
  const { fallback: _of_none, ...help } = schema.meta() ?? {};
  return schema.unwrap().default(value as z.core.util.NoUndefined<z.output<T>>).meta(help);
}

/** A method's configuration: its own sizes, and what all configurations have. */
export type Configured<S extends z.ZodRawShape> = z.output<z.ZodObject<S>> & MethodConfig & {
  /** Number of items; ids run from 1. */
  items: number;
} & ("length" extends keyof S ? { length: number } : unknown);

/** Returns functions that check a method's configurations and fill in defaults. */
export function configurations<S extends z.ZodRawShape>(method: string, shape: S) {
  const schema = z.strictObject({ method: z.literal(method).default(method), items: size, ...shape });
  const resolve = (input: Record<string, unknown>): Configured<S> => {
    const parsed = schema.safeParse(input, { error: inPlainWords });
    if (parsed.success) return parsed.data as Configured<S>;
    const [issue] = parsed.error.issues;
    if (issue.code === "unrecognized_keys") {
      const [key] = issue.keys, near = didYouMean(key, Object.keys(shape));
      throw new InputError(`Cannot build ${method}: there is no option ${key}${near}`);
    }
    const { name, message } = placed(issue);
    throw new InputError(`Cannot build ${method}: ${name}: ${message}`);
  };
  return {
    configure: (dataset: SequenceDataset, input: Record<string, unknown>) =>
      resolve({ ...withDataDefaults(dataset, input), items: dataset.items }),
    reconfigure: (config: Configured<S>, input: Record<string, unknown>) => resolve({ ...config, ...input }),
  };
}

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

/**
 * Returns the options of a training with the defaults of a method. These defaults are defined nowhere else.
 *
 * @param shape Options that include all those that the method's description has defaults for.
 */
export function withMethodDefaults<S extends Record<string, z.ZodType>>(
  shape: S,
  { loss, training }: Pick<MethodDescription<z.ZodRawShape>, "loss" | "training">,
): S {
  const all: Record<string, z.ZodType> = { ...shape }, { batchSize, ...others } = training ?? {};
  if (batchSize !== undefined) {
    all.batchSize = all.batchSize.meta({
      ...all.batchSize.meta(),
      description: "number of histories in a training step", // each has one target, or all at once
      fallback: fewerOnSmallData(batchSize),
    });
  }
  for (const [key, value] of Object.entries({ loss, ...others })) {
    all[key] = withDefault(all[key] as z.ZodDefault<z.ZodType>, value);
  }
  return all as S;
}
