/**
 * The options of the main job, as types. Their check, defaults and `--help` are in `options.ts`.
 *
 * @module
 */
import type { Filled } from "../../pipeline/contract/options/filled.ts";
import type { NetworkSizes } from "../automlp/network_config.ts";
import type { EngineName } from "../backend/types.ts";
import type { MethodName, MethodOptions } from "../methods/method_options.ts";
import type { MetricName, RankingProtocol } from "../records/evaluation.ts";
import type { OfMethods, TrainOn } from "../records/records.ts";
import type { Rule } from "../search/select.ts";
import type { SearchedSizes } from "../search/space.ts";
import type { Relaxation } from "../search/state.ts";
import type { TrainingSettings } from "../train/settings.ts";
import type { ShownPeople } from "../views/shown_people.ts";

/** A phase of the job, the last one by `until` of {@link runJob}. */
export type Phase = "dataset" | "search" | "retrain" | "evaluate";

/** How AutoMLP's length is found: part of {@link JobInput}. */
export interface JobSearchInput {
  /** By gradient (`darts`, the default), by one training for each length (`exhaustive`), or not at all (`none`). */
  search?: "darts" | "exhaustive" | "none";
  /** With `search: "none"`: the short-term length. */
  short?: number;
  /**
   * Short-term lengths to choose from. Default: 3, 5, 10, 15, 20, as far as histories are so long; of very short ones 1, 2, 3; with
   * `targetsPerHistory` some that reach back to the shared history.
   */
  candidates?: number | readonly number[];
  /**
   * Sizes that are searched beside the length: `{ layers: [1, 2], dim: [32, 64] }`. Each value is combined with each of
   * the other sizes'. Also as in `--search-over`: `"layers=1:2,dim"`; a size without values has those that tuning
   * tries. If `channelHidden` is given, all networks have it. Default: none.
   */
  searchOver?: SearchedSizes | string | readonly string[];
  /** What softmax(α) weighs; see {@link Relaxation}. Default: `losses`; `outputs` with `order: 2`. */
  relaxation?: Relaxation;
  /** With `relaxation: "outputs"`: first-order or second-order approximation. Default: 1. */
  order?: 1 | 2;
  /** Epochs of the search at most. Default: 3, more on small data. */
  searchEpochs?: number;
  /** Share of the search in which α rests, 0 … 1. Default: 0.3. */
  searchWarmup?: number;
  /** Of more training targets the search takes about so many, those of users drawn by chance. Default: 1000000. */
  searchTargets?: number;
  /** Learning rate of α. Default: 0.01. */
  alphaRate?: number;
  /** What α learns from: the validation positives, or a held-out share of the training targets. Default: 0.3. */
  alphaData?: "validation" | number;
  /** Which length is selected; see {@link Rule}. Default: `shortest-within-error`; `argmax` with `relaxation: "outputs"`. */
  select?: Rule;
  /** Differences below this share of the validation loss do not matter. Default: 0.0005. */
  margin?: number;
  /** Drop candidates that are clearly worse, and end the search once its answer cannot change. Default: true. */
  elimination?: boolean;
  /** Begin training with the searched weights of the selected network. Default: false. */
  warmStart?: boolean;
}

/** What may differ from one session of a run to the next. Part of {@link JobInput}. */
export interface JobSessionInput {
  /** Last phase. Default: `evaluate`. */
  until?: Phase;
  /** Resume the run that the folder holds. Default: false. */
  resume?: boolean;
  /** With `resume`: refuse another engine or other versions than the run was begun with. Default: false. */
  strict?: boolean;
  /** Time that this call may take, as in `30m`, or in seconds; search and training stop in time for it, the evaluation is never cut, and no later call inherits it. Default: no limit. */
  budget?: string | number;
  /** Folder to write event files for TensorBoard to. */
  tensorboard?: string;
  /** Compute on this engine and no other. Default: the fastest there is. */
  engine?: EngineName;
  /** Threads of the native engine. Default: all cores. */
  threads?: number;
  /** Words by which `deno task runs` finds the run. */
  tags?: string | readonly string[];
  /** A remark for the record. */
  note?: string;
  /** How the report calls the few people whose histories it shows: by their ids, by numbers of its own, or none are shown. Default: `ids`, or as the run was begun. */
  people?: ShownPeople;
}

/** What every training of a job has, of which all may be left out. Part of {@link JobInput}. */
export interface JobTrainingInput extends Partial<Omit<TrainingSettings, "seed">> {
  /** How the learning rate goes: as it is, or to a fiftieth along half a cosine, over all epochs. Default: `constant`. */
  schedule?: "constant" | "cosine";
  /** What is validated and kept is a moving average of the weights, which forgets by this factor a step; 0: the weights themselves. Default: 0.99. */
  averaging?: number;
  /** Epochs at most. Default: 100. */
  epochs?: number;
  /** Epochs without improvement after which training stops. Default: 10. */
  patience?: number;
  /** Validation metric that early stopping monitors. Default: `NDCG@10`. */
  metric?: MetricName;
  /** Protocol of that metric. Default: `full`, all items. */
  protocol?: RankingProtocol;
  /** Networks that are trained, each by itself, and whose scores are averaged: better than one, and as much work as so many. Default: 1. */
  ensemble?: number;
  /** Protocol `full` ranks the items of the history too, and they are recommended: where items are taken again and again. Default: false. */
  keepSeen?: boolean;
  /** Cut-offs of the metrics reported. Default: 5, 10, 20. */
  ks?: number | readonly number[];
}

/** What a job begins with. Part of {@link JobInput}. */
export interface JobStartInput {
  /**
   * A trained run, whose weights training begins with, on the same data or other, later for instance: items are found by their original ids. Options that are not
   * given are those of that run; AutoMLP's length is the one that was selected there. Default: fresh weights.
   */
  startFrom?: string;
}

/** Options of AutoMLP in a job: of its network, and of how its length is found. Part of {@link AutomlpJobInput}. */
export interface AutomlpSizes extends Partial<NetworkSizes>, JobSearchInput {
  /** T: the maximum length of a history. Default: 50, or 10 or 20 where 95 % of the histories are no longer. */
  length?: number;
  /** Share of the inputs that a training step sets to zero, from 0 to below 1. Default: 0.2, more where items have few interactions. */
  dropout?: number;
  /** What is added to the score of an item that the user has had before. Default: set from how rarely users repeat an item. */
  seenBias?: number;
  /** How the vectors of an item and of its features become one. Default: `concat`, or `sum` where items have few interactions. */
  fusion?: "sum" | "concat";
  /** Item features that are embedded beside the items, by name; an empty list: items alone. Default: all of the dataset. */
  embeddedFeatures?: string | readonly string[];
}

/** A job of AutoMLP, whose length is searched before it is trained; what is left out has its default. A {@link JobInput}. */
export interface AutomlpJobInput extends AutomlpSizes, JobTrainingInput, JobStartInput, JobSessionInput {
  /** Default: `automlp`. */
  method?: "automlp";
}

/** A job of the method `M`, with the sizes and choices of its network; what is left out has its default. A {@link JobInput}. */
export type MethodJobInput<M extends OtherMethod = OtherMethod> =
  & JobTrainingInput
  & JobStartInput
  & JobSessionInput
  & MethodOptions[M]
  & {
    /** Its name. */
    method: M;
  };

/** The name of a method that is not AutoMLP. What a {@link MethodJobInput} is of. */
export type OtherMethod = Exclude<MethodName, "automlp">;

/** The options of a job, which are those of its method. What {@link runJob} takes. */
export type JobInput = AutomlpJobInput | { [M in OtherMethod]: MethodJobInput<M> }[OtherMethod];

/** By the name of a method, the sizes and choices that its job has. Part of {@link MethodJobOptions}. */
export interface JobSizes extends Omit<MethodOptions, "automlp"> {
  /** Of the network, and of how its length is found. */
  automlp: AutomlpSizes;
}

/** Options of a job of the method `M` in one list, as flags are: what {@link tune} and the rows of {@link planOf} take. */
export type MethodJobOptions<M extends MethodName = MethodName> =
  & JobTrainingInput
  & Omit<JobSessionInput, "until">
  & JobSizes[M];

/** What any job is given, as runs have it on record: sizes of a method other than AutoMLP in one place. */
export interface AnyJobInput extends AutomlpSizes, JobTrainingInput, JobStartInput, JobSessionInput {
  /** By name. */
  method?: string;
  /** Of a method other than AutoMLP. */
  sizes?: Record<string, unknown>;
  /** Of a {@link refit}: what it learns. Nothing is validated, and nothing tested of which all is learnt. Left out: the training part is learnt. */
  trainOn?: TrainOn;
  /** Of a {@link refit} that is tested: how much of popularity is taken from scores, as was chosen for its run. */
  adjustmentOfRun?: OfMethods<Record<string, number>>;
}

/** The options of any job, defaults filled in. */
export interface JobOptions extends
  Filled<
    Omit<AnyJobInput, "candidates" | "searchOver" | "ks" | "budget" | "tags" | "embeddedFeatures">,
    | Exclude<
      keyof NetworkSizes,
      "length" | "longLayers" | "channelHidden" | "dropout" | "seenBias" | "fusion"
    >
    | "method"
    | "sizes"
    | "search"
    | "order"
    | "searchWarmup"
    | "searchTargets"
    | "alphaRate"
    | "alphaData"
    | "margin"
    | "elimination"
    | "warmStart"
    | Exclude<keyof JobTrainingInput, "trainNegatives" | "batchSize" | "ks">
    | "until"
    | "resume"
    | "strict"
  > {
  /** Item features that are embedded beside the items. */
  embeddedFeatures?: string[];
  /** Short-term lengths to choose from. Left out: {@link candidatesOf} gives them. */
  candidates?: number[];
  /** Sizes that are searched beside the length. */
  searchOver?: SearchedSizes;
  /** Cut-offs of the metrics reported. */
  ks: number[];
  /** Seconds that this call may take. */
  budget?: number;
  /** Words by which `deno task runs` finds the run. */
  tags?: string[];
}
