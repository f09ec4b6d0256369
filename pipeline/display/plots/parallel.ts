/**
 * Parallel coordinates: a line for each object and an axis for each of its properties.
 *
 * @module
 */
import * as Plot from "@observablehq/plot";
import { spread } from "./lines.ts";
import { ACCENT, draw, MARGIN, type PlotImage, type Point, WIDTH } from "./plot.ts";
import { tipNumber } from "./tips.ts";
import { visible } from "../text/visible.ts";

/** Pixels: height and bottom margin of the drawing; size of an area to hover over; distance between labels of values. */
const HEIGHT = 300, BOTTOM = 12, HIT = { width: 40, height: 16 }, LINE = 13;
/** Domain of the vertical axis: a little more than 0 to 1. */
const DOMAIN: [number, number] = [-0.03, 1.03];
/** Pixels between two axes: room for a property's name and its values. */
const LEAST_APART = 110;

/** One object. */
export interface ParallelLine {
  /** Its values by axis. */
  values: Record<string, string | number | boolean>;
  /** Emphasis of the line: the one with the largest weight is drawn strongest, and on top. */
  weight: number;
}

/**
 * Draws an axis for each property, from left to right. Axes of numbers run from the smallest to the largest, logarithmically if
 * they span more than a power of ten; words are spread evenly.
 *
 * @example
 * ```ts
 * import { parallelPlot } from "./parallel.ts";
 * import assert from "node:assert/strict";
 * const lines = [{ values: { rate: 0.001, loss: "ce" }, weight: 1 }, { values: { rate: 0.1, loss: "bce" }, weight: 2 }];
 * assert(String(parallelPlot(lines, { axes: ["rate", "loss"], title: "Trials" })).includes("bce"));
 * ```
 */
export function parallelPlot(
  lines: readonly ParallelLine[],
  { axes, title }: { axes: readonly string[]; title: string },
): PlotImage {
  const scales = axes.map((axis) => scaleOf(lines.map(({ values }) => values[axis])));
  const weights = lines.map(({ weight }) => weight),
    [least, most] = [Math.min(...weights), Math.max(...weights)];
  const strength = (weight: number) => most === least ? 1 : (weight - least) / (most - least);
  const ordered = lines.toSorted((a, b) => a.weight - b.weight);
  return draw({ title, x: "", y: "" }, {
    width: Math.max(WIDTH, LEAST_APART * axes.length),
    height: HEIGHT,
    marginBottom: BOTTOM,
    marginLeft: MARGIN.left,
    marginRight: 70,
    x: { type: "point", domain: axes.map((axis) => visible(axis)), label: null, tickSize: 0, axis: "top" },
    y: { axis: null, domain: DOMAIN },
    marks: [
      Plot.ruleX(axes.map((axis) => visible(axis)), { stroke: "currentColor", strokeOpacity: 0.4 }),
      ...ordered.map(({ values, weight }) =>
        Plot.line(
          axes.map((axis, i) => ({ axis: visible(axis), place: scales[i].place(values[axis]) })),
          {
            x: "axis",
            y: "place",
            stroke: ACCENT,
            strokeWidth: 1 + 1.5 * strength(weight),
            strokeOpacity: 0.3 + 0.7 * strength(weight) ** 2,
          },
        )
      ),
      ...axes.flatMap((axis, i) =>
        apart(scales[i].ticks).map(({ label, place }) =>
          Plot.text([{ axis: visible(axis), place }], {
            x: "axis",
            y: "place",
            text: () => label,
            textAnchor: "start",
            dx: 7,
            // Wide enough to be a background for the whole label: lines that cross it are interrupted there.
            stroke: "var(--ground, Canvas)",
            strokeWidth: 8,
            fill: "currentColor",
          })
        )
      ),
    ],
  }, ({ x, y }) =>
    ordered.flatMap(({ values }) => {
      const points = axes.map((axis, i) => ({ x: x(visible(axis)), y: y(scales[i].place(values[axis])) }));
      return hits(points).map((at) => ({
        x: at.x - HIT.width / 2,
        y: at.y - HIT.height / 2,
        ...HIT,
        text: axes.map((axis) => `${visible(axis)}: ${said(values[axis])}`).join("\n"),
      }));
    }));
}

/** Points at which a line can be hovered over: on the axes, and halfway between two. */
const hits = (points: readonly Point[]): Point[] =>
  points.flatMap((point, i) => {
    const next = points[i + 1];
    return next ? [point, { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 }] : [point];
  });

/** Moves the labels of an axis far enough apart to be readable. */
function apart(ticks: Scale["ticks"]): Scale["ticks"] {
  const perPixel = (DOMAIN[1] - DOMAIN[0]) / (HEIGHT - MARGIN.top - BOTTOM);
  const places = spread(ticks.map(({ place }) => place), LINE * perPixel, DOMAIN);
  return ticks.map(({ label }, i) => ({ label, place: places[i] }));
}

const said = (value: string | number | boolean) =>
  typeof value === "number" ? tipNumber(value) : visible(String(value));

/** Positions of the values of an axis, from 0 to 1, and which of them are labeled. */
interface Scale {
  place(value: string | number | boolean): number;
  ticks: { label: string; place: number }[];
}

function scaleOf(values: readonly (string | number | boolean)[]): Scale {
  if (values.every((value) => typeof value === "number")) return numberScale(values);
  const words = [...new Set(values.map(String))].sort();
  const place = (value: string | number | boolean) =>
    words.length === 1 ? 0.5 : words.indexOf(String(value)) / (words.length - 1);
  return { place, ticks: words.map((word) => ({ label: visible(word), place: place(word) })) };
}

/** Values between the ends are labeled if there are no more than this. */
const FEW = 5;

function numberScale(values: readonly number[]): Scale {
  const [low, high] = [Math.min(...values), Math.max(...values)], isLog = low > 0 && high / low > 10;
  const on = (value: number) => isLog ? Math.log(value) : value;
  const place = (value: string | number | boolean) =>
    high === low ? 0.5 : (on(value as number) - on(low)) / (on(high) - on(low));
  const distinct = [...new Set(values)].sort((a, b) => a - b);
  const written = distinct.length <= FEW ? distinct : [low, high];
  return { place, ticks: written.map((value) => ({ label: tipNumber(value), place: place(value) })) };
}
