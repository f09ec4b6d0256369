/**
 * How a network is trained.
 *
 * @module
 */
import { z } from "zod";
import type { Describes } from "../../pipeline/contract/options/describes.ts";
import type { Filled } from "../../pipeline/contract/options/shapes.ts";
import { DEFAULT_SEED } from "../../pipeline/contract/random.ts";
import { type Precision, PRECISIONS } from "../backend/precision.ts";
import { LOSSES, type LossName, lossOf } from "./losses/registry.ts";
import { type Distribution, DISTRIBUTIONS } from "./negatives.ts";

/** The default numbers of negatives, in words: `bce 1, …`. */
const NEGATIVES = LOSSES.filter((name) => lossOf(name).negatives !== "none")
  .map((name) => `${name} ${lossOf(name).defaultNegatives}`).join(", ");

/** Default number of targets in a training step, if there are many. */
export const USUAL_BATCH_SIZE = 512;
/** The default number of targets, in words. */
export const fewerOnSmallData = (usual: number): string => `${usual}, fewer on small data`;

/** Options that search and training have in common; the texts are those of `--help`. */
export const settingsShape = {
  loss: z.enum(LOSSES).default("ce").meta({ description: "loss that training minimises" }),
  /** 0 for a loss without negatives; see `train/losses/`. */
  trainNegatives: z.int().nonnegative().optional().meta({
    yaml: true,
    title: "N",
    description:
      "number of negatives per target, or per batch, for the losses that compare with only some items",
    fallback: NEGATIVES,
  }),
  trainDistribution: z.enum(DISTRIBUTIONS).default("uniform")
    .meta({
      yaml: true,
      title: "KIND",
      description: "distribution that the negatives of training are drawn from",
    }),
  /** τ; 0 means no adjustment; see `train/losses/cross_entropy.ts`. */
  logitAdjustment: z.number().min(0).max(2).default(0).meta({
    yaml: true,
    title: "TAU",
    description:
      "with --loss ce: learn log p − TAU log popularity; 1 suits protocols with popularity-drawn negatives, 0 ranking all items",
  }),
  /** λ. */
  scoreRegularisation: z.number().min(0).default(1).meta({
    yaml: true,
    title: "X",
    description: "with --loss bpr-max: weight of the term that keeps negatives' scores near zero",
  }),
  rate: z.number().positive().default(1e-3).meta({
    title: "X",
    description: "learning rate of Adam",
    space: { min: 3e-4, max: 1e-2, scale: "log" },
  }),
  batchSize: z.int().positive().optional().meta({
    title: "B",
    description: "number of targets in a training step",
    space: [64, 128, 256, 512],
    fallback: fewerOnSmallData(USUAL_BATCH_SIZE),
  }),
  precision: z.enum(PRECISIONS).default("float32").meta({
    yaml: true,
    description:
      "precision to which the factors of a training step's products are rounded; bfloat16 (mixed precision) is faster on processors with AMX",
  }),
  seed: z.int().nonnegative().default(DEFAULT_SEED)
    .meta({ title: "N", description: "seed of weights, order and dropout" }),
};

/**
 * How a network is trained: the settings shared by search and training. Those that only one loss uses may be left
 * out. Part of {@link SearchOptions} and {@link TrainingOptions}.
 */
export interface TrainingSettings {
  /** Loss that training minimises. Default: `ce`; for FPMC `sampled-softmax`. */
  loss: LossName;
  /**
   * Number of negatives for each target, or for a batch, with the losses that compare with only some items; 0 for the
   * others. Default: depends on the loss.
   */
  trainNegatives: number;
  /** Distribution that the negatives of training are drawn from. Default: `uniform`. */
  trainDistribution: Distribution;
  /**
   * τ, 0 … 2, of the loss `ce`: learn log p − τ log popularity. 1 suits protocols with popularity-drawn negatives, 0
   * ranking all items. Default: 0.
   */
  logitAdjustment?: number;
  /** λ of the loss `bpr-max`: weight of the term that keeps negatives' scores near zero. Default: 1. */
  scoreRegularisation?: number;
  /** Learning rate of Adam. Default: 0.001; for GRU4Rec, GRU4Rec+ and LSTM-LSTM 0.004; for FPMC 0.005. */
  rate: number;
  /**
   * Number of targets in a training step. Default: 512, fewer on small data; other methods than AutoMLP have their
   * own defaults, counted in sequences.
   */
  batchSize: number;
  /**
   * Precision to which the factors of products in a training step are rounded; weights, sums and everything outside
   * the step are float32. `bfloat16` needs the native engine, and is faster on processors with AMX. Default:
   * `float32`.
   */
  precision?: Precision;
  /** Seed of weights, order and dropout. Default: 2023. */
  seed: number;
}
true satisfies Describes<
  z.ZodObject<typeof settingsShape>,
  & Filled<
    Omit<TrainingSettings, "trainNegatives" | "batchSize">,
    "logitAdjustment" | "scoreRegularisation" | "precision"
  >
  & Partial<Pick<TrainingSettings, "trainNegatives" | "batchSize">>,
  Partial<TrainingSettings>
>;
