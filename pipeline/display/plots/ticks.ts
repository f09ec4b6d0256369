/**
 * Labels of axes: their widths, and which of them fit.
 *
 * @module
 */
import { displayWidth, formatCell } from "../table.ts";

/** Width in pixels of a digit or lower-case letter, of a capital, and of a comma, point or space, in the font size of axes. */
const CHARACTER = 8.3, CAPITAL = 9.5, POINT = 4.2;
/** Minimum distance between two labels, in pixels. */
const GAP = 8;

/** Estimates the width of a label in pixels, generously because fonts differ. */
export const labelWidth = (label: string): number =>
  Array.from(label).reduce((width, letter) => width + letterWidth(letter), 0);

const letterWidth = (letter: string) =>
  /[., ]/.test(letter) ? POINT : /\p{Lu}/u.test(letter) ? CAPITAL : CHARACTER * displayWidth(letter);

/** Steps within a power of ten, from many ticks to few. */
const STEPS = [[1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 5], [1, 3], [1]];

/**
 * Returns the ticks of a logarithmic axis: as many as have labels that do not overlap.
 *
 * @param width Length of the axis in pixels.
 * @param beyond Pixels by which a label may extend beyond its end.
 * @returns An empty list if fewer than two fit.
 */
export function logTicks(
  [from, to]: readonly [number, number],
  width: number,
  beyond: number,
): number[] {
  const powers = Array.from(
    { length: Math.floor(Math.log10(to)) - Math.floor(Math.log10(from)) + 1 },
    (_, i) => Math.floor(Math.log10(from)) + i,
  );
  const place = (tick: number) => width * Math.log(tick / from) / Math.log(to / from);
  const half = (tick: number) => labelWidth(formatCell(tick)) / 2;
  const ticksOf = (steps: readonly number[], every: number) =>
    powers.filter((power) => power % every === 0)
      .flatMap((power) => steps.map((step) => Number(`${step}e${power}`)))
      .filter((tick) => tick >= from && tick <= to && place(tick) + half(tick) <= width + beyond);
  const haveRoom = (ticks: readonly number[]) =>
    ticks.slice(1).every((tick, i) => place(tick) - place(ticks[i]) >= half(ticks[i]) + half(tick) + GAP);
  const choices = [
    ...STEPS.map((steps) => ticksOf(steps, 1)),
    ...[2, 3, 4].map((every) => ticksOf([1], every)),
  ];
  return choices.find((ticks) => ticks.length > 1 && haveRoom(ticks)) ?? [];
}
