/**
 * Fitting a line of facts into a width: the least important are shortened first, then left out; no word is cut.
 *
 * @module
 */
import { displayWidth } from "../table.ts";

/** A fact in a few words. */
export interface Fact {
  text: string;
  /** A shorter form, for less space. */
  short: string;
}

/** Makes a fact that has no shorter form. */
export const plainFact = (text: string): Fact => ({ text, short: text });

/**
 * Returns the texts of as many facts as fit into a width: all in long form; if they do not fit, the last ones in short form; if they
 * still do not fit, without the last ones.
 *
 * @param facts The most important first.
 * @param between Columns between two texts.
 * @param isBefore Whether there is as much space before the first, too.
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

/** Returns the total columns of texts with this many columns between them. */
export const joinedWidth = (texts: readonly string[], between: number): number =>
  texts.reduce((width, text) => width + displayWidth(text) + between, -between);

/** Cuts `text` to `width` columns, ending in `…`: between words, unless too little would be left. */
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
 * Cuts `text` to `width` columns by leaving out its middle, because names of runs differ at their ends.
 *
 * @param widthOf Returns the width of a text. Default: in columns.
 */
export function cutMiddle(text: string, width: number, widthOf = displayWidth): string {
  if (widthOf(text) <= width) return text;
  const letters = Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
  const rest = width - widthOf("…");
  /** Returns as many letters as fit into the room. */
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
