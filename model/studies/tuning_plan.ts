/**
 * The course of a tuning: its space, the configuration of each trial, and how far trials are trained.
 *
 * @module
 */
import type { TuningResults } from "../records/tuning.ts";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import { DEFAULT_SEED } from "../../pipeline/contract/random.ts";
import { checkProtocol } from "../evaluate/evaluate.ts";
import { AUTOMLP, candidatesOf, lengthShape } from "../experiment/options.ts";
import { withDefaults } from "../experiment/network.ts";
import { methodOf } from "../train/methods.ts";
import { checkTargets } from "../train/open_part.ts";
import { type Cell, jobOfCell } from "./cell.ts";
import { finishedTrials, nextStep, rungsOf, type Standing, type Step } from "./halving.ts";
import { firstPoint, gridOf, pointsOf, sizeOf, withDefaultsIn } from "./points.ts";
import { checkSpace, declaredSpace, type Space } from "./space.ts";
import { trialId } from "./trial_runs.ts";
import type { TuneOptions } from "./tune_options.ts";

/** The options that determine the trials. */
type TrialOptions = Pick<TuneOptions, "tuner" | "trials" | "space" | "options" | "leastEpochs" | "seed">;

/** Default number of trials drawn, and default epochs of the longest trial. */
const TRIALS = 20, EPOCHS = 30;
/** Default minimum number of epochs before trials are first compared. */
export const LEAST_EPOCHS = 2;

/** The trials of a tuning, numbered from 0. They depend only on its input, not on what was trained before. */
export class TuningPlan {
  /** The method's name in tables. */
  readonly title: string;
  /** The values that are searched, by option. */
  readonly space: Space;
  /** Seed of the draws and of every training. */
  readonly seed: number;
  /** Maximum number of trials. */
  readonly asked: number;
  /** The epochs of the rungs. */
  readonly rungs: readonly number[];
  /** The metric that trials are compared by. */
  readonly metric: TuningResults["metric"];
  readonly protocol: TuningResults["protocol"];
  /** Options given for all trials, without the epochs. */
  readonly fixed: Readonly<Record<string, unknown>>;
  /** Further options of the trials that are not part of the result. */
  readonly #given: Readonly<Record<string, unknown>>;
  /** The trial with the method's defaults, as far as the space has them; a grid has none. */
  readonly #baseline: number | undefined;
  readonly #pointOf: (trial: number) => Record<string, unknown>;

  /** @throws {InputError} if there is no such method or option, or the space does not fit it. */
  constructor(readonly method: string, dataset: SequenceDataset, input: TrialOptions) {
    this.title = methodOf({ method }).title; // an unknown method is refused before its options are
    const { tuner = "halving", trials, seed = DEFAULT_SEED } = input;
    if (input.leastEpochs !== undefined && tuner !== "halving") {
      throw new InputError(
        `Option --least-epochs goes with --tuner halving, which compares trials before their end, not with ${tuner}`,
      );
    }
    const { epochs = EPOCHS, ...fixed } = input.options ?? {};
    this.seed = seed;
    this.fixed = fixed;
    const space = spaceOf(method, input.space, fixed);
    this.#given = method === AUTOMLP ? givenLength(fixed, space, dataset) : {};
    if (tuner === "grid") {
      const grid = gridOf(space);
      this.space = space;
      this.#pointOf = (trial) => grid[trial];
      this.asked = Math.min(grid.length, trials ?? grid.length);
    } else {
      const { sizes, ...job } = withDefaults(dataset, jobOfCell({ method, options: fixed }));
      const defaults = { ...job, ...sizes };
      this.space = input.space === undefined ? withDefaultsIn(space, defaults) : space;
      const first = firstPoint(this.space, defaults, declaredSpace(method));
      this.#pointOf = pointsOf(this.space, seed, first);
      this.asked = Math.min(trials ?? TRIALS, sizeOf(this.space));
      this.#baseline = 0;
    }
    const job = jobOfCell({ method, options: { ...fixed, epochs, ...this.#pointOf(0) } });
    const { schedule = [job.schedule] } = this.space;
    if (tuner === "halving" && ![schedule].flat().every((one) => one === "constant")) {
      throw new InputError(
        "Cannot tune by halving with a schedule: the rate of each epoch would depend on how many there are; take the tuner random, or the schedule constant",
      );
    }
    // An error that every trial would have is reported before one begins.
    checkProtocol(dataset, job.protocol);
    checkTargets(dataset);
    this.metric = job.metric;
    this.protocol = job.protocol;
    this.rungs = tuner === "halving" ? rungsOf(job.epochs, input.leastEpochs ?? LEAST_EPOCHS) : [job.epochs];
  }

  /** The configuration of a trial. */
  pointOf(trial: number): Record<string, unknown> {
    return this.#pointOf(trial);
  }

  /** Options that all trials share. */
  get common(): Record<string, unknown> {
    return { ...this.#given, ...this.fixed };
  }

  /** Returns the training that brings a trial to a rung. */
  cell({ trial, rung }: Step): Cell {
    return {
      id: trialId(trial),
      method: this.method,
      options: { ...this.common, ...this.pointOf(trial), epochs: this.rungs[rung] },
      seed: this.seed,
      until: "retrain",
    };
  }

  /** Returns what to do next; undefined if nothing can be done until a running trial ends, or nothing is left. */
  next(standings: readonly Standing[]): Step | undefined {
    return nextStep(standings, this.asked, this.rungs.length, this.#baseline);
  }

  /** Number of trials that are finished, as far as is known. */
  finished(standings: readonly Standing[]): number {
    return finishedTrials(standings, this.next(standings));
  }
}

/**
 * The values that are searched.
 *
 * @param given The user's space. Default: what the method's options declare, except those that are fixed.
 * @throws {InputError} if it does not fit the method, or names an option that is fixed.
 */
function spaceOf(method: string, given: TrialOptions["space"], fixed: Record<string, unknown>): Space {
  if (given === undefined) {
    return Object.fromEntries(Object.entries(declaredSpace(method)).filter(([key]) => !(key in fixed)));
  }
  const space = checkSpace(method, given), twice = Object.keys(space).find((key) => key in fixed);
  if (twice !== undefined) {
    throw new InputError(
      `Cannot tune ${method}: ${twice} is in the space, and given by the options; leave out one of them`,
    );
  }
  // AutoMLP's lengths in the space are given, not searched; other methods have no search.
  const isGiven = method === AUTOMLP && "short" in space && !("search" in fixed);
  return isGiven ? { search: ["none"], ...space } : space;
}

/** Options that say how a length is found among the candidates. */
const { lengths: _among, ...searched } = lengthShape;

/**
 * A length for AutoMLP's trials, if the user did not say how it is found: searching in each trial would take most of its time, and hardly
 * changes which trial is ahead.
 */
function givenLength(
  options: Record<string, unknown>,
  space: Space,
  dataset: SequenceDataset,
): Record<string, unknown> {
  if (Object.keys(searched).some((key) => key in options || key in space)) return {};
  const lengths = candidatesOf(jobOfCell({ method: AUTOMLP, options }), dataset);
  return { search: "none", short: lengths[Math.floor((lengths.length - 1) / 2)] };
}
