/**
 * What the first values of a column tell about it, for messages only: whether they may be times. How times are really read is for a
 * later stage.
 *
 * @module
 */

/** Returns some of the values of a column as text, by its position in the header; none where they are not at hand. */
export type SampleValues = (column: number) => readonly string[];

/** Texts that begin with a date: `2024-03-01T…`, `1.3.2024 …`, `03/01/24`, `1 Mar 2024`, `Mar 1, 2024`, `Tue Apr 03 … 2012`, `2024年…`. */
const DATE = new RegExp(
  String
    .raw`^(\d{4}([-/.])\d{1,2}\2\d{1,2}|\d{1,2}([-/.])\d{1,2}\3(\d{4}|\d\d)|\d{1,2}[-/ ][a-z]{3}[-/ ]\d{4}|` +
    String
      .raw`[a-z]{3} \d{1,2},? \d{4}|(mon|tue|wed|thu|fri|sat|sun),? .*\d{4}.*|\d{4}[年년].*)(?=$|[\sT,:])`,
  "i",
);

const filled = (values: readonly string[]) =>
  values.map((value) => value.trim()).filter((value) => value !== "");

/** Checks whether values are dates, in any usual format. */
export function areDates(values: readonly string[]): boolean {
  const texts = filled(values);
  return texts.length > 0 && texts.every((text) => DATE.test(text));
}

/** Checks whether nothing among the values rules out that they are times: all are numbers or dates. */
export const canBeTimes = (values: readonly string[]): boolean =>
  filled(values).every((text) => Number.isFinite(Number(text)) || DATE.test(text));
