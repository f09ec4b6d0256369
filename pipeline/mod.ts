/**
 * The pipeline from raw interactions to a frozen dataset: all stages at once ({@link prepare}) or one at a time, each
 * returning a Polars frame and a report that show themselves in a notebook.
 *
 * @module
 */
export { prepare } from "./run.ts";
export type { Prepared } from "./contract/prepared.ts";
export { resolvePrepareConfig } from "./config.ts";
export type { CHECKED, PrepareConfig, PrepareInput, PrepareValues } from "./prepare_options.ts";

export {
  readInteractions,
  type ReadOptions,
  type ReadResult,
  readSideTable,
  type SideTableOptions,
} from "./readers/mod.ts";
export { datasetNames, findDataset, resolveDataset } from "./readers/registry.ts";
export { checkSchema, type SchemaOptions, type SchemaResult } from "./schema.ts";
export { filterInteractions, type FilterOptions } from "./filter.ts";
export { buildVocabulary, type VocabularyOptions, type VocabularyResult } from "./vocabulary.ts";
export { encodeFeatures, type FeatureSpec, inferFeatures, parseFeatureSpec } from "./features.ts";
export { splitInteractions, type SplitOptions, type SplitResult } from "./split.ts";
export {
  type NegativesOptions,
  type NegativesResult,
  type Protocol,
  PROTOCOLS,
  sampleNegatives,
} from "./negatives.ts";
export { EXPORT_FORMATS, exportDataset, type ExportOptions, type ExportResult } from "./export/mod.ts";
export { inspectDataset, type Inspection, inspectionHtml, inspectionText } from "./inspect/mod.ts";

export { type ItemFeature, type Negatives, SequenceDataset, type Sequences } from "./contract/dataset.ts";
export { readDataset, writeDataset } from "./contract/store.ts";
export {
  type FeatureInfo,
  FORMAT_VERSION,
  type Manifest,
  type TableName,
  TABLES,
} from "./contract/manifest.ts";
export { AutoMLPError, EXIT, InputError, Interrupted, RunError } from "./contract/errors.ts";
export { RandomStream } from "./contract/random.ts";
export { StageReport } from "./contract/report.ts";
export { terminalProgress } from "./display/progress.ts";
export type { Progress, Task } from "./contract/progress.ts";
export { type Split, SPLITS, type StageContext, type StageResult } from "./contract/stage.ts";
