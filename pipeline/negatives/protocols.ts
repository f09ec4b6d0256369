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
import { DistinctSampler } from "./distinct.ts";
import { IndependentSampler } from "./independent.ts";

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
