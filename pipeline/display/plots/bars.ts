/**
 * Named amounts as bars, one below the other.
 *
 * @module
 */
import * as Plot from "@observablehq/plot";
import { ACCENT, draw, type PlotImage, type PlotText, rowTips } from "./plot.ts";
import { formatCell } from "../table.ts";
import { visible } from "../text/visible.ts";

/** A named amount: one bar of {@link plotBars}. */
export interface Bar {
  /** Label drawn beside the bar. */
  label: string;
  /** Length of the bar, and the number written after it. */
  value: number;
}

/** Width of a letter in pixels, estimated for mostly wide letters. */
const LETTER = 7.5;
/** Maximum width of labels in pixels, and in letter heights for the widest of the usual fonts. */
const LABEL_ROOM = 200, LABEL_WIDTH = 12.5;

/** Text of a bar's number; a dash if it has none. */
const barNumber = ({ value }: Bar) => Number.isNaN(value) ? "–" : formatCell(value);

/** Draws horizontal bars in the given order, each with its number. There is no `y` label: each bar has its own. */
export function barPlot(bars: readonly Bar[], text: Omit<PlotText, "y">): PlotImage {
  const longest = Math.max(0, ...bars.map(({ label }) => visible(label).length));
  const room = Math.max(60, 10 + LETTER * Math.max(0, ...bars.map((bar) => barNumber(bar).length)));
  const isBelow = ({ value }: Bar) => value < 0 && Number.isFinite(value), areBelow = bars.some(isBelow);
  // Identified by position, because two bars may have the same label.
  const rows = bars.map((bar, row) => ({ ...bar, row }));
  // Without a bar, the number is where the bar would begin.
  const end = ({ value }: Bar) => Number.isFinite(value) ? value : 0;
  const numbers = { x: end, y: "row", text: barNumber };
  return draw(
    { ...text, y: "" },
    {
      height: 72 + 24 * bars.length,
      marginLeft: Math.min(LABEL_ROOM, 20 + LETTER * longest),
      marginRight: room + 10,
      x: {
        grid: true,
        ticks: areBelow ? 3 : 4,
        tickFormat: formatCell,
        // The number of a negative value is left of its bar.
        insetLeft: areBelow ? room : 0,
        ...(bars.every((bar) => end(bar) === 0) && { domain: [0, 1] }),
      },
      y: { label: null, domain: rows.map(({ row }) => row), axis: null },
      marks: [
        Plot.axisY({
          label: null,
          tickFormat: (row: number) => visible(bars[row].label),
          tickSize: 0,
          textOverflow: "ellipsis",
          lineWidth: LABEL_WIDTH,
        }),
        Plot.barX(rows, { x: end, y: "row", fill: ACCENT, insetTop: 1, insetBottom: 1 }),
        Plot.text(rows.filter((bar) => !isBelow(bar)), { ...numbers, textAnchor: "start", dx: 5 }),
        Plot.text(rows.filter(isBelow), { ...numbers, textAnchor: "end", dx: -5 }),
        Plot.ruleX([0]),
      ],
    },
    ({ y, ...frame }) =>
      rowTips(
        rows.map((bar) => ({ at: y(bar.row), text: `${visible(bar.label)}: ${barNumber(bar)}` })),
        frame,
      ),
  );
}
