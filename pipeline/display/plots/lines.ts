/**
 * Several curves in one plot, each labeled at its end.
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
  /** Label drawn beside the curve. */
  label: string;
  /** Points by ascending x. Points that are not finite are left out. */
  points: readonly Point[];
}

/** A curve of measurements, each with the standard deviation of its values if it is a mean of several. */
interface MeasuredCurve extends Curve {
  points: readonly (Point & { sd?: number })[];
}

/** An event on the way, drawn by {@link plotLines} as a vertical line with a label. */
export interface Moment {
  /** Position on the horizontal axis. */
  x: number;
  /** Label drawn beside the line. */
  label: string;
}

/** Colors with a contrast of at least 3 against both white and near-black; neighbors are easy to tell apart. */
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

/** Maximum number of points: more could not be seen, and would make the drawing large. */
const MAX_POINTS = 400;
/** Minimum distance between two labels, and width of one character, in pixels. */
const LINE = 15, CHARACTER = 7.5;
/** Maximum columns of a label that is drawn whole; minimum pixels for the curves, however long the labels are. */
const LONGEST = 40, LEAST_WIDTH = 240;

/** Lines at most this many pixels apart cover each other. */
const COVERED = 0.75;
/** Size of a dot on a curve, in pixels. */
const DOT = 3.5;
/** Distance between the bars of two curves at the same place, in pixels. */
const BAR = 3;

/**
 * Draws curves over a common axis. Curves that coincide become one line, striped in the colors of all of them. A bar at a point spans its
 * standard deviation on either side.
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
  series: readonly MeasuredCurve[],
  text: PlotText & {
    moments?: readonly Moment[];
    tickFormat?: string;
    /** The vertical axis begins at this value or below, for values whose distance from it matters. */
    least?: number;
    /** Whether a value holds until the next one, with nothing in between. */
    steps?: boolean;
    /** Whether every point has a dot, as measurements with nothing in between. */
    dots?: boolean;
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
  const [lowest, highest] = domain(
    lines.flatMap(({ points }) => points.flatMap(({ y, sd = 0 }) => [y - sd, y + sd])),
    0.05,
  );
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
  const said = (value: number) => tipNumber(value, text.tickFormat?.endsWith("%"));
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
      ...drawn.map(({ points, color }, i) =>
        Plot.ruleX(points.filter(({ sd = 0 }) => sd > 0), {
          x: "x",
          y1: ({ y, sd }) => y - sd,
          y2: ({ y, sd }) => y + sd,
          stroke: color,
          strokeWidth: 1.5,
          dx: BAR * (i - (drawn.length - 1) / 2),
        })
      ),
      // Dots at the same place lie one within the other.
      ...drawn.flatMap(({ points, color, stripe: { place, of } }) =>
        points.slice(text.dots ? 0 : -1).map((point) => dot(point, color, DOT * (of - place) / of))
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
          ...values.map(({ label, y, sd }) =>
            `${label}: ${said(y)}${sd === undefined ? "" : ` ± ${said(sd)}`}`
          ),
        ].join("\n"),
      })),
      frame,
    ));
}

/** The value of a curve at a place. */
interface MeasuredValue {
  label: string;
  y: number;
  sd?: number;
}

/** Every x at which a curve has a point, ascending, with the values of the curves there. */
function valuesByX(lines: readonly MeasuredCurve[]): { at: number; values: MeasuredValue[] }[] {
  const values = new Map<number, MeasuredValue[]>();
  for (const { label, points } of lines) {
    for (const { x, y, sd } of points) values.getOrInsertComputed(x, () => []).push({ label, y, sd });
  }
  return [...values].sort(([a], [b]) => a - b).map(([at, values]) => ({ at, values }));
}

/** Selects at most `most` points, evenly spaced, including the first and the last. */
function thin<P extends Point>(points: P[], most: number): P[] {
  if (points.length <= most) return points;
  return Array.from({ length: most }, (_, i) => points[Math.round(i * (points.length - 1) / (most - 1))]);
}

/** A range below this share of the values is treated as a constant with rounding errors. */
const FLAT = 1e-9;

/** The range of the values, extended at both ends by a share of it; never of length 0, and 0 to 1 without values. */
function domain(values: number[], share: number): [number, number] {
  if (values.length === 0) return [0, 1];
  const low = Math.min(...values), high = Math.max(...values);
  const size = Math.max(Math.abs(low), Math.abs(high));
  const room = high - low > FLAT * size ? (high - low) * share : size * 0.1 || 1;
  return [low - room, high + room];
}

const MAX_TICKS = 6;
/** Minimum pixels for a tick with its label. */
const TICK = 50;

/** Chooses few enough ticks that whole numbers stay whole, even if the last is not, and that labels do not overlap. */
function ticksOf(
  lines: readonly Curve[],
  [low, high]: [number, number],
  width: number,
): { ticks: number; tickFormat?: typeof formatCell } {
  const most = Math.max(1, Math.min(MAX_TICKS, Math.floor(width / TICK)));
  const whole = lines.every(({ points }) =>
    points.slice(0, Math.max(1, points.length - 1)).every(({ x }) => Number.isInteger(x))
  );
  // A single epoch must not be labeled "1.0".
  return whole
    ? { ticks: Math.min(most, Math.max(1, Math.floor(high - low))), tickFormat: formatCell }
    : { ticks: most };
}

/**
 * Moves values apart, as little as necessary, until neighbors are `gap` apart and all lie in the domain, as far as there is
 * room. Their order is kept.
 */
export function spread(values: number[], gap: number, [low, high]: [number, number]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a] - values[b]);
  const placed = order.map((i) => values[i]);
  // Groups of labels that touch are centered on the mean of their values.
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

/** Position of a group's lowest label. */
function start({ sum, size }: { sum: number; size: number }, gap: number, low: number, high: number): number {
  const height = gap * (size - 1);
  return Math.max(low, Math.min(high - height, sum / size - height / 2));
}
