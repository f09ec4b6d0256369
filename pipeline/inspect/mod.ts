/**
 * Inspecting a dataset: figures, tables, plots.
 *
 * @module
 */
export { inspectDataset, Inspection, inspectionHtml, type InspectOptions } from "./inspect.ts";
export { profileOf } from "./profile.ts";
export { inspectionText } from "./text.ts";
export { sinceWarnings } from "./since_tables.ts";
export type * from "./facts.ts";
