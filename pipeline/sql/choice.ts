/**
 * Chooses the engine that does the work on this machine.
 *
 * @module
 */
import { availableMemory } from "../contract/machine/available_memory.ts";
import { formatSize } from "../contract/options/size.ts";
import { DEFAULT_NEGATIVES } from "../negatives/default_number.ts";
import { estimateLog, type LogEstimate } from "../readers/estimate.ts";
import type { Inputs } from "../inputs.ts";
import { fitInMemory } from "../negatives/on_disk.ts";
import type { PrepareConfig } from "../prepare_options.ts";
import { type DuckDbPlace, LEAST_MEMORY, type LocalPlace } from "./options.ts";

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
 * import { polarsPeak } from "./choice.ts";
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
export interface Choice {
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
