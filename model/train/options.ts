/**
 * The options of a training: defaults, and what values they may have.
 *
 * @module
 */
import { z } from "zod";
import type { Describes } from "../../pipeline/contract/options/describes.ts";
import { didYouMean, InputError } from "../../pipeline/contract/errors.ts";
import type { Filled } from "../../pipeline/contract/options/filled.ts";
import { inPlainWords, placed } from "../../pipeline/contract/options/plain_words.ts";
import { textOf } from "../../pipeline/contract/options/text_of.ts";
import type { StageContext } from "../../pipeline/contract/stage.ts";
import { parseMetric } from "../evaluate/metrics.ts";
import type { MetricName, RankingProtocol } from "../records/evaluation.ts";
import { lossOf } from "./losses/registry.ts";
import { SCHEDULES } from "./schedule.ts";
import { settingsShape, type TrainingSettings, USUAL_BATCH_SIZE } from "./settings.ts";

/** What only a training has; the texts are those of `--help`. */
export const trainingShape = {
  /** Constant in the paper. */
  schedule: z.enum(SCHEDULES).default("constant")
    .meta({ description: "learning rate over the epochs: constant, or falling along half a cosine" }),
  /** Measured on MovieLens-100K; not in the paper. */
  averaging: z.number().min(0).lt(1).default(0.99).meta({
    title: "DECAY",
    description:
      "validate and keep a moving average of the weights, with this decay per step; 0: the weights themselves",
  }),
  epochs: z.int().positive().default(100).meta({ title: "N", description: "maximum number of epochs" }),
  patience: z.int().positive().default(10).meta({
    title: "N",
    description: "number of epochs without improvement after which training stops",
  }),
  /** As in "NDCG@10", however it was written: records are looked up by it. */
  metric: textOf<MetricName>().transform((text) => parseMetric(text).name).default("NDCG@10")
    .meta({ title: "NAME", description: "validation metric that early stopping monitors" }),
  /** All items: it depends on nothing that was drawn, and weighs popularity as it is. */
  protocol: textOf<RankingProtocol>().default("full").meta({
    title: "NAME",
    description: "protocol of that metric",
  }),
};

/** How long a {@link Training} continues, and which metric it monitors. */
export interface TrainingOptions extends TrainingSettings, StageContext {
  /** How the learning rate goes: as it is, as in the paper, or to a fiftieth along half a cosine, over all epochs. Default: `constant`. */
  schedule?: "constant" | "cosine";
  /**
   * What is validated and kept is an exponential moving average of the weights (Polyak and Juditsky 1992), which forgets by this factor a step.
   * 0: the weights themselves. Default: 0.99.
   */
  averaging?: number;
  /** Epochs at most. Default: 100. */
  epochs: number;
  /** Epochs without improvement after which it stops. Default: 10. */
  patience: number;
  /** Validation metric that early stopping monitors. Default: `NDCG@10`. */
  metric: MetricName;
  /** Protocol of that metric. Default: `full`, all items: it depends on nothing that was drawn, and weighs popularity as it is. */
  protocol: RankingProtocol;
  /** What tables and comparisons call the network. Default: its method's title, as in SASRec. */
  name?: string;
  /** Protocol `full` ranks the items of the history too, as in `EvaluateOptions.keepSeen`. Default: false. */
  keepSeen?: boolean;
  /** Stops in time for this moment (`performance.now()`), whatever is left of the epoch. */
  deadline?: number;
}

true satisfies Describes<
  z.ZodObject<typeof trainingShape>,
  Filled<Pick<TrainingOptions, keyof typeof trainingShape>, "schedule" | "averaging">,
  Partial<Pick<TrainingOptions, keyof typeof trainingShape>>
>;

/** What work is given that is no option of it. */
type RunContext = "progress" | "signal" | "deadline";

/** The settings, among them the numbers of negatives and of targets in a step. */
type Resolved<S extends typeof settingsShape> =
  & z.output<z.ZodObject<S>>
  & Pick<TrainingSettings, "trainNegatives" | "batchSize">;

/**
 * Fills in defaults and checks the values; its context is passed through.
 *
 * @param work As in "train".
 * @param usual The number of targets in a step where none is given.
 * @throws {InputError} if there is no such option, or its value does not fit.
 */
export function resolveOptions<
  S extends typeof settingsShape,
  I extends Partial<Record<RunContext, unknown>>,
>(
  shape: S,
  { progress, signal, deadline, ...input }: I,
  work: string,
  usual: Pick<TrainingSettings, "batchSize"> = { batchSize: USUAL_BATCH_SIZE },
): Resolved<S> & Pick<I, RunContext> {
  for (const key of Object.keys(input)) {
    if (!Object.hasOwn(shape, key)) {
      throw new InputError(`Cannot ${work}: there is no option ${key}${didYouMean(key, Object.keys(shape))}`);
    }
  }
  const parsed = z.object(shape).safeParse(input, { error: inPlainWords });
  if (!parsed.success) {
    const { name, message } = placed(parsed.error.issues[0]);
    throw new InputError(`Cannot ${work}: option ${name}: ${message}`);
  }
  const options = parsed.data as z.output<z.ZodObject<typeof settingsShape>>;
  const trainNegatives = options.trainNegatives ?? lossOf(options.loss).defaultNegatives;
  if (trainNegatives === 0 && lossOf(options.loss).negatives !== "none") {
    throw new InputError(
      `Cannot ${work}: option trainNegatives: the loss ${options.loss} compares with negatives; give 1 or more`,
    );
  }
  const batchSize = options.batchSize ?? usual.batchSize;
  const resolved: unknown = { ...options, trainNegatives, batchSize, progress, signal, deadline };
  return resolved as Resolved<S> & Pick<I, RunContext>;
}

/** What a training may be given; its context is not among it. */
export const trainingOptionsShape = {
  ...settingsShape,
  ...trainingShape,
  name: z.string().min(1).optional(),
  keepSeen: z.boolean().optional(),
};

/**
 * A training's options, all of them.
 *
 * @param usual See {@link resolveOptions}.
 * @throws {InputError} if there is no such option, or its value does not fit.
 */
export const resolveTraining = (
  input: Partial<TrainingOptions>,
  usual?: Pick<TrainingSettings, "batchSize">,
): TrainingOptions => resolveOptions(trainingOptionsShape, input, "train", usual);
