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

/** Pixels: height of a line of labels; distance from a point to its label; margin on the right of the drawing. */
const LINE = 15, BESIDE = 8, RIGHT = 20;
/** Distance in pixels from a point within which its tooltip is shown. */
const NEAR = 10;

/**
 * Draws named points over a logarithmic horizontal axis. Labels stay within the drawing and do not overlap: they are right of their
 * point, or left of it if there is no room, and moved up or down as little as necessary. A label that fits on neither side is shortened
 * in the middle.
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

/** Returns the label of each point, its side, and how far it is moved down. */
function labelsOf(points: readonly PlacedPoint[], inner: { width: number; height: number }) {
  const half = LINE / 2;
  const taken: Box[] = [];
  return points.toSorted((a, b) => a.top - b.top).map((point) => {
    const rooms = { left: point.left - BESIDE, right: inner.width + RIGHT - point.left - BESIDE };
    const whole = visible(point.label), wanted = labelWidth(whole);
    const isLeft = wanted > rooms.right && (wanted <= rooms.left || rooms.left > rooms.right);
    const name = cutMiddle(whole, isLeft ? rooms.left : rooms.right, labelWidth);
    const width = labelWidth(name);
    const left = isLeft ? point.left - BESIDE - width : point.left + BESIDE;
    const box = (dy: number): Box => ({
      left,
      right: left + width,
      top: point.top + dy - half,
      bottom: point.top + dy + half,
    });
    const dots = points.filter((other) => other !== point).map(({ left, top }): Box => ({
      left: left - half,
      right: left + half,
      top: top - half,
      bottom: top + half,
    }));
    const isFree = (dy: number) => {
      const own = box(dy);
      return own.top >= -half && own.bottom <= inner.height &&
        ![...taken, ...dots].some((other) => meet(own, other));
    };
    const steps = Array.from({ length: inner.height }, (_, step) => step);
    const dy = steps.flatMap((step) => [step, -step]).find(isFree) ?? 0;
    taken.push(box(dy));
    return { ...point, name, isLeft, dy };
  });
}
