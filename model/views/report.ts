/**
 * The facts of a run as tables and sentences, for a terminal, a notebook and the report.
 *
 * @module
 */
import { isSideBySide, type RunFacts } from "../records/records.ts";
import { columnRows } from "../../pipeline/contract/dataset/columns.ts";
import { densityRow } from "../../pipeline/contract/dataset/distributions.ts";
import { droppedInAll } from "../../pipeline/contract/stage/report.ts";
import { formatCell, type Table, textTable } from "../../pipeline/display/table.ts";
import { asCalled } from "../../pipeline/terminal/called.ts";
import { withoutHome } from "../../pipeline/display/text/home.ts";
import { tenthPercent } from "../../pipeline/display/text/percent.ts";
import { countOf, formatBytes, formatSeconds } from "../../pipeline/display/text/units.ts";
import { candidatesTable, choice, clarity, trialTable } from "./search.ts";
import { epochCount, epochName, epochsUpTo, isImproving, STILL_IMPROVING, warningTexts } from "./epochs.ts";
import { bestEpoch, monitored, type ReportFacts } from "../records/report_facts.ts";
import type { Page } from "../../pipeline/display/page.ts";
import { epochsDone } from "../records/epochs.ts";
import {
  mainMetrics,
  mainProtocol,
  mainSplit,
  mainTable,
  notesOf,
  ownOf,
  resultsOf,
  verdict,
} from "./results.ts";
import { spoken } from "../../pipeline/display/text/option_names.ts";
import { aFewPeople, fewPeopleCaption, peopleHtml, peopleText } from "./people.ts";
import { trainTable } from "./training.ts";
import { line } from "../../pipeline/display/cell/fragment.ts";
import { withDisplay } from "../../pipeline/display/with_display.ts";
import { dataLines } from "../../pipeline/contract/dataset/prepared.ts";
import { drawn, partsHtml, partsText } from "./parts.ts";

/** Number of networks whose scores are averaged: one for most runs. */
export const networksOf = ({ training: { ensemble = 1 } }: RunFacts["config"]): number => ensemble;

export { candidatesTable, choice };

/** How the columns of each source table were used; undefined if that was not recorded. */
export function columnsTable({ manifest: { stages } }: ReportFacts): Table | undefined {
  const rows = columnRows(stages);
  return rows.length > 0 ? { columns: ["of the source", "what they are here"], rows } : undefined;
}

/** How many interactions came to each stage, and how many it dropped; {@link droppedNote} says why. */
export const stagesTable = ({ manifest: { stages } }: ReportFacts): Table => ({
  columns: ["stage", "interactions in", "dropped", "out"],
  rows: stages.map(({ stage, rowsIn, rowsOut }) => [stage, rowsIn, rowsIn - rowsOut, rowsOut]),
});

/** What was dropped, why, and by which option; undefined if nothing was. */
export function droppedNote({ manifest: { stages } }: Pick<ReportFacts, "manifest">): string | undefined {
  const dropped = droppedInAll(stages);
  return dropped.length > 0 ? `Dropped: ${dropped.join("; ")}.` : undefined;
}

/** Wall time of all phases, in seconds. */
export const totalSeconds = ({ run }: Pick<ReportFacts, "run">): number =>
  Object.values(run.times).reduce((sum, seconds) => sum + seconds, 0);

/** The data in numbers. */
export function dataTable({ manifest: { counts, hash } }: ReportFacts): Table {
  return {
    columns: ["", "value"],
    rows: [
      ["users", counts.users],
      ["items", counts.items],
      ["interactions", counts.interactions],
      densityRow(counts),
      ["train", counts.train],
      ["validation", counts.validation],
      ["test", counts.test],
      ["hash", hash.slice(0, 8)],
    ],
  };
}

/** A sentence that describes the split. */
export function splitNote(facts: ReportFacts): string {
  const { split, counts, negatives } = facts.manifest;
  const kinds = {
    "leave-one-out":
      "Of each user's sequence the last interaction is the test, the one before it the validation",
    ratio: "Each user's sequence is cut in time by shares into training, validation and test",
    "global-time": "All interactions are cut at two moments into training, validation and test",
  };
  const drawn = negatives.protocols.length > 0
    ? ` The ${
      formatCell(negatives.count)
    } negatives of each target are frozen in the dataset, the same for every method.`
    : "";
  if (counts.train === counts.interactions) {
    return `Nothing is held out: all ${formatCell(counts.interactions)} interactions are learnt.`;
  }
  const sizes = [counts.train, counts.validation, counts.test].map(formatCell).join(" + ");
  const learnt = facts.run.config.training.trainOn === "all-but-test"
    ? ", and validation is learnt, too"
    : "";
  return `${kinds[split.kind]}${learnt}: ${sizes} interactions.${drawn}`;
}

/** The trainings of an exhaustive search. */
export const trialsTable = (
  facts: Pick<ReportFacts, "trials" | "train" | "monitor" | "architecture">,
): Table => trialTable(facts.trials, monitored(facts), facts.architecture);

/** How clear the choice was; undefined if there was none, or a warning says that nothing could be compared. */
export const clarityOf = ({ architecture, run }: Pick<ReportFacts, "architecture" | "run">) =>
  architecture && !run.warnings.some(({ kind }) => kind === "guess") ? clarity(architecture) : undefined;

/** Why a model trained on all of the data has no figures; undefined for any other. */
export function refitNote({ run: { config } }: Pick<ReportFacts, "run">): string | undefined {
  return config.training.trainOn === "all"
    ? `Nothing was left to test it on: the figures of ${config.refit?.figuresIn} say how good it is.`
    : undefined;
}

/** What a run without an evaluation lacks and, if it is done as far as it was meant to go, what comes next. */
export function unevaluatedNote({ run: { status }, train }: Pick<ReportFacts, "run" | "train">): string {
  const [lacks, next] = train.length > 0
    ? ["evaluated", "deno task evaluate RUN ranks the hidden interactions"]
    : [
      "trained or evaluated",
      "deno task retrain RUN trains the model, then deno task evaluate RUN tests it",
    ];
  return `Nothing has been ${lacks} yet: this page cannot say how good the model is.${
    status === "done" ? asCalled(` Next: ${next}; RUN is the run's folder.`) : ""
  }`;
}

/** How the training went, in words; undefined if nothing was trained. */
export function trainingNote(facts: Pick<ReportFacts, "run" | "train" | "monitor">): string | undefined {
  const last = facts.train.at(-1), best = bestEpoch(facts), metric = monitored(facts);
  if (!last) return undefined;
  const kept = best && metric && metric in best.metrics
    ? ` The weights of epoch ${epochName(best)} are kept: validation ${metric} ${
      best.metrics[metric].toFixed(4)
    }${facts.monitor ? ` (protocol ${facts.monitor.protocol})` : ""}.`
    : "";
  // An epoch that was only validated after a stop has no speed.
  const speed = Number.isFinite(last.examplesPerSecond)
    ? `, ${formatCell(Math.round(last.examplesPerSecond))} examples a second in the last`
    : "";
  const more = kept && isImproving(facts.train, best) ? ` ${STILL_IMPROVING}` : "";
  const { training: { startFrom, trainOn }, refit } = facts.run.config;
  const begun = refit
    ? `The network of ${refit.of}, trained anew on ${
      trainOn === "all"
        ? "all interactions, those of validation and test among them"
        : "training and validation interactions"
    }${startFrom ? `, from the weights of ${startFrom} on` : ""}. `
    : startFrom
    ? `It began with the weights of ${startFrom}. `
    : "";
  const networks = networksOf(facts.run.config);
  const averaged = networks > 1
    ? `${networks} networks, each trained by itself, whose scores are averaged. `
    : "";
  return `${begun}${averaged}${epochsUpTo(last, facts.run.config.training.epochs)} and ${
    countOf(last.step, "step")
  } in ${formatSeconds(last.seconds)}${speed}.${kept}${more}`;
}

/** The cost of each phase: wall time and, if it was recorded, memory. */
export function costTable(facts: ReportFacts): Table {
  const { times, peakMemory, peakMemoryBytes } = facts.run, total = totalSeconds(facts);
  const row = (phase: string, seconds: number, share: string, bytes: number | undefined) => [
    phase,
    formatSeconds(seconds),
    share,
    bytes === undefined ? "–" : formatBytes(bytes),
  ];
  const stages = facts.manifest.stages.reduce((sum, { seconds }) => sum + seconds, 0);
  return {
    columns: ["phase", "time", "share", "most memory"],
    rows: [
      ...("prepare" in times ? [] : [row(BEFORE, stages, "", undefined)]),
      ...Object.entries(times).map(([phase, seconds]) =>
        row(phase, seconds, total > 0 ? tenthPercent(seconds / total) : "", peakMemory[phase])
      ),
      row("all of the run", total, "", peakMemoryBytes),
    ],
  };
}

/** The row of a dataset that existed before the run. */
const BEFORE = "prepare, by its stages";

/** Explains the columns of {@link costTable}. */
export const costColumns = ({ run: { times } }: Pick<ReportFacts, "run">): string =>
  [
    ...("prepare" in times ? [] : [
      "Preparing the data was not measured in this run: its time is that of the stages, without writing, and not in the sum.",
    ]),
    "Memory is the resident set of the whole process: its high-water mark where the phase raised it, otherwise the largest of ten samples a second.",
  ].join(" ");

/** The machine and engine that the run used. */
export function machineNote({ run: { peakMemoryBytes, backend, machine } }: ReportFacts): string {
  const where = machine
    ? `, on ${machine.system} with ${formatCell(machine.cores)} cores${
      machine.memoryBytes === undefined ? "" : ` and ${formatBytes(machine.memoryBytes)} of memory`
    }`
    : "";
  return `At most ${
    formatBytes(peakMemoryBytes)
  } of memory, by the ${backend.name} engine (${backend.device}; ${backend.version})${where}.`;
}

/** The time a recommendation takes, and the time the search saved. */
export function costNotes({ insights, architecture, run: { times } }: ReportFacts): string[] {
  const { search, retrain } = times;
  const isSearched = architecture && isSideBySide(architecture.method) &&
    architecture.lengths.length > 1 && search > 0 && retrain > 0;
  return [
    ...(insights
      ? [
        `Scoring all items after one history takes ${
          insights.millisecondsPerHistory.toFixed(2)
        } ms, many at once.`,
      ]
      : []),
    ...(isSearched
      ? [
        `Training each of the ${architecture.lengths.length} candidate lengths as long as this one would have taken about ${
          formatSeconds(architecture.lengths.length * retrain)
        }; the search took ${formatSeconds(search)}.`,
      ]
      : []),
  ];
}

/** When the run began. */
export const began = ({ run: { sessions } }: Pick<ReportFacts, "run">): string =>
  sessions.length > 0 ? ` · ${moment(sessions[0].began)}` : "";

/** A time as in `2026-11-26 06:12 UTC`. */
export const moment = (iso: string): string => `${iso.slice(0, 16).replace("T", " ")} UTC`;

/** Every command that worked on the run, in order. */
export function sessionsTable({ run: { sessions } }: ReportFacts): Table {
  const hadBudgets = sessions.some(({ budget }) => budget !== undefined);
  const of = (budget?: number) => budget === undefined ? "" : formatSeconds(budget);
  return {
    columns: ["began", ...(hadBudgets ? ["budget"] : []), "command"],
    rows: sessions.map(({ command, began, budget }) => [
      moment(began),
      ...(hadBudgets ? [of(budget)] : []),
      withoutHome(command),
    ]),
  };
}

/** The software that computed the run, in one line: versions, and the commits of the clones that it was called in. */
export function versionsNote({ run: { versions, sessions } }: Pick<ReportFacts, "run">): string {
  const commits = new Set(sessions.flatMap(({ program, commit }) => [program, commit]));
  return [
    ...Object.entries(versions).map(([name, version]) => `${name} ${version}`),
    ...[...commits].filter((commit) => commit !== undefined).map((commit) => `git commit ${commit}`),
  ].join(" · ");
}

/** The seeds, and what each determines. */
export function seedsTable({ run: { seed, dataset, config } }: Pick<ReportFacts, "run">): Table {
  const learning = `first weights, order of the batches, dropout${
    config.search ? "; targets that α learns on" : ""
  }`;
  return {
    columns: ["seed of", "", "what follows from it"],
    rows: [
      ["dataset", String(dataset.seed), "negatives to rank against"],
      [config.search ? "search and training" : "training", String(seed), learning],
    ],
  };
}

/**
 * Remarks on how a run ended.
 *
 * @param how How to resume it.
 */
export function endRemarks(status: ReportFacts["run"]["status"], how = "resume it with --resume."): string[] {
  const said: Record<typeof status, string[]> = {
    running: [`The run has not come to its end: it continues, or was killed; ${how}`],
    interrupted: [`The run was interrupted; ${how}`],
    failed: ["The run failed; what was finished before is reported here."],
    done: [],
  };
  return said[status];
}

/** Remarks of the run and of the data's stages, and whether the run was finished. */
export const remarks = (facts: Pick<ReportFacts, "run" | "manifest">): string[] =>
  warningsOf(facts, (stage, warning) => `${stage}: ${warning}`);

/** The same for programs, with the stages' warnings as given, without the stages' names. */
export const warningsOf = (
  { run, manifest }: Pick<ReportFacts, "run" | "manifest">,
  said = (_stage: string, warning: string) => warning,
): string[] => [
  ...endRemarks(run.status),
  ...warningTexts(run),
  ...manifest.stages.flatMap(({ stage, warnings }) => warnings.map((warning) => said(stage, warning))),
];

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

/**
 * Returns the results, the selected length, time and memory, and remarks as text for a terminal.
 *
 * @param isSaid Whether a warning was already shown, so that it is left out. Default: none was.
 * @example
 * ```ts
 * import { prepare, reportText, runJob } from "automlp";
 *
 * const out = await Deno.makeTempDir();
 * const { dataset } = await prepare({ dataset: "demo", out });
 * const { facts } = await runJob(dataset, { method: "gru4rec", dim: 8, epochs: 1 }, { out: `${out}-run` });
 * console.log(reportText(facts));
 * ```
 */
export function reportText(facts: ReportFacts, isSaid: (warning: string) => boolean = () => false): string {
  const { run, manifest, metrics } = facts, split = metrics && mainSplit(metrics);
  const results = split ? resultsOf(metrics, split) : [];
  const numbers = [
    ...(run.parameters === undefined ? [] : [`${formatCell(run.parameters)} parameters`]),
    formatSeconds(totalSeconds(facts)),
    formatBytes(run.peakMemoryBytes),
    `${run.backend.name} engine`,
  ];
  const lines = [
    `${run.title} on ${manifest.name} (${run.dataset.hash.slice(0, 8)}), seed ${run.seed}: ${
      numbers.join(", ")
    }`,
    ...outcome(facts),
    refitNote(facts),
    ...(metrics ? notesOf(metrics, results) : []),
    ...remarks(facts).filter((remark) => !isSaid(remark)).map((remark) => `warning: ${spoken(remark)}`),
  ];
  return partsText([...results.map(({ table }) => table), ...lines]);
}

/** The verdict, what is known of the data, the selected length and the training, in sentences. */
const outcome = (facts: ReportFacts): (string | undefined)[] => [
  ...verdict(facts).slice(0, 1),
  facts.manifest.truth,
  facts.architecture && choice(facts.architecture),
  clarityOf(facts),
  trainingNote(facts),
];

/** The short form of the report. */
export function factsText(facts: ReportFacts): string {
  const { insights } = facts, few = insights && aFewPeople(insights);
  return [
    reportText(facts),
    ...trainingOf(facts),
    ...(few && few.people.length > 0 ? [`${fewPeopleCaption(few, facts.metrics)}\n${peopleText(few)}`] : []),
  ].join("\n\n");
}

/** Loss and metrics of the epochs, below a line that says what they are. */
function trainingOf(facts: ReportFacts): string[] {
  const { train, monitor } = facts, metric = monitored(facts);
  if (train.length === 0) return [];
  const protocol = monitor ? `, protocol ${monitor.protocol}` : "";
  const of = metric === undefined ? "" : `, metrics on validation${protocol}`;
  return [`Training by epoch${of}\n${textTable(trainTable(train, { metric }))}`];
}

/** Facts that show themselves. */
export const factsWithDisplay = (facts: ReportFacts): ReportFacts =>
  withDisplay(facts, { text: () => factsText(facts), html: () => factsHtml(facts) });

/** The short form of the report as an HTML fragment. Drawing is loaded only here. */
export async function factsHtml(facts: ReportFacts): Promise<string> {
  const { metrics, insights, train, monitor } = facts, split = metrics && mainSplit(metrics);
  const { trainingFigures } = await import("./figures.ts");
  const few = insights && aFewPeople(insights);
  return [
    partsHtml([
      ...outcome(facts),
      ...dataLines(facts.manifest),
      ...remarks(facts).map((remark) => `⚠ ${spoken(remark)}`),
      ...(split ? [mainTable(metrics, split), ...notesOf(metrics, resultsOf(metrics, split))] : []),
    ]),
    drawn(train.length > 0 ? trainingFigures(train, monitored(facts), monitor?.protocol) : []),
    few ? line(fewPeopleCaption(few, metrics)) + peopleHtml(few) : "",
  ].join("");
}

/** What is shown of a job's result. */
interface Shown {
  run: { path: string; reportPath: string };
  facts: ReportFacts;
}

/** A job's result that shows itself: results, verdict, selected length, training, a few people, remarks, the path of the report. */
export function jobWithDisplay<T extends Shown>(result: T): T {
  const { run, facts } = result, place = `Report: ${run.reportPath}`;
  return withDisplay(result, {
    text: () => `${factsText(facts)}\n\n${place}`,
    html: async () => await factsHtml(facts) + line(place),
    warnings: () => warningsOf(facts),
    grown: () => facts.train.length > 0 ? run.path : undefined,
  });
}
