/**
 * What a search chose, in words and tables.
 *
 * @module
 */
import { line, withImages } from "../../pipeline/display/fragment.ts";
import { withDisplay } from "../../pipeline/display/with_display.ts";
import { formatCell, htmlTable, type Table, textTable } from "../../pipeline/display/table.ts";
import { formatSeconds } from "../../pipeline/display/units.ts";
import { type Architecture, type Evidence, isDropped, type Trial } from "../records/records.ts";

const METHODS = {
  "darts-losses": "a differentiable search by the candidates' own losses",
  "darts-first-order": "a differentiable search by mixed outputs, first order",
  "darts-second-order": "a differentiable search by mixed outputs, second order",
  exhaustive: "a complete training of each candidate",
  given: "the user",
};

/** What was selected, in words. */
export function choice({ shortTermLength, candidates, method, rule, evidence }: Architecture): string {
  if (method === "given") return `The short-term length ${shortTermLength} was given, not searched.`;
  const by = method === "exhaustive"
    ? "the best on validation"
    : rule === "argmax"
    ? "the largest α"
    : rule === "shortest-within-error" && evidence
    ? "the shortest that cannot be told from the best"
    : "the shortest that is not behind the best by what matters";
  return `The short-term length ${shortTermLength} was selected from ${candidates.join(", ")} by ${
    METHODS[method]
  }: ${by}.`;
}

/** How clear the choice was, and how it came about; undefined where there was none. */
export function clarity(architecture: Architecture): string | undefined {
  const { method, candidates, evidence } = architecture;
  if (method === "given" || method === "exhaustive" || candidates.length < 2) return undefined;
  const found = evidence ? standing(architecture, evidence) : TOO_LITTLE;
  return [found, ...droppedNote(architecture), ...endNote(architecture)].join(" ");
}

const TOO_LITTLE =
  "The candidates were judged too seldom for their losses to say anything: search for longer.";

function standing(
  { shortTermLength, candidates, alike = [], practicalDifference, rule, clear }: Architecture,
  evidence: readonly Evidence[],
): string {
  const of = (k: number) => evidence[candidates.indexOf(k)];
  if (alike.length > 1) {
    const farthest = alike.map(of).reduce((a, b) => b.difference > a.difference ? b : a);
    const chosen = alike.includes(shortTermLength)
      ? rule === "argmax"
        ? `${shortTermLength} has the largest α`
        : `${shortTermLength} is the shortest of them`
      : `${shortTermLength}, which has the largest α, is behind them by ${difference(of(shortTermLength))}`;
    const told = alike.map(of).some(({ difference, standardError }) => difference > standardError);
    return told
      ? `${list(alike)} differ by no more than matters (in validation loss up to ${
        difference(farthest)
      }, less than ${practicalDifference!.toFixed(4)}); ${chosen}.`
      : `${list(alike)} cannot be told apart (differences in validation loss up to ${
        difference(farthest)
      }); ${chosen}.`;
  }
  const [best] = alike, others = evidence.filter((_, m) => candidates[m] !== best);
  const next = others.reduce((a, b) => b.difference < a.difference ? b : a);
  const lead = `${best} is ahead of the next, ${candidates[evidence.indexOf(next)]}, by ${
    difference(next)
  } in validation loss`;
  if (best !== shortTermLength) {
    return `${lead}; ${shortTermLength}, which has the largest α, is behind it by ${
      difference(of(shortTermLength))
    }.`;
  }
  return clear ? `The choice is clear: ${lead}.` : `${lead}, which is too little to be called clear.`;
}

function droppedNote({ dropped = [], candidates }: Architecture): string[] {
  if (dropped.length === 0) return [];
  const notes = dropped.map(({ candidate, step }) =>
    `${candidates[candidate]} after ${formatCell(step)} steps`
  );
  return [`Dropped as clearly worse: ${notes.join(", ")}.`];
}

function endNote({ ended }: Architecture): string[] {
  switch (ended) {
    case "one left":
      return ["The search ended early: no other candidate was left."];
    case "same answer":
      return ["The search ended early: its answer could no longer change."];
    default:
      return [];
  }
}

/** `0.0021 ± 0.0010` */
const difference = ({ difference, standardError }: Evidence) =>
  `${difference.toFixed(4)} ± ${standardError.toFixed(4)}`;

/** `5, 10 and 15` */
const list = (lengths: readonly number[]) => `${lengths.slice(0, -1).join(", ")} and ${lengths.at(-1)}`;

/** `41.3 %` */
export const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

/** The candidates, and what the search made of each. */
export function candidatesTable(
  { candidates, alpha, probabilities, shortTermLength, evidence, dropped = [] }: Pick<
    Architecture,
    "candidates" | "alpha" | "probabilities" | "shortTermLength" | "evidence" | "dropped"
  >,
): Table {
  const note = (k: number, m: number) =>
    k === shortTermLength ? "selected" : isDropped(dropped, m) ? "dropped" : "";
  return {
    columns: ["length", "α", "softmax(α)", ...(evidence ? ["behind the best", "95 % interval"] : []), ""],
    rows: candidates.map((k, m) => [
      k,
      alpha[m] === undefined ? "–" : alpha[m].toFixed(4).replace("-", "−"),
      probabilities[m] === undefined ? "–" : percent(probabilities[m]),
      ...(evidence ? evidenceCells(evidence[m]) : []),
      note(k, m),
    ]),
  };
}

function evidenceCells(evidence: Evidence): string[] {
  if (evidence.difference === 0) return ["best", ""];
  const [low, high] = evidence.interval;
  // On a narrow page a figure stays in one piece.
  return [difference(evidence), `${low.toFixed(4)} to ${high.toFixed(4)}`].map((cell) =>
    cell.replaceAll(" ", "\u00a0").replaceAll("-", "−")
  );
}

/** An architecture that shows itself: what was selected, how clearly, the candidates, and in a notebook their intervals drawn. */
export function architectureWithDisplay(architecture: Architecture): Architecture {
  const words = [choice(architecture), clarity(architecture)].filter((text) => text !== undefined);
  const table = architecture.alpha.length > 1 ? candidatesTable(architecture) : undefined;
  return withDisplay(architecture, {
    text: () => [...words, ...(table ? [textTable(table)] : [])].join("\n"),
    html: async () =>
      words.map(line).join("") + (table ? htmlTable(table) : "") + await evidenceHtml(architecture),
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

/** The candidates' intervals as a drawing, an HTML fragment; nothing where there is no evidence. */
export async function evidenceHtml(
  architecture: Pick<Architecture, "candidates" | "evidence" | "practicalDifference" | "dropped"> & {
    shortTermLength?: number;
  },
): Promise<string> {
  if (!architecture.evidence) return "";
  // Drawing is loaded only here.
  const [{ evidenceFigure }, { columns }] = await Promise.all([
    import("./figures.ts"),
    import("../../pipeline/display/page.ts"),
  ]);
  return withImages(columns(evidenceFigure({ ...architecture, evidence: architecture.evidence })).html);
}
