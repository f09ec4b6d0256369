/**
 * A run folder as a page that is kept up to date.
 *
 * Loads Observable Plot, so it is itself loaded only when such a page is served.
 *
 * @module
 */
import {
  type Block,
  columns,
  links,
  moment,
  page,
  paragraph,
  type Section,
  table,
  warnings,
} from "../../pipeline/display/page.ts";
import { monitored, monitorOf } from "../records/report_facts.ts";
import { choice, clarity } from "./architecture.ts";
import { endOfSearch } from "./endings.ts";
import { evidenceFigure, minutesFigure, searchFigures, trainingFigures } from "./figures.ts";
import { titleOf } from "./headline.ts";
import { mainTable } from "./main_table.ts";
import { markedHtml } from "./marked_table.ts";
import { began, candidatesTable, endRemarks, trialsTable } from "./report_tables.ts";
import { resumedRun } from "./resume_command.ts";
import { mainSplit, notesOf, resultsOf } from "./results.ts";
import { trainTable } from "./training.ts";
import { watchedHeadline } from "./watch_headline.ts";
import { silence, watchedWords } from "./watch_words.ts";
import { selectedPlace } from "../records/candidates.ts";
import { droppedOf, lengthsOf, namesOf, type Watched } from "./watched.ts";

/** The page as the text of an HTML document that receives updates of itself. */
export function watchPage(watched: Watched): string {
  const { path, run } = watched;
  return page({
    live: true,
    title: run ? titleOf(run, run.dataset.name) : `Run ${path}`,
    subtitle: run ? `${path} · seed ${run.seed}${began({ run })}` : undefined,
    headline: watchedHeadline(watched),
    sections: [now(watched), ...results(watched), ...training(watched), ...search(watched)],
    footer: run && Object.entries(run.versions).map(([name, version]) => `${name} ${version}`).join(" · "),
  });
}

function now(watched: Watched): Section {
  const { path, run, written, hasReport, problems } = watched, silent = silence(watched);
  const isUnderWay = run?.status === "running";
  return {
    title: "Now",
    blocks: [
      ...watchedWords(watched).map(paragraph),
      ...(written
        ? [
          moment(
            `${isUnderWay ? "A run writes at the end of each epoch and phase. Last" : "Last"} written`,
            written,
          ),
        ]
        : []),
      ...(hasReport
        ? [links("All that it came to is in", [{ text: "its report", path: "report.html" }])]
        : []),
      warnings([
        ...problems,
        ...(silent ? [silent] : []),
        ...(run && !isUnderWay ? endRemarks(run.status, `to continue: ${resumedRun(run, path)}`) : []),
        ...run?.warnings ?? [],
      ]),
    ],
  };
}

function results({ metrics }: Watched): Section[] {
  const split = metrics && mainSplit(metrics);
  if (!split) return [];
  return [{
    title: "Results",
    blocks: [
      markedHtml(mainTable(metrics, split)),
      ...notesOf(metrics, resultsOf(metrics, split)).map(paragraph),
    ],
  }];
}

function training({ run, train }: Watched): Section[] {
  if (train.length === 0) return [];
  const monitor = run && monitorOf(run.config), metric = monitored({ train, monitor });
  return [{
    title: "Training",
    blocks: [
      columns(
        ...trainingFigures(train, metric, monitor?.protocol),
        ...(metric === undefined ? [] : minutesFigure(train, metric)),
      ),
      table(trainTable(train, { metric, protocol: monitor?.protocol })),
    ],
  }];
}

function search(watched: Watched): Section[] {
  const { architecture, search, trials, train, run } = watched;
  if (search.length === 0 && trials.length === 0) return [];
  const monitor = run && monitorOf(run.config);
  return [{
    title: "Search for the short-term length",
    blocks: [
      ...(architecture ? [choice(architecture), clarity(architecture)] : []).flatMap((text) =>
        text ? [paragraph(text)] : []
      ),
      ...(trials.length > 0 ? [table(trialsTable({ trials, train, monitor, architecture }))] : []),
      ...(search.length > 0 ? differentiable(watched) : []),
    ],
  }];
}

/** α, the evidence and the curves: those that the selection used, or the current ones. */
function differentiable(watched: Watched): Block[] {
  const { search, architecture } = watched, lengths = lengthsOf(watched), last = search.at(-1)!;
  const candidates = architecture?.candidates ?? lengths ?? last.alpha.map((_, i) => i + 1);
  const standing = architecture ?? {
    candidates,
    alpha: last.alpha,
    probabilities: last.probabilities,
    evidence: search.findLast(({ evidence }) => evidence)?.evidence,
    dropped: droppedOf(search),
  };
  const names = namesOf(watched);
  const selected = architecture && selectedPlace(architecture), { evidence } = standing;
  return [
    // Before a selection among networks, only α is known, by place.
    ...(candidates.length > 1 && (architecture || lengths)
      ? [table(candidatesTable({ ...standing, selected }))]
      : []),
    columns(
      ...(evidence ? [evidenceFigure(names, evidence, { ...standing, selected })] : []),
      ...searchFigures(search, names, names[selected ?? -1], endOfSearch(watched)),
    ),
  ];
}
