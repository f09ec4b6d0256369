/**
 * The facts of a run as tables and sentences, for terminal and report alike.
 *
 * @module
 */
import { columnRows } from "../../pipeline/contract/dataset/columns.ts";
import { densityRow } from "../../pipeline/contract/dataset/density.ts";
import { droppedInAll } from "../../pipeline/contract/stage/report.ts";
import { formatCell, type Table } from "../../pipeline/display/table.ts";
import { asCalled } from "../../pipeline/terminal/called.ts";
import { withoutHome } from "../../pipeline/display/text/home.ts";
import { tenthPercent } from "../../pipeline/display/text/percent.ts";
import { countOf, formatBytes, formatSeconds } from "../../pipeline/display/text/units.ts";
import { clarity, isOfGuess, trialTable } from "./architecture.ts";
import type { RunSeeds } from "../records/records.ts";
import { epochName, epochsUpTo, isImproving, STILL_IMPROVING } from "./epochs.ts";
import { networksOf } from "./networks.ts";
import { bestEpoch, monitored, type ReportFacts } from "../records/report_facts.ts";

export { candidatesTable, choice } from "./architecture.ts";

/** What became of the columns of each table of the source; undefined where that was not kept. */
export function columnsTable({ manifest: { stages } }: ReportFacts): Table | undefined {
  const rows = columnRows(stages);
  return rows.length > 0 ? { columns: ["of the source", "what they are here"], rows } : undefined;
}

/** How many interactions came to each stage, and how many it dropped: why, {@link droppedNote} says. */
export const stagesTable = ({ manifest: { stages } }: ReportFacts): Table => ({
  columns: ["stage", "interactions in", "dropped", "out"],
  rows: stages.map(({ stage, rowsIn, rowsOut }) => [stage, rowsIn, rowsIn - rowsOut, rowsOut]),
});

/** What was dropped, why, and by which option; undefined where nothing was. */
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

/** How a split is called, and what it means. */
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
  const learnt = facts.run.config.trainOn === "all-but-test" ? ", and validation is learnt, too" : "";
  return `${kinds[split.kind]}${learnt}: ${sizes} interactions.${drawn}`;
}

/** The trainings of an exhaustive search. */
export const trialsTable = (
  facts: Pick<ReportFacts, "trials" | "train" | "monitor" | "architecture">,
): Table => trialTable(facts.trials, monitored(facts), facts.architecture);

/** How clear the choice was; undefined where there was none, or a warning says that nothing could be compared. */
export const clarityOf = ({ architecture, run }: Pick<ReportFacts, "architecture" | "run">) =>
  architecture && !run.warnings.some(isOfGuess) ? clarity(architecture) : undefined;

/** Why there are no figures of a model that has learnt from all of the data; undefined of any other. */
export function refitNote({ run: { config } }: Pick<ReportFacts, "run">): string | undefined {
  return config.trainOn === "all"
    ? `Nothing was left to test it on: the figures of ${
      config.figuresIn ?? config.refitOf
    } say how good it is.`
    : undefined;
}

/** What a run lacks in which nothing was evaluated, and of one that is done as far as it was to go, what comes next. */
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

/** How the training went, in words; undefined where nothing was trained. */
export function trainingNote(facts: Pick<ReportFacts, "run" | "train" | "monitor">): string | undefined {
  const last = facts.train.at(-1), best = bestEpoch(facts), metric = monitored(facts);
  if (!last) return undefined;
  const kept = best && metric && metric in best.metrics
    ? ` The weights of epoch ${epochName(best)} are kept: validation ${metric} ${
      best.metrics[metric].toFixed(4)
    }${facts.monitor ? ` (protocol ${facts.monitor.protocol})` : ""}.`
    : "";
  // Of an epoch that was only validated after a stop there is no speed.
  const speed = Number.isFinite(last.examplesPerSecond)
    ? `, ${formatCell(Math.round(last.examplesPerSecond))} examples a second in the last`
    : "";
  const more = kept && isImproving(facts.train, best) ? ` ${STILL_IMPROVING}` : "";
  const { startFrom, refitOf, trainOn } = facts.run.config;
  const begun = typeof refitOf === "string"
    ? `The network of ${refitOf}, trained anew on ${
      trainOn === "all"
        ? "all interactions, those of validation and test among them"
        : "training and validation interactions"
    }${typeof startFrom === "string" ? `, from the weights of ${startFrom} on` : ""}. `
    : typeof startFrom === "string"
    ? `It began with the weights of ${startFrom}. `
    : "";
  const networks = networksOf(facts.run.config);
  const averaged = networks > 1
    ? `${networks} networks, each trained by itself, whose scores are averaged. `
    : "";
  return `${begun}${averaged}${epochsUpTo(last, facts.run.config.epochs)} and ${
    countOf(last.step, "step")
  } in ${formatSeconds(last.seconds)}${speed}.${kept}${more}`;
}

/** What each phase took: wall time and, where it was recorded, memory. */
export function costTable(facts: ReportFacts): Table {
  const { times, peakMemory, peakMemoryBytes } = facts.run, total = totalSeconds(facts);
  const row = (phase: string, seconds: number, share: string, bytes: number | undefined) => [
    phase,
    formatSeconds(seconds),
    share,
    ...(peakMemory ? [bytes === undefined ? "–" : formatBytes(bytes)] : []),
  ];
  const stages = facts.manifest.stages.reduce((sum, { seconds }) => sum + seconds, 0);
  return {
    columns: ["phase", "time", "share", ...(peakMemory ? ["most memory"] : [])],
    rows: [
      ...("prepare" in times ? [] : [row(BEFORE, stages, "", undefined)]),
      ...Object.entries(times).map(([phase, seconds]) =>
        row(phase, seconds, total > 0 ? tenthPercent(seconds / total) : "", peakMemory?.[phase])
      ),
      row("all of the run", total, "", peakMemoryBytes),
    ],
  };
}

/** The row of a dataset that was there before the run, or prepared by an earlier version, which did not measure it. */
const BEFORE = "prepare, by its stages";

/** What the columns of {@link costTable} are. */
export function costColumns({ run: { times, peakMemory } }: Pick<ReportFacts, "run">): string | undefined {
  const notes = [
    ...("prepare" in times ? [] : [
      "Preparing the data was not measured in this run: its time is that of the stages, without writing, and not in the sum.",
    ]),
    ...(peakMemory
      ? [
        "Memory is the resident set of the whole process: its high-water mark where the phase raised it, otherwise the largest of ten samples a second.",
      ]
      : []),
  ];
  return notes.length > 0 ? notes.join(" ") : undefined;
}

/** What it ran on. */
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

/** What a recommendation takes, and what the search saved. */
export function costNotes({ insights, architecture, run: { times } }: ReportFacts): string[] {
  const { search, retrain } = times;
  const isSearched = architecture && architecture.method.startsWith("darts") &&
    architecture.candidates.length > 1 && search > 0 && retrain > 0;
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
        `Training each of the ${architecture.candidates.length} ${
          architecture.sizes ? "candidates" : "candidate lengths"
        } as long as this one would have taken about ${
          formatSeconds(architecture.candidates.length * retrain)
        }; the search took ${formatSeconds(search)}.`,
      ]
      : []),
  ];
}

/** When the run began; nothing of earlier versions. */
export const began = ({ run: { sessions } }: Pick<ReportFacts, "run">): string =>
  sessions?.[0] ? ` · ${moment(sessions[0].began)}` : "";

/** As in `2026-11-26 06:12 UTC`. */
export const moment = (iso: string): string => `${iso.slice(0, 16).replace("T", " ")} UTC`;

/** Every command that worked on the run, in their order. */
export function sessionsTable({ run: { sessions, command } }: ReportFacts): Table {
  const hadBudgets = sessions?.some(({ budget }) => budget !== undefined);
  const of = (budget?: number) => budget === undefined ? "" : formatSeconds(budget);
  return {
    columns: ["began", ...(hadBudgets ? ["budget"] : []), "command"],
    rows: (sessions ?? [{ command, began: undefined, budget: undefined }]).map((
      { command, began, budget },
    ) => [
      began ? moment(began) : "–",
      ...(hadBudgets ? [of(budget)] : []),
      withoutHome(command),
    ]),
  };
}

/** By what it was computed, in one line: with which commits of automlp's clone, and called in which of another checkout, where there are such. */
export function versionsNote({ run: { versions, sessions = [] } }: Pick<ReportFacts, "run">): string {
  const known = (commits: (string | undefined)[]) =>
    new Set(commits.filter((commit) => commit !== undefined));
  const programs = known(sessions.map(({ program, commit }) => program === commit ? undefined : program));
  const commits = known(sessions.map(({ commit }) => commit));
  return [
    ...Object.entries(versions).map(([name, version]) => `${name} ${version}`),
    ...[...programs].map((commit) => `clone of automlp at ${commit}`),
    ...[...commits].map((commit) => `called in a git checkout of ${commit}`),
  ].join(" · ");
}

/** By which seeds it was drawn what was drawn; undefined of earlier versions, which did not record them. */
export function seedsTable({ run: { seeds } }: Pick<ReportFacts, "run">): Table | undefined {
  if (!seeds) return undefined;
  const learning = "first weights, order of the batches, dropout";
  const draws = {
    dataset: "negatives of each target",
    search: `${learning}, targets that α learns on`,
    training: learning,
    evaluation: "negatives to rank against: those of the dataset",
  };
  return {
    columns: ["seed of", "", "what follows from it"],
    rows: Object.entries(draws).flatMap(([part, drawn]) => {
      const seed = seeds[part as keyof RunSeeds];
      return seed === undefined ? [] : [[part, String(seed), drawn]];
    }),
  };
}

/**
 * What there is to say of how a run ended.
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

/** Remarks of the run and of the data's stages, and whether it came to its end. */
export function remarks({ run: { status, warnings }, manifest }: ReportFacts): string[] {
  return [
    ...endRemarks(status),
    ...warnings,
    ...manifest.stages.flatMap(({ stage, warnings }) => warnings.map((warning) => `${stage}: ${warning}`)),
  ];
}

/** The same for programs, as the stages gave their warnings: without their names. */
export const warningsOf = ({ run, manifest }: Pick<ReportFacts, "run" | "manifest">): string[] => [
  ...endRemarks(run.status),
  ...run.warnings,
  ...manifest.stages.flatMap(({ warnings }) => warnings),
];
