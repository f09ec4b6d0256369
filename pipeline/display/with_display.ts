/**
 * Plain data that shows itself: as HTML in a notebook, as text elsewhere.
 *
 * @module
 */
import { line } from "./cell/fragment.ts";
import { visible, visibleLines } from "./text/visible.ts";
import { forConsole } from "./text/wrap.ts";

/** How something is shown. Both are asked for only when it is. */
export interface View {
  /** An HTML fragment that inherits the colours of the page and runs no script. */
  html(): string | Promise<string>;
  /** The same facts as text. */
  text(): string;
  /** Warnings that both tell, in the words in which the work warned of them. Left out: none. */
  warnings?(): readonly string[];
  /** The folder of the run of which both show what grew, as `within` of {@link Growing} names it. Left out: of none. */
  grown?(): string | undefined;
}

/** A view of one line. */
export const lineView = (text: string): View => ({ text: () => visible(text), html: () => line(text) });

const DISPLAY = Symbol.for("Jupyter.display"), WARNINGS = Symbol("warnings that are shown");
const GROWN = Symbol("the run whose growth is shown");

/**
 * Gives plain data a view. The data stay plain: what is added is not enumerable, so that JSON, copies and comparisons do not
 * see it. A notebook's kernel finds it, and so do `console.log`, which breaks lines for a terminal, and `String` for objects that are no arrays.
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

/** What a thing shows of itself in a notebook, by media type: as text, where it shows nothing. */
export async function displayOf(value: object): Promise<Record<string, string>> {
  const display = (value as { [DISPLAY]?: () => unknown })[DISPLAY];
  return display ? await display.call(value) as Record<string, string> : { "text/plain": String(value) };
}

/** The warnings that a thing shows of itself: whoever shows it needs not say them again. */
export const warningsShownBy = (value: unknown): readonly string[] =>
  (value as { [WARNINGS]?: () => readonly string[] } | null | undefined)?.[WARNINGS]?.() ?? [];

/** Whether a thing shows what grew: it is that, or shows the run that it grew in. */
export function showsGrown(value: unknown, of: object | undefined, within: string | undefined): boolean {
  if (value === undefined || value === null) return false;
  return value === of ||
    within !== undefined && (value as { [GROWN]?: () => string | undefined })[GROWN]?.() === within;
}
