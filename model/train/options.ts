/**
 * The options of a training: defaults, and what values they may have.
 *
 * @module
 */
import { z } from "zod";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { didYouMean, InputError } from "../../pipeline/contract/errors.ts";
import { DEFAULT_SEED } from "../../pipeline/contract/random.ts";
import type { TrainingSettings } from "./settings.ts";
import { LOSSES, lossOf } from "./losses/registry.ts";
import { DISTRIBUTIONS } from "./negatives.ts";
import { SCHEDULES, type TrainingOptions } from "./state.ts";

const size = z.int().positive();

/** What search and training have in common. */
export const settingsShape = {
  loss: z.enum(LOSSES).default("ce"),
  /** 0 for a loss that needs none. */
  trainNegatives: z.int().nonnegative().optional(),
  trainDistribution: z.enum(DISTRIBUTIONS).default("uniform"),
  logitAdjustment: z.number().min(0).max(2).default(0),
  scoreRegularisation: z.number().min(0).default(1),
  rate: z.number().positive().default(1e-3),
  batchSize: size.default(512),
  seed: z.int().nonnegative().default(DEFAULT_SEED),
};

/** What only a training has. */
export const trainingShape = {
  schedule: z.enum(SCHEDULES).default("constant"),
  epochs: size.default(100),
  patience: size.default(10),
  metric: z.string().default("NDCG@10"),
  protocol: z.string().optional(),
};

/** What work is given that is no option of it. */
type RunContext = "progress" | "signal" | "deadline";

/** The settings, the number of negatives that fits the loss among them. */
type Resolved<S extends typeof settingsShape> =
  & z.output<z.ZodObject<S>>
  & Pick<TrainingSettings, "trainNegatives">;

/**
 * Fills in defaults and checks the values; what stands around the work is handed through.
 *
 * @param work As in "train".
 * @throws {InputError} where there is no such option, or its value does not fit.
 */
export function resolveOptions<
  S extends typeof settingsShape,
  I extends Partial<Record<RunContext, unknown>>,
>(
  shape: S,
  { progress, signal, deadline, ...input }: I,
  work: string,
): Resolved<S> & Pick<I, RunContext> {
  for (const key of Object.keys(input)) {
    if (!(key in shape)) {
      throw new InputError(`Cannot ${work}: there is no option ${key}${didYouMean(key, Object.keys(shape))}`);
    }
  }
  const parsed = z.object(shape).safeParse(input);
  if (!parsed.success) {
    const [{ path, message }] = parsed.error.issues;
    throw new InputError(`Cannot ${work}: option ${path.join(".")}: ${message}`);
  }
  const options = parsed.data as z.output<z.ZodObject<typeof settingsShape>>;
  const trainNegatives = options.trainNegatives ?? lossOf(options.loss).defaultNegatives;
  const resolved: unknown = { ...options, trainNegatives, progress, signal, deadline };
  return resolved as Resolved<S> & Pick<I, RunContext>;
}

/** The dataset's first protocol; `full` where it has no negatives. */
export const defaultProtocol = (dataset: SequenceDataset): string =>
  dataset.manifest.negatives.protocols[0] ?? "full";

/**
 * A training's options, all of them.
 *
 * @throws {InputError} where there is no such option, or its value does not fit.
 */
export function resolveTraining(dataset: SequenceDataset, input: Partial<TrainingOptions>): TrainingOptions {
  const shape = { ...settingsShape, ...trainingShape, name: z.string().min(1).optional() };
  const options = resolveOptions(shape, input, "train");
  return { ...options, protocol: options.protocol ?? defaultProtocol(dataset) };
}
