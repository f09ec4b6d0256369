/**
 * Comparisons that were made together.
 *
 * @module
 */
import { Shown } from "../../pipeline/display/shown.ts";
import type { Comparison } from "../records/evaluation.ts";
import { comparisonsHtml, comparisonsText } from "../views/evaluation.ts";

/**
 * Comparisons that were made together. They show themselves in a notebook and as text.
 *
 * @example
 * ```ts
 * import { compareAll, evaluate, markov, popularity, prepare } from "automlp";
 *
 * const { dataset } = await prepare({ dataset: "demo", out: await Deno.makeTempDir() });
 * const [first, second] = [await markov.fit(dataset), await popularity.fit(dataset)];
 * const compared = compareAll(await evaluate(first, dataset), [await evaluate(second, dataset)], "NDCG@10");
 * console.log(compared, compared.comparisons.length);
 * ```
 */
export class Comparisons extends Shown {
  /**
   * Comparisons that were made together.
   *
   * @param comparisons At least one.
   */
  constructor(readonly comparisons: readonly Comparison[]) {
    super();
  }

  /** The comparisons as text, for a terminal. */
  toString(): string {
    return comparisonsText(this.comparisons);
  }

  /** The comparisons as an HTML fragment for a notebook. */
  toHtml(): string {
    return comparisonsHtml(this.comparisons);
  }
}
