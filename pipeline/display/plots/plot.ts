/**
 * Plots as SVG text: the same in a notebook, a report and a file. Lines and text take the color of their
 * surroundings (`currentColor`), so that they are readable on light and dark pages.
 *
 * Loading this module loads Observable Plot, so commands should import it only when they draw.
 *
 * @module
 */
import * as Plot from "@observablehq/plot";
import { DOMParser } from "linkedom";
import { svgImage } from "../cell/fragment.ts";
import { formatCell } from "../table.ts";
import { type Frame, stripTips, type Tip, tipNumber, withTips } from "./tips.ts";
import { labelWidth, logTicks } from "./ticks.ts";
import { visible } from "../text/visible.ts";

/** A blue with a contrast of at least 4 against both white and near-black. */
export const ACCENT = "#3d85c6";
/** Size in pixels if there is room; narrower pages scale the drawing down. */
export const WIDTH = 460, HEIGHT = 250;
/** Margins in pixels, for the axes; the left one is widened if the numbers are longer. */
export const MARGIN = { top: 28, right: 20, left: 56, bottom: 44 } as const;

/**
 * A finished drawing. `String(image)` is the SVG, ready for a file.
 *
 * @example
 * ```ts
 * import { plotBars } from "automlp/notebook";
 *
 * const image = await plotBars([{ label: "tea", value: 3 }, { label: "cups", value: 2 }], { title: "Sold", x: "number" });
 * await Deno.writeTextFile(`${await Deno.makeTempDir()}/sold.svg`, String(image));
 * ```
 */
export class PlotImage {
  /**
   * A drawing.
   *
   * @param svg The text of an SVG file.
   */
  constructor(readonly svg: string) {}

  /** Returns the SVG text. */
  toString(): string {
    return this.svg;
  }

  /** Description of the drawing for people who cannot see it, as plain text. */
  get title(): string {
    const [, escaped = "drawing"] = /aria-label="([^"]*)"/.exec(this.svg) ?? [];
    return plainText(escaped);
  }

  /** The Deno Jupyter kernel's display protocol. Notebooks prefer HTML, and an image within it is accepted everywhere. */
  [Symbol.for("Jupyter.display")](): Record<string, string> {
    return { "text/html": svgImage(this.svg), "image/svg+xml": this.svg, "text/plain": `[${this.title}]` };
  }

  /** What `console.log` shows: the title in brackets. */
  [Symbol.for("Deno.customInspect")](): string {
    return `[${this.title}]`;
  }
}

const ENTITIES: Record<string, string> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  "#39": "'",
  "#160": "\u00a0",
};

/** Returns an attribute's value without escapes. */
const plainText = (escaped: string) =>
  escaped.replace(/&(#?\w+);/g, (entity, name) => ENTITIES[name] ?? entity);

/** Texts of every plot: {@link plotBars}, {@link plotHistogram}, {@link plotLines}. */
export interface PlotText {
  /** Description of the drawing for people who cannot see it. */
  title: string;
  /** Label of the horizontal axis. */
  x: string;
  /** Label of the vertical axis. */
  y: string;
}

/** One bin of {@link plotHistogram}: `count` values of at least `from` and below `to`. */
export interface HistogramBin {
  /** Lower edge, included. */
  from: number;
  /** Upper edge, excluded. */
  to: number;
  /** Number of values in the bin. */
  count: number;
}

/** Scale of the horizontal axis of {@link plotHistogram}; `time` is in milliseconds since 1970 (UTC). */
export type HistogramScale = "linear" | "log" | "time";

/**
 * Draws a histogram. With a logarithmic axis, bins should grow by a constant factor, so that areas are comparable.
 *
 * @param text Title and axes; `pale` is a bin before the others that is drawn paler, for values that do not count among them.
 * @example
 * ```ts
 * import { histogramPlot } from "./plot.ts";
 * import assert from "node:assert/strict";
 * const bins = [{ from: 1, to: 2, count: 5 }, { from: 2, to: 4, count: 9 }];
 * const svg = String(histogramPlot(bins, { title: "Items", x: "interactions", y: "items", scale: "log" }));
 * assert(svg.startsWith("<svg "));
 * ```
 */
export function histogramPlot(
  bins: readonly HistogramBin[],
  text: PlotText & { scale?: HistogramScale; pale?: HistogramBin },
): PlotImage {
  const { scale = "linear", pale } = text, drawn = pale ? [pale, ...bins] : bins;
  const from = drawn[0].from, to = bins.at(-1)!.to;
  const edge = scale === "time" ? dateOf : formatCell;
  // If there are few whole numbers, each one has a tick: there is nothing between them.
  const whole = drawn.every(({ from }) => Number.isInteger(from)) && to - from < 6
    ? Array.from({ length: to - from + 1 }, (_, i) => from + i)
    : undefined;
  const ticks = scale === "log" ? logTicks([from, to], WIDTH - MARGIN.left - MARGIN.right, MARGIN.right) : [];
  return draw(text, {
    // Dates take two lines.
    ...(scale === "time" && { marginBottom: MARGIN.bottom + 14 }),
    x: {
      log: {
        type: "log",
        domain: [from, to],
        ...(ticks.length > 0 ? { axis: null } : { ticks: 6, tickFormat: formatCell }),
      },
      time: { type: "utc", ticks: 5 },
      linear: { tickFormat: formatCell, ...(whole && { ticks: whole }) },
    }[scale] as Plot.ScaleOptions,
    y: { grid: true, ticks: 5 },
    marks: [
      Plot.rectY(drawn, {
        x1: "from",
        x2: "to",
        y: "count",
        fill: ACCENT,
        ...(pale && { fillOpacity: (bin: HistogramBin) => bin === pale ? 0.35 : 1 }),
        insetLeft: 0.5,
        insetRight: 0.5,
      }),
      Plot.ruleY([0]),
      // Left to itself, Plot omits labels of a logarithmic axis depending on their first digit.
      ticks.length > 0
        ? Plot.axisX(ticks, { text: formatCell, labelAnchor: "center", labelOffset: MARGIN.bottom - 5 })
        : null,
    ],
  }, ({ x, top, bottom }) =>
    drawn.map(({ from, to, count }) => ({
      x: x(from),
      y: top,
      width: x(to) - x(from),
      height: bottom - top,
      text: `${edge(from)} to below ${edge(to)}: ${formatCell(count)} ${visible(text.y)}`,
    })));
}

/** Formats a point in time in UTC, to the minute unless it is midnight. */
function dateOf(ms: number): string {
  const [day, time] = new Date(ms).toISOString().split("T"); // years beyond 9999 have more digits
  return ms % 86_400_000 === 0 ? day : `${day} ${time.slice(0, 5)}`;
}

/** A point of a {@link Curve}. */
export interface Point {
  /** Position on the horizontal axis. */
  x: number;
  /** Position on the vertical axis. */
  y: number;
}

/** Draws a line and fills the area below it. With `shares`, both axes run from 0 to 100 % and the diagonal is drawn beside it. */
export function curvePlot(points: Point[], text: PlotText & { shares?: boolean }): PlotImage {
  const percent = { domain: [0, 1], ticks: 5, tickFormat: "%" };
  return draw(text, {
    x: text.shares ? percent : {},
    y: { ...(text.shares ? percent : {}), grid: true },
    marks: [
      Plot.areaY(points, { x: "x", y: "y", fill: ACCENT, fillOpacity: 0.2 }),
      text.shares
        ? Plot.line([[0, 0], [1, 1]], { stroke: "currentColor", strokeOpacity: 0.5, strokeDasharray: "3 4" })
        : null,
      Plot.lineY(points, { x: "x", y: "y", stroke: ACCENT, strokeWidth: 2 }),
      Plot.ruleY([0]),
    ],
  }, ({ x, ...frame }) => {
    const said = (value: number) => tipNumber(value, text.shares);
    return stripTips(
      points.map((point) => ({
        at: x(point.x),
        text: `${visible(text.x)}: ${said(point.x)}\n${visible(text.y)}: ${said(point.y)}`,
      })),
      frame,
    );
  });
}

/** Positions of values in a finished drawing. */
export interface Places extends Frame {
  /** Converts a value of the horizontal axis to pixels; a word to the middle of its column. */
  x(value: number | string): number;
  /** Converts a value of the vertical axis to pixels; a word to the middle of its row. */
  y(value: number | string): number;
}

/** Makes tooltips for rows, each over the whole width including its label. */
export function rowTips(rows: readonly { at: number; text: string }[], { top, bottom, right }: Frame): Tip[] {
  const [first, second] = rows;
  const height = second ? Math.abs(second.at - first.at) : bottom - top;
  return rows.map(({ at, text }) => ({ x: 0, y: at - height / 2, width: right, height, text }));
}

/**
 * Draws a plot in the common style. The caller must escape invisible characters in the text of its marks.
 *
 * @param tips The tooltips shown when hovering over it.
 */
export function draw(
  text: PlotText,
  options: Plot.PlotOptions,
  tips: (places: Places) => Tip[] = () => [],
): PlotImage {
  const { svg, settings } = drawn(text, options), needed = BESIDE_TICKS + widestTick(svg);
  const fits = options.marginLeft !== undefined || needed <= settings.marginLeft;
  return finished(
    fits ? { svg, settings } : drawn(text, { ...options, marginLeft: Math.ceil(needed) }),
    tips,
  );
}

/** Pixels on the left in addition to the tick labels: for the ticks, and at the edge. */
const BESIDE_TICKS = 10;

/** Width of the widest label of the vertical axis. */
const widestTick = (svg: ReturnType<typeof Plot.plot>): number =>
  Math.max(
    0,
    ...Array.from(
      svg.querySelectorAll('[aria-label="y-axis tick label"] text'),
      ({ textContent }) => labelWidth(textContent ?? ""),
    ),
  );

function drawn(text: PlotText, options: Plot.PlotOptions) {
  // An SVG document, unlike an HTML one, writes attributes as XML needs them.
  const document = new DOMParser().parseFromString("<svg/>", "image/svg+xml");
  const settings = {
    height: HEIGHT,
    marginTop: MARGIN.top,
    marginRight: MARGIN.right,
    marginLeft: MARGIN.left,
    marginBottom: MARGIN.bottom,
    ...options,
    width: Math.ceil(options.width ?? WIDTH),
  };
  const svg = Plot.plot({
    document: document as unknown as Plot.PlotOptions["document"],
    ariaLabel: visible(text.title),
    style: { fontSize: "13px" },
    ...settings,
    // Otherwise the edge would cut off letters that reach below the line.
    x: {
      label: visible(text.x),
      labelAnchor: "center",
      labelOffset: settings.marginBottom - 5,
      ...options.x,
    },
    y: { label: visible(text.y), ...options.y },
  });
  svg.setAttribute("role", "img");
  // The elements of this DOM have no namespace of their own, but a file needs one.
  svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  return { svg, settings };
}

function finished({ svg, settings }: ReturnType<typeof drawn>, tips: (places: Places) => Tip[]): PlotImage {
  const pixels = (axis: "x" | "y") => (value: number | string) => {
    const scale = svg.scale(axis)!;
    return (scale.apply(value) as number) + (scale.bandwidth ?? 0) / 2;
  };
  return new PlotImage(withTips(
    svg.outerHTML,
    tips({
      x: pixels("x"),
      y: pixels("y"),
      left: settings.marginLeft,
      right: settings.width - settings.marginRight,
      top: settings.marginTop,
      bottom: settings.height - settings.marginBottom,
    }),
  ));
}
