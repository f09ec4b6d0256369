/**
 * Comparison of the candidates while a search runs: how each was judged, which were dropped, and whether the answer
 * is known.
 *
 * @module
 */
import { type Architecture, type DroppedCandidate, type Evidence, isDropped } from "../records/records.ts";
import type { Judgement } from "./covariance.ts";
import { conclude, LOOK_LEVEL, LOOKS } from "./elimination.ts";
import { evidenceOf } from "./evidence.ts";
import type { Rule } from "./select.ts";

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
  worse?: number[];
  /**
   * Number of consecutive looks at which each candidate was alike to the best, [candidates]; see `elimination.ts`.
   * Earlier versions stored only that of the shortest one left.
   */
  alike?: number | number[];
  /** Why there is nothing left to find out. */
  ended?: Architecture["ended"];
  /** The step at which the search is planned to end; undefined before the first judgement. */
  end?: number;
}

/** A comparison of candidates by their losses on the same held-out batches. */
export class Comparison {
  #judgements: Judgement[] = [];
  #dropped: DroppedCandidate[] = [];
  #worse: number[] = [];
  /** [candidates] */
  #alike: number[];
  #ended?: Architecture["ended"];
  /** The step at which the search is planned to end. */
  #end?: number;

  /**
   * @param candidates Number of candidates.
   * @param rule How the length will be selected.
   * @param margin Share of the loss below which a difference does not matter.
   * @param eliminates Whether candidates are dropped, and the search ends, before its last step.
   */
  constructor(
    readonly candidates: number,
    readonly rule: Rule,
    readonly margin: number,
    readonly eliminates: boolean,
  ) {
    this.#alike = new Array(candidates).fill(0);
  }

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
    return this.candidates === 1 ? "only one" : this.#ended;
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
    const { left } = this, found = evidenceOf(this.#judgements, left, undefined, this.#end);
    if (!found) return undefined;
    const all: Evidence[] = [];
    left.forEach((place, i) => all[place] = found[i]);
    for (const { candidate, evidence } of this.#dropped) all[candidate] = evidence;
    return all;
  }

  /**
   * Call this after each step. It discards judgements from when the networks had learnt much less. At set steps it
   * looks whether candidates can be dropped or the search can end.
   *
   * @param step The number of the step that was done, from 0.
   * @returns Whether it looked.
   */
  stepped(step: number, { first, steps }: SearchSteps): boolean {
    if (step < first) return false;
    this.#end = steps;
    const middle = first + (step - first) / 2;
    const old = this.#judgements.findIndex((judgement) => judgement.step >= middle);
    if (old > 0) this.#judgements.splice(0, old);
    const looks = (at: number) => Math.floor(LOOKS * (at - first) / Math.max(1, steps - first));
    if (looks(step + 1) === looks(step)) return false;
    if (this.eliminates && step + 1 < steps) this.#conclude(step + 1);
    return true;
  }

  #conclude(step: number): void {
    const { left } = this, strict = evidenceOf(this.#judgements, left, LOOK_LEVEL, this.#end);
    if (!strict) return;
    const before = {
      worse: this.#worse.map((place) => left.indexOf(place)),
      alike: left.map((place) => this.#alike[place]),
    };
    const { worse, dropped, alike, ended } = conclude(strict, this.rule, this.margin, before);
    this.#worse = worse.map((i) => left[i]);
    left.forEach((place, i) => this.#alike[place] = alike[i]);
    this.#ended = ended;
    if (dropped.length === 0) return;
    const evidence = this.evidence()!;
    this.#dropped.push(...dropped.map((i) => ({ candidate: left[i], step, evidence: evidence[left[i]] })));
  }

  state(): ComparisonState {
    return {
      judgements: [...this.#judgements],
      dropped: [...this.#dropped],
      worse: [...this.#worse],
      alike: [...this.#alike],
      ...(this.#ended && { ended: this.#ended }),
      ...(this.#end !== undefined && { end: this.#end }),
    };
  }

  restore({ judgements, dropped, worse = [], alike = [], ended, end }: ComparisonState): void {
    [this.#judgements, this.#dropped, this.#ended] = [[...judgements], [...dropped], ended];
    [this.#worse, this.#end] = [[...worse], end];
    const [shortest] = this.left;
    this.#alike = Array.from(
      { length: this.candidates },
      (_, place) => typeof alike === "number" ? (place === shortest ? alike : 0) : alike[place] ?? 0,
    );
  }
}
