/**
 * Small tables for people: as aligned text for a terminal, as HTML for a notebook or a report. Characters that are not to be
 * seen are shown by their codes; see {@link visible}.
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
  /** Columns that may be left out, in words, where a terminal is too narrow for all: the least important first. */
  spare?: string[];
}

/** What is rounded to zero has no sign. */
const numberFormat = new Intl.NumberFormat("en-US", { maximumFractionDigits: 4, signDisplay: "negative" });

/** A cell as people read it: `1,000,209`, `0.0447`, text as it is where all of it can be seen. */
export function formatCell(cell: string | number): string {
  return typeof cell === "number" ? numberFormat.format(cell) : visible(cell);
}

/** Escapes text of one line for HTML content and attribute values. */
export const escapeHtml = (text: string): string => escapeMarkup(visible(text));

/** A title or a name among other words, escaped: one that is written from right to left leaves their order as it is. */
export const isolated = (text: string): string => `<bdi>${escapeHtml(text)}</bdi>`;

/** A letter that is written from right to left. */
const FROM_RIGHT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** The text of a cell, escaped; isolated where its direction may be another than the page's. */
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
 * Which columns are aligned right: those with numbers, and those of quantities with a unit or a fraction (`4.47 %`, `24.6 MB`, `0.0447`).
 * A sentence beside its numbers is read from the left.
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
 * The table as lines of text, two spaces between columns, the header underlined. In a terminal that is narrower, headers and sentences are broken,
 * then columns are left out that the table can spare, in words.
 */
export const textTable = (table: Table): string => textTables([table]);

/** Tables one below the other; what was left out of them is said once, at the end. */
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

/** The table in a width, without as few columns as possible. */
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

/** The cells of all rows as text; numbers of a column that has nothing else have the same decimals. */
function cellsOf({ columns, rows }: Table): string[][] {
  const decimals = columns.map((_, i) => decimalsOf(rows.map((row) => row[i])));
  return rows.map((row) =>
    row.map((cell, i) => typeof cell === "number" ? decimals[i](cell) : formatCell(cell))
  );
}

/** How numbers of a column are written. */
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

/** Longer cells are sentences, and may be broken. */
const UNBROKEN = 30;

/**
 * The table as an HTML fragment that inherits the colours of the page, light or dark. Where it is wider than there is room, it scrolls
 * by itself, and figures are not broken.
 */
export const htmlTable = (table: Table): string =>
  `<div style="overflow-x:auto">${tableElement(table, { cellStyle: shortUnbroken })}</div>`;

/** {@link TableLook.cellStyle} by which figures and other short cells are not broken. */
export const shortUnbroken = (text: string): string => text.length <= UNBROKEN ? ";white-space:nowrap" : "";

/** A box of a page in which a table scrolls by itself, by the keyboard too; the style sheet shows by a shadow that there is more. */
export const tableBox = (element: string): string =>
  `<div class="table" tabindex="0" style="overflow-x:auto">${element}</div>`;

/** How the element of a table differs from a plain one. */
export interface TableLook {
  /** More style of a cell by its text. */
  cellStyle?(text: string): string;
  /** [columns] Which are aligned right. Default: those of numbers and quantities. */
  right?: readonly boolean[];
  /** What is made of a cell's text, which is HTML already. */
  markup?(html: string, row: number, column: number): string;
  /** Whether the caption stays in one line however narrow the table is. Default: a short one does. */
  captionUnbroken?: boolean;
}

/** The table's element alone, for a page that says how it scrolls. */
export function tableElement(table: Table, look: TableLook = {}): string {
  const { cellStyle = () => "", right = rightAligned(table), markup = (html) => html } = look;
  const style = (i: number) =>
    `padding:.2em .8em;text-align:${right[i] ? "right" : "left"};font-variant-numeric:tabular-nums`;
  // Half transparent: it reads on light and dark.
  const more = { th: () => ";border-bottom:1px solid rgba(128,128,128,.5)", td: cellStyle };
  const row = (
    kind: "th" | "td",
    cells: string[],
    made: (html: string, i: number) => string = (html) => html,
  ) =>
    `<tr>${
      cells.map((cell, i) => {
        const tag = cell === "" ? "td" : kind; // an empty head would be read out as the name of what is below it
        return `<${tag} style="${style(i)}${more[kind](cell)}">${made(cellHtml(cell), i)}</${tag}>`;
      })
        .join("")
    }</tr>`;
  const { captionUnbroken = (table.caption?.length ?? 0) <= 60 } = look;
  const caption = table.caption
    ? `<caption style="text-align:left;font-weight:600;padding:.3em .8em${
      // A caption is as wide as its table: a short one over a narrow table should not be broken.
      captionUnbroken ? ";white-space:nowrap" : ""}">${escapeHtml(table.caption)}</caption>`
    : "";
  return `<table style="border-collapse:collapse;background:none;margin:.2em 0 .8em">${caption}<thead>${
    row("th", table.columns)
  }</thead><tbody>${
    cellsOf(table).map((cells, i) => row("td", cells, (html, j) => markup(html, i, j))).join("")
  }</tbody></table>`;
}
