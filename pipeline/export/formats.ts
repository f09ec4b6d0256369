/**
 * All export formats by name.
 *
 * @module
 */
import { csv } from "./csv.ts";
import type { ExportFormatFacts, Format } from "./format.ts";
import { jsonl } from "./jsonl.ts";
import { lenskit } from "./lenskit.ts";
import { libsvm } from "./libsvm.ts";
import { parquet } from "./parquet.ts";
import { recbole } from "./recbole.ts";
import { sasrec } from "./sasrec.ts";
import { sequences } from "./sequences.ts";
import { session } from "./session.ts";

/** Name of an export format, one of {@link EXPORT_FORMATS}. */
export type ExportFormat =
  | "recbole"
  | "csv"
  | "parquet"
  | "jsonl"
  | "lenskit"
  | "libsvm"
  | "sasrec"
  | "sequences"
  | "session";

/** The formats with their writers. */
export const FORMATS: Readonly<Record<ExportFormat, Format>> = {
  recbole,
  csv,
  parquet,
  jsonl,
  lenskit,
  libsvm,
  sasrec,
  sequences,
  session,
};

/**
 * The formats that {@link exportDataset} and `deno task export --to` support, by name.
 *
 * @example
 * ```ts
 * import { EXPORT_FORMATS } from "automlp";
 * import assert from "node:assert/strict";
 *
 * assert(Object.keys(EXPORT_FORMATS).includes("recbole"));
 * ```
 */
export const EXPORT_FORMATS: Readonly<Record<ExportFormat, ExportFormatFacts>> = FORMATS;

/** Hints for a tool's name given instead of a format, by the name in lower case: `pandas reads parquet`. */
export const TOOL_HINTS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(EXPORT_FORMATS).flatMap(([name, { tools = [] }]) =>
    tools.map((tool) => [tool.toLowerCase(), `${tool} reads ${name}`])
  ),
);
