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
  /** Options that suit a known data set, beneath the others. Default: none. */
  preset?: PresetName;
  /** Leave out rows that cannot be trained on the dataset, and say so. Default: false. */
  onlyTrainable?: boolean;
}
