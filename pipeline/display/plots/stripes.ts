/**
 * Curves that coincide, drawn as one line striped in the colors of all of them.
 *
 * @module
 */
import type { Point } from "./plot.ts";

/** How a curve is drawn. */
export interface Stripe {
  /** Position among the coinciding curves: 0 is drawn first, as a whole line. */
  place: number;
  /** Number of coinciding curves; 1 if the curve coincides with no other. */
  of: number;
}

/** Length of a stripe in pixels. */
const LENGTH = 9;

/**
 * Finds which curves coincide, and in which order they are drawn.
 *
 * @param curves [curves] Each with at least one point, by x, ascending.
 * @param near Values on the vertical axis at most this far apart cannot be told apart.
 */
export function stripesOf(curves: readonly (readonly Point[])[], near: number): Stripe[] {
  const groups: number[][] = [];
  const longestFirst = curves.map((_, i) => i).sort((a, b) => extent(curves[b]) - extent(curves[a]));
  for (const i of longestFirst) {
    const group = groups.find(([base]) => liesOn(curves[i], curves[base], near));
    if (group) group.push(i);
    else groups.push([i]);
  }
  return curves.map((_, i) => {
    const group = groups.find((members) => members.includes(i))!;
    return { place: group.indexOf(i), of: group.length };
  });
}

/** Returns the dashes of a stripe as attributes of its line; none for a whole line. */
export const dashesOf = ({ place, of }: Stripe) =>
  place === 0 ? {} : {
    strokeDasharray: `${LENGTH} ${LENGTH * (of - 1)}`,
    strokeDashoffset: -LENGTH * place,
    strokeLinecap: "butt" as const,
  };

const extent = (points: readonly Point[]) => points.at(-1)!.x - points[0].x;

/** Whether the whole of a curve lies on another. */
function liesOn(curve: readonly Point[], base: readonly Point[], near: number): boolean {
  const [from, to] = [curve[0].x, curve.at(-1)!.x];
  const isNear = (line: readonly Point[]) => ({ x, y }: Point) => Math.abs(heightAt(line, x) - y) <= near;
  return base[0].x <= from && to <= base.at(-1)!.x && curve.every(isNear(base)) &&
    base.filter(({ x }) => from <= x && x <= to).every(isNear(curve));
}

/** Interpolates the height of a line at an x within its range. */
function heightAt(line: readonly Point[], x: number): number {
  const next = line.findIndex((point) => point.x >= x), after = line[next], before = line[next - 1] ?? after;
  return after.x === before.x
    ? after.y
    : before.y + (after.y - before.y) * (x - before.x) / (after.x - before.x);
}
