/**
 * What a tuning may be given.
 *
 * @module
 */
import { AN_OBJECT, COUNT, FOLDER, NUMBER, oneOf, TEXT } from "../../pipeline/contract/options/arguments.ts";
import { ANYTHING, type KnownOptions } from "../../pipeline/contract/options/known.ts";
import type { StageContext } from "../../pipeline/contract/stage.ts";
import type { MethodJobOptions } from "../experiment/job_options.ts";
import type { MethodName } from "../methods/method_options.ts";
import type { SearchSpace } from "./space.ts";
import { type Tuner, TUNERS } from "./tuners.ts";
import { SHOWN_PEOPLE, type ShownPeople } from "../views/shown_people.ts";

/** What a tuning of the method `M` is: the options of {@link tune}. */
export interface TuneOptions<M extends MethodName = MethodName> extends StageContext {
  /** Its folder: a new one, or one that was begun. */
  out: string;
  /** `halving`: asynchronous successive halving (ASHA); `random`: each to its end; `grid`: all of the space. Default: halving. */
  tuner?: Tuner;
  /** How many configurations are drawn at most; of a grid, how many are gone through. Default: 20; of a grid all. */
  trials?: number;
  /** Default: what the method's options declare. */
  space?: SearchSpace<M>;
  /**
   * Options that all trials have, flat as flags are: `epochs`, `patience`, `metric`, `protocol` … Default of `epochs`: 30. AutoMLP's trials have the
   * middle one of its candidates for a short-term length, unless these options or the space say something of the search.
   */
  options?: MethodJobOptions<M>;
  /** Epochs after which the first configurations are compared, at least. Default: 2. */
  leastEpochs?: number;
  /** Of the draws, and of every training. Default: 2023. */
  seed?: number;
  /** Trainings at once, each in a process of its own. Default: as many as there are cores, where memory suffices. */
  jobs?: number;
  /** Memory that a training may take, as in `2GiB`, or in bytes; what is expected to take more is left out, and counted. */
  memory?: string | number;
  /** Time that a call may take, as in `2h`, or in seconds; what is not done then, the next call does. Default: no limit. */
  budget?: string | number;
  /** When it has to end (`performance.now()`), if that is before the budget is used up. */
  deadline?: number;
  /** A folder in which each trial gets one for its events, for TensorBoard. */
  tensorboard?: string;
  /** How pages call the few people whose histories they show: by their ids, by numbers of each page's own, or none are shown. Of trainings that are finished the reports stay as they are. Default: `ids`. */
  people?: ShownPeople;
  /** For the runs' records. */
  command?: string;
}

/** What each of them is to be. */
export const TUNE_OPTIONS: KnownOptions<Omit<TuneOptions, keyof StageContext>> = {
  out: FOLDER,
  tuner: oneOf(TUNERS),
  trials: COUNT,
  space: { ...AN_OBJECT, what: "an object with a range or a list of values for each option" },
  options: AN_OBJECT,
  leastEpochs: COUNT,
  seed: NUMBER,
  jobs: COUNT,
  // By the schema of how a study is carried out.
  memory: ANYTHING,
  budget: ANYTHING,
  deadline: NUMBER,
  tensorboard: FOLDER,
  people: oneOf(SHOWN_PEOPLE),
  command: TEXT,
};
