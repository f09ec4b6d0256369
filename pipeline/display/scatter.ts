/**
 * Named points in a plane, as in quality against cost.
 *
 * @module
 */
import * as Plot from "@observablehq/plot";
import { ACCENT, draw, HEIGHT, MARGIN, type PlotImage, type PlotText, WIDTH } from "./plot.ts";
import { tipNumber } from "./tips.ts";
import { visible } from "./visible.ts";

/** A point with its name. */
export interface NamedPoint {
  label: string;
  x: number;
  y: number;
}

/** Pixels that a character of a label takes, and a line of them. */
const CHARACTER = 7, LINE = 15;
/** Pixels from a point in which its tip is shown. */
const NEAR = 10;

/**
 * A drawing of named points, the horizontal axis logarithmic. Labels stand where no other does: right of their point, left of it where
 * there is no room, moved up or down where two would lie on each other.
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
  const inner = { width: WIDTH - MARGIN.left - 20, height: height - MARGIN.top - MARGIN.bottom };
  const pixelX = (x: number) => inner.width * Math.log(x / xs[0]) / Math.log(xs[1] / xs[0]);
  const pixelY = (y: number) => inner.height * (yDomain[1] - y) / (yDomain[1] - yDomain[0]);
  const placed: { left: number; right: number; y: number }[] = [];
  const labels = points.toSorted((a, b) => b.y - a.y).map((point) => {
    const name = visible(point.label), width = CHARACTER * name.length, at = pixelX(point.x);
    const isLeft = at + 10 + width > inner.width && at > inner.width / 2;
    const [left, right] = isLeft ? [at - 8 - width, at - 8] : [at + 8, at + 8 + width];
    let y = pixelY(point.y);
    const isTaken = () =>
      placed.some((one) => one.left < right && left < one.right && Math.abs(one.y - y) < LINE);
    while (isTaken()) y += 2;
    placed.push({ left, right, y });
    return { ...point, name, isLeft, dy: y - pixelY(point.y) };
  });
  return draw(text, {
    height,
    marginRight: 20,
    x: { type: "log", domain: xs, grid: true, ticks: 5, tickFormat: "~s" },
    y: { domain: yDomain, grid: true, ticks: 5 },
    marks: [
      Plot.dot(points, { x: "x", y: "y", fill: ACCENT, r: 4 }),
      ...labels.map(({ name, isLeft, dy, ...point }) =>
        Plot.text([point], {
          x: "x",
          y: "y",
          text: () => name,
          textAnchor: isLeft ? "end" : "start",
          dx: isLeft ? -8 : 8,
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
