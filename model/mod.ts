/**
 * AutoMLP and everything it needs: engine, network, search, training, evaluation, recommendation.
 *
 * @module
 */
import "../pipeline/contract/machine/door.ts";
export type { DateUnit } from "../pipeline/contract/values/date_units.ts";
export type { SequenceDataset } from "../pipeline/contract/dataset.ts";
export type { Shown } from "../pipeline/display/shown.ts";
export type { ItemFeature } from "../pipeline/contract/dataset/item_features.ts";
export type { DatasetPart, Negatives, Sequences } from "../pipeline/contract/dataset/users_part.ts";
export type { Protocol } from "../pipeline/contract/dataset/protocols.ts";
export type { Filled } from "../pipeline/contract/options/shapes.ts";
export type { DataFrame, LazyDataFrame } from "../pipeline/contract/frame.ts";
export type {
  FeatureInfo,
  Manifest,
  SourceInfo,
  TableFile,
  TableInfo,
  TableName,
} from "../pipeline/contract/dataset/manifest.ts";
export type {
  Ending,
  Growing,
  Growth,
  Place,
  PlaceFact,
  Progress,
  Task,
} from "../pipeline/contract/progress.ts";
export type {
  ColumnFacts,
  ColumnType,
  ColumnUse,
  SideColumns,
} from "../pipeline/contract/dataset/columns.ts";
export type { DroppedRows } from "../pipeline/contract/stage/dropped.ts";
export type {
  Concentration,
  CountDistribution,
  DatasetProfile,
  InteractionsOverTime,
  TimeFacts,
} from "../pipeline/inspect/facts.ts";
export type { StageFacts } from "../pipeline/contract/stage/report.ts";
export type { HeldOut, Split, StageContext } from "../pipeline/contract/stage.ts";
export { type EngineOptions, openEngine } from "./backend/engine.ts";
export {
  type BackendOptions,
  type Engine,
  type EngineName,
  ENGINES,
  type Opened,
  type PassedOver,
} from "./backend/types.ts";
export { type Precision, PRECISIONS } from "./backend/precision.ts";
export type { Tf } from "./backend/tensor.ts";
export { type DatasetNetworkInput, networkFor } from "./methods/automlp/method.ts";
export { resolveNetwork } from "./methods/automlp/config.ts";
export type { NetworkConfig, NetworkFeature, NetworkInput, NetworkSizes } from "./methods/automlp/config.ts";
export type { ParameterSpec } from "./layers/parameters.ts";
export type { TrainingSettings } from "./train/settings.ts";
export type { MethodConfig, Model, TrainedNetwork } from "./train/method.ts";
export type { ItemVectors } from "./train/vectors.ts";
export type { LoadedModel } from "./train/model_weights.ts";
export { loadModel, type LoadOptions, saveModel } from "./methods/store.ts";
export { beginTraining, train, type TrainOptions } from "./methods/train.ts";
export { ensemble } from "./train/ensemble_of_models.ts";
export type { StartFrom } from "./train/start_from.ts";
export { METHODS } from "./methods/registry.ts";
export type {
  Bert4recOptions,
  CausalOptions,
  FdsaOptions,
  FpmcOptions,
  Gru4recOptions,
  Gru4recPlusOptions,
  LstmLstmOptions,
  MethodName,
  MethodNetwork,
  MethodOptions,
  NextitnetOptions,
  SasrecOptions,
  SequenceOptions,
} from "./methods/method_options.ts";
export { Session, type SessionOptions } from "./train/session.ts";
export { Search } from "./search/search.ts";
export type { Changes, NetworkChanges } from "./train/warm_start.ts";
export { SEARCHES, type SearchMethod } from "./records/records.ts";
export type { SearchOptions, SearchState } from "./search/state.ts";
export type { AlphaState } from "./search/alpha.ts";
export type { ComparisonState } from "./search/evidence.ts";
export type { Judgement } from "./search/evidence.ts";
export {
  type Exhaustive,
  type ExhaustiveHooks,
  exhaustiveSearch,
  type ExhaustiveState,
} from "./search/exhaustive.ts";
export { Training } from "./train/training.ts";
export type { TrainingOptions } from "./train/options.ts";
export type { TrainingState } from "./train/state.ts";
export type { OptimizerState } from "./train/optimizer.ts";
export type { Checkpoint } from "./records/checkpoint.ts";
export { packSearch, unpackSearch } from "./search/checkpoint.ts";
export { packTraining, unpackTraining } from "./train/checkpoint.ts";
export { LOSSES, type LossName } from "./train/losses/registry.ts";
export { type Distribution, DISTRIBUTIONS } from "./train/negatives.ts";
export { evaluate, type EvaluateOptions } from "./evaluate/evaluate.ts";
export type { Evaluation } from "./evaluate/evaluation.ts";
export {
  chooseLogitAdjustment,
  type ChooseOptions,
  type LogitAdjustment,
} from "./evaluate/logit_adjustment.ts";
export { compare, compareAll, type CompareOptions, pairedTest } from "./evaluate/significance.ts";
export type {
  Comparison,
  Estimate,
  EvaluationFacts,
  Exposure,
  Figure,
  ListExposure,
  Measure,
  MetricName,
  PairedTest,
  RankingProtocol,
} from "./records/evaluation.ts";
export type { Comparisons } from "./evaluate/comparisons.ts";
export type { Ranked } from "./evaluate/ranked.ts";
export {
  itemKnn,
  type ItemKnnOptions,
  markov,
  type MarkovOptions,
  personalPopularity,
  popularity,
} from "./methods/baselines.ts";
export { recommend, type RecommendOptions } from "./recommend/recommend.ts";
export type { ItemFilter } from "./recommend/allowed.ts";
export type { GivenHistories, OnUnknown } from "./recommend/requests.ts";
export type { Histories, Method, Recommender } from "./recommender.ts";
export { withSeenBias } from "./seen_bias.ts";
export { forDataset } from "./recommend/other_dataset.ts";
export { type CompareOnOptions, compareRunsOn } from "./experiment/compare_on.ts";
export { type JobContext, type JobResult, runJob } from "./experiment/job.ts";
export { refit, type RefitOptions } from "./experiment/refit.ts";
export type {
  AutomlpJobInput,
  AutomlpSizes,
  JobInput,
  JobSearchInput,
  JobSessionInput,
  JobSizes,
  JobStartInput,
  JobTrainingInput,
  MethodJobInput,
  MethodJobOptions,
  OtherMethod,
  Phase,
} from "./experiment/job_options.ts";
export { type ExperimentContext, runExperiment } from "./studies/experiment.ts";
export { type Plan as ExperimentPlan, planOf, type Variant } from "./studies/plan.ts";
export type { CommonOptions, PlanInput, PlannedMethod, PlanTuning } from "./studies/plan_input.ts";
export { type BuiltInPlan, type PlanChanges, type PlanName, PLANS } from "./studies/built_in_plans.ts";
export { presetFor } from "./experiment/method_options.ts";
export type { PresetName } from "./presets/presets.ts";
export { tune, Tuning } from "./studies/tune.ts";
export type { TuneOptions } from "./studies/tune_options.ts";
export type { Tuner } from "./studies/plan_input.ts";
export type { Choice, Dimension, DimensionRange, Searchable, SearchSpace, Space } from "./studies/space.ts";
export type { TuningResults, TuningTrial } from "./records/tuning.ts";
export type {
  CellCost,
  CellResult,
  ExperimentResults,
  Failure,
  GalleryPerson,
  Provenance,
  PublishedRow,
  RowResult,
  SearchCourse,
  Significance,
  TestFigures,
} from "./records/experiment.ts";
export { type ExportedFile, exportModel, type ExportModelOptions, type ExportResult } from "./onnx/export.ts";
export type { EpochPlace } from "./records/epochs.ts";
export { type RunFileName, type RunFileValue, type RunFileValues, RunFolder } from "./runs/folder.ts";
export type { CheckpointName } from "./runs/checkpoints.ts";
export {
  readSafetensors,
  type SafetensorsOptions,
  type SavedTensor,
  type SavedTensors,
  writeSafetensors,
} from "./records/safetensors.ts";
export type {
  Adjustments,
  Architecture,
  CutShort,
  CutWork,
  DroppedCandidate,
  Evidence,
  MethodFigures,
  Metrics,
  ModelConfig,
  RecordedTraining,
  RunConfig,
  RunEngine,
  RunFacts,
  RunMetrics,
  RunWarning,
  SearchRecord,
  SearchStep,
  TrainOn,
  TrainRecord,
  Trial,
  Unfinished,
} from "./records/records.ts";
export { comparisonHtml, reportFacts, reportHtml, reportText } from "./report/mod.ts";
export { type ListedRun, listRuns, type RunList } from "./report/list.ts";
export type { Group, Grouping, Insights, Lists, Person, SureGroup } from "./records/insights.ts";
export type { Monitor, ReportFacts } from "./records/report_facts.ts";
export type { ShownPeople } from "./views/people.ts";
export type { ComparedRun, RunComparison } from "./report/comparison.ts";
export { compareRuns, type CompareRunsOptions, readRanks } from "./report/runs.ts";
