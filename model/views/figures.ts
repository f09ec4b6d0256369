/**
 * The drawings of a search and a training, for reports and notebooks.
 *
 * Loads Observable Plot, so it is itself loaded only for drawing.
 *
 * @module
 */
import type { MetricName } from "../records/evaluation.ts";
import { type Block, figure } from "../../pipeline/display/page.ts";
import { candidateLabel, numberedCandidates } from "../records/candidates.ts";
import { epochsDone, isWhole } from "../records/epochs.ts";
import type { EarlyEnd } from "./endings.ts";
import { epochsOf } from "./epochs.ts";
import { linesPlot } from "../../pipeline/display/plots/lines.ts";
import { intervalsPlot } from "../../pipeline/display/plots/intervals.ts";
import {
  type Architecture,
  type Evidence,
  isDropped,
  type SearchRecord,
  type TrainRecord,
} from "../records/records.ts";

/** A value of each record by its step. */
const over = (search: readonly SearchRecord[], label: string, value: (record: SearchRecord) => number) => ({
  label,
  points: search.map((record) => ({ x: record.step, y: value(record) })),
});

const namesOf = (
  [{ alpha }]: readonly SearchRecord[],
  candidates: readonly string[] = numberedCandidates(alpha.length),
): string[] => candidates.map(candidateLabel);

/**
 * α, softmax(α), entropy and losses over the search.
 *
 * @param search At least one record.
 * @param candidates Their names, in the order of α; left out, they are numbered.
 * @param selected The name of what was selected.
 * @param end How the search ended, if that was before its last epoch.
 */
export function searchFigures(
  search: readonly SearchRecord[],
  candidates?: readonly string[],
  selected?: string,
  end?: EarlyEnd,
): Block[] {
  const names = namesOf(search, candidates), shown = shownOf(search);
  return [
    alphaFigure(search, candidates, selected, end),
    figure(
      linesPlot(shown.map((i) => over(search, names[i], ({ probabilities }) => probabilities[i])), {
        title: "Weights of the candidates over the steps of the search",
        x: "step",
        y: "softmax(α)",
        tickFormat: "%",
      }).svg,
      `softmax(α): what weight each candidate has.${leftOut(shown, names)}${endNote(end)}`,
    ),
    figure(
      linesPlot([over(search, "entropy", ({ entropy }) => entropy), {
        label: "all equal",
        points: [search[0], search.at(-1)!].map(({ step }) => ({ x: step, y: Math.log(names.length) })),
      }], {
        title: "Entropy of the candidates' weights over the steps of the search",
        x: "step",
        y: "nats",
        least: 0,
      }).svg,
      `Entropy of softmax(α): the lower, the more one candidate has made itself the only one.${endNote(end)}`,
    ),
    lossesFigure(search, end),
  ];
}

/** More curves than this cannot be told apart. */
const MOST_CURVES = 10;

/** Places of the candidates with the largest probabilities at the end, in their order. */
function shownOf(search: readonly SearchRecord[]): number[] {
  const { probabilities } = search.at(-1)!, places = probabilities.map((_, place) => place);
  return places.toSorted((a, b) => probabilities[b] - probabilities[a]).slice(0, MOST_CURVES).sort((a, b) =>
    a - b
  );
}

/** The note if not all candidates have a curve. */
const leftOut = (shown: readonly number[], names: readonly string[]) =>
  shown.length < names.length ? ` Shown are the ${shown.length} with most of softmax(α) at the end.` : "";

/** The note below a drawing of work that ended before its last epoch: as in ` Cut short by the budget after 2.2 of 60 epochs.` */
const endNote = (end?: EarlyEnd): string => end ? ` ${end.words[0].toUpperCase()}${end.words.slice(1)}.` : "";

/** α over the search. See {@link searchFigures}. */
export function alphaFigure(
  search: readonly SearchRecord[],
  candidates?: readonly string[],
  selected?: string,
  end?: EarlyEnd,
): Block {
  const names = namesOf(search, candidates), shown = shownOf(search);
  return figure(
    linesPlot(shown.map((i) => over(search, names[i], ({ alpha }) => alpha[i])), {
      title: "Architecture parameters over the steps of the search",
      x: "step",
      y: "α",
    }).svg,
    `α of each candidate${selected === undefined ? "" : `; ${selected} was selected`}.${
      leftOut(shown, names)
    }${endNote(end)}`,
  );
}

/** Both losses over the search, which has at least one record. */
export const lossesFigure = (search: readonly SearchRecord[], end?: EarlyEnd): Block =>
  figure(
    linesPlot([
      over(search, "training", ({ trainLoss }) => trainLoss),
      over(search, "validation", ({ validationLoss }) => validationLoss),
    ], { title: "Losses over the steps of the search", x: "step", y: "loss" }).svg,
    `The weights learn on the training loss, α on the validation loss.${endNote(end)}`,
  );

/**
 * Draws how far each candidate is behind the best in loss on held-out targets, with its standard error and an interval. The length is
 * selected by the standard error. The interval is wider: it shows how certain the difference is, and selects nothing. If several candidates
 * are left, dropped ones are left out: they are so far behind that the others would collapse into one point.
 *
 * @param candidates Their names, in the order of the evidence.
 */
export function evidenceFigure(
  candidates: readonly string[],
  evidence: readonly Evidence[],
  { practicalDifference, dropped = [], selected, rule }:
    & Pick<Architecture, "practicalDifference" | "dropped">
    & { selected?: number; rule?: Architecture["rule"] },
): Block {
  const few = candidates.filter((_, m) => !isDropped(dropped, m)).length < 2;
  const intervals = candidates.flatMap((label, m) => {
    if (!few && isDropped(dropped, m)) return [];
    const { difference: value, standardError, interval: [low, high] } = evidence[m],
      strong = [m, undefined].includes(selected);
    return [{ label, value, standardError, low, high, strong, ...(m === selected && { note: "selected" }) }];
  });
  return figure(
    intervalsPlot(intervals, {
      title: "How far each candidate is behind the best in validation loss",
      x: "loss behind the best",
      y: candidates.every((name) => /^\d+$/.test(name)) ? "length" : "candidate",
      band: practicalDifference,
    }).svg,
    `Validation loss behind the best. Thin lines: intervals that hold at once with a chance of 95 %; thick lines: one standard error.${
      practicalDifference ? " Differences within the shaded band do not matter." : ""
    }${rule === "shortest-within-error" ? ` ${SELECTING_RULE}` : ""}${
      intervals.length < candidates.length ? " What was dropped as clearly worse is left out." : ""
    }`,
  );
}

/** Which of the lines the selection rule uses. */
const SELECTING_RULE =
  "Selected is the shortest that is within one standard error of the best, or behind it by too little to matter: whose thick line reaches 0, or whose dot lies in the band.";

/**
 * Training loss and validation metric by epoch, the best epoch marked.
 *
 * @param train At least one record.
 * @param metric The metric that decided the best epoch; left out, it has no curve.
 */
export function trainingFigures(
  train: readonly TrainRecord[],
  metric?: MetricName,
  protocol?: string,
): Block[] {
  const best = train.findLast(({ best }) => best);
  const over = (label: string, value: (record: TrainRecord) => number) => ({
    label,
    points: train.map((record) => ({ x: epochsDone(record), y: value(record) })),
  });
  const moments = best && metric !== undefined
    ? [{
      x: epochsDone(best),
      label: `best: ${isWhole(best) ? `epoch ${best.epoch}` : epochsOf(epochsDone(best))}`,
    }]
    : [];
  const cut = train.every(isWhole) ? "" : " An epoch that was cut is drawn where it ended.";
  const loss = figure(
    linesPlot([over("training", ({ loss }) => loss)], {
      title: "Training loss by epoch",
      x: "epoch",
      y: "loss",
      moments,
    }).svg,
    `Mean training loss of each epoch.${cut}`,
  );
  if (metric === undefined) return [loss];
  return [
    loss,
    figure(
      linesPlot([over("validation", ({ metrics }) => metrics[metric] ?? NaN)], {
        title: `${metric} on validation by epoch`,
        x: "epoch",
        y: metric,
        moments,
      }).svg,
      `${metric} on validation${protocol ? `, protocol ${protocol}` : ""}.`,
    ),
  ];
}

/**
 * The validation metric by minutes of training (by seconds if it took under two minutes), which shows what more time would bring. Empty if
 * there is only one epoch.
 */
export function minutesFigure(train: readonly TrainRecord[], metric: MetricName): Block[] {
  if (train.length < 2) return [];
  const [unit, length] = train.at(-1)!.seconds < 120 ? ["seconds", 1] as const : ["minutes", 60] as const;
  const points = train.map(({ seconds, metrics }) => ({ x: seconds / length, y: metrics[metric] ?? NaN }));
  return [
    figure(
      linesPlot([{ label: "validation", points }], {
        title: `${metric} on validation by ${unit} of training`,
        x: `${unit} of training`,
        y: metric,
      }).svg,
      `${metric} on validation against the time that training had taken, validation included.`,
    ),
  ];
}
