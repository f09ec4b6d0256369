/**
 * The options of a tuning.
 *
 * @module
 */
import type { StageContext } from "../../pipeline/contract/stage.ts";
import type { MethodJobOptions } from "../experiment/job_options.ts";
import type { MethodName } from "../methods/method_options.ts";
import type { SearchSpace } from "./space.ts";
import type { Tuner } from "./plan_input.ts";
import type { ShownPeople } from "../views/people.ts";

/** The options of {@link tune} for the method `M`. */
export interface TuneOptions<M extends MethodName = MethodName> extends StageContext {
  /** The tuning's folder: a new one, or one that an earlier call began. */
  out: string;
  /**
   * How configurations are tried. `halving`: asynchronous successive halving (ASHA); `random`: each to its end; `grid`: the whole space.
   * Default: `halving`.
   */
  tuner?: Tuner;
  /** Maximum number of configurations drawn, or tried from a grid. Default: 20; with a grid, all. */
  trials?: number;
  /** The values to search. Default: those that the method's options declare. */
  space?: SearchSpace<M>;
  /**
   * Options that all trials share, flat like flags: `epochs`, `patience`, `metric`, `protocol` … `epochs` defaults to 30. AutoMLP's trials
   * use the middle one of its candidates as short-term length, unless the space has lengths (`short`), or it or these options set an
   * option of the search.
   */
  options?: MethodJobOptions<M>;
  /** Minimum number of epochs before configurations are first compared. Default: 2. */
  leastEpochs?: number;
  /** Seed of the draws and of every training. Default: 2023. */
  seed?: number;
  /** Number of trainings at once, each in its own process. Default: one per core, if memory suffices. */
  jobs?: number;
  /** Memory limit for a training, as in `2GiB`, or in bytes. Trials that are expected to need more are left out, and counted. */
  memory?: string | number;
  /** Time limit for a call, as in `2h`, or in seconds; the next call does what is left. Default: no limit. */
  budget?: string | number;
  /** When the call has to end, as a time of `performance.now()`, if that is before the budget is used up. */
  deadline?: number;
  /** Folder for TensorBoard events, with a subfolder for each trial. */
  tensorboard?: string;
  /**
   * How pages name the few people whose histories they show: by id, by a number that each page assigns, or not at all. Reports of finished
   * trainings stay as they are. Default: `ids`.
   */
  people?: ShownPeople;
  /** The command, for the runs' records. */
  command?: string;
}
