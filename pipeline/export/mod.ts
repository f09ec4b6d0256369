/**
 * Exports a dataset for other tools: RecBole, LensKit, pandas, DuckDB, factorization machines and more.
 *
 * @module
 */
export { exportDataset, type ExportOptions } from "./export.ts";
export { EXPORT_FORMATS, type ExportFormat, TOOL_HINTS } from "./formats.ts";
export type { ExportFormatFacts, Format } from "./format.ts";
export type { Compression, ExportedFile } from "./output.ts";
export { ExportResult } from "./folder.ts";
