/**
 * The options of a training: their defaults and allowed values.
 *
 * @module
 */
import { z } from "zod";
import type { Describes } from "../../pipeline/contract/options/describes.ts";
import { didYouMean, InputError } from "../../pipeline/contract/errors.ts";
import { type Filled, textOf } from "../../pipeline/contract/options/shapes.ts";
import { inPlainWords, placed } from "../../pipeline/contract/options/plain_words.ts";
import type { StageContext } from "../../pipeline/contract/stage.ts";
import { type MetricName, parseMetric, type RankingProtocol } from "../records/evaluation.ts";
import { lossOf } from "./losses/registry.ts";
import { SCHEDULES } from "./schedule.ts";
import { settingsShape, type TrainingSettings, USUAL_BATCH_SIZE } from "./settings.ts";

/** Options that only a training has; the texts are those of `--help`. */
export const trainingShape = {
  /** Constant in the paper. */
  schedule: z.enum(SCHEDULES).default("constant")
    .meta({
      yaml: true,
      description: "learning rate over the epochs: constant, or falling along half a cosine",
    }),
  /** Measured on MovieLens-100K; not in the paper. */
  averaging: z.number().min(0).lt(1).default(0.99).meta({
    yaml: true,
    title: "DECAY",
    description:
      "validate and keep a moving average of the weights, with this decay per step; 0: the weights themselves",
  }),
  epochs: z.int().positive().default(100).meta({ title: "N", description: "maximum number of epochs" }),
  patience: z.int().positive().default(10).meta({
    title: "N",
    description: "number of epochs without improvement after which training stops",
  }),
  /** A name such as "NDCG@10", normalized: records are looked up by it. */
  metric: textOf<MetricName>().transform((text) => parseMetric(text).name).default("NDCG@10")
    .meta({ yaml: true, title: "NAME", description: "validation metric that early stopping monitors" }),
  /** All items: this does not depend on random draws, and gives popularity its natural weight. */
  protocol: textOf<RankingProtocol>().default("full").meta({
    yaml: true,
    title: "NAME",
    description: "protocol of that metric",
  }),
  /** See `train/validation_users.ts`. */
  validationUsers: z.int().positive().optional().meta({
    yaml: true,
    title: "N",
    description: "number of users that validate an epoch, drawn at random; the evaluation ranks for all",
    fallback: "all, in large data some",
  }),
};

/** How long a {@link Training} continues, and which metric it monitors. */
export interface TrainingOptions extends TrainingSettings, StageContext {
  /** The learning rate over the epochs: constant, as in the paper, or falling to a fiftieth along half a cosine. Default: `constant`. */
  schedule?: "constant" | "cosine";
  /**
   * Decay per step of an exponential moving average of the weights (Polyak and Juditsky 1992), which is validated and
   * kept in their place. 0: the weights themselves. Default: 0.99.
   */
  averaging?: number;
  /** Maximum number of epochs. Default: 100. */
  epochs: number;
  /** Number of epochs without improvement after which training stops. Default: 10. */
  patience: number;
  /** Validation metric that early stopping monitors. Default: `NDCG@10`. */
  metric: MetricName;
  /** Protocol of that metric. Default: `full`, all items: it does not depend on random draws, and gives popularity its natural weight. */
  protocol: RankingProtocol;
  /**
   * Number of users that validate an epoch, drawn at random: the same for every method and seed. Default: all; if ranking all items would
   * take more than 2·10⁹ scores, as many users as make these, but at least 10,000.
   */
  validationUsers?: number;
  /** Name of the network in tables and comparisons. Default: its method's title, as in SASRec. */
  name?: string;
  /**
   * Whether protocol `full` also ranks the items of the history, as in `EvaluateOptions.keepSeen`: for data in which users take items
   * repeatedly. The model is evaluated and recommends in the same way, unless asked otherwise. Default: false.
   */
  keepSeen?: boolean;
  /** The moment (`performance.now()`) after which training stops at the end of the current step, even within an epoch. */
  deadline?: number;
}

true satisfies Describes<
  z.ZodObject<typeof trainingShape>,
  Filled<Pick<TrainingOptions, keyof typeof trainingShape>, "schedule" | "averaging">,
  Partial<Pick<TrainingOptions, keyof typeof trainingShape>>
>;

/** Fields that are passed along with the options but are not options themselves. */
type RunContext = "progress" | "signal" | "deadline";

/** The settings, with the numbers of negatives and of targets in a step filled in. */
type Resolved<S extends typeof settingsShape> =
  & z.output<z.ZodObject<S>>
  & Pick<TrainingSettings, "trainNegatives" | "batchSize">;

/**
 * Fills in defaults and checks the values; the context is passed through.
 *
 * @param work As in "train".
 * @param usual The default number of targets in a step.
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

/** All options that a training accepts, without its context. */
export const trainingOptionsShape = {
  ...settingsShape,
  ...trainingShape,
  name: z.string().min(1).optional(),
  keepSeen: z.boolean().optional(),
};

/**
 * Returns all options of a training, with defaults filled in.
 *
 * @param usual See {@link resolveOptions}.
 * @throws {InputError} if there is no such option, or its value does not fit.
 */
export const resolveTraining = (
  input: Partial<TrainingOptions>,
  usual?: Pick<TrainingSettings, "batchSize">,
): TrainingOptions => resolveOptions(trainingOptionsShape, input, "train", usual);
