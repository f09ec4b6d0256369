/**
 * How many negatives all users leave: what to ask for where it was too many.
 *
 * @module
 */
import pl from "nodejs-polars";
import type { Rows } from "../contract/frame.ts";
import type { Protocol } from "../contract/dataset/protocols.ts";
import { negativeWeights } from "./protocols.ts";

/** What protocols can be asked for. */
export interface MostNegatives {
  /** That many every user with a positive leaves, by each of the protocols. */
  most: number;
  /** The protocols by which some user leaves fewer than were asked for. */
  short: Protocol[];
}

/** What decides it. */
export interface MostNegativesOptions {
  /** Those that draw. */
  protocols: readonly Protocol[];
  /** Negatives that were asked for. */
  count: number;
  /** [items + 1]: how often each item is a target. */
  popularity: Uint32Array;
  exponent: number;
}

/**
 * Looks at all users; drawing itself ends at the first who leaves too few.
 *
 * @param frame With `user`, `item` and `split`.
 */
export function mostNegatives(
  frame: Pick<Rows, "lazy">,
  { protocols, count, popularity, exponent }: MostNegativesOptions,
): MostNegatives {
  const drawn = protocols.map((protocol) => {
    const weights = negativeWeights(protocol, popularity, exponent);
    const items = Uint32Array.from(weights.keys()).filter((item) => weights[item] > 0);
    // With replacement one item beside the target suffices.
    const repeated = items.length > 1 ? Infinity : 0;
    return { protocol, most: protocol === "recbole" ? repeated : items.length - mostOwned(frame, items) };
  });
  return {
    most: Math.min(...drawn.map(({ most }) => most)),
    short: drawn.filter(({ most }) => most < count).map(({ protocol }) => protocol),
  };
}

/** How many of these items the user has who has most of them, of those with a positive; where nobody has one, none are too many. */
function mostOwned(frame: Pick<Rows, "lazy">, items: Uint32Array): number {
  const evaluated = frame.lazy().filter(pl.col("split").neq(pl.lit("train"))).select("user").unique();
  const owned = frame.lazy().join(evaluated, { on: "user", how: "semi" })
    .join(pl.DataFrame([pl.Series("item", items)]).lazy(), { on: "item", how: "semi" })
    .groupBy("user").agg(pl.col("item").nUnique().alias("n"))
    .select(pl.col("n").max()).collectSync();
  return Number(owned.getColumn("n").get(0) ?? -Infinity);
}
