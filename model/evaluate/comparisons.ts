/**
 * Comparisons that were made together.
 *
 * @module
 */
import type { Comparison } from "../records/evaluation.ts";
import { comparisonsHtml, comparisonsText } from "../views/comparisons.ts";

/** Comparisons that were made together. They show themselves in a notebook and as text. */
export class Comparisons {
  /**
   * Comparisons that were made together.
   *
   * @param comparisons At least one.
   */
  constructor(readonly comparisons: readonly Comparison[]) {}

  /** As text, for a terminal. */
  toString(): string {
    return comparisonsText(this.comparisons);
  }

  /** As an HTML fragment for a notebook. */
  toHtml(): string {
    return comparisonsHtml(this.comparisons);
  }

  /** The Deno Jupyter kernel's display protocol. */
  [Symbol.for("Jupyter.display")](): Record<string, string> {
    return { "text/html": this.toHtml(), "text/plain": this.toString() };
  }

  /** What `console.log` shows: the text. */
  [Symbol.for("Deno.customInspect")](): string {
    return this.toString();
  }
}
