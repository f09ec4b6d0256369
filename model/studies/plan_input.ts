/**
 * What a plan is made of, as somebody gives it.
 *
 * @module
 */
import type {
  Bert4recOptions,
  FdsaOptions,
  FpmcOptions,
  Gru4recOptions,
  Gru4recPlusOptions,
  LstmLstmOptions,
  MethodName,
  NextitnetOptions,
  SasrecOptions,
} from "../methods/method_options.ts";
import type {
  AutomlpSizes,
  JobSessionInput,
  JobTrainingInput,
  MethodJobOptions,
} from "../experiment/job_options.ts";
import type { PresetName } from "../presets/presets.ts";
import type { Tuner } from "./tuners.ts";

/** A method with options of its own: a row that {@link planOf} makes. */
export type PlannedMethod = {
  [M in MethodName]: MethodJobOptions<M> & {
    /** Its name. */
    method: M;
    /** What tables call it. Default: as in `SASRec`. */
    label?: string;
  };
}[MethodName];

/** Options of jobs, whatever their method. What `common` of {@link planOf} takes. */
export interface CommonOptions
  extends
    JobTrainingInput,
    Omit<JobSessionInput, "until">,
    AutomlpSizes,
    Bert4recOptions,
    FdsaOptions,
    FpmcOptions,
    Gru4recOptions,
    Gru4recPlusOptions,
    LstmLstmOptions,
    NextitnetOptions,
    SasrecOptions {}

/** The effort that tuning a row may take, the same for each. `tune` of a {@link PlanInput}. */
export interface PlanTuning {
  /** Configurations that are tried. Default: 20. */
  trials: number;
  /** Of the longest trial. Default: 30. */
  epochs: number;
  /** How configurations are gone through. Default: `halving`. A grid is laid over values that somebody names, and a plan has none. */
  tuner: Exclude<Tuner, "grid">;
  /** With `halving`: epochs of the first rung. Default: 2. */
  leastEpochs: number;
}

/** What {@link planOf} takes: everything that a plan says of its trainings. */
export interface PlanInput {
  /** For titles and messages. */
  name: string;
  /** What is asked, in a sentence. */
  question?: string;
  /** By name, or with options of their own. */
  methods: readonly (MethodName | PlannedMethod)[];
  /** Default: 1 to 5. */
  seeds?: readonly number[];
  /** Options of the jobs that all methods take which have them. Default: none. */
  common?: CommonOptions;
  /** Tune the options of each row on validation first, by so many trials, or as is said. Default: no tuning. */
  tune?: number | Partial<PlanTuning>;
  /** Options that suit a known data set, beneath the others; not with `tune`. Default: none. */
  preset?: PresetName;
  /** Leave out rows that cannot be trained on the dataset, and say so. Default: false. */
  onlyTrainable?: boolean;
}
