/**
 * What a plan is made from, as the user gives it.
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

/**
 * The names of the tuners. `halving`: many configurations for a few epochs and the better of them for more; `random`: each to its end;
 * `grid`: the whole space.
 */
export const TUNERS: readonly Tuner[] = ["halving", "random", "grid"];

/** How {@link tune} tries configurations; {@link TuneOptions} says what each does. */
export type Tuner = "halving" | "random" | "grid";

/** A method with its own options, from which {@link planOf} makes a row. */
export type PlannedMethod = {
  [M in MethodName]: MethodJobOptions<M> & {
    /** Name of the method. */
    method: M;
    /** Label of the row in tables. Default: the method's title, as in `SASRec`. */
    label?: string;
  };
}[MethodName];

/** Options of jobs of any method, for `common` of {@link planOf}. */
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

/** The effort spent on tuning a row, the same for each: `tune` of a {@link PlanInput}. */
export interface PlanTuning {
  /** Number of configurations to try. Default: 20. */
  trials: number;
  /** Number of epochs of the longest trial. Default: 30. */
  epochs: number;
  /** How configurations are tried. Default: `halving`. A grid needs values for each option, and a plan has none. */
  tuner: Exclude<Tuner, "grid">;
  /** With `halving`: minimum number of epochs of the first rung. Default: 2. */
  leastEpochs: number;
}

/** The input of {@link planOf}: everything that a plan says about its trainings. */
export interface PlanInput {
  /** Name of the plan, for titles and messages. */
  name: string;
  /** The question that the experiment answers, in a sentence. */
  question?: string;
  /** The methods, by name or with their own options. */
  methods: readonly (MethodName | PlannedMethod)[];
  /** Seeds of the trainings. Default: 1 to 5. */
  seeds?: readonly number[];
  /** Options of the jobs, used by every method that has them. Default: none. */
  common?: CommonOptions;
  /** Whether to tune the options of each row on validation first, with this number of trials or this effort. Default: no tuning. */
  tune?: number | Partial<PlanTuning>;
  /** Options that suit a known data set; all others override them. Not with `tune`. Default: none. */
  preset?: PresetName;
  /** Whether to leave out rows that cannot be trained on the dataset, with a warning. Default: false. */
  onlyTrainable?: boolean;
}
