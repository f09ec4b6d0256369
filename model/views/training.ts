/**
 * A training for display: losses and validation metrics by epoch, with the best marked.
 *
 * @module
 */
import { type MetricName, metricsIn } from "../records/evaluation.ts";
import { line } from "../../pipeline/display/cell/fragment.ts";
import type { Block } from "../../pipeline/display/page.ts";
import { formatCell, type Table } from "../../pipeline/display/table.ts";
import { countOf, formatRate, formatSeconds } from "../../pipeline/display/text/units.ts";
import { bestOf, epochsDone } from "../records/epochs.ts";
import { type EarlyEnd, epochName, epochsOf, isImproving, roundedEpochs, STILL_IMPROVING } from "./epochs.ts";
import type { TrainRecord } from "../records/records.ts";
import { drawn, type Part, partsHtml, partsText, showing } from "./parts.ts";

/** The metric that the epochs are compared by. */
interface Monitor {
  /** Left out if it is not known. */
  metric?: MetricName;
  protocol?: string;
}

/** What is shown of a training. */
interface Shown {
  /** Title, as in `Training SASRec`. */
  title: string;
  options: Monitor;
  history: readonly TrainRecord[];
  bestEpoch: number;
  epochs: number;
  steps: { done: number; epoch: number };
  /** How it ended, if time ran out before its last epoch. */
  earlyEnd?: EarlyEnd;
}

/** The state of the training as text. */
export const trainingText = (training: Shown): string => partsText(partsOf(training));

/** The same with the curves so far, as an HTML fragment for a notebook. */
export const trainingHtml = async (training: Shown): Promise<string> =>
  partsHtml(partsOf(training)) + drawn(await curves(training.history, training.options));

/** The state of the training, and the curves so far. */
export const trainingCurves = async (training: Shown): Promise<string> =>
  line(headline(training)) + drawn(await curves(training.history, training.options));

const partsOf = (training: Shown): Part[] => [
  headline(training),
  training.history.length > 0 ? trainTable(training.history, training.options) : undefined,
];

function headline({ title, options, history, bestEpoch, epochs, steps, earlyEnd }: Shown): string {
  const at = `${title}: ${earlyEnd?.words ?? epochsOf(steps.done / steps.epoch, epochs)}, ` +
    `step ${formatCell(steps.done)} of ${formatCell(epochs * steps.epoch)}`;
  const { metric, protocol } = options;
  const best = bestOf(history, bestEpoch);
  const value = metric && best?.metrics[metric];
  if (!best || typeof value !== "number") return at;
  const standing = `${at}; best epoch ${epochName(best)} with ${metric} ${
    value.toFixed(4)
  } on validation (protocol ${protocol}${of(best)})`;
  const hasEnded = earlyEnd !== undefined || steps.done >= epochs * steps.epoch;
  return hasEnded && isImproving(history, best) ? `${standing}. ${STILL_IMPROVING}` : standing;
}

/** Of how many users a record's metrics are, if they were drawn. */
const of = ({ validationUsers }: TrainRecord): string =>
  validationUsers === undefined ? "" : `, ${countOf(validationUsers, "user")} drawn at random`;

/** The metric, if epochs were validated by it. */
const validatedBy = (records: readonly TrainRecord[], { metric }: Monitor): MetricName | undefined =>
  metric !== undefined && records.some(({ metrics }) => metric in metrics) ? metric : undefined;

/** The epochs as a table; if there are many, the first, the best and the last ones. */
export function trainTable(records: readonly TrainRecord[], monitor: Monitor): Table {
  const metric = validatedBy(records, monitor);
  const best = records.findLastIndex(({ best }) => best), count = records.length;
  const chosen = records.filter((_, i) => count <= 12 || i === 0 || i === best || i >= count - 10);
  const columns = metric === undefined ? [] : metricsBeside(metric, metricsIn(records[0]?.metrics ?? {}));
  const caption = [
    ...(chosen.length < count ? [`${chosen.length} of ${count} rows`] : []),
    ...(records.at(-1)?.validationUsers === undefined ? [] : [`validation${of(records.at(-1)!)}`]),
  ].join("; ");
  return {
    ...(caption && { caption }),
    columns: ["epoch", "loss", ...columns, "time", "examples", ""],
    rows: chosen.map((record) => [
      roundedEpochs(epochsDone(record)),
      record.loss.toFixed(4),
      ...columns.map((name) => record.metrics[name]?.toFixed(4) ?? "–"),
      formatSeconds(record.seconds),
      Number.isFinite(record.examplesPerSecond) ? formatRate(record.examplesPerSecond) : "–",
      metric !== undefined && record === records[best] ? "best" : "",
    ]),
  };
}

/** The metric, then the best-known metrics at the same cutoff. */
function metricsBeside(metric: MetricName, known: readonly MetricName[]): MetricName[] {
  const k = Number(metric.split("@")[1]);
  const others = (["HR", "NDCG", "MRR"] as const).map((measure) => `${measure}@${k}` as const);
  return [...new Set([metric, ...others.filter((name) => known.includes(name))])];
}

/** Loss and metric by epoch. The code that draws is loaded only here. */
async function curves(records: readonly TrainRecord[], monitor: Monitor): Promise<Block[]> {
  if (records.length === 0) return [];
  const { trainingFigures } = await import("./figures.ts");
  return trainingFigures(records, validatedBy(records, monitor), monitor.protocol);
}

/** A list of records that shows itself, including records pushed to it later. */
export function trainRecords(records: readonly TrainRecord[], monitor: Monitor): TrainRecord[] {
  const list = records.map((record) => trainRecord({ ...record }, monitor));
  return showing(list, () => [trainTable(list, monitor)], () => curves(list, monitor));
}

/** A record that shows itself. */
export const trainRecord = (record: TrainRecord, monitor: Monitor): TrainRecord =>
  showing(record, () => [trainTable([record], monitor)]);
