/**
 * A self-contained HTML report on a run.
 *
 * It loads Observable Plot, so this module is loaded only when a report is made.
 *
 * @module
 */
import {
  type Block,
  columns,
  details,
  fold,
  links,
  page,
  paragraph,
  type Section,
  table,
  warnings,
} from "../../pipeline/display/page.ts";
import { formatCell, type Table } from "../../pipeline/display/table.ts";
import { withoutHome } from "../../pipeline/display/text/home.ts";
import type { DatasetProfile } from "../../pipeline/inspect/facts.ts";
import {
  concentrationFigure,
  overTimeFigures,
  popularityFigure,
  sequencesFigure,
} from "../../pipeline/inspect/figures.ts";
import { candidateNames, selectedPlace } from "../records/candidates.ts";
import type { Architecture } from "../records/records.ts";
import { monitored, type ReportFacts } from "../records/report_facts.ts";
import {
  correctionNote,
  mainSplit,
  mainTable,
  notesOf,
  ownOf,
  protocolNote,
  resultsOf,
  verdict,
} from "../views/results.ts";
import { endOfSearch } from "../views/epochs.ts";
import {
  evidenceFigure,
  groupingFigures,
  listsBlocks,
  minutesFigure,
  searchFigures,
  surenessBlocks,
  trainingFigures,
} from "../views/figures.ts";
import { headlineOf, titleOf } from "../views/report.ts";
import { peopleHtml, peopleNote } from "../views/people.ts";
import { markedHtml } from "../views/marked_table.ts";
import * as tables from "../views/report.ts";

/** Returns the report as the text of an `.html` file. */
export function reportPage(facts: ReportFacts): string {
  const { run, manifest } = facts;
  return page({
    live: run.status === "running",
    title: titleOf(run, manifest.name),
    subtitle: `${formatCell(manifest.counts.users)} users, ${formatCell(manifest.counts.items)} items, ${
      formatCell(manifest.counts.interactions)
    } interactions · seed ${run.seed}${tables.began(facts)}`,
    headline: headlineOf(facts),
    sections: [
      ...results(facts),
      ...served(facts),
      ...people(facts),
      ...lists(facts),
      data(facts),
      ...search(facts),
      ...training(facts),
      cost(facts),
      record(facts),
    ],
    footer: [
      `dataset hash ${run.dataset.hash}`,
      tables.versionsNote(facts),
    ].join("\n"),
  });
}

function results(facts: ReportFacts): Section[] {
  const { metrics, manifest } = facts, remarks = warnings(tables.remarks(facts).map(withoutHome));
  const split = metrics && mainSplit(metrics);
  if (!split) {
    const note = tables.refitNote(facts) ?? tables.unevaluatedNote(facts);
    return [{ title: "Results", blocks: [paragraph(withoutHome(note)), remarks] }];
  }
  const each = resultsOf(metrics, split);
  const own = ownOf(metrics).metrics, parts = Object.keys(own).flatMap((part) => resultsOf(metrics, part));
  return [{
    title: "Results",
    blocks: [
      ...verdict(facts).map(paragraph),
      ...(manifest.truth === undefined ? [] : [paragraph(manifest.truth)]),
      remarks,
      markedHtml(mainTable(metrics, split)),
      paragraph(
        `The best of a column is bold, the next underlined. ${notesOf(metrics, each).join(" ")}`,
      ),
      fold(
        "Each protocol, with what it ranks against",
        paragraph(METRICS_NOTE),
        ...each.flatMap(({ protocol, table: content }) => [
          table(unbroken(content)),
          paragraph(
            sentenceCase(
              protocolNote(protocol, manifest.negatives.count, facts.run.config.training.keepSeen === true),
            ),
          ),
        ]),
      ),
      fold(
        `All metrics${"validation" in own ? ", validation among them" : ""}`,
        ...parts.map(({ all }) => table(unbroken(turned(all)))),
      ),
    ],
  }];
}

/** An explanation for readers who have the page but no manual. */
const METRICS_NOTE =
  "A target at rank r, 1 being the first, counts 1 in HR@10, 1 / log₂(r + 1) in NDCG@10 and 1 / r in MRR@10 if it is among the first 10, " +
  "and 0 if not; the same with other numbers than 10. Where one target is ranked at a time, as here, Recall is HR, Precision HR / 10, and MAP is MRR. " +
  "The figures are means over users.";

/** Keeps a figure and its error on one line if there is room; on paper, which does not scroll, the error may be below, but undivided. */
const unbroken = ({ rows, ...rest }: Table): Table => ({
  ...rest,
  rows: rows.map((row) =>
    row.map((cell) =>
      typeof cell === "string" ? cell.replaceAll("± ", "±\u00a0").replaceAll(" *", "\u00a0*") : cell
    )
  ),
});

/** Transposes a table: there are more metrics than methods, and pages are longer than wide. */
function turned({ columns: [corner, ...names], rows, ...rest }: Table): Table {
  return {
    ...rest,
    columns: [corner === "method" ? "metric" : corner, ...rows.map(([name]) => String(name))],
    rows: names.map((name, i) => [name, ...rows.map((row) => row[i + 1])]),
  };
}

const sentenceCase = (text: string) => `${text[0].toUpperCase()}${text.slice(1)}.`;

const served = ({ insights }: ReportFacts): Section[] =>
  insights && insights.groupings.length > 0
    ? [{
      title: "Who is served well",
      blocks: [
        paragraph(
          `${insights.metric} on test, all items ranked (protocol full), by what is known of users and targets.`,
        ),
        ...groupingFigures(insights),
      ],
    }]
    : [];

const people = ({ insights, metrics }: ReportFacts): Section[] =>
  insights && insights.people.length > 0
    ? [{
      title: "A few people",
      blocks: [
        paragraph(
          `Drawn at random: what they had, what is recommended to them after it, and what they took next. ${
            peopleNote(insights)
          }`,
        ),
        ...correction(metrics),
        { html: peopleHtml(insights) },
      ],
    }]
    : [];

const lists = ({ insights, metrics }: ReportFacts): Section[] =>
  insights
    ? [{
      title: "What is recommended",
      blocks: [
        ...correction(metrics),
        columns(joined(listsBlocks(insights)), joined(surenessBlocks(insights))),
      ],
    }]
    : [];

function correction(metrics: ReportFacts["metrics"]): Block[] {
  const note = correctionNote(metrics);
  return note === undefined ? [] : [paragraph(note)];
}

const joined = (blocks: Block[]): Block => ({ html: blocks.map(({ html }) => html).join("\n") });

function cost(facts: ReportFacts): Section {
  return {
    title: "Time and memory",
    blocks: [
      table(tables.costTable(facts)),
      paragraph(tables.costColumns(facts)),
      paragraph([tables.machineNote(facts), ...tables.costNotes(facts)].join(" ")),
    ],
  };
}

/** The section on what was done, with what, and where it is. */
function record(facts: ReportFacts): Section {
  const { run, manifest } = facts;
  return {
    title: "Record",
    blocks: [
      table(tables.sessionsTable(facts)),
      table(tables.seedsTable(facts)),
      details("Configuration of the run", withoutHome(JSON.stringify(run.config, null, 2))),
      details("Configuration of the dataset", withoutHome(JSON.stringify(manifest.config, null, 2))),
      ...(facts.files.length > 0
        ? [links("Files beside this one:", facts.files.map((path) => ({ text: path, path })))]
        : []),
    ],
  };
}

function data(facts: ReportFacts): Section {
  const { profile, manifest } = facts, dropped = tables.droppedNote(facts);
  const columnsTable = tables.columnsTable(facts);
  return {
    title: "Data",
    blocks: [
      paragraph(tables.splitNote(facts)),
      ...(dropped ? [paragraph(dropped)] : []),
      ...(columnsTable ? [table(columnsTable)] : []),
      columns(table(tables.dataTable(facts)), table(tables.stagesTable(facts))),
      ...(profile ? [columns(...dataFigures(profile, manifest.stages))] : []),
    ],
  };
}

const dataFigures = (profile: DatasetProfile, stages: ReportFacts["manifest"]["stages"]): Block[] => [
  sequencesFigure(profile, stages),
  popularityFigure(profile),
  concentrationFigure(profile),
  ...overTimeFigures(profile),
];

function search(facts: ReportFacts): Section[] {
  const { architecture, search, trials } = facts;
  if (!architecture && search.length === 0 && trials.length === 0) return [];
  const clear = tables.clarityOf(facts), standing = architecture ?? standingOf(facts);
  const names = standing && candidateNames(standing);
  const selected = architecture && selectedPlace(architecture);
  const blocks: Block[] = [
    ...(architecture ? [paragraph(tables.choice(architecture))] : []),
    ...(clear ? [paragraph(clear)] : []),
    ...(trials.length > 0 ? [table(tables.trialsTable(facts))] : []),
    ...(standing && standing.alpha.length > 1
      ? [table(tables.candidatesTable({ ...standing, selected }))]
      : []),
    ...(standing?.evidence ? [evidenceFigure(names!, standing.evidence, { ...standing, selected })] : []),
    ...(search.length > 0
      ? [columns(...searchFigures(search, names, names?.[selected ?? -1], endOfSearch(facts)))]
      : []),
  ];
  return [{ title: "Search for the short-term length", blocks }];
}

/** What is known of the lengths while they are searched; undefined if there are none. */
function standingOf({ run, search }: ReportFacts): Standing | undefined {
  const last = search.at(-1), lengths = run.config.search?.lengths;
  if (!last || !Array.isArray(lengths) || lengths.length !== last.alpha.length) return undefined;
  const evidence = search.findLast(({ evidence }) => evidence)?.evidence;
  return { lengths, alpha: last.alpha, probabilities: last.probabilities, evidence };
}

type Standing = Pick<
  Architecture,
  "lengths" | "alpha" | "probabilities" | "evidence" | "dropped" | "practicalDifference"
>;

function training(facts: ReportFacts): Section[] {
  const note = tables.trainingNote(facts), metric = monitored(facts);
  if (!note) return [];
  return [{
    title: "Training",
    blocks: [
      paragraph(withoutHome(note)),
      columns(
        ...trainingFigures(facts.train, metric, facts.monitor?.protocol),
        ...(metric === undefined ? [] : minutesFigure(facts.train, metric)),
      ),
    ],
  }];
}
