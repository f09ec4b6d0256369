/**
 * The few figures of a run at the top of its pages.
 *
 * @module
 */
import type { Page } from "../../pipeline/display/page.ts";
import { formatCell } from "../../pipeline/display/table.ts";
import { formatSeconds } from "../../pipeline/display/text/units.ts";
import type { RunFacts } from "../records/records.ts";
import { epochsDone } from "../records/epochs.ts";
import { bestEpoch, monitored, type ReportFacts } from "../records/report_facts.ts";
import { epochCount, epochName } from "./epochs.ts";
import { networksOf } from "./networks.ts";
import { totalSeconds } from "./report_tables.ts";
import { mainMetrics, mainProtocol, mainSplit, ownOf } from "./results.ts";

/** The title of a run's pages. */
export const titleOf = ({ title, config }: Pick<RunFacts, "title" | "config">, data: string): string =>
  `${title} on ${data}${config.refit ? ", refit" : ""}`;

type Headline = NonNullable<Page["headline"]>;

/**
 * Selected length, number of networks if there are several, metrics, parameters and time, as far as the run got; for a run in progress, what it
 * is at.
 */
export function headlineOf(facts: ReportFacts): Headline {
  return facts.run.status === "running" ? underWay(facts) : outcomeOf(facts);
}

function outcomeOf(facts: ReportFacts): Headline {
  const { run, architecture, metrics } = facts, split = metrics && mainSplit(metrics);
  const ofSplit = split ? ownOf(metrics).metrics[split] : {};
  const protocol = mainProtocol(ofSplit);
  const figures = ofSplit[protocol] ?? {}, networks = networksOf(run.config);
  return [
    ...(architecture
      ? [{
        label: "short-term length",
        value: String(architecture.shortTermLength),
      }]
      : []),
    ...(networks > 1 ? [{ label: "networks", value: `${networks}` }] : []),
    ...mainMetrics(figures).map((name) => ({
      label: `${name}, ${split} (${protocol})`,
      value: figures[name].toFixed(4),
    })),
    ...(run.parameters === undefined ? [] : [{ label: "parameters", value: formatCell(run.parameters) }]),
    { label: "time", value: formatSeconds(totalSeconds(facts)) },
  ];
}

const PHASES = { search: "searching", retrain: "training", evaluate: "evaluating" };

/** Phase, epoch, losses and metric of the last epoch, and time. */
function underWay(facts: ReportFacts): Headline {
  const { run: { phase = "retrain" } } = facts;
  return [
    { label: "status", value: PHASES[phase] },
    ...(phase === "search" ? ofSearch(facts) : ofTraining(facts)),
    { label: "time", value: formatSeconds(totalSeconds(facts)) },
  ];
}

function ofSearch({ run, search }: ReportFacts): Headline {
  const last = search.at(-1);
  if (!last) return [];
  const { trainLoss, validationLoss } = last;
  return [
    { label: "epoch", value: epochCount(epochsDone(last), run.config.search?.searchEpochs) },
    { label: "training loss", value: trainLoss.toFixed(4) },
    ...(Number.isFinite(validationLoss)
      ? [{ label: "validation loss", value: validationLoss.toFixed(4) }]
      : []),
  ];
}

function ofTraining(facts: ReportFacts): Headline {
  const { run, train } = facts, last = train.at(-1), best = bestEpoch(facts), metric = monitored(facts);
  if (!last) return [];
  const isValidated = metric !== undefined && best !== undefined && metric in last.metrics;
  return [
    { label: "epoch", value: epochCount(epochsDone(last), run.config.training.epochs) },
    { label: "loss", value: last.loss.toFixed(4) },
    ...(isValidated
      ? [
        { label: metric, value: last.metrics[metric].toFixed(4) },
        { label: `best, epoch ${epochName(best)}`, value: best.metrics[metric].toFixed(4) },
      ]
      : []),
  ];
}
