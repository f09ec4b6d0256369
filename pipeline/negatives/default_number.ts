/**
 * The default number of negatives for each positive.
 *
 * @module
 */
import pl from "nodejs-polars";
import { InputError } from "../contract/errors.ts";
import type { Rows } from "../contract/frame.ts";
import { type MostNegatives, mostNegatives, type MostNegativesOptions } from "./most.ts";
import type { Protocol } from "../contract/dataset/protocols.ts";

/** Number of negatives for each positive, if there are enough items. */
export const DEFAULT_NEGATIVES = 100;
/** The numbers that it is lowered to; a rank among fewer says little. Round numbers, so that a few more rows do not change the result. */
const LOWERED = [50, 20, 10, 5], FEWEST = LOWERED.at(-1)!;
/** The largest default cut-off of metrics. */
const USUAL_K = 20;

/** The number of negatives for each positive, and their protocols. */
export interface NegativesEach {
  count: number;
  /** The protocols that they are drawn with. */
  protocols: readonly Protocol[];
  /** The warning if the default number had to be lowered, or does not apply to all protocols. */
  why?: string;
}

/** What decides how many can be drawn. */
export interface NegativesEachOptions extends Omit<MostNegativesOptions, "count"> {
  /** Interactions with `user`, `item` and `split`. */
  frame: Pick<Rows, "lazy">;
  /** Number of interactions of each user [users]. */
  interactions: Uint32Array;
}

/**
 * Returns the requested number, or else the default, lowered to what every user leaves to draw with each of the protocols. A protocol for
 * which some user leaves fewer than the smallest number draws none.
 *
 * @param asked The requested number; undefined for the default.
 * @throws {InputError} if negatives are wanted but no interaction has a history.
 */
export function negativesEach(
  asked: number | undefined,
  { frame, interactions, protocols, ...drawing }: NegativesEachOptions,
): NegativesEach {
  if (asked === 0) return { count: 0, protocols: [] };
  if (drawing.popularity.every((count) => count === 0)) throw withoutHistories();
  if (asked !== undefined) return { count: asked, protocols };
  const targets = drawing.popularity.reduce((n, count) => n + (count > 0 ? 1 : 0), 0);
  // Users with fewer interactions leave enough items, so in large data hardly any user has to be checked.
  const isHeavy = (rows: number) => rows > targets - DEFAULT_NEGATIVES;
  if (!interactions.some(isHeavy)) return { count: DEFAULT_NEGATIVES, protocols };
  const heavy = Uint32Array.from(interactions.keys(), (i) => i + 1).filter((user) =>
    isHeavy(interactions[user - 1])
  );
  const theirs = () =>
    frame.lazy().join(pl.DataFrame([pl.Series("user", heavy)]).lazy(), { on: "user", how: "semi" });
  const leftBy = (protocols: readonly Protocol[], count: number) =>
    mostNegatives({ lazy: theirs }, { ...drawing, protocols, count });
  const hardly = leftBy(protocols, FEWEST), drawn = protocols.filter((name) => !hardly.short.includes(name));
  if (drawn.length === 0) return { count: 0, protocols: [], why: whyNone(hardly) };
  const left = leftBy(drawn, DEFAULT_NEGATIVES);
  const count = [DEFAULT_NEGATIVES, ...LOWERED].find((n) => n <= left.most)!;
  const why = [
    ...(hardly.short.length > 0 ? [whyWithout(hardly)] : []),
    ...(count < DEFAULT_NEGATIVES ? [whyFewer(count, left, drawn)] : []),
  ];
  return { count, protocols: drawn, ...(why.length > 0 && { why: why.join("; ") }) };
}

const withoutHistories = () =>
  new InputError(
    "Cannot draw negatives: every user has only one interaction, and what is ranked needs others before it; " +
      "use data with longer histories, or --eval-negatives 0",
  );

const leaves = ({ most }: MostNegatives) =>
  `some user leaves ${most > 0 ? `only ${most} item${most > 1 ? "s" : ""}` : "no item"} to draw`;
const namesOf = ({ short }: MostNegatives) => short.join(" and ");
const askFor = ({ most }: MostNegatives, what: string) =>
  most > 0 ? `; to have ${what}, give --eval-negatives ${most}` : "";

const whyNone = (left: MostNegatives): string =>
  `no negatives: ${leaves(left)}; the dataset can only be evaluated against all items${askFor(left, "some")}`;

const whyWithout = (left: MostNegatives): string =>
  `no negatives by ${namesOf(left)}: ${leaves(left)} by ${left.short.length > 1 ? "them" : "it"}${
    askFor(left, "those, too")
  }`;

function whyFewer(count: number, left: MostNegatives, protocols: readonly Protocol[]): string {
  const others = left.short.length < protocols.length ? ` by ${namesOf(left)}` : "";
  const trivial = count < USUAL_K ? `; HR@k is 1 for every k above ${count}` : "";
  return `${count} negatives for each positive instead of ${DEFAULT_NEGATIVES}: ${leaves(left)}${others}; ` +
    `--eval-negatives asks for another number${trivial}`;
}
