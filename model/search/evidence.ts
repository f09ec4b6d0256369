/**
 * What a search knows of its candidates while it runs: how far each is behind the best on the same held-out batches,
 * with a standard error over their users, and which were dropped.
 *
 * @module
 */
import { isClearlyWorse, practicalDifferenceOf } from "../records/candidates.ts";
import { type Architecture, type DroppedCandidate, type Evidence, isDropped } from "../records/records.ts";

/** Losses of the candidates on one batch, all measured at the same weights. A {@link ComparisonState} collects them. */
export interface Judgement {
  /** The step of the search, from 0. */
  step: number;
  /** The number of the batch of held-out targets. Nearly always, no user is in two batches. */
  batch: number;
  /** Number of targets in the batch. */
  targets: number;
  /** Mean loss on the batch, [candidates]; NaN for a candidate that had been dropped. */
  losses: number[];
}

/** With fewer judgements, the error of their mean cannot be told. */
export const LEAST_JUDGEMENTS = 16;
/** Number of looks at the evidence, evenly spread over the steps in which α learns. */
export const LOOKS = 8;

/**
 * Computes the evidence from some judgements: for each candidate its mean loss minus that of the best, and the
 * standard error of that difference.
 *
 * @param places Places of the candidates that are compared, each with a loss in every judgement.
 * @returns [n], in the order of `places`; undefined if there are too few judgements, or only a single batch.
 */
export function evidenceOf(
  judgements: readonly Judgement[],
  places: readonly number[],
): Evidence[] | undefined {
  const batches = new Set(judgements.map(({ batch }) => batch)).size;
  if (judgements.length < LEAST_JUDGEMENTS || batches < 2) return undefined;
  const means = places.map((place) => meanOf(judgements, ({ losses }) => losses[place]));
  const best = means.indexOf(Math.min(...means));
  return places.map((place, i) => ({
    loss: means[i],
    difference: means[i] - means[best],
    standardError: errorOfMean(judgements, ({ losses }) => losses[place] - losses[places[best]]),
    judgements: judgements.length,
  }));
}

/** The mean of a figure of the judgements; each counts by its targets. */
function meanOf(judgements: readonly Judgement[], of: (judgement: Judgement) => number): number {
  const weight = judgements.reduce((sum, { targets }) => sum + targets, 0);
  return judgements.reduce((sum, judgement) => sum + judgement.targets * of(judgement), 0) / weight;
}

/** The standard error of that mean: judgements of the same batch are of the same users, so only batches are independent. */
function errorOfMean(judgements: readonly Judgement[], of: (judgement: Judgement) => number): number {
  const mean = meanOf(judgements, of), offBy = new Map<number, number>();
  let weight = 0;
  for (const judgement of judgements) {
    const { batch, targets } = judgement;
    offBy.set(batch, (offBy.get(batch) ?? 0) + targets * (of(judgement) - mean));
    weight += targets;
  }
  const squares = offBy.values().reduce((sum, off) => sum + off ** 2, 0);
  return Math.sqrt(squares * offBy.size / (offBy.size - 1)) / weight;
}

/** The steps of a search. */
export interface SearchSteps {
  /** The first step in which α learns. */
  first: number;
  /** All steps. */
  steps: number;
}

/** State of a comparison of candidates, as plain data in a {@link SearchState}. */
export interface ComparisonState {
  /** The candidates' losses on each held-out batch. */
  judgements: Judgement[];
  /** Candidates that were dropped. */
  dropped: DroppedCandidate[];
  /** Candidates that were clearly worse at the last look. They are dropped if they are clearly worse at the next look too. */
  worse: number[];
}

/**
 * A comparison of candidates by their losses on the same held-out batches. Candidates learn, and a slow one may catch
 * up; so one is dropped only if it was clearly worse at two looks in a row.
 */
export class Comparison {
  #judgements: Judgement[] = [];
  #dropped: DroppedCandidate[] = [];
  #worse: number[] = [];

  /**
   * @param candidates Number of candidates.
   * @param margin Share of the loss below which a difference does not matter.
   * @param eliminates Whether candidates are dropped.
   */
  constructor(readonly candidates: number, readonly margin: number, readonly eliminates: boolean) {}

  /** Places of the candidates that were not dropped, ascending. */
  get left(): number[] {
    return Array.from({ length: this.candidates }, (_, place) => place).filter((place) => this.has(place));
  }

  /** Whether the candidate at a place was not dropped. */
  has(place: number): boolean {
    return !isDropped(this.#dropped, place);
  }

  get dropped(): readonly DroppedCandidate[] {
    return this.#dropped;
  }

  /** Why there is nothing left to find out; undefined while there is. With one candidate there never is anything. */
  get ended(): Architecture["ended"] {
    if (this.candidates === 1) return "only one";
    return this.left.length === 1 ? "one left" : undefined;
  }

  /**
   * Number of steps between two judgements. Judging takes time in proportion to the number of candidates, so it is
   * done less often when there are more of them, and a search among many costs little more than one among two.
   */
  get interval(): number {
    return Math.max(1, Math.round(0.8 * this.left.length));
  }

  /** Adds losses of the candidates that are left, in the order of {@link Comparison.left}. */
  add({ losses, ...judgement }: Judgement): void {
    const all = new Array<number>(this.candidates).fill(NaN);
    this.left.forEach((place, i) => all[place] = losses[i]);
    this.#judgements.push({ ...judgement, losses: all });
  }

  /**
   * What is known so far. For the candidates that are left, it rests on the later half of the judgements, because the
   * networks still learn; for those that were dropped, it is what was known then. Undefined if there is not enough
   * data.
   */
  evidence(): Evidence[] | undefined {
    const { left } = this, found = evidenceOf(this.#judgements, left);
    if (!found) return undefined;
    const all: Evidence[] = [];
    left.forEach((place, i) => all[place] = found[i]);
    for (const { candidate, evidence } of this.#dropped) all[candidate] = evidence;
    return all;
  }

  /**
   * Call this after each step. It discards judgements from when the networks had learnt much less. At set steps it
   * looks whether candidates can be dropped.
   *
   * @param step The number of the step that was done, from 0.
   * @returns Whether it looked.
   */
  stepped(step: number, { first, steps }: SearchSteps): boolean {
    if (step < first) return false;
    const middle = first + (step - first) / 2;
    const old = this.#judgements.findIndex((judgement) => judgement.step >= middle);
    if (old > 0) this.#judgements.splice(0, old);
    const looks = (at: number) => Math.floor(LOOKS * (at - first) / Math.max(1, steps - first));
    if (looks(step + 1) === looks(step)) return false;
    if (this.eliminates && step + 1 < steps) this.#drop(step + 1);
    return true;
  }

  #drop(step: number): void {
    const evidence = this.evidence();
    if (!evidence) return;
    const practicalDifference = practicalDifferenceOf(evidence, this.margin);
    const worse = this.left.filter((place) => isClearlyWorse(evidence[place], practicalDifference));
    const dropped = worse.filter((place) => this.#worse.includes(place));
    this.#worse = worse;
    this.#dropped.push(...dropped.map((candidate) => ({ candidate, step, evidence: evidence[candidate] })));
  }

  state(): ComparisonState {
    return { judgements: [...this.#judgements], dropped: [...this.#dropped], worse: [...this.#worse] };
  }

  restore({ judgements, dropped, worse }: ComparisonState): void {
    [this.#judgements, this.#dropped, this.#worse] = [[...judgements], [...dropped], [...worse]];
  }
}
