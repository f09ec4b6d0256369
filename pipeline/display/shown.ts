/**
 * What shows itself.
 *
 * @module
 */
import { forConsole } from "./text/wrap.ts";

/**
 * What shows itself: as HTML in a notebook, as text elsewhere.
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
  /** As text, for a terminal. */
  abstract toString(): string;

  /** As an HTML fragment for a notebook: it inherits the colours of the page, and runs no script. */
  abstract toHtml(): string | Promise<string>;

  /** The Deno Jupyter kernel's display protocol. */
  async [Symbol.for("Jupyter.display")](): Promise<Record<string, string>> {
    return { "text/html": await this.toHtml(), "text/plain": this.toString() };
  }

  /** What `console.log` shows: the text, on a terminal in lines that fit. */
  [Symbol.for("Deno.customInspect")](): string {
    return forConsole(() => this.toString());
  }
}
