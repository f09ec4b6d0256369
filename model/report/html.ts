/**
 * A run as a one-file HTML report.
 *
 * Loads Observable Plot, so it is itself loaded only when a report is made.
 *
 * @module
 */
import {
  type Block,
  columns,
  details,
  type Page,
  page,
  paragraph,
  type Section,
  table,
  warnings,
} from "../../pipeline/display/page.ts";
import { formatCell, type Table, textTable } from "../../pipeline/display/table.ts";
import { formatSeconds } from "../../pipeline/display/units.ts";
import { monitored, type ReportFacts } from "../records/report_facts.ts";
import { evidenceFigure, searchFigures, trainingFigures } from "../views/figures.ts";
import {
  comparison,
  mainMetrics,
  mainOf,
  mainSplit,
  notesOf,
  protocolNote,
  resultsOf,
} from "../views/results.ts";
import * as tables from "../views/report_tables.ts";

/** The report as the text of an `.html` file. */
export function reportPage(facts: ReportFacts): string {
  const { run, manifest } = facts;
  return page({
    title: `${run.method?.title ?? "AutoMLP"} on ${manifest.name}`,
    subtitle: `${formatCell(manifest.counts.users)} users, ${formatCell(manifest.counts.items)} items, ${
      formatCell(manifest.counts.interactions)
    } interactions · seed ${run.seed}`,
    headline: headline(facts),
    sections: [
      ...results(facts),
      data(facts),
      ...search(facts),
      ...training(facts),
      {
        title: "Time and memory",
        blocks: [table(tables.timesTable(facts)), paragraph(tables.machineNote(facts))],
      },
      {
        title: "Configuration",
        blocks: [
          details("Command", run.command),
          details("Configuration of the run", JSON.stringify(run.config, null, 2)),
          details("Configuration of the dataset", JSON.stringify(manifest.config, null, 2)),
        ],
      },
    ],
    footer: [
      `dataset hash ${run.dataset.hash}`,
      Object.entries(run.versions).map(([name, version]) => `${name} ${version}`).join(" · "),
    ].join("\n"),
  });
}

function headline(facts: ReportFacts): Page["headline"] {
  const { run, architecture, metrics } = facts, split = metrics && mainSplit(metrics);
  const protocol = split && Object.keys(metrics.model[split])[0];
  const figures = protocol ? metrics.model[split][protocol] : {};
  return [
    ...(architecture
      ? [{ label: "short-term length", value: formatCell(architecture.shortTermLength) }]
      : []),
    ...(protocol
      ? mainMetrics(figures).map((name) => ({
        label: `${name}, ${split} (${protocol})`,
        value: figures[name].toFixed(4),
      }))
      : []),
    ...(run.parameters === undefined ? [] : [{ label: "parameters", value: formatCell(run.parameters) }]),
    { label: "time", value: formatSeconds(tables.totalSeconds(facts)) },
  ];
}

function results(facts: ReportFacts): Section[] {
  const { metrics, manifest } = facts, remarks = warnings(tables.remarks(facts));
  const split = metrics && mainSplit(metrics);
  if (!split) return remarks.html ? [{ title: "Remarks", blocks: [remarks] }] : [];
  const main = resultsOf(metrics, split),
    everything = Object.keys(metrics.model).flatMap((part) => resultsOf(metrics, part));
  const metric = mainOf(main[0].names);
  const sentence = metric && comparison(metrics, main[0], metric);
  return [{
    title: "Results",
    blocks: [
      remarks,
      ...(sentence ? [paragraph(sentence)] : []),
      ...main.flatMap(({ protocol, table: content }) => [
        table(unbroken(content)),
        paragraph(sentenceCase(protocolNote(protocol, manifest.negatives.count))),
      ]),
      ...(metrics.standardErrors ? [paragraph("Means over users ± their standard error.")] : []),
      ...notesOf(metrics, main).map(paragraph),
      details("All metrics", everything.map(({ all }) => textTable(all)).join("\n\n")),
    ],
  }];
}

/** No line breaks between a figure and its error. */
const unbroken = ({ rows, ...rest }: Table): Table => ({
  ...rest,
  rows: rows.map((row) =>
    row.map((cell) => typeof cell === "string" ? cell.replace(/ ± /g, "\u00a0±\u00a0") : cell)
  ),
});

const sentenceCase = (text: string) => `${text[0].toUpperCase()}${text.slice(1)}.`;

function data(facts: ReportFacts): Section {
  return {
    title: "Data",
    blocks: [
      paragraph(tables.splitNote(facts)),
      columns(table(tables.dataTable(facts)), table(tables.stagesTable(facts))),
    ],
  };
}

function search(facts: ReportFacts): Section[] {
  const { architecture, search, trials } = facts;
  if (!architecture && search.length === 0 && trials.length === 0) return [];
  const clear = architecture && tables.clarity(architecture);
  const blocks: Block[] = [
    ...(architecture ? [paragraph(tables.choice(architecture))] : []),
    ...(clear ? [paragraph(clear)] : []),
    ...(trials.length > 0 ? [table(tables.trialsTable(facts))] : []),
    ...(architecture && architecture.alpha.length > 1 ? [table(tables.candidatesTable(architecture))] : []),
    ...(architecture?.evidence ? [evidenceFigure({ ...architecture, evidence: architecture.evidence })] : []),
    ...(search.length > 0
      ? [columns(...searchFigures(search, architecture?.candidates, architecture?.shortTermLength))]
      : []),
  ];
  return [{ title: "Search for the short-term length", blocks }];
}

function training(facts: ReportFacts): Section[] {
  const note = tables.trainingNote(facts);
  if (!note) return [];
  return [{
    title: "Training",
    blocks: [
      paragraph(note),
      columns(...trainingFigures(facts.train, monitored(facts), facts.monitor?.protocol)),
    ],
  }];
}
