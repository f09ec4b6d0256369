/**
 * The largest number of negatives that all users leave to draw: what to ask for if the number was too large.
 *
 * @module
 */
import pl from "nodejs-polars";
import type { Rows } from "../contract/frame.ts";
import type { Protocol } from "../contract/dataset/protocols.ts";
import { negativeWeights } from "./protocols.ts";

/** What can be requested from protocols. */
export interface MostNegatives {
  /** Number of negatives that every user with a positive leaves for each of the protocols. */
  most: number;
  /** The protocols for which some user leaves fewer than were requested. */
  short: Protocol[];
}

/** What the number depends on. */
export interface MostNegativesOptions {
  /** The protocols that draw. */
  protocols: readonly Protocol[];
  /** Number of negatives that were requested. */
  count: number;
  /** Number of times that each item is a target [items + 1]. */
  popularity: Uint32Array;
  exponent: number;
}

/**
 * Determines the number over all users; drawing itself stops at the first user who leaves too few.
 *
 * @param frame Interactions with `user`, `item` and `split`.
 */
export function mostNegatives(
  frame: Pick<Rows, "lazy">,
  { protocols, count, popularity, exponent }: MostNegativesOptions,
): MostNegatives {
  const drawn = protocols.map((protocol) => {
    const weights = negativeWeights(protocol, popularity, exponent);
    const items = Uint32Array.from(weights.keys()).filter((item) => weights[item] > 0);
    // With replacement, one item besides the target is enough.
    const repeated = items.length > 1 ? Infinity : 0;
    return { protocol, most: protocol === "recbole" ? repeated : items.length - mostOwned(frame, items) };
  });
  return {
    most: Math.min(...drawn.map(({ most }) => most)),
    short: drawn.filter(({ most }) => most < count).map(({ protocol }) => protocol),
  };
}

/** Returns the largest number of these items that a user with a positive owns; −∞ without such users, so that no number is too large. */
function mostOwned(frame: Pick<Rows, "lazy">, items: Uint32Array): number {
  const evaluated = frame.lazy().filter(pl.col("split").neq(pl.lit("train"))).select("user").unique();
  const owned = frame.lazy().join(evaluated, { on: "user", how: "semi" })
    .join(pl.DataFrame([pl.Series("item", items)]).lazy(), { on: "item", how: "semi" })
    .groupBy("user").agg(pl.col("item").nUnique().alias("n"))
    .select(pl.col("n").max()).collectSync();
  return Number(owned.getColumn("n").get(0) ?? -Infinity);
}
