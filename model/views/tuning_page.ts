/**
 * A tuning as a one-file HTML page.
 *
 * Loads Observable Plot, so it is itself loaded only when a page is made.
 *
 * @module
 */
import { linesPlot } from "../../pipeline/display/plots/lines.ts";
import { figure, page, paragraph, wideFigure } from "../../pipeline/display/page.ts";
import { parallelPlot } from "../../pipeline/display/plots/parallel.ts";
import { bestTrial, isValued, type TuningResults } from "../records/tuning.ts";
import { markedHtml, ranked } from "./marked_table.ts";
import { tuningTable, tuningWords } from "./tuning.ts";

/** The page as the text of an `.html` file. */
export function tuningPage(results: TuningResults): string {
  const { title, dataset, metric, protocol, rungs, seed } = results, best = bestTrial(results);
  return page({
    title: `Tuning ${title} on ${dataset.name}`,
    subtitle: `${metric} on validation, protocol ${protocol} · seed ${seed} · compared after ${
      rungs.join(", ")
    } epochs`,
    headline: best
      ? [
        { label: `best ${metric}`, value: best.value.toFixed(4) },
        ...results.searched.map((key) => ({
          label: key,
          value: String(best.options[key]),
        })),
      ]
      : [],
    sections: [
      {
        title: "What was found",
        blocks: [...tuningWords(results).map(paragraph), ...(best ? figures(results) : [])],
      },
      { title: "All trials", blocks: [markedHtml(ranked(tuningTable(results)))] },
    ],
    footer: `dataset hash ${dataset.hash}`,
  });
}

function figures(results: TuningResults) {
  const { searched, metric } = results, valued = results.trials.filter(isValued);
  let seconds = 0, top = -Infinity;
  const points = valued.map(({ value, seconds: own }) => ({
    x: seconds += own,
    y: top = Math.max(top, value),
  }));
  const isVaried = (key: string) => new Set(valued.map(({ options }) => options[key])).size > 1;
  return [
    wideFigure(
      parallelPlot(
        valued.map(({ options, value }) => ({
          values: { ...options, [metric]: value } as Record<string, string | number>,
          weight: value,
        })),
        { axes: [...searched.filter(isVaried), metric], title: `Options and ${metric} of every trial` },
      ).svg,
      `Every trial is a line; the stronger, the better its ${metric}.`,
    ),
    figure(
      linesPlot([{ label: "best", points }], {
        title: `The best ${metric} so far, by seconds of training`,
        x: "seconds of training",
        y: metric,
        steps: true,
      }).svg,
      `The best ${metric} so far, trials in the order of their numbers.`,
    ),
  ];
}
