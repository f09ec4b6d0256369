/**
 * Drawings of search, training, evaluation and comparison. Loads Observable Plot, so it is loaded only where something is drawn.
 *
 * @module
 */
import type { Comparison, Estimate, MetricName } from "../records/evaluation.ts";
import { type Block, columns, figure, paragraph, table } from "../../pipeline/display/page.ts";
import { candidateLabel, numberedCandidates } from "../records/candidates.ts";
import { epochsDone, isWhole } from "../records/epochs.ts";
import { type EarlyEnd, epochsOf } from "./epochs.ts";
import { linesPlot } from "../../pipeline/display/plots/lines.ts";
import { intervalsPlot } from "../../pipeline/display/plots/intervals.ts";
import {
  type Architecture,
  type Evidence,
  isDropped,
  type SearchRecord,
  type TrainRecord,
} from "../records/records.ts";
import { formatCell } from "../../pipeline/display/table.ts";
import { tenthPercent } from "../../pipeline/display/text/percent.ts";
import { PERCENTILE, shareText, shareWithInterval, withInterval } from "./evaluation.ts";
import type { Group, Grouping, Insights, Lists, SureGroup } from "../records/insights.ts";
import { cutMiddle } from "../../pipeline/display/text/fitting.ts";

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
  const names = namesOf(search, candidates);
  return [
    alphaFigure(search, candidates, selected, end),
    figure(
      linesPlot(names.map((name, i) => over(search, name, ({ probabilities }) => probabilities[i])), {
        title: "Weights of the candidates over the steps of the search",
        x: "step",
        y: "softmax(α)",
        tickFormat: "%",
      }).svg,
      `softmax(α): what weight each candidate has.${endNote(end)}`,
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

/** The note below a drawing of work that ended before its last epoch: as in ` Cut short by the budget after 2.2 of 60 epochs.` */
const endNote = (end?: EarlyEnd): string => end ? ` ${end.words[0].toUpperCase()}${end.words.slice(1)}.` : "";

/** α over the search. See {@link searchFigures}. */
export function alphaFigure(
  search: readonly SearchRecord[],
  candidates?: readonly string[],
  selected?: string,
  end?: EarlyEnd,
): Block {
  const names = namesOf(search, candidates);
  return figure(
    linesPlot(names.map((name, i) => over(search, name, ({ alpha }) => alpha[i])), {
      title: "Architecture parameters over the steps of the search",
      x: "step",
      y: "α",
    }).svg,
    `α of each candidate${selected === undefined ? "" : `; ${selected} was selected`}.${endNote(end)}`,
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
 * Draws how far each candidate is behind the best in loss on held-out targets, with one standard error, by which the length
 * is selected, and three, by which candidates are dropped. If several candidates are left, dropped ones are left out: they are so far behind that the others would collapse into one point.
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
    const { difference: value, standardError } = evidence[m],
      strong = [m, undefined].includes(selected);
    const [low, high] = [-3, 3].map((errors) => value + errors * standardError);
    return [{ label, value, standardError, low, high, strong, ...(m === selected && { note: "selected" }) }];
  });
  return figure(
    intervalsPlot(intervals, {
      title: "How far each candidate is behind the best in validation loss",
      x: "loss behind the best",
      y: candidates.every((name) => /^\d+$/.test(name)) ? "length" : "candidate",
      band: practicalDifference,
    }).svg,
    `Validation loss behind the best. Thick lines: one standard error over the held-out users; thin lines: three.${
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

/** A drawing for each grouping of the positives. */
export const groupingFigures = ({ groupings, metric }: Insights): Block[] =>
  groupings.length === 0 ? [] : [columns(...groupings.map((grouping) => groupingFigure(grouping, metric)))];

function groupingFigure({ by, groups }: Grouping, metric: string): Block {
  const interval = (group: Group) => ({
    label: group.label,
    ...shareWithInterval(group, group.users),
    strong: true,
  });
  const title = `${metric} by ${by}`;
  const sizes = groups.map(({ size }) => size);
  const many = Math.min(...sizes) === Math.max(...sizes)
    ? `${formatCell(sizes[0])} test interactions each`
    : `${formatCell(Math.min(...sizes))} to ${formatCell(Math.max(...sizes))} test interactions each`;
  return figure(
    intervalsPlot(groups.map(interval), { title, x: metric, y: by }).svg,
    `${title}, with 95 % intervals; ${many}.`,
  );
}

/** Statistics of the lists of all users together. */
export function listsBlocks({ lists, sample }: Insights): Block[] {
  const { k, coverage, popularityPercentile, targetsPercentile, novelty, gini }: Lists = lists;
  const share = (value: number) => tenthPercent(value).replace(" ", "\u00a0");
  return [
    table({
      columns: [`lists of ${k}`, ""],
      rows: [
        [
          `coverage: items in at least one ${sample ? "of these lists" : "list"}`,
          share(coverage),
        ],
        ["popularity of what is in them, 0 to 1", popularityPercentile.toFixed(3)],
        ["popularity of the items that people took", targetsPercentile.toFixed(3)],
        ["novelty: −log₂ of an item's share of training", `${novelty.toFixed(1)}\u00a0bits`],
        ["concentration: Gini, 0 where all items are shown as often", gini.toFixed(3)],
      ],
    }),
    paragraph([`Popularity is a percentile: ${PERCENTILE}.`, ...sampleNote(sample)].join(" ")),
  ];
}

/** The note on a sample of lists, since more lists would contain more items. */
const sampleNote = (sample: Insights["sample"]): string[] =>
  sample
    ? [
      `The lists are those of ${formatCell(sample.size)} of the ${
        formatCell(sample.of)
      } test interactions, evenly spaced; the lists of all would cover at least as much.`,
    ]
    : [];

/**
 * The probability that the model gives its likeliest item, and how often that item was taken; empty for runs of versions that did not
 * record it.
 */
export const surenessBlocks = ({ sureness, sample }: Insights): Block[] =>
  sureness.length === 0 ? [] : [
    table({
      columns: ["predicted probability of the top item", "came true in", "test interactions"],
      rows: sureness.map((group: SureGroup) => [
        tenthPercent(group.said),
        shareText(group),
        group.size,
      ]),
    }),
    paragraph(
      `The probabilities are the softmax of the scores without any correction for popularity. Each row is a fifth of ${
        sample ? "these" : "the"
      } test interactions, from those where the model is least sure to those where it is most; ± standard error. A model is calibrated if its predictions come true as often as it says. Losses other than cross-entropy do not learn probabilities, and neither does a model that was trained with a logit adjustment.`,
    ),
  ];

/** One run's mean of a metric. */
export interface RunMean extends Estimate {
  run: string;
}

/** Maximum number of characters of a run's name in an axis title. */
const LONGEST = 30;

/** Draws each run's mean with a 95 % interval. */
export function meansFigure(means: readonly RunMean[], metric: string): Block {
  const labels = shortNames(means.map(({ run }) => run));
  return figure(
    intervalsPlot(
      means.map((mean, i) => ({ label: labels[i], ...withInterval(mean), strong: true })),
      { title: `${metric} of each run`, x: metric, y: "run" },
    ).svg,
    `${metric} of each run, with 95 % intervals. They may overlap though one run is better for the same users: that is what differences say.`,
  );
}

/** Draws the first run minus each other one, paired over users; differences by more than chance are in full colour. */
export function differencesFigure(comparisons: readonly Comparison[]): Block {
  const [{ a, metric, confidence }] = comparisons, percent = Number((100 * confidence).toPrecision(6));
  const [first, ...labels] = shortNames([a, ...comparisons.map(({ b }) => b)]);
  return figure(
    intervalsPlot(
      comparisons.map(({ difference, interval: [low, high], significant }, i) => ({
        label: labels[i],
        value: difference,
        low,
        high,
        strong: significant,
        note: significant ? "*" : undefined,
      })),
      {
        title: `${metric} of ${first} less that of the others`,
        x: `${metric} of ${cutMiddle(first, LONGEST)}, less that of`,
        y: "run",
      },
    ).svg,
    `${metric} of ${first} less that of each other run, of the same users, with ${percent} % intervals, each by itself; right of 0 its mean is the higher. * differs by more than chance, by Holm's method for all of them together.`,
  );
}

/** Paths without the folders that all share, each made unique: the rows of the drawing are told apart by them. */
export function shortNames(paths: readonly string[]): string[] {
  const parts = paths.map((path) => path.replace(/\/+$/, "").split("/")); // paths from a shell's runs/*/ end with a slash
  const shortest = Math.min(...parts.map(({ length }) => length)) - 1;
  let common = 0;
  while (common < shortest && parts.every((part) => part[common] === parts[0][common])) common++;
  const names = parts.map((part) => part.slice(common).join("/"));
  return names.map((name, i) => {
    const before = names.slice(0, i).filter((other) => other === name).length;
    return before === 0 ? name : `${name} (${before + 1})`;
  });
}
