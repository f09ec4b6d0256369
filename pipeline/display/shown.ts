/**
 * The base class of objects that display themselves.
 *
 * @module
 */
import { forConsole } from "./text/wrap.ts";

/**
 * An object that displays itself: as HTML in a notebook, as text elsewhere.
 *
 * @example
 * ```ts
 * import { type Shown, prepare } from "automlp";
 *
 * const { dataset } = await prepare({ dataset: "demo", out: await Deno.makeTempDir() });
 * const shown: Shown = dataset;
 * console.log(shown); // on a terminal in lines that fit
 * const html = await shown.toHtml(); // for a page of one's own
 * console.log(html.includes("<table"));
 * ```
 */
export abstract class Shown {
  /** Returns the object as text, for a terminal. */
  abstract toString(): string;

  /** Returns the object as an HTML fragment for a notebook: it inherits the colors of the page and runs no script. */
  abstract toHtml(): string | Promise<string>;

  /** The Deno Jupyter kernel's display protocol. */
  async [Symbol.for("Jupyter.display")](): Promise<Record<string, string>> {
    return { "text/html": await this.toHtml(), "text/plain": this.toString() };
  }

  /** What `console.log` shows: the text, wrapped to fit on a terminal. */
  [Symbol.for("Deno.customInspect")](): string {
    return forConsole(() => this.toString());
  }
}
