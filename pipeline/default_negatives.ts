/**
 * How many negatives each positive has where nobody names a number.
 *
 * @module
 */
import pl from "nodejs-polars";
import type { Rows } from "./contract/frame.ts";
import { type MostNegatives, mostNegatives, type MostNegativesOptions } from "./most_negatives.ts";
import type { Protocol } from "./protocols.ts";

/** Negatives of each positive, where items suffice for them. */
export const DEFAULT_NEGATIVES = 100;
/** The numbers that it is lowered to; a rank among fewer says little. Round, so that a few more rows do not change it. */
const LOWERED = [50, 20, 10, 5];
/** The largest cut-off that metrics have where nobody names others. */
const USUAL_K = 20;

/** Negatives of each positive. */
export interface NegativesEach {
  count: number;
  /** Of a number that nobody named, and that had to be lowered: what is to be said of it. */
  why?: string;
}

/** What decides how many can be drawn. */
export interface NegativesEachOptions extends Omit<MostNegativesOptions, "count"> {
  /** `user`, `item` and `split`. */
  frame: Pick<Rows, "lazy">;
  /** [users]: how many interactions each user has. */
  interactions: Uint32Array;
}

/**
 * The number that was asked for; else the default, lowered to what every user leaves by each of the protocols.
 *
 * @param asked undefined: nobody named a number.
 */
export function negativesEach(
  asked: number | undefined,
  { frame, interactions, ...drawing }: NegativesEachOptions,
): NegativesEach {
  if (asked !== undefined) return { count: asked };
  const targets = drawing.popularity.reduce((n, count) => n + (count > 0 ? 1 : 0), 0);
  // Whoever has fewer interactions leaves enough: of large data hardly anybody has to be looked at.
  const isHeavy = (rows: number) => rows > targets - DEFAULT_NEGATIVES;
  if (!interactions.some(isHeavy)) return { count: DEFAULT_NEGATIVES };
  const heavy = Uint32Array.from(interactions.keys(), (i) => i + 1).filter((user) =>
    isHeavy(interactions[user - 1])
  );
  const theirs = () =>
    frame.lazy().join(pl.DataFrame([pl.Series("user", heavy)]).lazy(), { on: "user", how: "semi" });
  const left = mostNegatives({ lazy: theirs }, { ...drawing, count: DEFAULT_NEGATIVES });
  if (left.most >= DEFAULT_NEGATIVES) return { count: DEFAULT_NEGATIVES };
  const count = LOWERED.find((n) => n <= left.most) ?? 0;
  return { count, why: reason(count, left, drawing.protocols) };
}

/** Why there are fewer, and what to give for others. */
function reason(count: number, { most, short }: MostNegatives, protocols: readonly Protocol[]): string {
  const others = short.length < protocols.length, names = short.join(" and ");
  const leaves =
    `some user leaves ${most > 0 ? `only ${most} item${most > 1 ? "s" : ""}` : "no item"} to draw` +
    (others ? ` by ${names}` : "");
  if (count > 0) {
    const trivial = count < USUAL_K ? `; HR@k is 1 for every k above ${count}` : "";
    return `${count} negatives for each positive instead of ${DEFAULT_NEGATIVES}: ${leaves}; ` +
      `--eval-negatives asks for another number${trivial}`;
  }
  const ways = [
    ...(most > 0 ? [`give --eval-negatives ${most}`] : []),
    ...(others ? [`leave ${names} out of --protocols`] : []),
  ];
  return `no negatives: ${leaves}; the dataset can only be evaluated against all items` +
    (ways.length > 0 ? `; to have some, ${ways.join(", or ")}` : "");
}
