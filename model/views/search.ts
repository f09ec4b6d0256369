/**
 * A search and what it chose, in words and tables.
 *
 * @module
 */
import { line } from "../../pipeline/display/cell/fragment.ts";
import type { Block } from "../../pipeline/display/page.ts";
import { formatCell, type Table } from "../../pipeline/display/table.ts";
import { tenthPercent } from "../../pipeline/display/text/percent.ts";
import { formatSeconds } from "../../pipeline/display/text/units.ts";
import {
  alikePlaces,
  candidateLabel,
  candidateNames,
  type Candidates,
  selectedPlace,
} from "../records/candidates.ts";
import { type EarlyEnd, endedEarly, epochsOf, roundedEpochs } from "./epochs.ts";
import { estimateText } from "./evaluation.ts";
import {
  type Architecture,
  type DroppedCandidate,
  type Evidence,
  isDropped,
  type SearchRecord,
  type SearchStep,
  type Trial,
} from "../records/records.ts";
import type { MetricName } from "../records/evaluation.ts";
import { entropy } from "../records/probabilities.ts";
import { drawn, type Part, partsHtml, partsText, showing } from "./parts.ts";

const METHODS = {
  shared: "a search that compares networks with shared weights",
  darts: "a differentiable search by mixed outputs, first order",
  darts2: "a differentiable search by mixed outputs, second order",
  exhaustive: "a complete training of each candidate",
  given: "the user",
};

/** What was selected, in words. */
export function choice(architecture: Architecture): string {
  const { shortTermLength, lengths, method } = architecture;
  if (method === "given") return `The short-term length ${shortTermLength} was given, not searched.`;
  const what = `The short-term length ${shortTermLength}`;
  return lengths.length === 1
    ? `${what} was the only candidate.`
    : `${what} was selected from ${lengths.join(", ")} by ${METHODS[method]}: ${reason(architecture)}.`;
}

/** Returns a text such as `k = 5 is the only candidate`; undefined if there are others. */
export function onlyCandidate(searched: Candidates): string | undefined {
  const [name, ...others] = candidateNames(searched);
  return others.length > 0 ? undefined : `${candidateLabel(name)} is the only candidate`;
}

/** The message about a search that has nothing to choose from; undefined for other searches. */
export function nothingToSearch(searched: Candidates): string | undefined {
  const only = onlyCandidate(searched);
  return only && `Nothing to search: ${only}`;
}

/** Why the selected candidate was chosen. */
export function reason(architecture: Architecture): string {
  const { method, rule, evidence } = architecture;
  if (method === "exhaustive") return "the best on validation";
  if (rule === "argmax") return "the largest α";
  const own = rule === "shortest-within-error" ? evidence?.[selectedPlace(architecture)] : undefined;
  return own && own.difference <= own.standardError
    ? "the shortest within one standard error of the best"
    : "the shortest that is behind the best by too little to matter";
}

/** How clear the choice was, and how it came about; undefined if there was no choice. */
export function clarity(architecture: Architecture): string | undefined {
  const { evidence, method, lengths, clear, dropped = [], ended } = architecture;
  if (lengths.length < 2 || method === "given") return undefined;
  if (method === "exhaustive") return clear ? AHEAD_OF_ALL : NOT_TOLD_APART;
  const names = candidateNames(architecture);
  const notes = dropped.map(({ candidate, step }) => `${names[candidate]} after ${formatCell(step)} steps`);
  return [
    evidence ? standing(architecture, evidence) : TOO_LITTLE,
    ...(notes.length > 0 ? [`Dropped as clearly worse: ${notes.join(", ")}.`] : []),
    ...(ended ? [`The search ${endedEarly(ended).words}.`] : []),
  ].join(" ");
}

/** For an exhaustive search, which trains each candidate once: there are many users, but only one seed. */
const AHEAD_OF_ALL =
  "It is ahead of every other by more than two standard errors over the validation users; " +
  "one training each does not show what other seeds would give.";
const NOT_TOLD_APART =
  "Another is behind by no more than two standard errors over the validation users, or than matters: these trainings do not tell the two apart.";
const TOO_LITTLE =
  "The candidates were judged too seldom for their losses to mean anything: search for longer.";

/** Whether the candidates were never compared, because the search was cut short or had very little data. */
export const isGuess = ({ method, lengths, evidence }: Architecture): boolean =>
  method !== "given" && method !== "exhaustive" && lengths.length > 1 && !evidence;

/** How far the candidates are apart: those that are as good as the best, or else the best and the next. */
function standing(architecture: Architecture, evidence: readonly Evidence[]): string {
  const { practicalDifference = 0, dropped, clear } = architecture;
  const names = candidateNames(architecture), place = selectedPlace(architecture);
  const alike = alikePlaces(evidence, practicalDifference, dropped);
  const behind = alike.includes(place)
    ? ""
    : ` The selected ${names[place]}, which has the largest α, is behind by ${difference(evidence[place])}.`;
  if (alike.length > 1) {
    const farthest = alike.map((m) => evidence[m]).reduce((a, b) => b.difference > a.difference ? b : a);
    return `${alike.map((m) => names[m]).join(", ")} are alike: within one standard error of the best, ` +
      `or behind by too little to matter (up to ${difference(farthest)} in validation loss).${behind}`;
  }
  const [best] = alike, others = evidence.filter((_, m) => m !== best);
  const next = others.reduce((a, b) => b.difference < a.difference ? b : a);
  const lead = `${names[best]} is ahead of the next, ${names[evidence.indexOf(next)]}, by ${
    difference(next)
  } in validation loss`;
  if (behind) return `${lead}.${behind}`;
  return clear
    ? `The choice is clear over the held-out users: ${lead}. Another seed may differ.`
    : `${lead}. It is not called clear: that takes three standard errors from each of the others.`;
}

/** `0.0021 ± 0.0010` */
const difference = ({ difference, standardError }: Evidence) =>
  `${difference.toFixed(4)} ± ${standardError.toFixed(4)}`;

/** The candidates, and the search's result for each. */
export function candidatesTable(
  { alpha, probabilities, evidence, dropped = [], selected, lengths }: Candidates & {
    alpha: ArrayLike<number>;
    probabilities: ArrayLike<number>;
    evidence?: readonly Evidence[];
    dropped?: readonly DroppedCandidate[];
    /** The place of the selected candidate. */
    selected?: number;
  },
): Table {
  const note = (m: number) => m === selected ? "selected" : isDropped(dropped, m) ? "dropped" : "";
  const behind = (own: Evidence) => own.difference === 0 ? "best" : difference(own).replaceAll(" ", "\u00a0");
  return {
    columns: ["length", "α", "softmax(α)", ...(evidence ? ["behind the best"] : []), ""],
    rows: lengths.map((k, m) => [
      k,
      alpha[m] === undefined ? "–" : alpha[m].toFixed(4).replace("-", "−"),
      probabilities[m] === undefined ? "–" : tenthPercent(probabilities[m]),
      ...(evidence ? [behind(evidence[m])] : []),
      note(m),
    ]),
  };
}

/** Loads what draws, which is loaded only where something is drawn. */
const figures = () => import("./figures.ts");

/** What was selected and how clearly, in sentences. */
const chosen = (architecture: Architecture): Part[] => [choice(architecture), clarity(architecture)];

/** An architecture that shows itself: what was selected, how clearly, the candidates, and in a notebook a drawing of their intervals. */
export function architectureWithDisplay(architecture: Architecture): Architecture {
  const { alpha, evidence } = architecture, selected = selectedPlace(architecture);
  return showing(
    architecture,
    () => [
      ...chosen(architecture),
      alpha.length > 1 ? candidatesTable({ ...architecture, selected }) : undefined,
    ],
    async () =>
      evidence
        ? [
          (await figures()).evidenceFigure(candidateNames(architecture), evidence, {
            ...architecture,
            selected,
          }),
        ]
        : [],
  );
}

/**
 * The trainings of an exhaustive search.
 *
 * @param metric The metric that they are compared by.
 * @param architecture What was selected.
 */
export function trialTable(
  trials: readonly Trial[],
  metric = "validation",
  architecture?: Pick<Architecture, "shortTermLength">,
): Table {
  const hasErrors = trials.some(({ standardError }) => standardError !== undefined);
  return {
    ...(hasErrors && { caption: "On validation; ± standard error over users" }),
    columns: ["length", metric, "best epoch", "epochs", "time", ""],
    rows: trials.map(({ shortTermLength, value, standardError, bestEpoch, epochs, seconds }) => [
      shortTermLength,
      estimateText(value, standardError),
      bestEpoch,
      roundedEpochs(epochs),
      formatSeconds(seconds),
      shortTermLength === architecture?.shortTermLength ? "selected" : "",
    ]),
  };
}

/** The result of the trials, in a form that shows itself: what was selected, and a row for each training. */
export const exhaustiveWithDisplay = <T extends { architecture: Architecture; trials: Trial[] }>(
  found: T,
  metric: MetricName,
): T =>
  showing(found, () => [
    ...chosen(found.architecture),
    trialTable(found.trials, metric, found.architecture),
  ]);

/** What is shown of a search. */
interface Shown {
  lengths: readonly number[];
  alpha: ArrayLike<number>;
  probabilities: ArrayLike<number>;
  evidence?: readonly Evidence[];
  dropped: readonly DroppedCandidate[];
  history: readonly SearchRecord[];
  epochs: number;
  steps: { done: number; epoch: number };
  /** How it ended, if that was before its last epoch. */
  earlyEnd?: EarlyEnd;
}

/** The state of the search and of α as text. */
export const searchText = (search: Shown): string => partsText([standingNow(search), remark(search)]);

/** The same with the curves so far, as an HTML fragment for a notebook. */
export async function searchHtml(search: Shown): Promise<string> {
  const { lengths, evidence, dropped, history, earlyEnd } = search, names = candidateNames({ lengths });
  const { evidenceFigure, searchFigures } = await figures();
  return partsHtml([standingNow(search), remark(search)]) +
    drawn(evidence ? [evidenceFigure(names, evidence, { dropped: [...dropped] })] : []) +
    drawn(history.length > 0 ? searchFigures(history, names, undefined, earlyEnd) : []);
}

/** The state of the search, with α and losses so far. */
export async function searchCurves(search: Shown): Promise<string> {
  const { history, lengths, earlyEnd } = search, { alphaFigure, lossesFigure } = await figures();
  return line(progressLine(search)) + line(remark(search)) +
    drawn([
      alphaFigure(history, candidateNames({ lengths }), undefined, earlyEnd),
      lossesFigure(history, earlyEnd),
    ]);
}

function progressLine({ epochs, steps, earlyEnd }: Shown): string {
  const place = earlyEnd?.isCut ? earlyEnd.words : epochsOf(steps.done / steps.epoch, epochs);
  const progress = `Search, ${place}, step ${formatCell(steps.done)} of ${formatCell(epochs * steps.epoch)}`;
  return earlyEnd && !earlyEnd.isCut ? `${progress}; ${earlyEnd.words}` : progress;
}

function standingNow(search: Shown): Table {
  const { columns, rows } = candidatesTable(search);
  const shares = Array.from(search.probabilities), best = shares.indexOf(Math.max(...shares));
  const even = shares.every((share) => share === shares[best]);
  return {
    caption: progressLine(search),
    columns,
    rows: rows.map((row, i) => [...row.slice(0, -1), i === best && !even ? "leads" : row.at(-1)!]),
  };
}

function remark({ probabilities, history }: Shown): string {
  const nats = entropy(probabilities).toFixed(3), most = Math.log(probabilities.length).toFixed(3);
  const spread = `entropy ${nats} nats, ${most} where all are equal`, last = history.at(-1);
  return last ? `${spread}; ${lossesText(last)}` : spread;
}

/** Records as a table: at most 12, evenly spaced, including the newest. */
function recordsTable(records: readonly SearchRecord[], candidates: readonly string[]): Table {
  const rows = Math.min(12, records.length), every = (records.length - 1) / Math.max(1, rows - 1);
  const shown = Array.from({ length: rows }, (_, i) => records[Math.round(i * every)]);
  return {
    ...(records.length > rows && { caption: `${rows} of ${records.length} records` }),
    columns: ["epoch", "step", ...candidates.map(candidateLabel), "entropy", "training", "validation"],
    rows: shown.map(({ epoch, step, probabilities, entropy, trainLoss, validationLoss }) => [
      epoch,
      step,
      ...probabilities.map(tenthPercent),
      entropy.toFixed(3),
      trainLoss.toFixed(4),
      Number.isFinite(validationLoss) ? validationLoss.toFixed(4) : "–",
    ]),
  };
}

/**
 * A list of records that shows itself, including records pushed to it later.
 *
 * @param candidates Their names, in the order of α.
 */
export function searchRecords(
  records: readonly SearchRecord[],
  candidates: readonly string[],
): SearchRecord[] {
  const list = records.map((record) => searchRecord({ ...record }, candidates));
  return showing(
    list,
    () => [recordsTable(list, candidates)],
    async (): Promise<Block[]> => list.length > 0 ? (await figures()).searchFigures(list, candidates) : [],
  );
}

/** A record that shows itself. */
export const searchRecord = (record: SearchRecord, candidates: readonly string[]): SearchRecord =>
  showing(record, () => [recordsTable([record], candidates)]);

/** The losses of a step, in a form that shows itself. */
export const searchStep = (step: SearchStep): SearchStep => showing(step, () => [lossesText(step)]);

/** `loss 5.6021 in training, 5.7034 in validation` */
function lossesText({ trainLoss, validationLoss = NaN }: SearchStep): string {
  const training = `loss ${trainLoss.toFixed(4)} in training`;
  return Number.isFinite(validationLoss)
    ? `${training}, ${validationLoss.toFixed(4)} in validation`
    : training;
}
