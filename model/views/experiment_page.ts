/**
 * An experiment's results as a one-file HTML page.
 *
 * Loads Observable Plot, so it is itself loaded only when a page is made.
 *
 * @module
 */
import { linesPlot } from "../../pipeline/display/plots/lines.ts";
import {
  type Block,
  columns,
  figure,
  links,
  page,
  paragraph,
  type Section,
  warnings,
} from "../../pipeline/display/page.ts";
import { scatterPlot } from "../../pipeline/display/plots/scatter.ts";
import { formatCell, isolated, tableBox, tableElement } from "../../pipeline/display/table.ts";
import { candidateLabel } from "../records/candidates.ts";
import type { ExperimentResults, RowResult } from "../records/experiment.ts";
import {
  costNotes,
  costTable,
  curvesOf,
  headingOf,
  over,
  provenanceOf,
  qualityNotes,
  qualityTables,
  remarksOn,
  scalingTable,
  seedWords,
  timeAlong,
  tunedTable,
  wholeSeconds,
} from "./experiment.ts";
import { markedHtml } from "./marked_table.ts";
import { titleHtml } from "./people.ts";

/** The page as the text of an `.html` file. */
export function experimentPage(results: ExperimentResults): string {
  const { question, dataset, seeds, rows } = results, quality = qualityTables(results);
  const sections: (Section | undefined)[] = [
    quality.length > 0
      ? {
        title: "Quality",
        blocks: [
          warnings(remarksOn(results)),
          ...quality.map(markedHtml),
          ...qualityNotes(results).map(paragraph),
          columns(...qualityFigures(results)),
        ],
      }
      : undefined,
    {
      title: "Cost",
      blocks: [
        ...(quality.length === 0 ? [warnings(remarksOn(results))] : []),
        ...[tunedTable(results)].flatMap((table) => table ? [markedHtml(table)] : []),
        markedHtml(costTable(results)),
        ...costNotes(results).map(paragraph),
        ...scaling(results),
      ],
    },
    ...(results.searches.length > 0
      ? [{ title: "Searches", blocks: [columns(...searchCurves(results))] }]
      : []),
    ...(results.gallery.length > 0 ? [{ title: "A few people", blocks: gallery(results) }] : []),
    { title: "Runs", blocks: rows.filter(({ cells }) => cells.length > 0).map(runLinks) },
  ];
  return page({
    title: headingOf(results),
    subtitle: [
      question,
      `${formatCell(dataset.users)} users, ${formatCell(dataset.items)} items, ${
        formatCell(dataset.interactions)
      } interactions`,
      seedWords(seeds),
    ].filter((part) => part !== undefined).join(" · "),
    sections: sections.filter((section) => section !== undefined),
    footer: provenanceOf(results).join("\n"),
  });
}

/** Quality against cost; in a plan with an axis, also quality along it. */
function qualityFigures(results: ExperimentResults): Block[] {
  const { protocols, metric, axis } = results;
  return protocols.flatMap((protocol) => {
    const value = (cell: RowResult["cells"][number]) => cell.metrics[protocol]?.[metric];
    const points = results.rows.flatMap((row) => {
      const y = over(row, value)?.mean, x = over(row, wholeSeconds)?.mean;
      return y === undefined || !x ? [] : [{ label: row.label, x, y }];
    });
    const caption = `${metric}, test, protocol ${protocol}`;
    return [
      ...(axis ? curveFigure(results, value, { y: metric, caption: `${caption}, by ${axis.name}.` }) : []),
      ...(points.length > 1
        ? [figure(
          scatterPlot(points, {
            title: `${caption}, by the time of search and training`,
            x: "seconds",
            y: metric,
          }).svg,
          `${caption}, against the seconds that search and training took.`,
        )]
        : []),
    ];
  });
}

function scaling(results: ExperimentResults): Block[] {
  const { axis } = results, table = scalingTable(results);
  if (!axis || !table) return [];
  const time = timeAlong(axis);
  const by = (y: string) => ({ y, caption: `${y[0].toUpperCase()}${y.slice(1)}, by ${axis.name}.` });
  return [
    markedHtml(table),
    columns(
      ...curveFigure(results, time.seconds, by(`seconds of ${time.of}`)),
      ...curveFigure(
        results,
        ({ peakMemoryBytes: bytes }) => bytes && bytes / 1e6,
        by("peak memory, MB"),
      ),
    ),
  ];
}

function curveFigure(
  results: ExperimentResults,
  of: (cell: RowResult["cells"][number]) => number | undefined,
  { y, caption }: { y: string; caption: string },
): Block[] {
  const curves = curvesOf(results, of).filter(({ points }) => points.length > 1);
  const isSpread = curves.some(({ points }) => points.some(({ sd = 0 }) => sd > 0));
  const drawing = () => linesPlot(curves, { title: caption, x: results.axis!.symbol, y, dots: true }).svg;
  return curves.length === 0 ? [] : [
    figure(
      drawing(),
      isSpread ? `${caption} Bars: one standard deviation over seeds on either side.` : caption,
    ),
  ];
}

/** The weights of the candidate lengths over the search, a drawing for each row. */
const searchCurves = ({ searches }: ExperimentResults): Block[] =>
  searches.map(({ label, lengths, selected, reason, points }) => {
    const curves = lengths.map((k, i) => ({
      label: candidateLabel(k),
      points: points.map(({ step, probabilities }) => ({ x: step, y: probabilities[i] })),
    }));
    const title =
      `${label}: softmax(α) over the steps of the search, first seed; ${selected} was selected, ${reason}`;
    return figure(linesPlot(curves, { title, x: "step", y: "softmax(α)", tickFormat: "%" }).svg, `${title}.`);
  });

/** For each person: what they did, what each method recommends after it, and what they took next. */
function gallery({ gallery: people }: ExperimentResults): Block[] {
  return people.flatMap(({ user, history, earlier, took, recommended }): Block[] => {
    const before = earlier > 0 ? `after ${formatCell(earlier)} earlier ones, ` : "";
    const table = tableElement({
      caption: `Recommended to ${user} before that`,
      columns: ["method", "recommended, best first", "took one of them"],
      rows: recommended.map(({ label, hit }) => [label, "", hit ? "yes" : "no"]),
    }, {
      captionUnbroken: true,
      markup: (html, row, column) => column === 1 ? recommended[row].items.map(titleHtml).join(" · ") : html,
    });
    return [
      {
        html: `<p>${isolated(user)}: ${before}${history.map(titleHtml).join(" → ")}. Then: ${
          titleHtml(took)
        }.</p>`,
      },
      { html: tableBox(table) },
    ];
  });
}

/** Each run's own report. */
function runLinks({ label, cells }: RowResult): Block {
  return links(
    `${label}:`,
    cells.map(({ seed, run }) => ({ text: `seed ${seed}`, path: `${run}/report.html` })),
  );
}
