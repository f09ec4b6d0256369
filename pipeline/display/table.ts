/**
 * Small tables for people: as aligned text for a terminal, as HTML for a notebook or a report. Characters that are not to be
 * seen are shown by their codes; see {@link visible}.
 *
 * @module
 */
import { visible, visibleLines } from "./visible.ts";

/** A table of a few rows. Numbers are grouped by thousands and aligned right. */
export interface Table {
  caption?: string;
  columns: string[];
  rows: (string | number)[][];
}

const numberFormat = new Intl.NumberFormat("en-US", { maximumFractionDigits: 4 });

/** A cell as people read it: `1,000,209`, `0.0447`, text as it is where all of it can be seen. */
export function formatCell(cell: string | number): string {
  return typeof cell === "number" ? numberFormat.format(cell) : visible(cell);
}

/** Escapes text of one line for HTML content and attribute values. */
export const escapeHtml = (text: string): string => escapeMarkup(visible(text));

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

/** Which columns are aligned right: those with numbers, and those of quantities with a unit or a fraction (`4.47 %`, `24.6 MB`, `0.0447`). */
function rightAligned({ columns, rows }: Table): boolean[] {
  return columns.map((_, i) => {
    const cells = rows.map((row) => row[i]);
    return cells.some((cell) => typeof cell === "number") ||
      cells.some((cell) => MARK.test(cell as string)) &&
        cells.every((cell) => QUANTITY.test(cell as string));
  });
}

/** The table as lines of text, two spaces between columns, the header underlined. */
export function textTable(table: Table): string {
  const cells = [table.columns, ...table.rows].map((row) => row.map(formatCell));
  const widths = table.columns.map((_, i) => Math.max(...cells.map((row) => displayWidth(row[i]))));
  const right = rightAligned(table);
  const line = (row: string[]) =>
    row.map((cell, i) => {
      const space = " ".repeat(widths[i] - displayWidth(cell));
      return right[i] ? space + cell : cell + space;
    }).join("  ").trimEnd();
  return [
    ...(table.caption ? [visible(table.caption)] : []),
    line(cells[0]),
    widths.map((width) => "─".repeat(width)).join("──"),
    ...cells.slice(1).map(line),
  ].join("\n");
}

const ASCII = /^[ -~]*$/;

/** Columns that a terminal gives to `text`: wide (East Asian, emoji) characters take two, combining marks none. */
export function displayWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    width +=
      /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/u
          .test(segment)
        ? 2
        : 1;
  }
  return width;
}

/** Longer cells are sentences, and may be broken. */
const UNBROKEN = 30;

/**
 * The table as an HTML fragment that inherits the colours of the page, light or dark. Where it is wider than there is room, it scrolls
 * by itself, and figures are not broken.
 */
export const htmlTable = (table: Table): string =>
  `<div style="overflow-x:auto">${
    tableElement(table, { cellStyle: (text) => text.length <= UNBROKEN ? ";white-space:nowrap" : "" })
  }</div>`;

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
    tag: "th" | "td",
    cells: string[],
    made: (html: string, i: number) => string = (html) => html,
  ) =>
    `<tr>${
      cells.map((cell, i) =>
        `<${tag} style="${style(i)}${more[tag](cell)}">${made(escapeHtml(cell), i)}</${tag}>`
      )
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
    table.rows.map((cells, i) => row("td", cells.map(formatCell), (html, j) => markup(html, i, j))).join("")
  }</tbody></table>`;
}
