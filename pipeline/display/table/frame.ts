/**
 * Readable display of Polars frames: size, types, first and last rows.
 *
 * @module
 */
import pl, { type Series } from "nodejs-polars";
import type { DataFrame } from "../../contract/frame.ts";
import { BINARY, namedType, typeName } from "../../contract/values/polars_type.ts";
import { type View, withDisplay } from "../with_display.ts";
import { escapeHtml, formatCell, textTable } from "../table.ts";
import { shortened } from "../text/shortened.ts";
import { visible, visibleLines } from "../text/visible.ts";

/** Options of {@link show}. */
export interface ShowOptions {
  /** Maximum number of rows, half of them from the frame's end. Default 10. */
  rows?: number;
}

/**
 * Shows a frame as the output of a notebook cell, with any number of rows.
 *
 * @example
 * ```ts
 * import pl from "nodejs-polars";
 * import { show } from "automlp";
 * import assert from "node:assert/strict";
 * assert.match(String(show(pl.DataFrame({ user: ["a", "b"] }))), /shape: \(2, 1\)/);
 * ```
 */
export function show(frame: DataFrame, options: ShowOptions = {}): object {
  return withDisplay({}, frameView(frame, options));
}

/** Gives a frame this display in place of Polars' own. Frames derived from it have Polars' again. */
export function frameWithDisplay(frame: DataFrame): DataFrame {
  const { html, text } = frameView(frame);
  const display = () => ({ "text/html": html(), "text/plain": text() });
  // Polars' frames are proxies that accept assignments but no definitions.
  (frame as unknown as Record<symbol, unknown>)[Symbol.for("Jupyter.display")] = display;
  return frame;
}

/** The frame as HTML and as text, the latter as Polars writes it if all its characters are visible. */
export function frameView(frame: DataFrame, { rows = 10 }: ShowOptions = {}): View & { html(): string } {
  return { html: () => frameHtml(frame, Math.max(1, rows)), text: () => frameText(frame) };
}

/** The color of the page in JupyterLab and VS Code; elsewhere the browser ignores whatever uses it. */
const GROUND = "var(--jp-layout-color0,var(--vscode-editor-background))";
/** Shadows at the edges beyond which there are more columns: their covers scroll with the table, the shadows do not. */
const SHADOWS = ["right", "left"].map((to, i) =>
  `linear-gradient(to ${to},${GROUND} 50%,transparent) local ${100 * i}% 0/2.5em 100% no-repeat`
).concat(
  ["left", "right"].map((edge, i) =>
    `radial-gradient(farthest-side at ${
      100 * i
    }% 50%,rgba(128,128,128,.7),transparent) ${edge} 0/.8em 100% no-repeat`
  ),
).join(",");

function frameHtml(frame: DataFrame, most: number): string {
  const { names, types, height, above, below } = excerpt(frame, most);
  const right = types.map((type) => /^DataType\((U?Int|Float|Decimal)/.test(type));
  const style = (i: number) =>
    `padding:.2em .8em;text-align:${right[i] ? "right" : "left"};font-variant-numeric:tabular-nums`;
  // A row colored by JupyterLab would hide the shadows.
  const row = (cells: string[]) =>
    `<tr style="background:none">${
      cells.map((cell, i) => `<td style="${style(i)};white-space:nowrap">${cell}</td>`).join("")
    }</tr>`;
  const body = (rows: unknown[][]) => rows.map((cells) => row(cells.map(cellHtml))).join("");
  const head = names.map((name, i) =>
    `<th style="${style(i)};border-bottom:1px solid rgba(128,128,128,.5)">${escapeHtml(name)}<br>` +
    `<span style="font-weight:normal;opacity:.7">${escapeHtml(shortTypeName(types[i]))}</span></th>`
  );
  const table = `<table style="border-collapse:collapse;background:none"><thead><tr>${
    head.join("")
  }</tr></thead><tbody>${body(above)}${below ? row(names.map(() => "…")) + body(below) : ""}</tbody></table>`;
  return `<div style="overflow-x:auto;background:${SHADOWS}">${table}</div>` +
    `<div style="padding:.2em .8em;opacity:.7">${formatCell(height)} rows, ${
      formatCell(names.length)
    } columns</div>`;
}

/** Number of rows in Polars' own text. */
const POLARS_ROWS = 10;

/** Polars' text, unless a cell has line ends or characters that would control the terminal: then a table of ours. */
function frameText(frame: DataFrame): string {
  const { names, types, height, above, below } = excerpt(frame, POLARS_ROWS);
  const text = (cell: unknown) => cell === null || cell === undefined ? "null" : shortText(cell);
  const columns = names.map((name, i) => `${name} (${shortTypeName(types[i])})`);
  const [first, last] = [above, below ?? []].map((rows) => rows.map((cells) => cells.map(text)));
  const polars = frame.toString(), seen = (cell: string) => visible(cell) === cell;
  if (visibleLines(polars) === polars && [columns, ...first, ...last].flat().every(seen)) return polars;
  const rows = below ? [...first, names.map(() => "…"), ...last] : first;
  return textTable({
    caption: `shape: (${formatCell(height)}, ${names.length})`,
    columns,
    rows,
  });
}

/** `UInt32`, `List(Float64)` */
function shortTypeName(type: string): string {
  return type.replace(/DataType\((\w+)\)/g, "$1").replace(/^DataType\((.*)\)$/, "$1");
}

function cellHtml(value: unknown): string {
  if (value === null || value === undefined) return `<span style="opacity:.7">null</span>`;
  return escapeHtml(shortText(value));
}

const shortText = (value: unknown): string => shortened(cellText(value));

/** Numbers are not grouped by thousands: they may be ids. */
function cellText(value: unknown): string {
  if (typeof value === "number" && !Number.isInteger(value)) return String(Number(value.toPrecision(6)));
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return `[${value.map(cellText).join(", ")}]`;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/**
 * Returns at most `most` rows of a frame as plain values, half of them from its end (`below`, omitted if `above` are all), with
 * the columns' names and types and the height of the whole frame.
 */
function excerpt(given: DataFrame, most: number) {
  const names = Object.keys(given), frame = unhidden(given, names), { height } = frame;
  const whole = height <= most;
  return {
    names,
    types: frame.getColumns().map(typeOf),
    height,
    above: rowsOf(whole ? frame : frame.head(Math.ceil(most / 2))),
    ...(!whole && { below: rowsOf(frame.tail(Math.floor(most / 2))) }),
  };
}

/** Name of a column's type for display. */
const typeOf = (series: Series): string => String(namedType(series) ?? `DataType(${typeName(series)})`);

function rowsOf(frame: DataFrame): unknown[][] {
  const columns = frame.getColumns().map(valuesOf);
  return Array.from({ length: frame.height }, (_, i) => columns.map((values) => values[i]));
}

/** Returns a column's values; for types without JavaScript values, such as decimals, the text that Polars writes. */
function valuesOf(series: Series): unknown[] {
  const alone = pl.DataFrame([series.alias("value")]);
  try {
    return alone.rows().map(([value]) => value);
  } catch {
    if (typeName(series) === BINARY) return textOf(series);
    const lines = alone.writeJSON({ format: "lines" }).toString().trimEnd().split("\n");
    return series.length === 0 ? [] : lines.map((line) => JSON.parse(line).value);
  }
}

/** Decodes bytes, and values that contain bytes, as text if possible. */
function textOf(bytes: Series): unknown[] {
  try {
    return bytes.cast(pl.String).toArray();
  } catch {
    return Array.from({ length: bytes.length }, () => "bytes");
  }
}

/** Members of a frame that are used here. If a column has such a name, Polars returns it in place of the member. */
const MEMBERS = ["height", "getColumns", "head", "tail"];

/** Renames columns that would hide members of the frame. */
function unhidden(frame: DataFrame, names: string[]): DataFrame {
  if (!names.some((name) => MEMBERS.includes(name))) return frame;
  const columns = frame as unknown as Record<string, Series>;
  return pl.DataFrame(Object.fromEntries(names.map((name, i) => [`column ${i}`, columns[name]])));
}
