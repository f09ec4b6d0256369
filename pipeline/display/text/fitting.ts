/**
 * A line of facts in a width: what is least important is shortened first, then left out; no word is cut.
 *
 * @module
 */
import { displayWidth } from "../table.ts";

/** Something to be said in a few words. */
export interface Fact {
  text: string;
  /** The same, where room is short. */
  short: string;
}

/** A fact that has no shorter form. */
export const plainFact = (text: string): Fact => ({ text, short: text });

/**
 * The texts of as many facts as go into a width, from the first on: all of them long; else, from the last on, short; else without the last ones.
 *
 * @param facts The most important first.
 * @param between Columns before each of them, or between them.
 * @param isBefore Whether there are as many before the first, too.
 * @example
 * ```ts
 * import { fitting, plainFact } from "./fitting.ts";
 * import assert from "node:assert/strict";
 *
 * const facts = [plainFact("63%"), { text: "at most 3:40 more", short: "3:40 at most" }];
 * assert.deepEqual(fitting(facts, 30, 2), ["63%", "at most 3:40 more"]);
 * assert.deepEqual(fitting(facts, 20, 2), ["63%", "3:40 at most"]);
 * assert.deepEqual(fitting(facts, 10, 2), ["63%"]);
 * ```
 */
export function fitting(facts: readonly Fact[], width: number, between: number, isBefore = false): string[] {
  const fits = (texts: readonly string[]) => joinedWidth(texts, between) + (isBefore ? between : 0) <= width;
  for (let long = facts.length; long >= 0; long--) {
    const texts = facts.map(({ text, short }, i) => i < long ? text : short);
    if (fits(texts)) return texts;
  }
  const texts = facts.map(({ short }) => short);
  while (texts.length > 0 && !fits(texts)) texts.pop();
  return texts;
}

/** Columns of texts with so many between two of them. */
export const joinedWidth = (texts: readonly string[], between: number): number =>
  texts.reduce((width, text) => width + displayWidth(text) + between, -between);

/** Cuts `text` to `width` columns, the last of them `…`: between words, unless too little were left. */
export function cutTo(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  if (width < 1) return "";
  let cut = "";
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (displayWidth(cut + segment) >= width) break;
    cut += segment;
  }
  const space = cut.lastIndexOf(" ");
  return `${space > cut.length / 2 ? cut.slice(0, space) : cut}…`;
}

/**
 * Cuts `text` to `width` columns by leaving out what is in the middle: names of runs differ at their ends.
 *
 * @param widthOf How wide a text is. Default: in columns.
 */
export function cutMiddle(text: string, width: number, widthOf = displayWidth): string {
  if (widthOf(text) <= width) return text;
  const letters = Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
  const rest = width - widthOf("…");
  /** As many letters as go into so much room. */
  const fitting = (from: readonly string[], room: number) => {
    let count = 0;
    for (let used = 0; count < from.length; count++) {
      used += widthOf(from[count]);
      if (used > room) break;
    }
    return from.slice(0, count);
  };
  const begin = fitting(letters, Math.floor(rest / 2));
  const end = fitting(letters.toReversed(), rest - widthOf(begin.join(""))).toReversed();
  return `${begin.join("")}…${end.join("")}`;
}
