/**
 * The options of the main job, as types. Their checks, defaults and `--help` are in `options.ts`.
 *
 * @module
 */
import type { Filled } from "../../pipeline/contract/options/shapes.ts";
import type { NetworkSizes } from "../methods/automlp/config.ts";
import type { EngineName } from "../backend/types.ts";
import type { MethodName, MethodOptions } from "../methods/method_options.ts";
import type { MetricName, RankingProtocol } from "../records/evaluation.ts";
import type { Adjustments, SearchMethod, TrainOn } from "../records/records.ts";
import type { TrainingSettings } from "../train/settings.ts";
import type { ShownPeople } from "../views/people.ts";

/** A phase of the job. `until` of {@link runJob} names the last one. */
export type Phase = "dataset" | "search" | "retrain" | "evaluate";

/** How AutoMLP's length is found: part of {@link JobInput}. */
export interface JobSearchInput {
  /** How to search: see {@link SearchMethod}; by one training per length (`exhaustive`), or not at all (`none`). Default: `shared`. */
  search?: SearchMethod | "exhaustive" | "none";
  /** With `search: "none"`: the short-term length. */
  short?: number;
  /**
   * Short-term lengths to choose from. Default: 3, 5, 10, 15, 20, as far as histories are that long; 1, 2, 3 if histories are very short;
   * with `targetsPerHistory`, lengths that reach back to the shared history.
   */
  lengths?: number | readonly number[];
  /** Maximum number of search epochs. Default: 3, more on small data. */
  searchEpochs?: number;
  /** Share of the search at its beginning during which α is not trained, 0 … 1. Default: 0.3. */
  searchWarmup?: number;
  /**
   * Maximum number of training targets for the search, approximately; if there are more, it takes those of randomly drawn users. Default:
   * 1000000.
   */
  searchTargets?: number;
  /** Learning rate of α. Default: 0.01. */
  alphaRate?: number;
  /** What α learns from: the validation positives, or a held-out share of the training targets. Default: 0.3. */
  alphaData?: "validation" | number;
  /** Share of the validation loss up to which candidates count as equal. Default: 0.0005. */
  margin?: number;
  /** Drop candidates that are clearly worse, and end the search once its answer cannot change. Default: true. */
  elimination?: boolean;
  /** Begin training with the selected network's weights from the search. Default: false. */
  warmStart?: boolean;
}

/** Options that may differ from one session of a run to the next. Part of {@link JobInput}. */
export interface JobSessionInput {
  /** The last phase to run. Default: `evaluate`. */
  until?: Phase;
  /** Resume the run that the folder holds. Default: false. */
  resume?: boolean;
  /** With `resume`: refuse another engine or other versions than the run was begun with. Default: false. */
  strict?: boolean;
  /**
   * Time that this call may take, as in `30m`, or in seconds. Search and training stop in time for it, but the evaluation is never cut
   * short; later calls do not inherit it. Default: no limit.
   */
  budget?: string | number;
  /** Folder to write event files for TensorBoard to. */
  tensorboard?: string;
  /** Compute on this engine only. Default: the fastest available. */
  engine?: EngineName;
  /** Threads of the native engine. Default: all cores. */
  threads?: number;
  /**
   * How the report names the few people whose histories it shows: by their ids or by numbers of its own; or none are shown. Default: `ids`,
   * or as the run was begun.
   */
  people?: ShownPeople;
}

/** Options of every training in a job, all optional. Part of {@link JobInput}. */
export interface JobTrainingInput extends Partial<Omit<TrainingSettings, "seed">> {
  /** Learning rate schedule: constant, or decreasing to a fiftieth along half a cosine over all epochs. Default: `constant`. */
  schedule?: "constant" | "cosine";
  /** Decay per step of the moving average of the weights, which is what is validated and kept; 0: the weights themselves. Default: 0.99. */
  averaging?: number;
  /** Maximum number of epochs. Default: 100. */
  epochs?: number;
  /** Number of epochs without improvement after which training stops. Default: 10. */
  patience?: number;
  /** Validation metric that early stopping monitors. Default: `NDCG@10`. */
  metric?: MetricName;
  /** Protocol of that metric. Default: `full`, all items. */
  protocol?: RankingProtocol;
  /**
   * Number of users that validate an epoch, drawn at random; the evaluation ranks for all. Default: all; if that takes more than 2·10⁹ scores,
   * as many as make these, but at least 10,000.
   */
  validationUsers?: number;
  /** Number of networks that are trained independently and whose scores are averaged: better than one, at proportional cost. Default: 1. */
  ensemble?: number;
  /**
   * Rank (by protocol `full`) and recommend the items of the history too: for data in which users take items repeatedly. Default: false.
   */
  keepSeen?: boolean;
  /** Cut-offs of the reported metrics. Default: 5, 10, 20. */
  ks?: number | readonly number[];
}

/** What a job begins with. Part of {@link JobInput}. */
export interface JobStartInput {
  /**
   * A trained run whose weights training begins with, on the same data or on other data, for instance later ones: items are matched by
   * their original ids. Options that are not given are taken from that run; AutoMLP's length is the one that was selected there. Default:
   * fresh weights.
   */
  startFrom?: string;
}

/** Options of AutoMLP in a job: its network, and how its length is found. Part of {@link AutomlpJobInput}. */
export interface AutomlpSizes extends Partial<NetworkSizes>, JobSearchInput {
  /** T, the maximum length of a history. Default: 50, or 10 or 20 if 95 % of the histories are no longer than that. */
  length?: number;
  /** Share of the inputs that a training step sets to zero, from 0 to below 1. Default: 0.2, more if items have few interactions. */
  dropout?: number;
  /** What is added to the score of an item that the user has had before. Default: set from how rarely users repeat an item. */
  seenBias?: number;
  /** How the vectors of an item and its features are combined. Default: `concat`, or `sum` if items have few interactions. */
  fusion?: "sum" | "concat";
  /** Names of the item features that are embedded along with the items; an empty list: items alone. Default: all of the dataset. */
  embeddedFeatures?: string | readonly string[];
}

/** A job of AutoMLP, whose length is searched before it is trained; omitted options have their defaults. A {@link JobInput}. */
export interface AutomlpJobInput extends AutomlpSizes, JobTrainingInput, JobStartInput, JobSessionInput {
  /** Name of the method. Default: `automlp`. */
  method?: "automlp";
}

/** A job of the method `M`, with the sizes and choices of its network; omitted options have their defaults. A {@link JobInput}. */
export type MethodJobInput<M extends OtherMethod = OtherMethod> =
  & JobTrainingInput
  & JobStartInput
  & JobSessionInput
  & MethodOptions[M]
  & {
    /** Name of the method. */
    method: M;
  };

/** The name of a method other than AutoMLP. A {@link MethodJobInput} takes it. */
export type OtherMethod = Exclude<MethodName, "automlp">;

/** The options of a job, which depend on its method. {@link runJob} takes them. */
export type JobInput = AutomlpJobInput | { [M in OtherMethod]: MethodJobInput<M> }[OtherMethod];

/** The sizes and choices in a job of each method, by its name. Part of {@link MethodJobOptions}. */
export interface JobSizes extends Omit<MethodOptions, "automlp"> {
  /** Options of AutoMLP's network, and of how its length is found. */
  automlp: AutomlpSizes;
}

/** Options of a job of the method `M` in one flat list, like flags: what {@link tune} and the rows of {@link planOf} take. */
export type MethodJobOptions<M extends MethodName = MethodName> =
  & JobTrainingInput
  & Omit<JobSessionInput, "until">
  & JobSizes[M];

/** The input of any job, as runs record it: the sizes of a method other than AutoMLP are in one member. */
export interface AnyJobInput extends AutomlpSizes, JobTrainingInput, JobStartInput, JobSessionInput {
  /** Name of the method. */
  method?: string;
  /** Sizes of a method other than AutoMLP. */
  sizes?: Record<string, unknown>;
  /** What a {@link refit} learns from. Nothing is validated then, and with `all` nothing is tested. Omitted: the training part. */
  trainOn?: TrainOn;
  /** For a {@link refit} that is tested: how much of popularity is subtracted from scores, as chosen for its run. */
  adjustmentOfRun?: Adjustments;
}

/** The options of any job, with defaults filled in. */
export interface JobOptions extends
  Filled<
    Omit<AnyJobInput, "lengths" | "ks" | "budget" | "embeddedFeatures">,
    | Exclude<
      keyof NetworkSizes,
      "length" | "longLayers" | "channelHidden" | "dropout" | "seenBias" | "fusion"
    >
    | "method"
    | "sizes"
    | "search"
    | "searchWarmup"
    | "searchTargets"
    | "alphaRate"
    | "alphaData"
    | "margin"
    | "elimination"
    | "warmStart"
    | Exclude<keyof JobTrainingInput, "trainNegatives" | "batchSize" | "validationUsers" | "ks">
    | "until"
    | "resume"
    | "strict"
  > {
  /** Item features that are embedded along with the items. */
  embeddedFeatures?: string[];
  /** Short-term lengths to choose from. Omitted: those of {@link candidatesOf}. */
  lengths?: number[];
  /** Cut-offs of the reported metrics. */
  ks: number[];
  /** Seconds that this call may take. */
  budget?: number;
}
