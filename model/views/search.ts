/**
 * A search for display: how far it is, α over time, which candidate leads.
 *
 * @module
 */
import { line, withImages } from "../../pipeline/display/cell/fragment.ts";
import { withDisplay } from "../../pipeline/display/with_display.ts";
import { formatCell, htmlTable, type Table, textTable } from "../../pipeline/display/table.ts";
import { tenthPercent } from "../../pipeline/display/text/percent.ts";
import { candidateLabel, candidateNames } from "../records/candidates.ts";
import { candidatesTable, evidenceHtml } from "./architecture.ts";
import type { DroppedCandidate, Evidence, SearchRecord, SearchStep } from "../records/records.ts";
import type { EarlyEnd } from "./endings.ts";
import { epochsOf } from "./epochs.ts";
import { entropy } from "../records/probabilities.ts";

/** What is shown of a search. */
interface Shown {
  candidates: readonly number[];
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
export const searchText = (search: Shown): string => `${textTable(standing(search))}\n${remark(search)}`;

/** The same with the curves so far, as an HTML fragment for a notebook. */
export async function searchHtml(search: Shown): Promise<string> {
  const { candidates, evidence, dropped } = search;
  const intervals = await evidenceHtml({ candidates, evidence, dropped: [...dropped] });
  return htmlTable(standing(search)) + line(remark(search)) + intervals +
    await curves(search.history, candidateNames({ candidates }), search.earlyEnd);
}

/** The state of the search, with α and losses so far. */
export async function searchCurves(search: Shown): Promise<string> {
  const { history, candidates, earlyEnd } = search;
  // Drawing is loaded only here.
  const [{ alphaFigure, lossesFigure }, { columns }] = await Promise.all([
    import("./figures.ts"),
    import("../../pipeline/display/page.ts"),
  ]);
  const alpha = alphaFigure(history, candidateNames({ candidates }), undefined, earlyEnd);
  return line(progressLine(search)) + line(remark(search)) +
    withImages(columns(alpha, lossesFigure(history, earlyEnd)).html);
}

function progressLine({ epochs, steps, earlyEnd }: Shown): string {
  const place = earlyEnd?.isCut ? earlyEnd.words : epochsOf(steps.done / steps.epoch, epochs);
  const line = `Search, ${place}, step ${formatCell(steps.done)} of ${formatCell(epochs * steps.epoch)}`;
  return earlyEnd && !earlyEnd.isCut ? `${line}; ${earlyEnd.words}` : line;
}

function standing(search: Shown): Table {
  const { candidates, alpha, probabilities, evidence, dropped } = search;
  const shown = { candidates, alpha, probabilities, evidence, dropped: [...dropped] };
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
