/**
 * Which engine prepares a dataset, and where.
 *
 * @module
 */
import { z } from "zod";
import type { Describes } from "../contract/describes.ts";
import { InputError } from "../contract/errors.ts";
import type { Filled } from "../contract/filled.ts";

const ENGINES = ["polars", "spark"] as const;
const DEFAULT_PARTS = 16;

/** Options beside those of a preparation. They decide where it is done, and nothing of what comes out. */
export const engineShape = {
  engine: z.enum(ENGINES).default("polars").meta({
    description: "what does the work: Polars here, or Spark on a cluster, for the same dataset",
  }),
  spark: z.string().min(1).optional().meta({
    title: "URL",
    description:
      "with --engine spark: the Spark Connect server, as in sc://host:15002 (/;token=…;use_ssl=true)",
  }),
  work: z.string().min(1).optional().meta({
    title: "URI",
    description:
      "a folder that the cluster can write to, for tables between the stages; delete it afterwards",
    fallback: "memory and disks of the cluster's executors",
  }),
  parts: z.int().positive().max(100_000).optional().meta({
    title: "N",
    description: "tables on the cluster are divided into N parts, each the work of one task",
    fallback: String(DEFAULT_PARTS),
  }),
};

/** The heading of these options in `--help`. */
export const ENGINE_GROUP = "Where it is done";

/** Where `prepare` does its work. Nothing of it changes what comes out. */
export interface EngineInput {
  /** What does the work: Polars here (`polars`, the default), or Spark on a cluster (`spark`). */
  engine?: "polars" | "spark";
  /** The Spark Connect server, as in `sc://host:15002` or `sc://host:443/;use_ssl=true;token=…`. */
  spark?: string;
  /** A folder that the cluster can write to, for tables between the stages. Default: the cluster's warehouse. */
  work?: string;
  /** Into how many parts the cluster's tables are divided. Default: 16. */
  parts?: number;
}

/** The same with the default filled in. */
export type EngineValues = Filled<EngineInput, "engine">;

export const engineSchema = z.object(engineShape);

true satisfies Describes<typeof engineSchema, EngineValues, EngineInput>;

/** A cluster. */
export interface SparkPlace {
  /** As in `sc://host:15002`. It may hold a token: it is not for messages. */
  url: string;
  work?: string;
  parts: number;
}

/**
 * Where the work is done; undefined: here, by Polars.
 *
 * @throws {InputError} for options of Spark without Spark, and for Spark without its address.
 */
export function checkEngine(
  { engine, spark, work, parts }: z.output<typeof engineSchema>,
): SparkPlace | undefined {
  if (engine === "spark") {
    if (spark === undefined) {
      throw new InputError("Where is Spark? Name its Connect server with --spark sc://host:15002");
    }
    return { url: spark, work, parts: parts ?? DEFAULT_PARTS };
  }
  const given = Object.entries({ spark, work, parts }).find(([, value]) => value !== undefined);
  if (given) throw new InputError(`Option --${given[0]} goes with --engine spark`);
}
