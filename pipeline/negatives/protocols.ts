/**
 * The protocols for negatives: the weights by which each one draws a list, and how it draws.
 *
 * @module
 */
import pl from "nodejs-polars";
import type { Protocol } from "../contract/dataset/protocols.ts";
import { InputError } from "../contract/errors.ts";
import type { DataFrame } from "../contract/frame.ts";
import { RandomStream } from "../contract/random.ts";
import { IndependentSampler } from "./independent.ts";
import { AliasTable } from "../contract/alias.ts";

/** Number of rejected draws, for each wanted item, after which the exact method replaces rejection. */
const PATIENCE = 20;

/**
 * Weighted sampling without replacement (successive sampling: each next item is drawn by the weights of those that are left).
 *
 * Draws from an alias table are rejected if they hit an item that is excluded or already drawn, which is fast while these
 * have little of the weight. For a user who owns nearly all of the weight, the rest is drawn by Efraimidis and Spirakis's keys
 * u^(1/w) ("Weighted random sampling with a reservoir", 2006), which gives the same distribution in one pass over the items.
 */
export class DistinctSampler {
  readonly #weights: Float64Array;
  readonly #table: AliasTable;
  readonly #positive: number;
  /** An item is excluded if its mark equals that of the current exclusion, and drawn if its mark equals that of the current draw. */
  readonly #excluded: Uint32Array;
  readonly #drawn: Uint32Array;
  /** Marks start at 0, which excludes nothing. */
  #exclusion = 1;
  #draw = 0;
  #available: number;
  /** Items that can be drawn under the current exclusion. Only listed once rejection has failed, which is rare. */
  #left?: Uint32Array;

  /** @param weights Weights by item id [items + 1]; items of weight 0 are never drawn. */
  constructor(weights: Float64Array) {
    this.#weights = weights;
    this.#table = new AliasTable(weights);
    this.#positive = weights.reduce((n, w) => n + (w > 0 ? 1 : 0), 0);
    this.#available = this.#positive;
    this.#excluded = new Uint32Array(weights.length);
    this.#drawn = new Uint32Array(weights.length);
  }

  /** Number of items that can be drawn under the current exclusion. */
  get available(): number {
    return this.#available;
  }

  /** Excludes these items (repeats allowed), and no others, until the next call. */
  exclude(items: Uint32Array): void {
    const mark = ++this.#exclusion;
    this.#available = this.#positive;
    this.#left = undefined;
    for (const item of items) {
      if (this.#excluded[item] === mark) continue;
      this.#excluded[item] = mark;
      if (this.#weights[item] > 0) this.#available--;
    }
  }

  /** Fills `out` with distinct items; it must not be longer than {@link DistinctSampler.available}. */
  draw(out: Uint32Array, random: RandomStream): void {
    if (out.length > this.#available) {
      throw new RangeError(`${out.length} distinct items are wanted, ${this.#available} are there`);
    }
    const mark = ++this.#draw, exclusion = this.#exclusion;
    const table = this.#table, excluded = this.#excluded, drawn = this.#drawn;
    let found = 0;
    for (let vain = 0; found < out.length && vain < PATIENCE * out.length;) {
      const item = table.draw(random);
      // Without a branch, which could not be predicted: an item that may not be drawn is written too, and then overwritten.
      const isBarred = Number(excluded[item] === exclusion) | Number(drawn[item] === mark);
      drawn[item] = mark;
      out[found] = item;
      found += 1 - isBarred;
      vain += isBarred;
    }
    if (found < out.length) this.#drawRest(out.subarray(found), mark, random);
  }

  /** Draws the rest: the items with the largest keys ln(u) / w, in this order, have the distribution of successive draws. */
  #drawRest(out: Uint32Array, mark: number, random: RandomStream): void {
    const keys: { item: number; key: number }[] = [];
    for (const item of this.#left ??= this.#listLeft()) {
      if (this.#drawn[item] === mark) continue;
      keys.push({ item, key: Math.log(1 - random.float()) / this.#weights[item] });
    }
    keys.sort((a, b) => b.key - a.key);
    for (let i = 0; i < out.length; i++) out[i] = keys[i].item;
  }

  /** Lists the remaining items; once, because a user who owns nearly all items has as many draws as items. */
  #listLeft(): Uint32Array {
    const left = new Uint32Array(this.#available);
    for (let item = 1, n = 0; item < this.#weights.length; item++) {
      if (this.#weights[item] > 0 && this.#excluded[item] !== this.#exclusion) left[n++] = item;
    }
    return left;
  }
}

/**
 * The largest exponent of popularity, positive or negative. With it, an item that is twice as popular is drawn a thousand times as often;
 * with much larger exponents, weights would overflow.
 */
export const MAX_EXPONENT = 10;

/**
 * Returns the weights by which a protocol draws, by item id [items + 1].
 *
 * @param popularity Number of times that each item is a target [items + 1].
 */
export const negativeWeights = (
  protocol: Protocol,
  popularity: Uint32Array,
  exponent: number,
): Float64Array =>
  protocol === "uniform"
    ? new Float64Array(popularity.length).fill(1, 1)
    : Float64Array.from(popularity, (n, i) => i === 0 || n === 0 ? 0 : n ** exponent);

/** The data that lists are drawn from. */
export interface DrawnFrom {
  /** Weights [items + 1], as returned by {@link negativeWeights}. */
  weights: Float64Array;
  seed: number;
  /** Returns a user's items, repeats allowed. */
  historyOf(user: number): Uint32Array;
  /** Table (`user`, `id`), for naming a user in messages. */
  users: DataFrame;
  /** Returns the number that could be requested instead, and the protocols that are short of items, for the same message. */
  instead(): { most: number; short: readonly Protocol[] };
}

/**
 * Fills `out` with the negatives of the positive at `place` (from 0) in a user's sequence. Calls for the same user must be
 * consecutive.
 */
export type DrawNegatives = (out: Uint32Array, user: number, place: number, target: number) => void;

/**
 * Returns the function with which a protocol draws.
 *
 * @throws {InputError} if there are too few items, at once or when it draws.
 */
export function negativesDrawer(protocol: Protocol, from: DrawnFrom): DrawNegatives {
  checkWeights(protocol, from.weights);
  const random = new RandomStream(from.seed, `negatives/${protocol}`);
  if (protocol === "recbole") {
    const sampler = new IndependentSampler(from.weights);
    return (out, user, place, target) => {
      random.seek(user, place);
      sampler.draw(out, target, random);
    };
  }
  const sampler = new DistinctSampler(from.weights);
  let current = 0;
  return (out, user, place) => {
    if (user !== current) sampler.exclude(from.historyOf(user));
    current = user;
    if (sampler.available < out.length) {
      throw tooFewItems(protocol, out.length, sampler.available, user, from);
    }
    random.seek(user, place);
    sampler.draw(out, random);
  };
}

/** @throws {InputError} if only one item can be drawn, so that nothing is left besides the target. */
function checkWeights(protocol: Protocol, weights: Float64Array): void {
  if (protocol !== "recbole" || weights.reduce((n, w) => n + (w > 0 ? 1 : 0), 0) >= 2) return;
  throw new InputError(
    "Cannot draw negatives: every target is the same one item; use data with more items, or --eval-negatives 0",
  );
}

function tooFewItems(
  protocol: Protocol,
  count: number,
  available: number,
  user: number,
  { users, instead }: DrawnFrom,
): InputError {
  const { most, short } = instead();
  const id = users.filter(pl.col("user").eq(pl.lit(user))).getColumn("id").get(0);
  return new InputError(
    `Cannot draw ${count} ${protocol} negatives for user "${id}": only ${available} items that others ` +
      `chose are not already theirs; lower --eval-negatives to ${most}, ${
        most > 0 ? "the most that all users leave" : "as some user leaves none"
      }, or leave ${short.join(" and ")} out of --protocols`,
  );
}
