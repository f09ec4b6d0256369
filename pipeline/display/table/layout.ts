/**
 * A table as lines of text within a width: headers are wrapped first, then long texts, between words.
 *
 * @module
 */
import { displayWidth } from "../text/display_width.ts";
import { filled } from "../text/wrap.ts";

/** A table whose cells are texts. */
export interface Grid {
  head: readonly string[];
  rows: readonly (readonly string[])[];
  /** [columns] Which are aligned right. */
  right: readonly boolean[];
}

/** Space between two columns of a table, in characters. */
const GAP = 2;
/** Longer cells are sentences and may be wrapped; to `COMFORTABLE` columns if that is enough. */
const UNBROKEN = 30, COMFORTABLE = 18;

const most = (texts: readonly string[]): number => Math.max(0, ...texts.map(displayWidth));
const longestWord = (text: string): number => most(text.split(" "));

/**
 * Lays out the grid in lines of at most `width` columns; undefined if it does not fit.
 *
 * @param isTight Whether texts may be wrapped into narrow columns.
 */
export function linesWithin(grid: Grid, width: number, isTight: boolean): string[] | undefined {
  const natural = widthsOf(grid), fits = (widths: readonly number[]) => totalOf(widths) <= width;
  if (fits(natural)) return linesOf(grid, natural);
  const cellsOf = (i: number) => grid.rows.map((row) => row[i]);
  const widths = grid.head.map((name, i) => Math.max(most(cellsOf(i)), longestWord(name)));
  // Sentences are narrowed, the widest first.
  const least = widths.map((own, i) => {
    if (own <= UNBROKEN && !isTight || grid.right[i]) return own;
    const words = Math.max(longestWord(grid.head[i]), ...cellsOf(i).map(longestWord));
    return Math.min(own, isTight ? words : Math.max(COMFORTABLE, words));
  });
  if (totalOf(least) > width) return undefined;
  while (!fits(widths)) {
    const widest = widths.reduce((best, own, i) => own - least[i] > widths[best] - least[best] ? i : best, 0);
    widths[widest] -= Math.min(widths[widest] - least[widest], totalOf(widths) - width);
  }
  return linesOf(grid, widths);
}

/** Lists each row separately, one line per cell, for a terminal that is too narrow for a table. */
export function rowsBelowOneAnother({ head, rows }: Grid): string[] {
  const width = most(head);
  return rows.flatMap((row, i) => [
    ...(i > 0 ? [""] : []),
    ...row.flatMap((cell, column) =>
      cell === "" ? [] : [`${head[column]}${" ".repeat(width - displayWidth(head[column]))}  ${cell}`.trim()]
    ),
  ]);
}

const widthsOf = ({ head, rows }: Grid): number[] =>
  head.map((name, i) => most([name, ...rows.map((row) => row[i])]));
const totalOf = (widths: readonly number[]) => widths.reduce((sum, own) => sum + own + GAP, -GAP);

function linesOf({ head, rows, right }: Grid, widths: readonly number[]): string[] {
  /** Returns a row in as many lines as its longest cell needs. */
  const linesOfRow = (cells: readonly string[], isHead = false): string[] => {
    const broken = cells.map((cell, i) =>
      displayWidth(cell) <= widths[i] ? [cell] : filled(cell.split(" "), widths[i])
    );
    const height = Math.max(...broken.map(({ length }) => length));
    return Array.from({ length: height }, (_, line) =>
      broken.map((parts, i) => {
        const text = parts[isHead ? line - height + parts.length : line] ?? "";
        const space = " ".repeat(widths[i] - displayWidth(text));
        return right[i] ? space + text : text + space;
      }).join(" ".repeat(GAP)).trimEnd());
  };
  return [
    ...linesOfRow(head, true),
    "─".repeat(totalOf(widths)),
    ...rows.flatMap((row) => linesOfRow(row)),
  ];
}
