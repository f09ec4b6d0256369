/**
 * What the first values of a column tell about it, for messages only: whether they are times.
 *
 * @module
 */
import { likelyFormats } from "../times/likely_formats.ts";
import { DATES } from "../times/timestamps.ts";

/** Returns some of the values of a column as text, by its position in the header; none where they are not at hand. */
export type SampleValues = (column: number) => readonly string[];

const filled = (values: readonly string[]) =>
  values.map((value) => value.trim()).filter((value) => value !== "");

const isDate = (text: string): boolean =>
  DATES.some(({ look }) => look.test(text)) || likelyFormats(text).length > 0;

/** Checks whether values are dates, in any usual format. */
export function areDates(values: readonly string[]): boolean {
  const texts = filled(values);
  return texts.length > 0 && texts.every(isDate);
}

/** Checks whether nothing among the values rules out that they are times: all are numbers or dates. */
export const canBeTimes = (values: readonly string[]): boolean =>
  filled(values).every((text) => Number.isFinite(Number(text)) || isDate(text));
