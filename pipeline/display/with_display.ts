/**
 * Plain data that displays itself: as HTML in a notebook, as text elsewhere.
 *
 * @module
 */
import { line } from "./cell/fragment.ts";
import { visible, visibleLines } from "./text/visible.ts";
import { forConsole } from "./text/wrap.ts";

/** How a value is displayed. `html` and `text` are called only when it is. */
export interface View {
  /** Returns an HTML fragment that inherits the colors of the page and runs no script. */
  html(): string | Promise<string>;
  /** Returns the same facts as text. */
  text(): string;
  /** Returns the warnings that both contain, worded as the work gave them. Default: none. */
  warnings?(): readonly string[];
  /** Returns the folder of the run whose growth both show, as in `within` of {@link Growing}. Default: none. */
  grown?(): string | undefined;
}

/** Makes a view of one line. */
export const lineView = (text: string): View => ({ text: () => visible(text), html: () => line(text) });

const DISPLAY = Symbol.for("Jupyter.display"), WARNINGS = Symbol("warnings that are shown");
const GROWN = Symbol("the run whose growth is shown");

/**
 * Gives plain data a view. The data stay plain: the added members are not enumerable, so that JSON, copies and comparisons do not
 * see them. A notebook's kernel uses them, and so do `console.log`, which wraps lines on a terminal, and `String`, except for arrays.
 *
 * @returns The value itself.
 */
export function withDisplay<T extends object>(value: T, view: View): T {
  const text = () => visibleLines(view.text());
  const add = (key: PropertyKey, member: () => unknown) =>
    Object.defineProperty(value, key, { value: member, configurable: true, writable: true });
  add(DISPLAY, async () => ({ "text/html": await view.html(), "text/plain": text() }));
  add(Symbol.for("Deno.customInspect"), () => forConsole(text));
  if (!Array.isArray(value)) add("toString", text);
  if (view.warnings) add(WARNINGS, view.warnings);
  if (view.grown) add(GROWN, view.grown);
  return value;
}

/** Returns what a value displays in a notebook, by media type: text if it has no display of its own. */
export async function displayOf(value: object): Promise<Record<string, string>> {
  const display = (value as { [DISPLAY]?: () => unknown })[DISPLAY];
  return display ? await display.call(value) as Record<string, string> : { "text/plain": String(value) };
}

/** Returns the warnings that a value displays itself, so that they need not be repeated beside it. */
export const warningsShownBy = (value: unknown): readonly string[] =>
  (value as { [WARNINGS]?: () => readonly string[] } | null | undefined)?.[WARNINGS]?.() ?? [];

/** Whether a value displays what grew: it is that object itself, or shows the run in which that grew. */
export function showsGrown(value: unknown, of: object | undefined, within: string | undefined): boolean {
  if (value === undefined || value === null) return false;
  return value === of ||
    within !== undefined && (value as { [GROWN]?: () => string | undefined })[GROWN]?.() === within;
}
