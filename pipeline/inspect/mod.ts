/**
 * Inspecting a dataset: figures, tables, plots.
 *
 * @module
 */
export { inspectDataset, Inspection, inspectionHtml } from "./inspect.ts";
export { profileOf } from "./profile.ts";
export { inspectionText } from "./text.ts";
export type * from "./facts.ts";
