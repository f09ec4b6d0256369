/**
 * The common interface of all benches.
 *
 * @module
 */
import type { StageContext } from "../pipeline/contract/stage.ts";
import type { Table } from "../pipeline/display/table.ts";
import type { CommandSpec } from "../pipeline/terminal/options.ts";

/** The result of a bench. */
export interface BenchResult {
  tables: Table[];
  /** Lines to read with the tables. */
  notes: string[];
  /** Every single measurement, for `--json`. */
  data: Record<string, unknown>;
  /** Why the bench counts as failed, for those that check something: it ends with exit code 1. */
  failed?: string;
}

/** One bench. */
export interface Bench {
  /** Its options and help; the name is `bench` and the bench's own. */
  spec: CommandSpec;
  /**
   * @param values The options given, by key.
   * @throws {AutoMLPError} for wrong options, or a measured command that fails.
   */
  run(values: Record<string, unknown>, context: StageContext): Promise<BenchResult>;
}
