/**
 * Options for the engine that prepares a dataset, and where it runs.
 *
 * @module
 */
import { z } from "zod";
import type { Describes } from "../contract/options/describes.ts";
import { InputError } from "../contract/errors.ts";
import type { Filled } from "../contract/options/filled.ts";
import { PART_ROWS } from "../contract/dataset/parts.ts";
import { formatSize, size } from "../contract/options/size.ts";

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
export type EngineValues = Filled<Omit<EngineInput, "memory">, "engine"> & { memory?: number };

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
export interface DuckDbPlace {
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
