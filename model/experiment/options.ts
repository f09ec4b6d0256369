/**
 * The options of the main job: network, search, training, evaluation.
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "../../pipeline/contract/errors.ts";
import { BACKENDS } from "../backend/types.ts";
import { parseMetric } from "../evaluate/metrics.ts";
import { checkOrder, searchShape } from "../search/options.ts";
import { settingsShape, trainingShape } from "../train/options.ts";

/** The method that is searched for its short-term length before it is trained. */
export const AUTOMLP = "automlp";

const size = z.int().positive();

/** The phases of the job, in their order. */
export const PHASES = ["dataset", "search", "retrain", "evaluate"] as const;
export type Phase = (typeof PHASES)[number];

/** `30m`, `2h`, `90s`, or seconds. */
const duration = z.union([
  z.number().positive(),
  z.string().regex(/^\d+(\.\d+)?[smh]?$/, 'must be a time such as "30m", "2h" or "90s"').transform((text) =>
    parseFloat(text) * ({ s: 1, m: 60, h: 3600 }[text.at(-1)!] ?? 1)
  ),
]);

const list = <S extends z.ZodType>(element: S) =>
  z.union([element, z.array(element).min(1)]).transform((v) => [v].flat());

/** Options of the job by the names they have in a configuration file; flags are the same in kebab case. */
export const jobShape = {
  // The method; sizes of AutoMLP's network are options of their own
  method: z.string().default(AUTOMLP),
  sizes: z.record(z.string(), z.unknown()).default({}),
  // The network
  length: size.default(50),
  dim: size.default(64),
  layers: size.default(2),
  longLayers: z.int().nonnegative().optional(),
  sequenceHidden: size.default(64),
  channelHidden: size.default(64),
  dropout: z.number().min(0).lt(1).default(0.2),
  score: z.enum(["dot", "cosine"]).default("dot"),
  temperature: z.number().positive().default(0.1),
  // The search
  search: z.enum(["darts", "exhaustive", "none"]).default("darts"),
  short: size.optional(),
  candidates: list(z.coerce.number().int().positive()).default([3, 5, 10, 15, 20]),
  relaxation: searchShape.relaxation,
  order: searchShape.order,
  searchEpochs: searchShape.epochs,
  searchWarmup: searchShape.warmup,
  alphaRate: searchShape.alphaRate,
  alphaData: searchShape.alphaData,
  select: searchShape.select,
  margin: searchShape.margin,
  elimination: searchShape.elimination,
  warmStart: z.boolean().default(false),
  // Training
  loss: settingsShape.loss,
  trainNegatives: size.optional(),
  trainDistribution: settingsShape.trainDistribution,
  logitAdjustment: settingsShape.logitAdjustment,
  scoreRegularisation: settingsShape.scoreRegularisation,
  rate: settingsShape.rate,
  batchSize: settingsShape.batchSize,
  ...trainingShape,
  // Evaluation
  ks: list(z.coerce.number().int().positive()).default([5, 10, 20]),
  // The run
  until: z.enum(PHASES).default("evaluate"),
  budget: duration.optional(),
  resume: z.boolean().default(false),
  strict: z.boolean().default(false),
  backend: z.enum(BACKENDS).optional(),
  threads: size.optional(),
};

export const jobSchema = z.object(jobShape);

/** The options of a job, defaults filled in. */
export type JobOptions = z.output<typeof jobSchema>;
/** The options of a job as they are given: what is left out has its default. */
export type JobInput = z.input<typeof jobSchema>;

/** Whether the method is AutoMLP, whose sizes are options of their own and whose length is selected first. */
export const isAutomlp = ({ method }: Pick<JobOptions, "method">): boolean => method === AUTOMLP;

/** Whether the job is to come to a phase. */
export const wants = ({ until }: Pick<JobOptions, "until">, phase: Phase): boolean =>
  PHASES.indexOf(until) >= PHASES.indexOf(phase);

/**
 * Refuses options that contradict each other. What the job will not use is not checked: nobody should have to change the
 * candidates of a search that is not made.
 *
 * @throws {InputError}
 */
export function checkJob(options: JobOptions): void {
  const refuse = (conflict: boolean, message: string) => {
    if (conflict) throw new InputError(message);
  };
  parseMetric(options.metric);
  if (!isAutomlp(options)) return;
  refuse(
    options.search === "none" && options.short === undefined,
    "Option --search none needs the length to train with: --short K",
  );
  refuse(
    options.search !== "none" && options.short !== undefined,
    `Option --short goes with --search none, not with ${options.search}`,
  );
  if (options.search === "darts") checkOrder(options.relaxation, options.order);
  const [what, lengths, wish] = options.search === "none"
    ? ["short-term length", [options.short!], "lower --short"] as const
    : ["candidate length", options.candidates, "name other --candidates"] as const;
  const longest = lengths.reduce((a, b) => Math.max(a, b));
  refuse(
    longest > options.length,
    `Cannot build the network: the ${what} ${longest} is longer than the sequence, ${options.length}; ` +
      `raise --length, or ${wish}`,
  );
  const twice = lengths.find((length, i) => lengths.indexOf(length) < i);
  refuse(twice !== undefined, `Cannot search: --candidates names the length ${twice} twice`);
}

/**
 * Options that may differ from one session of a run to the next: how far, how long, on what, what is reported. Under a
 * schedule the number of epochs shapes every step, so there it may not.
 */
const CHANGEABLE = ["until", "budget", "resume", "strict", "backend", "threads", "epochs", "ks"];

/** What a run is: the options that may not change when it is resumed. */
export function identityOptions(options: JobOptions): Record<string, unknown> {
  // Runs of versions that knew one method do not name it, nor the option of a loss that they did not know.
  const other = isAutomlp(options) ? ["method", "sizes"] : [];
  if (options.loss !== "bpr-max") other.push("scoreRegularisation");
  const fixed = Object.keys(jobShape).filter((key) =>
    !other.includes(key) &&
    (!CHANGEABLE.includes(key) || (key === "epochs" && options.schedule !== "constant"))
  ).sort();
  return Object.fromEntries(fixed.map((key) => [key, options[key as keyof JobOptions]]));
}
