/**
 * Applies a method that learnt from one dataset to another: yesterday's model on today's data.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import { checkHistories, type Histories, type Recommender, recommenderWithDisplay } from "../recommender.ts";
import { learntOf, strangeTo, trainedOn } from "../trained_on.ts";
import { itemRows, userRows } from "../vocabularies.ts";

/**
 * Wraps a method that learnt from one dataset as a method on another. Items and users are matched by their original ids. The method sees
 * only those items of a history that it knows; items that it does not know are ranked after all others, and unknown users are treated as
 * new. So it can be evaluated alongside a method that learnt from the other dataset, on the same targets, and recommend today's items. A
 * method that has learnt from the parts held out then cannot be evaluated: they may contain today's targets.
 *
 * @param method The trained method.
 * @param learntOn The dataset that it was trained on.
 * @param dataset The other one.
 * @throws {InputError} if the method was not trained on `learntOn`, or the two datasets have no item in common.
 *
 * @example
 * ```ts
 * import { compare, evaluate, forDataset, markov, prepare } from "automlp";
 *
 * const out = await Deno.makeTempDir();
 * const { dataset: before } = await prepare({ dataset: "demo", minUser: 40, out: `${out}/before` });
 * const { dataset: now } = await prepare({ dataset: "demo", out: `${out}/now` });
 * const old = forDataset(await markov.fit(before), before, now);
 * console.log(compare(await evaluate(await markov.fit(now), now), await evaluate(old, now), "NDCG@10"));
 * ```
 */
export function forDataset(
  method: Recommender,
  learntOn: SequenceDataset,
  dataset: SequenceDataset,
): Recommender {
  const strange = strangeTo(method, learntOn, method.items);
  if (strange !== undefined) {
    throw new InputError(
      `Cannot take ${method.name} from ${learntOn.folder} to another dataset: ${strange}; name first the dataset that it was trained on`,
    );
  }
  const [items, users] = [itemRows(learntOn, dataset), userRows(learntOn, dataset)].map((rows) =>
    Uint32Array.from(rows, (row) => Math.max(row, 0))
  );
  if (!items.some((item) => item > 0)) {
    throw new InputError(
      `Cannot take ${method.name} from ${learntOn.folder} to ${dataset.folder}: they have no item in common`,
    );
  }
  // For a user without interactions since then, what was held out then is held out now.
  const learnt = learntOf(method, learntOn),
    heldOut = dataset.heldOut.filter((part) => !learnt.includes(part));
  const moved = recommenderWithDisplay(new OnOtherDataset(method, items, users));
  return trainedOn(moved, dataset, ["items", "users"], heldOut);
}

/** The score of an item that the method does not know: lower than any other, but finite, as a logit adjustment requires. */
const UNKNOWN = -1e9;

class OnOtherDataset implements Recommender {
  readonly name: string;
  readonly items: number;
  readonly parameters: number;
  readonly length?: number;
  readonly keepSeen?: boolean;

  /**
   * @param own [items + 1]: the method's id for each item; 0 if it does not know it.
   * @param users [users + 1]: the same for users.
   */
  constructor(readonly method: Recommender, readonly own: Uint32Array, readonly users: Uint32Array) {
    this.name = method.name;
    this.items = own.length - 1;
    this.parameters = method.parameters;
    this.length = method.length;
    this.keepSeen = method.keepSeen;
  }

  async score(histories: Histories, candidates?: Uint32Array): Promise<Float32Array> {
    checkHistories(histories, candidates, this.items);
    const { own, items } = this, n = histories.starts.length;
    // For an unknown item, another item is scored, and its score replaced.
    const asked = candidates?.map((item) => own[item] || 1);
    const scores = await this.method.score(this.#own(histories), asked);
    const width = candidates ? candidates.length / n : items + 1, ownWidth = scores.length / n;
    const result = new Float32Array(n * width);
    for (let i = 0; i < result.length; i++) {
      const row = Math.floor(i / width), column = i % width, item = candidates ? candidates[i] : column;
      const known = own[item];
      if (item === 0) result[i] = -Infinity;
      else if (known === 0) result[i] = UNKNOWN;
      else result[i] = scores[row * ownWidth + (candidates ? column : known)];
    }
    return result;
  }

  /** Histories in the method's item ids, without the items that it does not know. */
  #own({ items, starts, ends, users }: Histories): Histories {
    const n = starts.length,
      own: Histories = {
        items: new Uint32Array(ends.reduce((sum, end, i) => sum + end - starts[i], 0)),
        starts: new Uint32Array(n),
        ends: new Uint32Array(n),
        users: users?.map((user) => this.users[user]),
      };
    let place = 0;
    for (let i = 0; i < n; i++) {
      own.starts[i] = place;
      for (let at = starts[i]; at < ends[i]; at++) {
        const item = this.own[items[at]];
        if (item > 0) own.items[place++] = item;
      }
      own.ends[i] = place;
    }
    return own;
  }
}
