/**
 * A run folder for display: its dataset, how far it got, and its results.
 *
 * @module
 */
import { formatCell, type Table } from "../../pipeline/display/table.ts";
import { countOf, formatSeconds } from "../../pipeline/display/text/units.ts";
import { choice } from "./search.ts";
import { epochName, epochsUpTo } from "./epochs.ts";
import { mainTables } from "./results.ts";
import { networksOf } from "./report.ts";
import { type Part, partsHtml, partsText } from "./parts.ts";
import type { Architecture, RunMetrics, SearchRecord, TrainRecord, Trial } from "../records/records.ts";
import { learntPart } from "../records/learnt_part.ts";
import type { RunFacts } from "../records/records.ts";

/** The contents of a run folder. */
export interface RunSummary {
  /** The files that exist, in words. */
  files: string[];
  run?: RunFacts;
  search: SearchRecord[];
  trials: Trial[];
  architecture?: Architecture;
  train: TrainRecord[];
  metrics?: RunMetrics;
}

/** What is shown of a run. */
const runParts = (path: string, summary: RunSummary): Part[] => [
  overview(path, summary),
  summary.architecture && choice(summary.architecture),
  ...(summary.metrics ? mainTables(summary.metrics) : []),
];

/** A run as text for a terminal. */
export const runText = (path: string, summary: RunSummary): string => partsText(runParts(path, summary));

/** A run as an HTML fragment for a notebook. */
export const runHtml = (path: string, summary: RunSummary): string => partsHtml(runParts(path, summary));

function overview(path: string, { files, run, search, trials, train }: RunSummary): Table {
  const trainOn = run?.config.training.trainOn, networks = run ? networksOf(run.config) : 1;
  // A refit is not validated: its last epoch is kept.
  const best = trainOn === undefined ? train.findLast(({ best }) => best) : undefined,
    last = search.at(-1),
    trained = train.at(-1);
  const seconds = Object.values(run?.times ?? {}).reduce((sum, time) => sum + time, 0);
  return {
    caption: `Run ${path}`,
    columns: ["", "value"],
    rows: [
      // What a notebook saves is not a run of the job, so the files that exist are listed.
      run ? ["status", run.status] : ["holds", files.join(", ") || "nothing yet"],
      ...(run
        ? [
          ["dataset", `${run.dataset.name} (${run.dataset.hash.slice(0, 8)})`],
          ...(trainOn === undefined ? [] : [["learnt of it", learntPart(trainOn)]]),
          ["seed", String(run.seed)],
          ...(networks === 1 ? [] : [["networks", String(networks)]]),
          ...(run.parameters === undefined ? [] : [["parameters", formatCell(run.parameters)]]),
          ["time", formatSeconds(seconds)],
        ]
        : []),
      ...(last
        ? [[
          "search",
          `${epochsUpTo(last, run?.config.search?.searchEpochs)}, ${countOf(last.step, "step")}`,
        ]]
        : []),
      ...(trials.length > 0 ? [["search", countOf(trials.length, "training")]] : []),
      ...(trained
        ? [[
          "training",
          `${epochsUpTo(trained, run?.config.training.epochs)}${
            best ? `, the best is ${epochName(best)}` : ""
          }`,
        ]]
        : []),
    ],
  };
}
