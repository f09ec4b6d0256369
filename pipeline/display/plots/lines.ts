/**
 * Several curves in one plot, each named at its end.
 *
 * @module
 */
import * as Plot from "@observablehq/plot";
import { cutMiddle } from "../text/fitting.ts";
import { draw, HEIGHT, MARGIN, type PlotImage, type PlotText, type Point, WIDTH } from "./plot.ts";
import { dashesOf, stripesOf } from "./stripes.ts";
import { displayWidth, formatCell } from "../table.ts";
import { stripTips, tipNumber } from "./tips.ts";
import { visible } from "../text/visible.ts";

/** A named curve of {@link plotLines}. */
export interface Curve {
  /** What is drawn beside it. */
  label: string;
  /** By x, ascending. Points that are not finite are left out. */
  points: readonly Point[];
}

/** Something that happened on the way, in {@link plotLines} a vertical line with a label. */
export interface Moment {
  /** Where it is on the horizontal axis. */
  x: number;
  /** What is drawn beside it. */
  label: string;
}

/** Colours with a contrast of at least 3 against white and near-black alike, neighbours easy to tell apart. */
const COLORS = [
  "#3d85c6",
  "#d27d2d",
  "#3f9a5a",
  "#d1575d",
  "#9673c4",
  "#2b9a9a",
  "#c46a9e",
  "#a5804a",
  "#7f8a2f",
  "#858b93",
];

/** More points than this are not to be seen, and make the drawing large. */
const MAX_POINTS = 400;
/** The least distance of two labels in pixels, and the width of one character. */
const LINE = 15, CHARACTER = 7.5;
/** Columns of a label that is drawn whole; pixels that the curves have at least, whatever the labels take. */
const LONGEST = 40, LEAST_WIDTH = 240;

/** Lines that are no further apart, in pixels, cover each other. */
const COVERED = 0.75;
/** Pixels of the dot at a curve's end. */
const DOT = 3.5;

/**
 * Curves over a common axis. Those that lie on one another are one line, striped in the colours of all.
 *
 * @example
 * ```ts
 * import { linesPlot } from "./lines.ts";
 * import assert from "node:assert/strict";
 * const loss = { label: "training", points: [{ x: 1, y: 0.7 }, { x: 2, y: 0.5 }] };
 * const svg = String(linesPlot([loss], { title: "Loss by epoch", x: "epoch", y: "loss" }));
 * assert(svg.startsWith("<svg ") && svg.includes("training"));
 * ```
 */
export function linesPlot(
  series: readonly Curve[],
  text: PlotText & {
    moments?: readonly Moment[];
    tickFormat?: string;
    /** Where the vertical axis begins at the latest, for values whose distance from it counts. */
    least?: number;
    /** Whether a value stands until the next one, and nothing lies between them. */
    steps?: boolean;
  },
): PlotImage {
  const lines = series
    .map(({ label, points }, i) => ({
      label: visible(label),
      color: COLORS[i % COLORS.length],
      points: thin(points.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y)), MAX_POINTS),
    }))
    .filter(({ points }) => points.length > 0);
  const xs = domain(lines.flatMap(({ points }) => points.map(({ x }) => x)), 0);
  const [lowest, highest] = domain(lines.flatMap(({ points }) => points.map(({ y }) => y)), 0.05);
  const ys: [number, number] = [Math.min(lowest, text.least ?? lowest), highest];
  const perPixel = (ys[1] - ys[0]) / (HEIGHT - MARGIN.top - MARGIN.bottom);
  const stripes = stripesOf(lines.map(({ points }) => points), COVERED * perPixel);
  const drawn = lines.map((line, i) => ({ ...line, stripe: stripes[i] }))
    .sort((a, b) => a.stripe.place - b.stripe.place);
  const ends = lines.map(({ label, color, points }) => ({
    label: cutMiddle(label, LONGEST),
    color,
    ...points.at(-1)!,
  }));
  const heights = spread(ends.map(({ y }) => y), LINE * perPixel, ys);
  const longest = Math.max(0, ...ends.map(({ label }) => displayWidth(label)));
  const curve = text.steps ? "step-after" : "linear";
  const dot = (point: Point, color: string, r: number) =>
    Plot.dot([point], { x: "x", y: "y", fill: color, r });
  const marginRight = 22 + CHARACTER * longest;
  const width = Math.max(WIDTH, MARGIN.left + LEAST_WIDTH + marginRight);
  return draw(text, {
    width,
    marginRight,
    x: { domain: xs, ...ticksOf(lines, xs, width - MARGIN.left - marginRight) },
    y: { domain: ys, grid: true, ticks: 5, ...(text.tickFormat && { tickFormat: text.tickFormat }) },
    marks: [
      ...drawn.map(({ points, color, stripe }) =>
        Plot.lineY(points, { x: "x", y: "y", stroke: color, strokeWidth: 2, curve, ...dashesOf(stripe) })
      ),
      // One within the other where they have one place.
      ...drawn.map(({ points, color, stripe: { place, of } }) =>
        dot(points.at(-1)!, color, DOT * (of - place) / of)
      ),
      Plot.link(ends.map((end, i) => ({ ...end, height: heights[i] })), {
        x1: "x",
        x2: () => xs[1],
        y1: "y",
        y2: "height",
        stroke: "color",
        strokeOpacity: 0.6,
        dx: 4,
      }),
      Plot.text(ends.map((end, i) => ({ ...end, height: heights[i] })), {
        x: () => xs[1],
        y: "height",
        text: "label",
        textAnchor: "start",
        dx: 12,
      }),
      ...(text.moments ?? []).flatMap((moment) => [
        Plot.ruleX([moment], { x: "x", strokeDasharray: "3 4", strokeOpacity: 0.6 }),
        Plot.text([moment], { x: "x", text: () => visible(moment.label), frameAnchor: "top", dy: -12 }),
      ]),
    ],
  }, ({ x, ...frame }) =>
    stripTips(
      valuesByX(lines).map(({ at, values }) => ({
        at: x(at),
        text: [
          `${visible(text.x)} ${tipNumber(at)}`,
          ...values.map(({ label, y }) => `${label}: ${tipNumber(y, text.tickFormat?.endsWith("%"))}`),
        ].join("\n"),
      })),
      frame,
    ));
}

/** Every place on the horizontal axis where a curve has a point, ascending, and what the curves are there. */
function valuesByX(lines: readonly Curve[]): { at: number; values: { label: string; y: number }[] }[] {
  const values = new Map<number, { label: string; y: number }[]>();
  for (const { label, points } of lines) {
    for (const { x, y } of points) values.getOrInsertComputed(x, () => []).push({ label, y });
  }
  return [...values].sort(([a], [b]) => a - b).map(([at, values]) => ({ at, values }));
}

/** At most `most` points, evenly chosen, first and last among them. */
function thin(points: Point[], most: number): Point[] {
  if (points.length <= most) return points;
  return Array.from({ length: most }, (_, i) => points[Math.round(i * (points.length - 1) / (most - 1))]);
}

/** A range below this share of the values is what rounding makes of a constant. */
const FLAT = 1e-9;

/** From the least to the greatest, with a share of that added at both ends; never of length 0, and 0 to 1 of nothing. */
function domain(values: number[], share: number): [number, number] {
  if (values.length === 0) return [0, 1];
  const low = Math.min(...values), high = Math.max(...values);
  const size = Math.max(Math.abs(low), Math.abs(high));
  const room = high - low > FLAT * size ? (high - low) * share : size * 0.1 || 1;
  return [low - room, high + room];
}

const MAX_TICKS = 6;
/** Pixels that a tick with its label takes at least. */
const TICK = 50;

/** Few enough ticks that whole numbers stay whole, also where the last is not, and that their labels do not run into each other. */
function ticksOf(
  lines: readonly Curve[],
  [low, high]: [number, number],
  width: number,
): { ticks: number; tickFormat?: typeof formatCell } {
  const most = Math.max(1, Math.min(MAX_TICKS, Math.floor(width / TICK)));
  const whole = lines.every(({ points }) =>
    points.slice(0, Math.max(1, points.length - 1)).every(({ x }) => Number.isInteger(x))
  );
  // A single epoch is no "1.0".
  return whole
    ? { ticks: Math.min(most, Math.max(1, Math.floor(high - low))), tickFormat: formatCell }
    : { ticks: most };
}

/**
 * Moves values apart, as little as need be, until neighbours are `gap` apart and all lie in the domain, as far as it has
 * room. The order stays.
 */
export function spread(values: number[], gap: number, [low, high]: [number, number]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a] - values[b]);
  const placed = order.map((i) => values[i]);
  // Groups of labels that touch lie around the middle of their values.
  const groups: { sum: number; from: number; size: number }[] = [];
  placed.forEach((value, i) => {
    groups.push({ sum: value, from: i, size: 1 });
    while (groups.length > 1) {
      const [below, above] = groups.slice(-2);
      if (start(above, gap, low, high) - start(below, gap, low, high) >= gap * below.size) break;
      groups.splice(-2, 2, { sum: below.sum + above.sum, from: below.from, size: below.size + above.size });
    }
  });
  const result = new Array<number>(values.length);
  for (const group of groups) {
    const first = start(group, gap, low, high);
    for (let i = 0; i < group.size; i++) result[order[group.from + i]] = first + i * gap;
  }
  return result;
}

/** Where a group's lowest label lies. */
function start({ sum, size }: { sum: number; size: number }, gap: number, low: number, high: number): number {
  const height = gap * (size - 1);
  return Math.max(low, Math.min(high - height, sum / size - height / 2));
}
