/**
 * Estimates with their intervals, one below the other.
 *
 * @module
 */
import * as Plot from "@observablehq/plot";
import { cutMiddle } from "../text/fitting.ts";
import { ACCENT, draw, MARGIN, type PlotImage, type PlotText, rowTips, WIDTH } from "./plot.ts";
import { displayWidth } from "../table.ts";
import { tipNumber } from "./tips.ts";
import { visible } from "../text/visible.ts";

/** Maximum columns of a label that is drawn whole, and pixels per column; minimum pixels for the estimates, however long the labels are. */
const LONGEST = 40, CHARACTER = 7.5, LEAST_WIDTH = 260;
/** Width in pixels below which a drawing has few ticks. */
const NARROW = 320;

/** One estimate. */
export interface Interval {
  label: string;
  value: number;
  /** Bounds of its interval; omitted if unknown. */
  low?: number;
  high?: number;
  /** Its standard error, drawn as a thick line to either side. */
  standardError?: number;
  /** Whether it is drawn in full color; others are paler. */
  strong: boolean;
  /** Text beside the label, such as "selected". */
  note?: string;
}

/**
 * Draws a dot and a line for each estimate, the first at the top.
 *
 * @param band Range of negligible differences: shaded from 0 to this value.
 * @example
 * ```ts
 * import { intervalsPlot } from "./intervals.ts";
 * import assert from "node:assert/strict";
 * const k5 = { label: "5", value: 0.01, low: 0.002, high: 0.018, strong: true };
 * const svg = String(intervalsPlot([k5], { title: "Lengths", x: "loss behind the best", y: "length" }));
 * assert(svg.startsWith("<svg ") && svg.includes(">5<"));
 * ```
 */
export function intervalsPlot(
  intervals: Interval[],
  { band, ...text }: PlotText & { band?: number },
): PlotImage {
  // Identified by position, because two may have the same label.
  const rows = intervals.map((interval, row) => {
    const label = visible(interval.label);
    return {
      ...interval,
      row,
      label,
      opacity: interval.strong ? 1 : 0.6,
      note: interval.note ? visible(interval.note) : "",
    };
  });
  const said = (label: string) => cutMiddle(label, LONGEST);
  const longest = Math.max(0, ...rows.map(({ label }) => displayWidth(said(label))));
  const marginLeft = Math.max(MARGIN.left, 24 + CHARACTER * longest);
  const marginRight = 18 + 7 * Math.max(0, ...rows.map(({ note }) => note.length));
  const width = Math.max(WIDTH, marginLeft + LEAST_WIDTH + marginRight),
    inner = width - marginLeft - marginRight;
  // A long axis label would be cut off at the right if it were centered.
  const isLong = CHARACTER * displayWidth(`${text.x} →`) > inner;
  return draw(text, {
    width,
    height: 84 + 28 * rows.length,
    marginLeft,
    marginRight,
    // Marks at the left edge would touch the labels.
    x: {
      grid: true,
      ticks: inner < NARROW ? 3 : 5,
      insetLeft: rows.some(({ value, low = value }) => low < 0) ? 8 : 0,
      ...(isLong && { labelAnchor: "right" }),
    },
    // Above the labels, which may be long.
    y: {
      domain: rows.map(({ row }) => row),
      tickFormat: (row: number) => said(rows[row].label),
      type: "band",
      padding: 0.4,
      labelAnchor: "top",
      labelArrow: "none",
    },
    marks: [
      ...(band ? [Plot.rectX([band], { x1: 0, x2: (d: number) => d, fill: ACCENT, fillOpacity: 0.15 })] : []),
      Plot.ruleX([0], { strokeOpacity: 0.6 }),
      Plot.link(rows.filter(({ low, high }) => low !== undefined && high !== undefined), {
        x1: "low",
        x2: "high",
        y1: "row",
        y2: "row",
        stroke: ACCENT,
        strokeWidth: 3,
        strokeOpacity: "opacity",
      }),
      Plot.link(rows.filter(({ standardError }) => standardError), {
        x1: ({ value, standardError }) => value - standardError,
        x2: ({ value, standardError }) => value + standardError,
        y1: "row",
        y2: "row",
        stroke: ACCENT,
        strokeWidth: 7,
        strokeOpacity: "opacity",
      }),
      Plot.dot(rows, { x: "value", y: "row", fill: ACCENT, fillOpacity: "opacity", r: 5 }),
      Plot.text(rows, { y: "row", text: "note", frameAnchor: "right", textAnchor: "start", dx: 8 }),
    ],
  }, ({ y, ...frame }) =>
    rowTips(
      rows.map(({ row, label, value, standardError, low, high }) => ({
        at: y(row),
        text: `${label}: ${tipNumber(value)}${standardError ? ` ± ${tipNumber(standardError)}` : ""}${
          low === undefined || high === undefined ? "" : `, from ${tipNumber(low)} to ${tipNumber(high)}`
        }`,
      })),
      frame,
    ));
}
