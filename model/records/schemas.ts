/**
 * Schemas of the JSON files of a run folder.
 *
 * @module
 */
import { z } from "zod";
import { selectedPlace } from "./candidates.ts";
import type { MetricName, RankingProtocol } from "./evaluation.ts";
import type { Insights } from "./insights.ts";
import {
  type Adjustments,
  type Architecture,
  type DroppedCandidate,
  type Evidence,
  type Metrics,
  type ModelConfig,
  type RunMetrics,
  type RunWarning,
  SEARCHES,
  type SearchRecord,
  type TrainRecord,
  type Trial,
} from "./records.ts";

/** The version of the run folder's format. */
export const RUN_VERSION = 3;
/** The version of `model/config.json`. */
export const MODEL_VERSION = 3;
/** The version of a checkpoint of any phase: it is raised when its contents get another meaning. */
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

const trained = z.object({
  epochs: z.number(),
  of: count.optional(),
  kept: z.object({ epoch: count, share: part.optional() }),
  isBest: z.boolean(),
});

/** A warning in `run.json`. */
const warning: z.ZodType<RunWarning> = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("cut short"),
    phase: z.enum(["search", "training"]),
    epochs: z.number().optional(),
    of: count.optional(),
    trainings: count.optional(),
    resume: z.string().optional(),
    selected: length.optional(),
  }),
  z.object({
    kind: z.literal("unfinished"),
    method: z.string().optional(),
    trained: trained.optional(),
    resume: z.string(),
  }),
  z.object({ kind: z.literal("guess"), length, isCut: z.boolean() }),
  z.object({ kind: z.literal("remark"), text: z.string() }),
]);

/** A block of options. */
const options = z.record(z.string(), z.unknown());

/** `run.json`. */
export const runSchema = z.object({
  format: z.literal("automlp-run"),
  version: z.int(),
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
  ),
  machine: z.object({ system: z.string(), cores: count, memoryBytes: count.optional() }).optional(),
  config: z.object({
    method: z.string(),
    network: options,
    search: options.optional(),
    training: z.looseObject({
      epochs: count.optional(),
      metric: z.custom<MetricName>((value) => typeof value === "string").optional(),
      protocol: z.custom<RankingProtocol>((value) => typeof value === "string").optional(),
      ensemble: count.optional(),
      keepSeen: z.boolean().optional(),
      trainOn: z.enum(["all", "all-but-test"]).optional(),
      startFrom: z.string().optional(),
    }),
    session: options,
    data: options.optional(),
    refit: z.object({ of: z.string(), figuresIn: z.string() }).optional(),
  }),
  seed: count,
  versions: z.record(z.string(), z.string()),
  title: z.string(),
  backend: engine,
  backends: z.array(engine),
  parameters: count.optional(),
  dataset: datasetRef.extend({ seed: count, folder: z.string(), beside: z.string().optional() }),
  times: z.record(z.string(), z.number()),
  phase: z.enum(["search", "retrain", "evaluate"]).optional(),
  peakMemory: z.record(z.string(), count),
  peakMemoryBytes: count,
  warnings: z.array(warning),
});

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

/** What is known of a candidate. */
const evidenceSchema: z.ZodType<Evidence> = z.object({
  loss: z.number(),
  difference: z.number(),
  standardError: z.number().nonnegative(),
  judgements: count,
});
/** A candidate that was dropped. */
export const droppedSchema: z.ZodType<DroppedCandidate> = z.object({
  candidate: count,
  step: count,
  evidence: evidenceSchema,
});
/** Why a search ended early. */
const endedSchema = z.enum(["only one", "one left"]);

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
  rate: number,
});

/** `architecture.json`. */
export const architectureSchema: z.ZodType<Architecture> = z.object({
  shortTermLength: length,
  lengths: z.array(length).min(1).max(1000),
  /** One number per candidate, or none if nothing was searched by gradient. */
  alpha: numbers,
  probabilities: numbers,
  entropy: number,
  margin: number,
  clear: z.boolean(),
  rule: z.enum(["argmax", "shortest-within-error"]),
  method: z.enum([...SEARCHES, "exhaustive", "given"]),
  evidence: z.array(evidenceSchema).optional(),
  practicalDifference: z.number().nonnegative().optional(),
  alike: z.array(length).optional(),
  dropped: z.array(droppedSchema).optional(),
  ended: endedSchema.optional(),
}).superRefine(
  ({ evidence = [], dropped = [], ...architecture }, context) => {
    const { lengths, alpha, probabilities } = architecture;
    const wrong = (path: string, message: string) =>
      context.addIssue({ code: "custom", path: [path], message });
    if (selectedPlace(architecture) < 0) {
      wrong("shortTermLength", `${architecture.shortTermLength} is none of the candidates`);
    }
    for (const [path, { length }] of Object.entries({ alpha, probabilities, evidence })) {
      if (length !== 0 && length !== lengths.length) {
        wrong(path, `has ${length} numbers for ${lengths.length} candidates`);
      }
    }
    if (dropped.some(({ candidate }) => candidate >= lengths.length)) {
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
        users: count,
        share,
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

/** τ by protocol, by method. */
export const adjustments: z.ZodType<Adjustments> = z.record(z.string(), z.record(z.string(), z.number()));

/** `metrics.json`. */
export const metricsFileSchema: z.ZodType<RunMetrics> = z.object({
  dataset: datasetRef,
  seed: count,
  method: z.string(),
  methods: z.record(
    z.string(),
    z.object({
      metrics,
      standardErrors: metrics,
      logitAdjustment: z.record(z.string(), z.number()),
      unadjusted: metrics,
      weights: z.string().optional(),
    }),
  ),
  tests: z.record(z.string(), tests).optional(),
}).refine(({ method, methods }) => method in methods, { path: ["method"], error: "has no figures" });
