/**
 * Polars frames for people: size, types, first and last rows.
 *
 * @module
 */
import pl, { type DataFrame, type Series } from "nodejs-polars";
import { shown, type View } from "./shown.ts";
import { escapeHtml, formatCell } from "./table.ts";

/** Options of {@link show}. */
export interface ShowOptions {
  /** At most so many rows, half of them from the frame's end. Default 10. */
  rows?: number;
}

/**
 * A frame as the output of a notebook's cell, with as many rows as one likes to see.
 *
 * @example
 * ```ts
 * import pl from "nodejs-polars";
 * import { show } from "./frame.ts";
 * import assert from "node:assert/strict";
 * assert.match(String(show(pl.DataFrame({ user: ["a", "b"] }))), /shape: \(2, 1\)/);
 * ```
 */
export function show(frame: DataFrame, options: ShowOptions = {}): object {
  return shown({}, frameView(frame, options));
}

/** A frame with this display in the place of Polars' own. Frames that are made of it have Polars' again. */
export function shownFrame(frame: DataFrame): DataFrame {
  const { html, text } = frameView(frame);
  const display = () => ({ "text/html": html(), "text/plain": text() });
  // Polars' frames are proxies that take assignments and no definitions.
  (frame as unknown as Record<symbol, unknown>)[Symbol.for("Jupyter.display")] = display;
  return frame;
}

/** The frame as HTML and, as Polars writes it, as text. */
export function frameView(frame: DataFrame, { rows = 10 }: ShowOptions = {}): View & { html(): string } {
  return { html: () => frameHtml(frame, Math.max(1, rows)), text: () => frame.toString() };
}

/** What of a frame is used here. Polars hands out a column of such a name in the place of its own member. */
const MEMBERS = ["height", "width", "dtypes", "head", "tail", "rows"];

/** The frame under names that hide nothing of it. */
function unhidden(frame: DataFrame, names: string[]): DataFrame {
  if (!names.some((name) => MEMBERS.includes(name))) return frame;
  const columns = frame as unknown as Record<string, Series>;
  return pl.DataFrame(Object.fromEntries(names.map((name, i) => [`column ${i}`, columns[name]])));
}

function frameHtml(given: DataFrame, most: number): string {
  const columns = Object.keys(given), frame = unhidden(given, columns);
  const { height, width } = frame, whole = height <= most;
  const above = whole ? frame : frame.head(Math.ceil(most / 2));
  const below = whole ? undefined : frame.tail(Math.floor(most / 2));
  const right = frame.dtypes.map((type) => /^DataType\((U?Int|Float|Decimal)/.test(String(type)));
  const style = (i: number) =>
    `padding:.2em .8em;text-align:${right[i] ? "right" : "left"};font-variant-numeric:tabular-nums`;
  const row = (cells: string[]) =>
    `<tr>${cells.map((cell, i) => `<td style="${style(i)};white-space:nowrap">${cell}</td>`).join("")}</tr>`;
  const body = (part: DataFrame) => part.rows().map((cells) => row(cells.map(cellHtml))).join("");
  const head = columns.map((name, i) =>
    `<th style="${style(i)};border-bottom:1px solid rgba(128,128,128,.5)">${escapeHtml(name)}<br>` +
    `<span style="font-weight:normal;opacity:.7">${escapeHtml(typeName(frame.dtypes[i]))}</span></th>`
  );
  const table = `<table style="border-collapse:collapse;background:none"><thead><tr>${
    head.join("")
  }</tr></thead><tbody>${body(above)}${
    below ? row(columns.map(() => "…")) + body(below) : ""
  }</tbody></table>`;
  return `<div style="overflow-x:auto">${table}</div>` +
    `<div style="padding:.2em .8em;opacity:.7">${formatCell(height)} rows, ${
      formatCell(width)
    } columns</div>`;
}

/** `UInt32`, `List(Float64)` */
function typeName(type: unknown): string {
  return String(type).replace(/DataType\((\w+)\)/g, "$1").replace(/^DataType\((.*)\)$/, "$1");
}

/** Long texts are cut: they would push the other columns out of sight. */
const LONGEST = 80;

function cellHtml(value: unknown): string {
  if (value === null || value === undefined) return `<span style="opacity:.5">null</span>`;
  const text = cellText(value), short = text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
  return escapeHtml(short);
}

/** Numbers are not grouped by thousands: they may be ids. */
function cellText(value: unknown): string {
  if (typeof value === "number" && !Number.isInteger(value)) return String(Number(value.toPrecision(6)));
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return `[${value.map(cellText).join(", ")}]`;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
