/**
 * Named points in a plane, such as quality against cost.
 *
 * @module
 */
import * as Plot from "@observablehq/plot";
import { cutMiddle } from "../text/fitting.ts";
import { ACCENT, draw, HEIGHT, MARGIN, type PlotImage, type PlotText, WIDTH } from "./plot.ts";
import { labelWidth } from "./ticks.ts";
import { tipNumber } from "./tips.ts";
import { visible } from "../text/visible.ts";

/** A point with its name. */
export interface NamedPoint {
  label: string;
  x: number;
  y: number;
}

/**
 * Pixels: height of a line of labels; distance from a point to its label; that from the line that leads to a point; margin on the right of
 * the drawing.
 */
const LINE = 15, BESIDE = 8, LED = 2, RIGHT = 20;
/** Distance in pixels from a point within which its tooltip is shown. */
const NEAR = 10;

/**
 * Draws named points over a logarithmic horizontal axis. Labels stay within the drawing and do not overlap: they are right of their
 * point, or left of it if there is no room, and moved up or down as little as necessary. A line leads from a point to a label that is moved
 * by more than its height. A label that fits on neither side is shortened in the middle.
 *
 * @example
 * ```ts
 * import { scatterPlot } from "./scatter.ts";
 * import assert from "node:assert/strict";
 * const points = [{ label: "fast", x: 2, y: 0.4 }, { label: "slow", x: 200, y: 0.5 }];
 * assert(String(scatterPlot(points, { title: "Quality by time", x: "s", y: "NDCG@10" })).includes("slow"));
 * ```
 */
export function scatterPlot(points: readonly NamedPoint[], text: PlotText): PlotImage {
  const xs = [Math.min(...points.map(({ x }) => x)) / 1.3, Math.max(...points.map(({ x }) => x)) * 1.3];
  const ys = points.map(({ y }) => y), room = (Math.max(...ys) - Math.min(...ys)) * 0.1 || 1;
  const yDomain = [Math.min(...ys) - room, Math.max(...ys) + room], height = HEIGHT + 60;
  const inner = { width: WIDTH - MARGIN.left - RIGHT, height: height - MARGIN.top - MARGIN.bottom };
  const pixelX = (x: number) => inner.width * Math.log(x / xs[0]) / Math.log(xs[1] / xs[0]);
  const pixelY = (y: number) => inner.height * (yDomain[1] - y) / (yDomain[1] - yDomain[0]);
  const dataX = (pixels: number) => xs[0] * (xs[1] / xs[0]) ** (pixels / inner.width);
  const dataY = (pixels: number) => yDomain[1] - (yDomain[1] - yDomain[0]) * pixels / inner.height;
  const labels = labelsOf(
    points.map((point) => ({ ...point, left: pixelX(point.x), top: pixelY(point.y) })),
    inner,
  );
  return draw(text, {
    height,
    marginRight: RIGHT,
    x: { type: "log", domain: xs, grid: true, ticks: 5, tickFormat: ",~r" },
    y: { domain: yDomain, grid: true, ticks: 5 },
    marks: [
      ...labels.filter(isLed).map(({ isLeft, dy, left, top, ...point }) =>
        Plot.link([point], {
          x1: "x",
          y1: "y",
          x2: () => dataX(leadTo({ left, isLeft })),
          y2: () => dataY(top + dy),
          strokeOpacity: 0.6,
        })
      ),
      Plot.dot(points, { x: "x", y: "y", fill: ACCENT, r: 4 }),
      ...labels.map(({ name, isLeft, dy, ...point }) =>
        Plot.text([point], {
          x: "x",
          y: "y",
          text: () => name,
          textAnchor: isLeft ? "end" : "start",
          dx: isLeft ? -BESIDE : BESIDE,
          dy,
        })
      ),
    ],
  }, ({ x, y }) =>
    points.map((point) => ({
      x: x(point.x) - NEAR,
      y: y(point.y) - NEAR,
      width: 2 * NEAR,
      height: 2 * NEAR,
      text: [
        visible(point.label),
        `${visible(text.x)}: ${tipNumber(point.x)}`,
        `${visible(text.y)}: ${tipNumber(point.y)}`,
      ].join("\n"),
    })));
}

/** A point and its position, in pixels within the axes. */
type PlacedPoint = NamedPoint & { left: number; top: number };
/** A box that holds part of the drawing. */
interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

const meet = (a: Box, b: Box) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** A place for a label: its side of the point, and how far it is moved down, in pixels. */
interface Place {
  isLeft: boolean;
  dy: number;
}

/** Whether a line leads from the point to its label. */
const isLed = ({ dy }: Pick<Place, "dy">): boolean => Math.abs(dy) > LINE;

/** Where the line that leads to a label ends, beside the label. */
const leadTo = ({ left, isLeft }: { left: number; isLeft: boolean }): number =>
  left + (isLeft ? LED - BESIDE : BESIDE - LED);

/** Returns the label of each point, and its place. */
function labelsOf(points: readonly PlacedPoint[], inner: { width: number; height: number }) {
  const half = LINE / 2, taken: Box[] = [], leads: Box[] = [];
  const labels: (PlacedPoint & Place & { name: string })[] = [];
  const around = (left: number, top: number, reach: number): Box => ({
    left: left - reach,
    right: left + reach,
    top: top - reach,
    bottom: top + reach,
  });
  /** Small boxes along the line that leads to a label; none if there is no line. */
  const leadOf = (point: PlacedPoint, { isLeft, dy }: Place): Box[] => {
    if (!isLed({ dy })) return [];
    const across = leadTo({ left: point.left, isLeft }) - point.left, parts = Math.ceil(Math.abs(dy) / LED);
    return Array.from(
      { length: parts },
      (_, i) => around(point.left + across * (i + 1) / parts, point.top + dy * (i + 1) / parts, LED / 2),
    );
  };
  /** Places the label of a point, moved by at most so many pixels; returns whether it could be. */
  const place = (point: PlacedPoint, most: number): boolean => {
    const rooms = { left: point.left - BESIDE, right: inner.width + RIGHT - point.left - BESIDE };
    const whole = visible(point.label), wanted = labelWidth(whole);
    const better = wanted > rooms.right && (wanted <= rooms.left || rooms.left > rooms.right);
    const other = wanted <= (better ? rooms.right : rooms.left) ? [!better] : [];
    const name = cutMiddle(whole, better ? rooms.left : rooms.right, labelWidth), width = labelWidth(name);
    const dots = points.filter((other) => other !== point).map(({ left, top }) => around(left, top, half));
    const boxOf = ({ isLeft, dy }: Place): Box => {
      const left = isLeft ? point.left - BESIDE - width : point.left + BESIDE;
      return { left, right: left + width, top: point.top + dy - half, bottom: point.top + dy + half };
    };
    const isFree = (at: Place) => {
      const own = boxOf(at);
      return own.top >= -half && own.bottom <= inner.height &&
        ![...taken, ...dots].some((box) => meet(own, box));
    };
    const crosses = (at: Place) =>
      leads.some((part) => meet(part, boxOf(at))) ||
      leadOf(point, at).some((part) => taken.some((box) => meet(part, box)));
    const free = Array.from({ length: most + 1 }, (_, step) => [step, -step]).flat()
      .flatMap((dy) => [better, ...other].map((isLeft): Place => ({ isLeft, dy }))).filter(isFree);
    const found = free.find((at) => !crosses(at)) ?? free[0];
    if (!found && most === 0) return false;
    const at = found ?? { isLeft: better, dy: 0 };
    taken.push(boxOf(at));
    leads.push(...leadOf(point, at));
    return labels.push({ ...point, ...at, name }) > 0;
  };
  // Labels that can stay beside their points have the first choice.
  const others = points.toSorted((a, b) => a.top - b.top).filter((point) => !place(point, 0));
  for (const point of others) place(point, inner.height);
  return labels;
}
