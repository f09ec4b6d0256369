/**
 * The interface of every method, AutoMLP and baselines alike.
 *
 * @module
 */
import { InputError } from "../pipeline/contract/errors.ts";
import { hasMembers, type Wanted } from "../pipeline/contract/options/arguments.ts";
import type { SequenceDataset } from "../pipeline/contract/dataset.ts";
import type { StageContext } from "../pipeline/contract/stage.ts";
import { lineView, withDisplay } from "../pipeline/display/with_display.ts";
import { formatCell } from "../pipeline/display/table.ts";

/** Histories to continue, as slices of one array of item ids, so that no prefix is ever copied. A {@link Recommender} scores them. */
export interface Histories {
  /** Item ids (from 1), one sequence after the other, oldest first. `evaluate` and `recommend` pass a copy, which `score` may change. */
  items: Uint32Array;
  /** [n] Start of each history: history i is `items[starts[i]]` … `items[ends[i] − 1]`. It may be empty. */
  starts: Uint32Array;
  /** [n] End of each history, exclusive; see `starts`. */
  ends: Uint32Array;
  /** [n] The users (from 1), for methods that know users; 0 for an unknown user. Omitted: all unknown. */
  users?: Uint32Array;
}

/**
 * A trained method: it scores items as continuations of histories. {@link train} makes one; {@link evaluate} and {@link recommend} take it.
 */
export interface Recommender {
  /** Name of the method: `AutoMLP`, `Popularity`. */
  readonly name: string;
  /** Number of items, whose ids are 1 … `items`. */
  readonly items: number;
  /** Number of trained parameters, for tables. */
  readonly parameters: number;
  /** T, the maximum length of a history, if there is a limit: the larger it is, the fewer histories are scored at once. */
  readonly length?: number | undefined;
  /**
   * Whether items of the history are ranked and recommended too, unless a call says otherwise: it was trained for data in which users take
   * items repeatedly. Default: false.
   */
  readonly keepSeen?: boolean | undefined;

  /**
   * Scores items: a higher score means more likely to come next. If a method models probabilities, a difference of 1 is a factor of e,
   * which a logit adjustment relies on. Nothing is masked; items in the history may have a bias for having occurred there, as in the models
   * here (`seenBias`).
   *
   * @param candidates [n × c] item ids, c for each history in turn. Omitted: all items.
   * @returns [n × c], or [n × (items + 1)] for all items, whose column 0 (the padding) is −∞.
   */
  score(histories: Histories, candidates?: Uint32Array): Promise<Float32Array>;
}

/** Whether a value is what a job returns: `automlp()`, `runJob()`. */
const isRun = (value: unknown): boolean => hasMembers(value, "run", "facts");

const MODEL_OF_RUN = "const { model } = await loadModel(run.run, dataset)";

/** A trained method, as an argument. */
export const RECOMMENDER: Wanted = {
  what: "a trained method, as train() gives it",
  fits: (value) => hasMembers(value, "score", "items"),
  state: (value) => isRun(value) ? "a run" : undefined,
  instead: (value) => {
    if (isRun(value)) {
      const own = hasMembers(value, "recommend") ? ", its own recommend() gives the next items" : "";
      return `its facts have its metrics${own}; for anything else give its model, ${MODEL_OF_RUN}`;
    }
    if (hasMembers(value, "model")) return "give its model";
    if (hasMembers(value, "recommender")) return "give what its recommender() gives, or its run()";
    if (!hasMembers(value, "fit")) return undefined;
    const { name = "method" } = value as { name?: string };
    const called = name.toLowerCase().replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
    return `it has learned nothing yet: give await ${called}.fit(dataset)`;
  },
};

/**
 * Checks the input of a trained method's `score`.
 *
 * @param items Number of items of the method.
 * @throws {InputError} if it is not histories, or if a place or an id does not exist.
 */
export function checkHistories(
  histories: Histories,
  candidates: Uint32Array | undefined,
  items: number,
): void {
  const problem = historiesProblem(histories, items) ??
    candidatesProblem(candidates, histories.starts.length, items);
  if (problem !== undefined) throw new InputError(`Cannot score: ${problem}`);
}

/** What is wrong with histories; undefined if nothing is. */
function historiesProblem({ items: ids, starts, ends, users }: Histories, items: number): string | undefined {
  const n = starts.length;
  if (ends.length !== n) return `there are ${n} starts and ${ends.length} ends; give one for each history`;
  if (users && users.length < n) {
    return `there are ${n} starts and ${users.length} users; give one for each history`;
  }
  let total = 0, from = ids.length, to = 0;
  for (let i = 0; i < n; i++) {
    if (starts[i] > ends[i] || ends[i] > ids.length) {
      return `history ${i} goes from ${starts[i]} to ${
        ends[i]
      }, and there are ${ids.length} items in the array; give a place in it`;
    }
    total += ends[i] - starts[i];
    from = Math.min(from, starts[i]);
    to = Math.max(to, ends[i]);
  }
  // Histories of one user overlap: their common range is shorter than all of them together.
  if (to - from <= total && wrongItem(ids, from, to, items) === undefined) return undefined;
  for (let i = 0; i < n; i++) {
    const wrong = wrongItem(ids, starts[i], ends[i], items);
    if (wrong !== undefined) return `history ${i} has the item ${wrong}; ${idsFrom1(items)}`;
  }
}

/** The first id in a range that no item has. */
function wrongItem(ids: Uint32Array, from: number, to: number, items: number): number | undefined {
  for (let i = from; i < to; i++) if (ids[i] === 0 || ids[i] > items) return ids[i];
}

/** What is wrong with candidates; undefined if nothing is. Item 0, the padding of shorter lists, is permitted. */
function candidatesProblem(
  candidates: Uint32Array | undefined,
  n: number,
  items: number,
): string | undefined {
  if (!candidates) return undefined;
  if (n === 0 ? candidates.length > 0 : candidates.length % n > 0) {
    return `${candidates.length} candidates cannot be divided among ${n} histories; give equally many for each`;
  }
  const wrong = candidates.find((item) => item > items);
  return wrong === undefined ? undefined : `the item ${wrong} is among the candidates; ${idsFrom1(items)}`;
}

const idsFrom1 = (items: number): string =>
  `give ids from 1 to ${items}, as dataset.itemIndex("…") gives them`;

/** Whether to rank and recommend items of the history too: as a call asks, or else as the method was trained. */
export const keepSeenOf = (method: Recommender, { keepSeen }: { keepSeen?: boolean }): boolean =>
  keepSeen ?? method.keepSeen ?? false;

/** An untrained method: how it learns from a dataset. {@link popularity} is one. */
export interface Method<Options> {
  /** Name of the method: `Item-kNN`. */
  readonly name: string;
  /**
   * Learns from the training part of a dataset.
   *
   * @throws {InputError} if an option does not fit.
   * @throws {Interrupted} if `signal` is aborted.
   */
  fit(dataset: SequenceDataset, options?: Options & StageContext): Promise<Recommender>;
}

/** Returns a trained method that displays itself: its name and size. */
export const recommenderWithDisplay = <R extends Recommender>(recommender: R): R =>
  withDisplay(
    recommender,
    lineView(
      `${recommender.name}: ${formatCell(recommender.items)} items, ${
        formatCell(recommender.parameters)
      } parameters`,
    ),
  );
