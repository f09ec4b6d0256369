/**
 * Schemas of the JSON files of a run folder.
 *
 * @module
 */
import { z } from "zod";
import type { Describes } from "../../pipeline/contract/options/describes.ts";
import { selectedPlace } from "./candidates.ts";
import type { MetricName } from "./evaluation.ts";
import type { Insights } from "./insights.ts";
import type {
  Architecture,
  DroppedCandidate,
  Evidence,
  Metrics,
  ModelConfig,
  RunFacts,
  RunMetrics,
  SearchRecord,
  TrainRecord,
  Trial,
} from "./records.ts";

/**
 * The version of the run folder's format that this program writes, and the newest that it reads. Version 2: every file has a
 * checksum, and a dataset inside the run is named by its path there.
 */
export const RUN_VERSION = 2;
/**
 * The same for `model/config.json`. Version 2: the sequence mixers' LayerNorm has a gain and a bias. Version 3: the method is named.
 */
export const MODEL_VERSION = 3;
/** The oldest version of `model/config.json` that is read. */
export const OLDEST_MODEL_VERSION = 2;
/**
 * The version of a checkpoint of any phase. It is raised when an older program would refuse its contents as damaged, or continue from it
 * differently.
 */
export const CHECKPOINT_VERSION = 1;

const count = z.int().nonnegative();
/** Length of a short-term module; no user has a million interactions. */
const length = z.int().min(1).max(1_000_000);
/** A number or NaN; JSON cannot represent NaN, and has null instead. */
const number = z.custom<number | null>(
  (value) => value === null || typeof value === "number",
  "must be a number",
).transform((value) => value ?? NaN);
const numbers = z.array(number);
/** Share of an epoch that ended early. */
const part = z.number().gt(0).lt(1);
const datasetRef = z.object({ hash: z.string(), name: z.string() });

const engine = z.object({ name: z.string(), device: z.string(), version: z.string() });

/** `run.json`. */
export const runSchema = z.object({
  format: z.literal("automlp-run"),
  version: z.int().min(1),
  status: z.enum(["running", "interrupted", "failed", "done"]),
  command: z.string(),
  sessions: z.array(
    z.object({
      command: z.string(),
      began: z.iso.datetime(),
      commit: z.string().optional(),
      program: z.string().optional(),
      budget: z.number().positive().optional(),
    }),
  ).optional(),
  machine: z.object({ system: z.string(), cores: count, memoryBytes: count.optional() }).optional(),
  config: z.record(z.string(), z.unknown()),
  seed: count,
  seeds: z.object({
    dataset: count,
    search: count.optional(),
    training: count,
    evaluation: count,
  }).optional(),
  versions: z.record(z.string(), z.string()),
  method: z.object({ name: z.string(), title: z.string() }).optional(),
  backend: engine,
  backends: z.array(engine).optional(),
  parameters: count.optional(),
  dataset: datasetRef.extend({ folder: z.string(), beside: z.string().optional() }),
  times: z.record(z.string(), z.number()),
  phase: z.enum(["search", "retrain", "evaluate"]).optional(),
  peakMemory: z.record(z.string(), count).optional(),
  peakMemoryBytes: count,
  warnings: z.array(z.string()),
});

true satisfies Describes<typeof runSchema, RunFacts>;

/** `model/config.json`. */
export const modelSchema = z.object({
  format: z.literal("automlp-model"),
  version: z.int().min(1),
  dataset: datasetRef,
  trainedOn: z.enum(["all", "all-but-test"]).optional(),
  seed: count,
  method: z.string(),
  keepSeen: z.boolean().optional(),
  config: z.looseObject({ method: z.string(), dropout: z.number(), ensemble: z.int().min(1).optional() }),
}) satisfies z.ZodType<ModelConfig>;

/** The same in version 2, when AutoMLP was the only method. */
export const automlpModelSchema = z.object({
  ...modelSchema.omit({ method: true, config: true }).shape,
  network: z.looseObject({ dropout: z.number() }),
})
  .transform(({ network, ...rest }): ModelConfig => ({
    ...rest,
    method: "automlp",
    config: { ...network, method: "automlp" },
  }));

/** What is known of a candidate. */
const evidenceSchema: z.ZodType<Evidence> = z.object({
  loss: z.number(),
  difference: z.number(),
  standardError: z.number().nonnegative(),
  interval: z.tuple([z.number(), z.number()]),
  lasting: z.number().optional(),
  headStart: z.number().nonnegative().optional(),
  judgements: count,
});
/** A candidate that was dropped. */
export const droppedSchema: z.ZodType<DroppedCandidate> = z.object({
  candidate: count,
  step: count,
  evidence: evidenceSchema,
});
/** Why a search ended early. */
export const endedSchema = z.enum(["only one", "one left", "same answer", "alike"]);

/** A line of `search/history.jsonl`. */
export const searchRecordSchema: z.ZodType<SearchRecord> = z.object({
  epoch: count,
  share: part.optional(),
  step: count,
  alpha: numbers,
  probabilities: numbers,
  entropy: number,
  trainLoss: number,
  validationLoss: number,
  seconds: number,
  evidence: z.array(evidenceSchema).optional(),
});

/** A line of `search/trials.jsonl`. */
export const trialSchema: z.ZodType<Trial> = z.object({
  shortTermLength: length,
  value: z.number(),
  standardError: z.number().nonnegative().optional(),
  bestEpoch: z.int().min(1),
  epochs: z.number().positive(),
  seconds: z.number().nonnegative(),
});

/** A line of `train/history.jsonl`. */
export const trainRecordSchema: z.ZodType<TrainRecord> = z.object({
  epoch: count,
  share: part.optional(),
  step: count,
  loss: number,
  metrics: z.record(z.string(), number),
  standardErrors: z.record(z.string(), number).optional(),
  validationUsers: count.optional(),
  best: z.boolean(),
  seconds: number,
  examplesPerSecond: number,
  rate: number.optional(),
});

/** `architecture.json`. */
export const architectureSchema: z.ZodType<Architecture> = z.object({
  shortTermLength: length,
  candidates: z.array(length).min(1).max(1000),
  /** One number per candidate, or none if nothing was searched by gradient. */
  alpha: numbers,
  probabilities: numbers,
  entropy: number,
  margin: number,
  clear: z.boolean(),
  rule: z.enum(["argmax", "shortest-within-error", "shortest-within-margin"]),
  method: z.enum(["darts-losses", "darts-first-order", "darts-second-order", "exhaustive", "given"]),
  evidence: z.array(evidenceSchema).optional(),
  practicalDifference: z.number().nonnegative().optional(),
  alike: z.array(length).optional(),
  dropped: z.array(droppedSchema).optional(),
  ended: endedSchema.optional(),
}).superRefine(
  ({ evidence = [], dropped = [], ...architecture }, context) => {
    const { candidates, alpha, probabilities } = architecture;
    const wrong = (path: string, message: string) =>
      context.addIssue({ code: "custom", path: [path], message });
    if (selectedPlace(architecture) < 0) {
      wrong("shortTermLength", `${architecture.shortTermLength} is none of the candidates`);
    }
    for (const [path, { length }] of Object.entries({ alpha, probabilities, evidence })) {
      if (length !== 0 && length !== candidates.length) {
        wrong(path, `has ${length} numbers for ${candidates.length} candidates`);
      }
    }
    if (dropped.some(({ candidate }) => candidate >= candidates.length)) {
      wrong("dropped", "names no candidate");
    }
  },
);

/** Metrics of one part of the split. */
const partMetrics: z.ZodType<Metrics[string]> = z.record(z.string(), z.record(z.string(), number));
const metrics: z.ZodType<Metrics> = z.record(z.string(), partMetrics);

const estimate = { mean: number, standardError: number.optional() };
const share = z.number().min(0).max(1);

/** `insights.json`. */
export const insightsSchema: z.ZodType<Insights> = z.object({
  metric: z.custom<MetricName>((value) => typeof value === "string", "must be a metric"),
  groupings: z.array(z.object({
    by: z.string(),
    groups: z.array(
      z.object({
        label: z.string(),
        size: count,
        users: count.optional(),
        share: share.optional(),
        ...estimate,
      }),
    ),
  })),
  sureness: z.array(z.object({ said: share, size: count, ...estimate })),
  people: z.array(z.object({
    user: z.string(),
    history: z.array(z.string()),
    earlier: count,
    recommended: z.array(z.string()),
    took: z.string(),
    rank: count,
  })),
  lists: z.object({
    k: count,
    coverage: share,
    popularityPercentile: share,
    targetsPercentile: share,
    novelty: z.number(),
    gini: share,
  }),
  sample: z.object({ size: count, of: count }).optional(),
  millisecondsPerHistory: z.number().nonnegative(),
});

/** p by metric and method. */
const tests = z.record(z.string(), z.record(z.string(), number));
/** The same for one metric, as earlier versions wrote it. */
const testOfOne = z.object({ metric: z.string(), p: z.record(z.string(), number) })
  .transform(({ metric, p }) => ({ [metric]: p }));

/** A value for the run's own method and one for each of the others. */
const ofMethods = <T>(schema: z.ZodType<T>) =>
  z.object({ model: schema, baselines: z.record(z.string(), schema) });

/** τ by protocol. */
export const adjustments = ofMethods(z.record(z.string(), z.number()));

/** `metrics.json`: the parts of the model's metrics are at its top level, next to what must be reported along with them. */
export const metricsFileSchema: z.ZodType<RunMetrics> = z.object({
  dataset: datasetRef,
  seed: count,
  validation: partMetrics.optional(),
  test: partMetrics.optional(),
  baselines: z.record(z.string(), metrics),
  standardErrors: ofMethods(metrics).optional(),
  logitAdjustment: adjustments.optional(),
  unadjusted: ofMethods(metrics).optional(),
  method: z.string().optional(),
  tests: z.record(z.string(), z.union([testOfOne, tests])).optional(),
  weights: z.record(z.string(), z.string()).optional(),
}).transform(({ dataset, seed, method, validation, test, baselines, ...beside }) => ({
  dataset,
  seed,
  ...(method && { method }),
  model: { ...(validation && { validation }), ...(test && { test }) },
  baselines,
  ...beside,
}));
