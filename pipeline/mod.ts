/**
 * The pipeline from raw interactions to a frozen dataset: all stages at once ({@link prepare}) or one at a time, each
 * returning a Polars frame and a report that display themselves in a notebook.
 *
 * @module
 */
import "./contract/machine/door.ts";
export type { DataFrame, LazyDataFrame } from "./contract/frame.ts";

export { prepare } from "./run.ts";
export type { EngineInput } from "./scale/options.ts";
export type { Prepared } from "./contract/dataset/prepared.ts";
export type { NamedTable, PrepareSource } from "./tables/input.ts";
export type { TableInput } from "./tables/rows.ts";
export { resolvePrepareConfig } from "./config.ts";
export type {
  CHECKED,
  ColumnNames,
  PrepareConfig,
  PrepareInput,
  PrepareValues,
  TableColumnNames,
} from "./prepare_options.ts";
export type { PointInTime } from "./times/point_in_time.ts";
export type { DateUnit } from "./contract/values/date_units.ts";
export type { Ties } from "./contract/values/ties.ts";
export type { Filled } from "./contract/options/shapes.ts";

export {
  readInteractions,
  type ReadOptions,
  type ReadResult,
  readSideTable,
  type SideTableOptions,
  type SideTableResult,
} from "./readers/mod.ts";
export type { Decimal } from "./contract/values/decimals.ts";
export {
  ENCODINGS,
  FORMATS as READ_FORMATS,
  type ReadFormat,
  SIDE_FORMATS,
  type SideFormat,
  type SourceFile,
  type TextEncoding,
} from "./readers/types.ts";
export type { ColumnRole, RowLocation, RowLocator } from "./contract/stage/location.ts";
export {
  datasetNames,
  findDataset,
  resolveDataset,
  type ResolvedDataset,
  type ResolveOptions,
} from "./readers/known/registry.ts";
export type {
  Checksum,
  DatasetEntry,
  DownloadedFile,
  KnownCounts,
  KnownFile,
  ReaderOptions,
  SideReaderOptions,
} from "./readers/known/registry.ts";
export type { DatasetName } from "./readers/known/names.ts";
export { checkSchema, type SchemaOptions, type SchemaResult } from "./schema.ts";
export { filterInteractions, type FilterOptions } from "./filter.ts";
export { buildVocabulary, type VocabularyOptions, type VocabularyResult } from "./vocabulary.ts";
export {
  type EncodedFeatures,
  encodeFeatures,
  type FeatureKind,
  type FeatureSpec,
  inferFeatures,
  type InferredFeature,
  parseFeatureSpec,
} from "./features.ts";
export { splitInteractions, type SplitOptions, type SplitResult } from "./split.ts";
export { type NegativesOptions, type NegativesResult, sampleNegatives } from "./negatives.ts";
export { type Protocol, PROTOCOLS } from "./contract/dataset/protocols.ts";
export {
  type Compression,
  EXPORT_FORMATS,
  exportDataset,
  type ExportedFile,
  type ExportFormat,
  type ExportFormatFacts,
  type ExportOptions,
  type ExportResult,
} from "./export/mod.ts";
export {
  inspectDataset,
  type Inspection,
  inspectionHtml,
  inspectionText,
  type InspectOptions,
} from "./inspect/mod.ts";

export type {
  ChangedOption,
  ChangesSince,
  Concentration,
  CountDistribution,
  DatasetProfile,
  FeatureFacts,
  InspectionFacts,
  InteractionsOverTime,
  ItemMove,
  NegativesFacts,
  PartFacts,
  TimeFacts,
  Turnover,
} from "./inspect/facts.ts";

export { SequenceDataset } from "./contract/dataset.ts";
export type { ItemFeature } from "./contract/dataset/item_features.ts";
export type { DatasetPart, Negatives, Sequences } from "./contract/dataset/users_part.ts";
export { withoutHoldOut, type WithoutHoldOutOptions } from "./contract/dataset/without_hold_out.ts";
export {
  type ManifestFacts,
  readDataset,
  writeDataset,
  type WriteOptions,
} from "./contract/dataset/store.ts";
export {
  type FeatureInfo,
  FORMAT_VERSION,
  type Manifest,
  type SourceInfo,
  type TableFile,
  type TableInfo,
  type TableName,
  TABLES,
} from "./contract/dataset/manifest.ts";
export { AutoMLPError, EXIT, InputError, Interrupted, RunError, UnknownIdError } from "./contract/errors.ts";
export { RandomStream } from "./contract/random.ts";
export type { ColumnFacts, ColumnType, ColumnUse, SideColumns } from "./contract/dataset/columns.ts";
export type { DroppedRows } from "./contract/stage/dropped.ts";
export { type StageFacts, StageReport } from "./contract/stage/report.ts";
export { Shown } from "./display/shown.ts";
export { terminalProgress } from "./display/progress.ts";
export type { TerminalOptions, TerminalProgress, TextStream } from "./display/progress/terminal.ts";
export type {
  Ending,
  Growing,
  Growth,
  Place,
  PlaceFact,
  Progress,
  StoppableProgress,
  Task,
} from "./contract/progress.ts";
export { silent } from "./contract/progress.ts";
export {
  type HeldOut,
  type InteractionsFrame,
  type Split,
  SPLITS,
  type StageContext,
  type StageResult,
} from "./contract/stage.ts";
