/**
 * A search and what it chose, in words and tables.
 *
 * @module
 */
import { line, withImages } from "../../pipeline/display/cell/fragment.ts";
import { withDisplay } from "../../pipeline/display/with_display.ts";
import { formatCell, htmlTable, type Table, textTable } from "../../pipeline/display/table.ts";
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
  const what = `short-term length ${shortTermLength}`;
  if (lengths.length === 1) return `The ${what} was the only candidate.`;
  return `The ${what} was selected from ${lengths.join(", ")} by ${METHODS[method]}: ${
    reason(architecture)
  }.`;
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
  const isByError = rule === "shortest-within-error" && evidence &&
    isWithinError(evidence[selectedPlace(architecture)]);
  return isByError
    ? `the shortest within one standard error of the best`
    : `the shortest that is behind the best by too little to matter`;
}

const isWithinError = ({ difference, standardError }: Evidence): boolean => difference <= standardError;

/** How clear the choice was, and how it came about; undefined if there was no choice. */
export function clarity(architecture: Architecture): string | undefined {
  const { evidence, method, lengths, clear } = architecture;
  if (method === "exhaustive" && lengths.length > 1) return clear ? AHEAD_OF_ALL : NOT_TOLD_APART;
  if (!needsEvidence(architecture)) return undefined;
  const found = evidence ? standing(architecture, evidence) : TOO_LITTLE;
  return [found, ...droppedNote(architecture), ...endNote(architecture)].join(" ");
}

/** For an exhaustive search, which trains each candidate once: there are many users, but only one seed. */
const AHEAD_OF_ALL =
  "It is ahead of every other by more than two standard errors over the validation users; " +
  "one training each does not show what other seeds would give.";
const NOT_TOLD_APART =
  "Another is behind by no more than two standard errors over the validation users, or than matters: these trainings do not tell the two apart.";

/** The methods of finding a length that need no evidence. */
const COMPARED: readonly Architecture["method"][] = ["given", "exhaustive"];

const needsEvidence = ({ method, lengths }: Architecture): boolean =>
  !COMPARED.includes(method) && lengths.length > 1;

/** Whether the candidates were never compared, because the search was cut short or had very little data. */
export const isGuess = (architecture: Architecture): boolean =>
  needsEvidence(architecture) && !architecture.evidence;

const TOO_LITTLE =
  "The candidates were judged too seldom for their losses to mean anything: search for longer.";

function standing(architecture: Architecture, evidence: readonly Evidence[]): string {
  const { practicalDifference = 0, dropped, rule, clear } = architecture;
  const names = candidateNames(architecture), place = selectedPlace(architecture), selected = names[place];
  const alike = alikePlaces(evidence, practicalDifference, dropped), of = (m: number) => evidence[m];
  if (alike.length > 1) {
    const farthest = alike.map(of).reduce((a, b) => b.difference > a.difference ? b : a);
    const among = rule === "argmax" ? `${selected} has the largest α` : `${selected} is the shortest of them`;
    const chosen = alike.includes(place)
      ? among
      : `${selected}, which has the largest α, is behind them by ${difference(of(place))}`;
    const all = someOf(alike.map((m) => names[m]));
    return alike.map(of).every(isWithinError)
      ? `${all} are within one standard error of the best (differences in validation loss up to ${
        difference(farthest)
      }); ${chosen}.`
      : `${all} differ too little to matter (by up to ${difference(farthest)} in validation loss; ${
        practicalDifference.toFixed(4)
      } or less does not matter); ${chosen}.`;
  }
  const [best] = alike, others = evidence.filter((_, m) => m !== best);
  const next = others.reduce((a, b) => b.difference < a.difference ? b : a);
  const lead = `${names[best]} is ahead of the next, ${names[evidence.indexOf(next)]}, by ${
    difference(next)
  } in validation loss`;
  if (best !== place) {
    return `${lead}; ${selected}, which has the largest α, is behind it by ${difference(of(place))}.`;
  }
  if (clear) return `The choice is clear over the held-out users: ${lead}. Another seed may differ.`;
  const errors = ({ difference, standardError }: Evidence) => difference / standardError;
  const closest = others.reduce((a, b) => errors(b) < errors(a) ? b : a);
  return `${lead}. It is not called clear: ${
    names[evidence.indexOf(closest)]
  } is behind by less than three standard errors.`;
}

function droppedNote({ dropped = [], ...architecture }: Architecture): string[] {
  if (dropped.length === 0) return [];
  const names = candidateNames(architecture);
  const notes = dropped.map(({ candidate, step }) => `${names[candidate]} after ${formatCell(step)} steps`);
  return [`Dropped as clearly worse: ${notes.slice(0, MOST_NAMED).join(", ")}${andOthers(notes.length)}.`];
}

const endNote = ({ ended }: Architecture): string[] =>
  ended ? [`The search ${endedEarly(ended).words}.`] : [];

/** `0.0021 ± 0.0010` */
const difference = ({ difference, standardError }: Evidence) =>
  `${difference.toFixed(4)} ± ${standardError.toFixed(4)}`;

/** Maximum number of candidates named in a sentence; the table has them all. */
const MOST_NAMED = 6;

/** ` and 4 others`, if there are more than are named. */
const andOthers = (count: number) => count > MOST_NAMED ? ` and ${count - MOST_NAMED} others` : "";

/** `5, 10 and 15` */
const someOf = (names: readonly string[]) =>
  names.length > MOST_NAMED
    ? names.slice(0, MOST_NAMED).join(", ") + andOthers(names.length)
    : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;

/** The candidates, and the search's result for each. */
export function candidatesTable(
  { alpha, probabilities, evidence, dropped = [], selected, ...all }: Candidates & {
    alpha: ArrayLike<number>;
    probabilities: ArrayLike<number>;
    evidence?: readonly Evidence[];
    dropped?: Architecture["dropped"];
    /** The place of the selected candidate. */
    selected?: number;
  },
): Table {
  const note = (m: number) => m === selected ? "selected" : isDropped(dropped, m) ? "dropped" : "";
  return {
    columns: [
      "length",
      "α",
      "softmax(α)",
      ...(evidence ? ["behind the best"] : []),
      "",
    ],
    rows: all.lengths.map((k, m) => [
      k,
      alpha[m] === undefined ? "–" : alpha[m].toFixed(4).replace("-", "−"),
      probabilities[m] === undefined ? "–" : tenthPercent(probabilities[m]),
      ...(evidence ? [evidenceCell(evidence[m])] : []),
      note(m),
    ]),
  };
}

/** How far it is behind the best. A figure is not broken on a narrow page. */
const evidenceCell = (evidence: Evidence): string =>
  evidence.difference === 0 ? "best" : difference(evidence).replaceAll(" ", "\u00a0");

/** An architecture that shows itself: what was selected, how clearly, the candidates, and in a notebook a drawing of their intervals. */
export function architectureWithDisplay(architecture: Architecture): Architecture {
  const words = [choice(architecture), clarity(architecture)].filter((text) => text !== undefined);
  const table = architecture.alpha.length > 1
    ? candidatesTable({ ...architecture, selected: selectedPlace(architecture) })
    : undefined;
  return withDisplay(architecture, {
    text: () => [...words, ...(table ? [textTable(table)] : [])].join("\n"),
    html: async () =>
      words.map(line).join("") + (table ? htmlTable(table) : "") +
      await evidenceHtml({ ...architecture, selected: selectedPlace(architecture) }),
  });
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

/** What a drawing of the evidence needs besides the evidence. */
type ShownEvidence = Pick<Architecture, "practicalDifference" | "dropped"> & { rule?: Architecture["rule"] };

/** The candidates' intervals as a drawing, in an HTML fragment; empty if there is no evidence. */
export async function evidenceHtml(
  architecture: Candidates & ShownEvidence & { evidence?: readonly Evidence[]; selected?: number },
): Promise<string> {
  const { evidence } = architecture;
  if (!evidence) return "";
  // Drawing is loaded only here.
  const [{ evidenceFigure }, { columns }] = await Promise.all([
    import("./figures.ts"),
    import("../../pipeline/display/page.ts"),
  ]);
  const figure = evidenceFigure(candidateNames(architecture), evidence, architecture);
  return withImages(columns(figure).html);
}

/** The result of the trials, in a form that shows itself: what was selected, and a row for each training. */
export function exhaustiveWithDisplay<T extends { architecture: Architecture; trials: Trial[] }>(
  found: T,
  metric: MetricName,
): T {
  const { architecture } = found;
  const words = [choice(architecture), clarity(architecture)].filter((text) => text !== undefined);
  const table = () => trialTable(found.trials, metric, architecture);
  return withDisplay(found, {
    text: () => [...words, textTable(table())].join("\n"),
    html: () => words.map(line).join("") + htmlTable(table()),
  });
}

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
export const searchText = (search: Shown): string => `${textTable(standingNow(search))}\n${remark(search)}`;

/** The same with the curves so far, as an HTML fragment for a notebook. */
export async function searchHtml(search: Shown): Promise<string> {
  const { lengths, evidence, dropped } = search;
  const intervals = await evidenceHtml({ lengths, evidence, dropped: [...dropped] });
  return htmlTable(standingNow(search)) + line(remark(search)) + intervals +
    await curves(search.history, candidateNames({ lengths }), search.earlyEnd);
}

/** The state of the search, with α and losses so far. */
export async function searchCurves(search: Shown): Promise<string> {
  const { history, lengths, earlyEnd } = search;
  // Drawing is loaded only here.
  const [{ alphaFigure, lossesFigure }, { columns }] = await Promise.all([
    import("./figures.ts"),
    import("../../pipeline/display/page.ts"),
  ]);
  const alpha = alphaFigure(history, candidateNames({ lengths }), undefined, earlyEnd);
  return line(progressLine(search)) + line(remark(search)) +
    withImages(columns(alpha, lossesFigure(history, earlyEnd)).html);
}

function progressLine({ epochs, steps, earlyEnd }: Shown): string {
  const place = earlyEnd?.isCut ? earlyEnd.words : epochsOf(steps.done / steps.epoch, epochs);
  const line = `Search, ${place}, step ${formatCell(steps.done)} of ${formatCell(epochs * steps.epoch)}`;
  return earlyEnd && !earlyEnd.isCut ? `${line}; ${earlyEnd.words}` : line;
}

function standingNow(search: Shown): Table {
  const { lengths, alpha, probabilities, evidence, dropped } = search;
  const shown = { lengths, alpha, probabilities, evidence, dropped: [...dropped] };
  const { columns, rows } = candidatesTable(shown);
  const shares = Array.from(probabilities), best = shares.indexOf(Math.max(...shares));
  const even = shares.every((share) => share === shares[best]);
  return {
    caption: progressLine(search),
    columns,
    rows: rows.map((row, i) => [...row.slice(0, -1), i === best && !even ? "leads" : row.at(-1)!]),
  };
}

function remark({ probabilities, history }: Shown): string {
  const nats = entropy(probabilities).toFixed(3), most = Math.log(probabilities.length).toFixed(3);
  const spread = `entropy ${nats} nats, ${most} where all are equal`;
  const last = history.at(-1);
  return last ? `${spread}; ${lossesText(last)}` : spread;
}

async function curves(
  history: readonly SearchRecord[],
  candidates: readonly string[],
  end?: EarlyEnd,
): Promise<string> {
  if (history.length === 0) return "";
  // Drawing is loaded only here.
  const [{ searchFigures }, { columns }] = await Promise.all([
    import("./figures.ts"),
    import("../../pipeline/display/page.ts"),
  ]);
  return withImages(columns(...searchFigures(history, candidates, undefined, end)).html);
}

/** Records as a table: at most 12, evenly spaced, including the newest. */
function recordsTable(records: readonly SearchRecord[], candidates: readonly string[]): Table {
  const rows = Math.min(12, records.length), every = (records.length - 1) / Math.max(1, rows - 1);
  const chosen = Array.from({ length: rows }, (_, i) => records[Math.round(i * every)]);
  const several = records.length > rows ? `${rows} of ${records.length} records` : undefined;
  return {
    ...(several && { caption: several }),
    columns: ["epoch", "step", ...candidates.map(candidateLabel), "entropy", "training", "validation"],
    rows: chosen.map(({ epoch, step, probabilities, entropy, trainLoss, validationLoss }) => [
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
  const table = () => recordsTable(list, candidates);
  return withDisplay(list, {
    text: () => textTable(table()),
    html: async () => htmlTable(table()) + await curves(list, candidates),
  });
}

/** A record that shows itself. */
export function searchRecord(record: SearchRecord, candidates: readonly string[]): SearchRecord {
  const table = () => recordsTable([record], candidates);
  return withDisplay(record, { text: () => textTable(table()), html: () => htmlTable(table()) });
}

/** The losses of a step, in a form that shows itself. */
export function searchStep(step: SearchStep): SearchStep {
  const text = () => lossesText(step);
  return withDisplay(step, { text, html: () => line(text()) });
}

/** `loss 5.6021 in training, 5.7034 in validation` */
function lossesText({ trainLoss, validationLoss = NaN }: SearchStep): string {
  const training = `loss ${trainLoss.toFixed(4)} in training`;
  return Number.isFinite(validationLoss)
    ? `${training}, ${validationLoss.toFixed(4)} in validation`
    : training;
}
