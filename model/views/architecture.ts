/**
 * What a search chose, in words and tables.
 *
 * @module
 */
import { line } from "../../pipeline/display/fragment.ts";
import { withDisplay } from "../../pipeline/display/with_display.ts";
import { htmlTable, type Table, textTable } from "../../pipeline/display/table.ts";
import { formatSeconds } from "../../pipeline/display/units.ts";
import type { Architecture, Trial } from "../records/records.ts";

const METHODS = {
  "darts-losses": "a differentiable search by the candidates' own losses",
  "darts-first-order": "a differentiable search by mixed outputs, first order",
  "darts-second-order": "a differentiable search by mixed outputs, second order",
  exhaustive: "a complete training of each candidate",
  given: "the user",
};

/** What was selected, in words. */
export function choice({ shortTermLength, candidates, method, rule }: Architecture): string {
  if (method === "given") return `The short-term length ${shortTermLength} was given, not searched.`;
  const by = method === "exhaustive"
    ? "the best on validation"
    : rule === "argmax"
    ? "the largest α"
    : "the shortest within the margin of the largest α";
  return `The short-term length ${shortTermLength} was selected from ${candidates.join(", ")} by ${
    METHODS[method]
  }: ${by}.`;
}

/** How clear the choice was; undefined where there was none. */
export function clarity(architecture: Architecture): string | undefined {
  const { margin, clear, candidates, probabilities, method } = architecture;
  if (method === "given" || probabilities.length < 2) return undefined;
  const [first, second] = probabilities.map((p, i) => ({ p, k: candidates[i] })).sort((a, b) => b.p - a.p);
  const gap = `softmax(α) is ${percent(first.p)} for ${first.k} and ${percent(second.p)} for ${second.k}, ` +
    `a margin of ${(100 * margin).toFixed(1)} points`;
  return clear
    ? `The choice is clear: ${gap}.`
    : `The choice is not clear: ${gap}. Search for longer, or compare with --search exhaustive.`;
}

/** `41.3 %` */
export const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

/** The candidates, and what the search made of each. */
export function candidatesTable(
  { candidates, alpha, probabilities, shortTermLength }: Pick<
    Architecture,
    "candidates" | "alpha" | "probabilities" | "shortTermLength"
  >,
): Table {
  return {
    columns: ["length", "α", "softmax(α)", ""],
    rows: candidates.map((k, i) => [
      k,
      alpha[i] ?? "–",
      probabilities[i] === undefined ? "–" : percent(probabilities[i]),
      k === shortTermLength ? "selected" : "",
    ]),
  };
}

/** An architecture that shows itself: what was selected, how clearly, and the candidates. */
export function architectureWithDisplay(architecture: Architecture): Architecture {
  const words = [choice(architecture), clarity(architecture)].filter((text) => text !== undefined);
  const table = architecture.alpha.length > 1 ? candidatesTable(architecture) : undefined;
  return withDisplay(architecture, {
    text: () => [...words, ...(table ? [textTable(table)] : [])].join("\n"),
    html: () => words.map(line).join("") + (table ? htmlTable(table) : ""),
  });
}

/**
 * The trainings of an exhaustive search.
 *
 * @param metric The metric that they are compared by.
 * @param selected The length that was selected.
 */
export function trialTable(trials: readonly Trial[], metric = "validation", selected?: number): Table {
  return {
    columns: ["length", metric, "best epoch", "epochs", "time", ""],
    rows: trials.map(({ shortTermLength, value, bestEpoch, epochs, seconds }) => [
      shortTermLength,
      value.toFixed(4),
      bestEpoch,
      epochs,
      formatSeconds(seconds),
      shortTermLength === selected ? "selected" : "",
    ]),
  };
}
