/**
 * The files of a run folder: all except `checksums.json`, which has their checksums.
 *
 * @module
 */
import type { z } from "zod";
import { profileSchema } from "../records/profile_schema.ts";
import * as schemas from "../records/schemas.ts";

/** What writes a file: the job, from beginning to end, or one of its phases. */
export type Writer = "job" | "search" | "retrain" | "evaluate";

/** One file of a run. */
export interface RunFile {
  /** Relative to the run folder. */
  readonly path: string;
  readonly writers: readonly Writer[];
  /** A description for people; omitted if another file's description covers it. */
  readonly what?: string;
  /** Set if a folder without this file holds no run. Any other file is missing until its phase has written it. */
  readonly required?: true;
}

/** A JSON file or a JSON lines file. */
export interface ValueFile<T> extends RunFile {
  /** Schema of the value, or of the value in each line. */
  readonly schema: z.ZodType<T>;
  /** Whether it has one value a line. */
  readonly lines: boolean;
}

const SEARCH = ["search"] as const, RETRAIN = ["retrain"] as const, EVALUATE = ["evaluate"] as const;
/** An exhaustive search trains its winner as the next phase would. */
const TRAINING = ["search", "retrain"] as const;

const file = (path: string, writers: readonly Writer[], what?: string): RunFile => ({ path, writers, what });
const values = <T>(
  path: string,
  writers: readonly Writer[],
  schema: z.ZodType<T>,
  what?: string,
): ValueFile<T> => ({ path, writers, what, schema, lines: path.endsWith(".jsonl") });

/** The files, in the order in which a run gets to them. */
export const FILES = {
  /** Command, configuration, seed, versions, data, times, memory, status. */
  run: { ...values("run.json", ["job"], schemas.runSchema), required: true },
  /** α, entropy and losses over the search. */
  searchHistory: values(
    "search/history.jsonl",
    SEARCH,
    schemas.searchRecordSchema,
    "the search's history",
  ),
  /** Results of each candidate in an exhaustive search. */
  trials: values("search/trials.jsonl", SEARCH, schemas.trialSchema, "the trials"),
  /** The selected length, and how clear the selection was. */
  architecture: values("architecture.json", SEARCH, schemas.architectureSchema, "the selected length"),
  /** Losses and validation metrics over the training. */
  trainHistory: values(
    "train/history.jsonl",
    TRAINING,
    schemas.trainRecordSchema,
    "the training's history",
  ),
  /** The method, and its network's sizes. */
  modelConfig: values("model/config.json", RETRAIN, schemas.modelSchema),
  /** The network's weights. */
  weights: file("model/weights.safetensors", RETRAIN, "the model"),
  /** Results of the model and of other methods. */
  metrics: values("metrics.json", EVALUATE, schemas.metricsFileSchema, "metrics"),
  /** Which users the model serves well, how sure it is, and what it recommends to a few people. */
  insights: values("insights.json", EVALUATE, schemas.insightsSchema),
  /** How the interactions are distributed over users, items and time. */
  profile: values("data.json", ["job"], profileSchema),
  /** The rank of each test positive. */
  perUser: file("per_user.parquet", EVALUATE, "ranks of the test positives"),
  /** What is needed to resume: the last two checkpoints of each phase. */
  searchCheckpoint: file("checkpoint/search.safetensors", SEARCH, "a checkpoint of the search"),
  searchCheckpointBefore: file("checkpoint/search.previous.safetensors", SEARCH),
  trainCheckpoint: file("checkpoint/train.safetensors", TRAINING, "a checkpoint of the training"),
  trainCheckpointBefore: file("checkpoint/train.previous.safetensors", TRAINING),
  /** Everything in a form for people to read. */
  report: file("report.html", ["job"], "the report"),
} as const satisfies Record<string, RunFile>;
