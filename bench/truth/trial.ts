/**
 * One search beside the truth.
 *
 * @module
 */
import { type Engine, networkFor, Search, type SequenceDataset } from "../../mod.ts";
import type { StageContext } from "../../pipeline/contract/stage.ts";
import type { SearchOptions } from "../../model/search/state.ts";
import type { Truth } from "./exhaustive.ts";
import type { World } from "./worlds.ts";

/** The result of a search. */
export interface Found {
  selected: number;
  /** By the paper's rule. */
  argmax: number;
  clear: boolean;
  /** Lengths that it could not tell from the best. */
  alike: number[];
  dropped: number[];
  ended?: string;
  steps: number;
  /** Of those that it was allowed. */
  allowed: number;
  seconds: number;
}

/** A search and what exhaustive search found on the same data by the same seed. */
export interface Trial {
  world: string;
  seed: number;
  found: Found;
  truth: Truth;
}

export async function find(
  engine: Engine,
  dataset: SequenceDataset,
  { lengths, network, settings }: World,
  seed: number,
  options: Partial<SearchOptions>,
  context: StageContext,
): Promise<Found> {
  const config = networkFor(dataset, { ...network, lengths });
  using search = new Search(engine, dataset, config, { ...settings, ...options, seed, ...context });
  const { shortTermLength, clear, alike = [], dropped = [], ended, probabilities } = await search.run();
  return {
    selected: shortTermLength,
    argmax: lengths[probabilities.indexOf(Math.max(...probabilities))],
    clear,
    alike,
    dropped: dropped.map(({ candidate }) => lengths[candidate]),
    ended,
    steps: search.steps.done,
    allowed: search.epochs * search.steps.epoch,
    seconds: search.history.at(-1)!.seconds,
  };
}

/** How a length stands in the truth. */
export interface Verdict {
  /** Difference of its metric from that of the best candidate. */
  behind: number;
  /** Whether that is at most the standard error of the best candidate's metric. */
  within: boolean;
  /** Whether another is better by more than two standard errors of the difference, paired over users. */
  beaten: boolean;
}

/** @param length One of the candidates. */
export function judge(
  lengths: readonly number[],
  { values, errors, paired }: Truth,
  length: number,
): Verdict {
  const own = lengths.indexOf(length), best = values.indexOf(Math.max(...values));
  const behind = values[own] - values[best];
  return {
    behind,
    within: -behind <= errors[best],
    beaten: values.some((value, other) => value - values[own] > 2 * paired[other][own]),
  };
}

/** Whether two lengths are the same, or within one standard error of each other in both truths. */
export function indistinguishable(lengths: readonly number[], a: Trial, b: Trial): boolean {
  const [i, j] = [a, b].map(({ found }) => lengths.indexOf(found.selected));
  return [a, b].every(({ truth: { values, errors } }) =>
    Math.abs(values[i] - values[j]) <= Math.max(errors[i], errors[j])
  );
}
