/**
 * Comparisons of methods: what they hold, and how people see them.
 *
 * @module
 */
import { withDisplay } from "../../pipeline/display/with_display.ts";
import { formatCell, htmlTable, type Table, textTable } from "../../pipeline/display/table.ts";
import type { MetricName } from "./metrics.ts";

/** What a paired t-test tells of x − y. */
export interface PairedTest {
  /** The mean of x − y. */
  difference: number;
  /** The confidence interval of the difference. */
  interval: [low: number, high: number];
  /** Student's t; infinite where all differences are the same and not 0. */
  t: number;
  degreesOfFreedom: number;
  /** How likely a difference of this size, either way, is by chance. */
  p: number;
}

/** Two methods, compared over the same users. */
export interface Comparison extends PairedTest {
  /** The methods' names. */
  a: string;
  b: string;
  metric: MetricName;
  protocol: string;
  split: "validation" | "test";
  users: number;
  /** The methods' means; `difference` is a − b. */
  meanA: number;
  meanB: number;
  confidence: number;
  /** p after Holm's correction for the comparisons that were made together; p itself for a single one. */
  adjustedP: number;
  /** Whether `adjustedP` is below 1 − confidence. */
  significant: boolean;
}

/** One comparison, which shows itself. */
export function comparisonWithDisplay(comparison: Comparison): Comparison {
  const together = new Comparisons([comparison]);
  return withDisplay(comparison, { text: () => together.toString(), html: () => together.toHtml() });
}

/** Comparisons that were made together. They show themselves in a notebook and as text. */
export class Comparisons {
  /** @param comparisons At least one. */
  constructor(readonly comparisons: readonly Comparison[]) {}

  #table(): Table {
    const [first] = this.comparisons;
    return {
      caption:
        `${first.a}: ${first.metric} ${
          first.meanA.toFixed(4)
        } on ${first.split} by protocol ${first.protocol}; ` +
        `paired t-test over ${formatCell(first.users)} users, p by Holm, * significant`,
      columns: [
        "against",
        "its mean",
        "difference",
        `${Number((100 * first.confidence).toPrecision(6))} % interval`,
        "p",
        "",
      ],
      rows: this.comparisons.map(({ b, meanB, difference, interval, adjustedP, significant }) => [
        b,
        meanB.toFixed(4),
        signed(difference),
        `${signed(interval[0])} … ${signed(interval[1])}`,
        adjustedP < 1e-4 ? "< 0.0001" : adjustedP.toFixed(4),
        significant ? "*" : "",
      ]),
    };
  }

  toString(): string {
    return textTable(this.#table());
  }

  /** As an HTML fragment for a notebook or a report. */
  toHtml(): string {
    return htmlTable(this.#table());
  }

  /** The Deno Jupyter kernel's display protocol. */
  [Symbol.for("Jupyter.display")](): Record<string, string> {
    return { "text/html": this.toHtml(), "text/plain": this.toString() };
  }

  [Symbol.for("Deno.customInspect")](): string {
    return this.toString();
  }
}

const signed = (value: number) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(4)}`;
