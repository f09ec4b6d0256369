/**
 * Small readable tables: as aligned text for a terminal, as HTML for a notebook or a report. Invisible characters
 * are shown by their codes; see {@link visible}.
 *
 * @module
 */
import { displayWidth } from "./text/display_width.ts";
import { type Grid, linesWithin, rowsBelowOneAnother } from "./table/layout.ts";
import { tableRoom } from "./table/room.ts";
import { visible, visibleLines } from "./text/visible.ts";

export { displayWidth };

/** A table of a few rows. Numbers are grouped by thousands and aligned right. */
export interface Table {
  caption?: string;
  columns: string[];
  rows: (string | number)[][];
  /** Names of columns that may be left out if a terminal is too narrow, the least important first; a note names those left out. */
  spare?: string[];
}

/** A number that is rounded to zero has no sign. */
const numberFormat = new Intl.NumberFormat("en-US", { maximumFractionDigits: 4, signDisplay: "negative" });

/** Formats a cell for reading: `1,000,209`, `0.0447`; text is unchanged if all its characters are visible. */
export function formatCell(cell: string | number): string {
  return typeof cell === "number" ? numberFormat.format(cell) : visible(cell);
}

/** Escapes text of one line for HTML content and attribute values. */
export const escapeHtml = (text: string): string => escapeMarkup(visible(text));

/** Escapes a title or name among other words, and isolates it: right-to-left text does not change the order of the others. */
export const isolated = (text: string): string => `<bdi>${escapeHtml(text)}</bdi>`;

/** A letter that is written from right to left. */
const FROM_RIGHT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** Escapes the text of a cell, and isolates it if its direction may differ from the page's. */
const cellHtml = (text: string) => FROM_RIGHT.test(text) ? isolated(text) : escapeHtml(text);

/** Escapes text of several lines, for elements that keep line ends. */
export const escapeHtmlLines = (text: string): string => escapeMarkup(visibleLines(text));

const escapeMarkup = (text: string) =>
  text.replace(
    /[&<>"']/g,
    (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" })[c]!,
  );

const QUANTITY = /^(–|[−+-]?[\d.,:]+( (%|s|[kMGT]?B))?)?$/;
/** A quantity with a unit, or with a fraction. */
const MARK = / \S+$|^[−+-]?[\d,]+\.\d+$/;

/**
 * Returns which columns are aligned right: those with numbers, and those of quantities with a unit or a fraction (`4.47 %`, `24.6 MB`,
 * `0.0447`). A column that contains a sentence is aligned left.
 */
function rightAligned({ columns, rows }: Table): boolean[] {
  return columns.map((_, i) => {
    const cells = rows.map((row) => row[i]);
    if (cells.some((cell) => typeof cell === "string" && cell.length > UNBROKEN)) return false;
    return cells.some((cell) => typeof cell === "number") ||
      cells.some((cell) => MARK.test(cell as string)) &&
        cells.every((cell) => QUANTITY.test(cell as string));
  });
}

/**
 * Returns the table as lines of text, with two spaces between columns and the header underlined. If a terminal is narrower, headers and
 * sentences are wrapped, then columns that the table can spare are left out, and a note says so.
 */
export const textTable = (table: Table): string => textTables([table]);

/** Returns tables one below the other; a note at the end names the columns that were left out. */
export function textTables(tables: readonly Table[]): string {
  const room = tableRoom(), leftOut = new Set<string>();
  const texts = tables.map((table) => {
    const { lines, without } = fitted(table, room);
    without.forEach((name) => leftOut.add(name));
    return [...(table.caption ? [visible(table.caption)] : []), ...lines].join("\n");
  });
  const note = `(left out, for the terminal is too narrow: ${[...leftOut].join(", ")})`;
  return texts.join("\n\n") + (leftOut.size > 0 ? `\n${note}` : "");
}

/** Fits the table into a width, leaving out as few columns as possible. */
function fitted(table: Table, room: number): { lines: string[]; without: readonly string[] } {
  const { spare = [] } = table, known = spare.filter((name) => table.columns.includes(name));
  for (let count = 0; count <= known.length; count++) {
    const without = known.slice(0, count), lines = linesWithin(gridOf(table, without), room, false);
    if (lines) return { lines, without };
  }
  const grid = gridOf(table, known);
  return { lines: linesWithin(grid, room, true) ?? rowsBelowOneAnother(grid), without: known };
}

function gridOf(table: Table, without: readonly string[]): Grid {
  const kept = table.columns.flatMap((name, i) => without.includes(name) ? [] : [i]);
  const cells = cellsOf(table), right = rightAligned(table);
  return {
    head: kept.map((i) => visible(table.columns[i])),
    rows: cells.map((row) => kept.map((i) => row[i])),
    right: kept.map((i) => right[i]),
  };
}

/** Formats the cells of all rows as text; in a column that has only numbers, all have the same number of decimals. */
function cellsOf({ columns, rows }: Table): string[][] {
  const decimals = columns.map((_, i) => decimalsOf(rows.map((row) => row[i])));
  return rows.map((row) =>
    row.map((cell, i) => typeof cell === "number" ? decimals[i](cell) : formatCell(cell))
  );
}

/** Returns the function that formats the numbers of a column. */
function decimalsOf(cells: readonly (string | number)[]): (cell: number) => string {
  const numbers = cells.filter((cell) => typeof cell === "number");
  const isOfNumbers =
    numbers.length + cells.filter((cell) => cell === "" || cell === "–").length === cells.length;
  const most = Math.max(0, ...numbers.map((cell) => formatCell(cell).split(".")[1]?.length ?? 0));
  if (!isOfNumbers || most === 0) return formatCell;
  const { format } = new Intl.NumberFormat("en-US", {
    minimumFractionDigits: most,
    maximumFractionDigits: most,
    signDisplay: "negative",
  });
  return format;
}

/** Longer cells are sentences, and may be wrapped. */
const UNBROKEN = 30;

/**
 * Returns the table as an HTML fragment that inherits the colors of the page, light or dark. If it is wider than the available space,
 * it scrolls by itself, and figures are not wrapped.
 */
export const htmlTable = (table: Table): string =>
  `<div style="overflow-x:auto">${tableElement(table, { cellStyle: shortUnbroken })}</div>`;

/** {@link TableLook.cellStyle} that keeps figures and other short cells from being wrapped. */
export const shortUnbroken = (text: string): string => text.length <= UNBROKEN ? ";white-space:nowrap" : "";

/** Makes a box in which a table scrolls by itself, also by keyboard; the style sheet adds a shadow where there is more. */
export const tableBox = (element: string): string =>
  `<div class="table" tabindex="0" style="overflow-x:auto">${element}</div>`;

/** How the element of a table differs from a plain one. */
export interface TableLook {
  /** Returns additional style for a cell, given its text. */
  cellStyle?(text: string): string;
  /** [columns] Which are aligned right. Default: those of numbers and quantities. */
  right?: readonly boolean[];
  /** Transforms a cell's text, which is already HTML. */
  markup?(html: string, row: number, column: number): string;
  /** Whether the caption stays on one line, however narrow the table is. Default: if it is short. */
  captionUnbroken?: boolean;
}

/** Returns only the table element, for a page that defines how it scrolls. */
export function tableElement(table: Table, look: TableLook = {}): string {
  const { cellStyle = () => "", right = rightAligned(table), markup = (html) => html } = look;
  const style = (i: number) =>
    `padding:.2em .8em;text-align:${right[i] ? "right" : "left"};font-variant-numeric:tabular-nums`;
  // Half transparent, so that it is visible on light and dark.
  const more = { th: () => ";border-bottom:1px solid rgba(128,128,128,.5)", td: cellStyle };
  const row = (
    kind: "th" | "td",
    cells: string[],
    made: (html: string, i: number) => string = (html) => html,
  ) =>
    `<tr>${
      cells.map((cell, i) => {
        const tag = cell === "" ? "td" : kind; // screen readers would read out an empty header as the name of the cells below it
        return `<${tag} style="${style(i)}${more[kind](cell)}">${made(cellHtml(cell), i)}</${tag}>`;
      })
        .join("")
    }</tr>`;
  const { captionUnbroken = (table.caption?.length ?? 0) <= 60 } = look;
  const caption = table.caption
    ? `<caption style="text-align:left;font-weight:600;padding:.3em .8em${
      // A caption is as wide as its table: a short one over a narrow table should not be wrapped.
      captionUnbroken ? ";white-space:nowrap" : ""}">${escapeHtml(table.caption)}</caption>`
    : "";
  return `<table style="border-collapse:collapse;background:none;margin:.2em 0 .8em">${caption}<thead>${
    row("th", table.columns)
  }</thead><tbody>${
    cellsOf(table).map((cells, i) => row("td", cells, (html, j) => markup(html, i, j))).join("")
  }</tbody></table>`;
}
