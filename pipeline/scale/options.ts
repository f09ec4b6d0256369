/**
 * Options for the engine that prepares a dataset, and where it runs.
 *
 * @module
 */
import { z } from "zod";
import { PART_ROWS } from "../contract/dataset/parts.ts";
import { InputError } from "../contract/errors.ts";
import { availableMemory } from "../contract/machine/available_memory.ts";
import type { Describes } from "../contract/options/describes.ts";
import { type Filled, formatSize, size } from "../contract/options/shapes.ts";
import type { Inputs } from "../inputs.ts";
import { DEFAULT_NEGATIVES } from "../negatives/default_number.ts";
import { fitInMemory } from "../negatives/on_disk.ts";
import type { PrepareConfig } from "../prepare_options.ts";
import { estimateLog, type LogEstimate } from "../readers/estimate.ts";

const ENGINES = ["auto", "polars", "duckdb", "spark"] as const;
const DEFAULT_PARTS = 16;

/** Options beside those of a preparation. They decide where it runs and do not affect the result. */
export const engineShape = {
  engine: z.enum(ENGINES).default("auto").meta({
    description:
      "what does the work: Polars in memory, DuckDB within a memory limit (auto takes it if Polars would need more memory than there is), " +
      "or Spark on a cluster; the dataset is the same",
  }),
  memory: size.optional().meta({
    title: "SIZE",
    description:
      "memory limit for this process, as in 2GiB; beyond it, DuckDB works on disk, beside the dataset folder",
    fallback: "four fifths of what is free",
  }),
  spark: z.string().min(1).optional().meta({
    title: "URL",
    description:
      "with --engine spark: the Spark Connect server, as in sc://host:15002 (/;token=…;use_ssl=true)",
  }),
  work: z.string().min(1).optional().meta({
    title: "URI",
    description:
      "a folder that all of the cluster can write to, for tables between the stages; they are removed at the end",
    fallback: "the cluster's warehouse",
  }),
  parts: z.int().positive().max(100_000).optional().meta({
    title: "N",
    description: "number of parts into which tables on the cluster are divided, one for each task",
    fallback: String(DEFAULT_PARTS),
  }),
  partRows: z.int().positive().optional().meta({
    title: "N",
    description:
      "maximum number of interactions in a part (four times as many negatives); a larger dataset is written in several parts, each with whole users, and is the same dataset",
    fallback: `${PART_ROWS}, some 33 million`,
  }),
};

/** Heading of these options in `--help`. */
export const ENGINE_GROUP = "Where it is done";

/** Where {@link prepare} runs. These options do not affect the result. */
export interface EngineInput {
  /**
   * Engine that does the work: Polars in memory (`polars`), DuckDB on this machine within a memory limit (`duckdb`), or Spark on a
   * cluster (`spark`). Default: `auto`, which is Polars if memory suffices, else DuckDB.
   */
  engine?: "auto" | "polars" | "duckdb" | "spark";
  /** Memory limit for this process, as in `2GiB` or in bytes; for `duckdb` and `auto`. Default: four fifths of the free memory. */
  memory?: string | number;
  /** URL of the Spark Connect server, such as `sc://host:15002` or `sc://host:443/;use_ssl=true;token=…`. */
  spark?: string;
  /** A folder that the cluster can write to, for tables between the stages. Default: the cluster's warehouse. */
  work?: string;
  /** Number of parts into which tables on the cluster are divided. Default: 16. */
  parts?: number;
  /**
   * Maximum number of interactions in a part (four times as many negatives). A larger dataset is written in several parts, each
   * with whole users. Default: 2²⁵, some 33 million.
   */
  partRows?: number;
}

/** The engine options with the default filled in, and the memory in bytes. */
type EngineValues = Filled<Omit<EngineInput, "memory">, "engine"> & { memory?: number };

export const engineSchema = z.object(engineShape);

true satisfies Describes<typeof engineSchema, EngineValues, EngineInput>;

/** A cluster. */
export interface SparkPlace {
  engine: "spark";
  /** Connect URL, as in `sc://host:15002`. It may contain a token, so it must not appear in messages. */
  url: string;
  work?: string;
  parts: number;
}

/** This machine, with DuckDB. */
interface DuckDbPlace {
  engine: "duckdb";
  /** Memory limit for the process in bytes. */
  memory?: number;
}

/** This machine. */
export type LocalPlace = DuckDbPlace | { engine: "polars"; memory?: undefined } | {
  engine: "auto";
  memory?: number;
};

/** Where the work runs. */
export type EnginePlace = LocalPlace | SparkPlace;

/** The least memory that DuckDB, and the code that reads files for it, can work with. */
export const LEAST_MEMORY = 384 * 2 ** 20;

/**
 * Determines where the work runs.
 *
 * @throws {InputError} for options of one engine given with another, for too little memory, and for Spark without its address.
 */
export function checkEngine(
  { engine, memory, spark, work, parts }: z.output<typeof engineSchema>,
): EnginePlace {
  const refuse = (options: Record<string, unknown>, engines: string) => {
    const given = Object.entries(options).find(([, value]) => value !== undefined);
    if (given) throw new InputError(`Option --${given[0]} goes with --engine ${engines}`);
  };
  if (engine === "spark") {
    refuse({ memory }, "duckdb or --engine auto");
    if (spark === undefined) {
      throw new InputError("Where is Spark? Name its Connect server with --spark sc://host:15002");
    }
    return { engine, url: spark, work, parts: parts ?? DEFAULT_PARTS };
  }
  refuse({ spark, work, parts }, "spark");
  if (engine !== "polars") {
    if (memory !== undefined && memory < LEAST_MEMORY) {
      throw new InputError(
        `Cannot work within --memory ${formatSize(memory)}: give ${formatSize(LEAST_MEMORY)} or more`,
      );
    }
    return { engine, memory };
  }
  refuse({ memory }, "duckdb or --engine auto");
  return { engine };
}

/**
 * Peak memory of a preparation with Polars, as measured (`bench/README.md`): a constant, plus bytes per interaction, per rating,
 * and per negative in memory.
 */
const POLARS_BYTES = 240 * 2 ** 20, POLARS_ROW_BYTES = 73, RATING_BYTES = 24, NEGATIVE_BYTES = 4;
/** Assumed share of a user's interactions in validation and test, if not known: two in a hundred. */
const LEAVE_ONE_OUT_SHARE = 0.02;
/** Share of free memory that may be used by default. */
const FREE_SHARE = 0.8;

/**
 * Estimates the peak memory, in bytes, of a preparation with Polars.
 *
 * @example
 * ```ts
 * import { polarsPeak } from "./options.ts";
 * import assert from "node:assert/strict";
 *
 * const plan = { split: "leave-one-out", protocols: ["strict", "uniform", "recbole"], evalNegatives: 100 } as const;
 * assert.equal(Math.round(polarsPeak({ rows: 50_000_000, ratings: false }, plan) / 2 ** 20), 3721); // MiB; 3761 were measured
 * ```
 */
export function polarsPeak(
  { rows, ratings }: LogEstimate,
  { split, ratios = [0.8, 0.1, 0.1], protocols, evalNegatives = DEFAULT_NEGATIVES }:
    & Pick<PrepareConfig, "split" | "ratios" | "evalNegatives">
    & { protocols: readonly string[] },
): number {
  const share = split === "leave-one-out" ? LEAVE_ONE_OUT_SHARE : 1 - ratios[0];
  const evaluated = rows * share, negatives = evaluated * protocols.length * evalNegatives;
  const held = fitInMemory(evaluated, { evalNegatives, protocols }) ? negatives : 0;
  const rowBytes = POLARS_ROW_BYTES + (ratings ? RATING_BYTES : 0);
  return POLARS_BYTES + rows * rowBytes + held * NEGATIVE_BYTES;
}

/** The chosen engine, and the reason to report. */
interface Choice {
  place: { engine: "polars" } | Required<DuckDbPlace>;
  reason?: string;
}

/**
 * Chooses Polars if memory suffices, else DuckDB; an engine that was requested is always used.
 *
 * @throws {InputError} for files that cannot be read.
 */
export async function chooseEngine(
  { engine, memory }: LocalPlace,
  config: PrepareConfig,
  { interactions }: Inputs,
): Promise<Choice> {
  if (engine === "polars") return { place: { engine } };
  const machine = availableMemory();
  const duckdb = { engine: "duckdb" as const, memory: memory ?? Math.floor(machine.bytes * FREE_SHARE) };
  if (engine === "duckdb") return { place: duckdb };
  const polars: Choice = { place: { engine: "polars" } };
  const log = await estimateLog(interactions), limit = Math.min(memory ?? Infinity, machine.bytes);
  const peak = log === undefined ? 0 : polarsPeak(log, config);
  // If hardly any memory is free, Polars has as good a chance.
  if (log === undefined || peak <= limit || duckdb.memory < LEAST_MEMORY) return polars;
  const about = new Intl.NumberFormat("en", { maximumSignificantDigits: 2 }).format(log.rows);
  const why = memory === limit ? `--memory allows ${formatSize(limit)}` : machine.source;
  return {
    place: duckdb,
    reason: `DuckDB does the work: for about ${about} interactions Polars would take some ${
      formatSize(peak)
    }, and ${why}`,
  };
}
