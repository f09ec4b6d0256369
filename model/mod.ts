/**
 * AutoMLP and what goes with it: engine, network, search, training, evaluation, recommendation.
 *
 * @module
 */
export { type EngineOptions, openEngine } from "./backend/engine.ts";
export { type Engine, type EngineName, ENGINES } from "./backend/types.ts";
export { assemble, networkFor } from "./automlp/build.ts";
export type { TrainingSettings } from "./train/settings.ts";
export { resolveNetwork } from "./automlp/config.ts";
export type { NetworkConfig, NetworkInput } from "./automlp/network_config.ts";
export { AutoMLP } from "./automlp/model.ts";
export type { LoadedModel } from "./train/model_weights.ts";
export { loadModel, saveModel } from "./methods/store.ts";
export { beginTraining, train, type TrainOptions } from "./methods/train.ts";
export { Search } from "./search/search.ts";
export type { Changes } from "./train/warm_start.ts";
export { type Relaxation, RELAXATIONS, type SearchOptions, type SearchState } from "./search/state.ts";
export { type Rule, RULES, selectLength, type SelectOptions } from "./search/select.ts";
export { type Bilevel, firstOrder, secondOrder } from "./search/architect.ts";
export { type Exhaustive, exhaustiveSearch } from "./search/exhaustive.ts";
export { Training } from "./train/training.ts";
export type { TrainingOptions } from "./train/options.ts";
export type { TrainingState } from "./train/state.ts";
export { packSearch, unpackSearch } from "./search/checkpoint.ts";
export { packTraining, unpackTraining } from "./train/checkpoint.ts";
export { LOSSES, type LossName } from "./train/losses/registry.ts";
export { type Distribution, DISTRIBUTIONS } from "./train/negatives.ts";
export { evaluate, type EvaluateOptions } from "./evaluate/evaluate.ts";
export type { Evaluation } from "./evaluate/evaluation.ts";
export { chooseLogitAdjustment, type LogitAdjustment } from "./evaluate/logit_adjustment.ts";
export { compare, compareAll, pairedTest } from "./evaluate/significance.ts";
export type { Comparison } from "./records/evaluation.ts";
export type { Comparisons } from "./evaluate/comparisons.ts";
export type { Ranked } from "./evaluate/ranked.ts";
export { itemKnn, type ItemKnnOptions } from "./baselines/item_knn.ts";
export { markov } from "./baselines/markov.ts";
export { popularity } from "./baselines/popularity.ts";
export { recommend, type RecommendOptions } from "./recommend/recommend.ts";
export type { Histories, Method, Recommender } from "./recommender.ts";
export { type JobContext, type JobResult, runJob } from "./experiment/job.ts";
export type { JobInput, JobOptions } from "./experiment/job_options.ts";
export { type ExperimentContext, runExperiment } from "./studies/experiment.ts";
export { type Plan as ExperimentPlan, type PlanInput, planOf } from "./studies/plan.ts";
export { type PlanChanges, PLANS } from "./studies/built_in_plans.ts";
export { tune, type TuneOptions, Tuning } from "./studies/tune.ts";
export type { Tuner } from "./studies/tuners.ts";
export type { Dimension, Space } from "./studies/space.ts";
export type { TuningResults, TuningTrial } from "./records/tuning.ts";
export type { ExperimentResults } from "./records/experiment.ts";
export { RunFolder } from "./runs/folder.ts";
export { readSafetensors, writeSafetensors } from "./records/safetensors.ts";
export type { Architecture, RunMetrics, SearchRecord, TrainRecord, Trial } from "./records/records.ts";
export { reportFacts, reportHtml, reportText } from "./report/mod.ts";
export { type ListedRun, listRuns, type RunList } from "./report/list.ts";
export { compareRuns, readRanks, type RunComparison } from "./report/runs.ts";
