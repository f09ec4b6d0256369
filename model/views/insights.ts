/**
 * Whom a method serves well, what the lists of all users are like, and how sure the method is of them, as blocks of a page.
 *
 * Loads Observable Plot, so it is itself loaded only for drawing.
 *
 * @module
 */
import { type Block, columns, figure, paragraph, table } from "../../pipeline/display/page.ts";
import { intervalsPlot } from "../../pipeline/display/plots/intervals.ts";
import { formatCell } from "../../pipeline/display/table.ts";
import { tenthPercent } from "../../pipeline/display/text/percent.ts";
import { shareText, shareWithInterval } from "./estimate.ts";
import { PERCENTILE } from "./evaluation.ts";
import type { Group, Grouping, Insights, Lists, SureGroup } from "../records/insights.ts";

/** A drawing for each grouping of the positives. */
export const groupingFigures = ({ groupings, metric }: Insights): Block[] =>
  groupings.length === 0 ? [] : [columns(...groupings.map((grouping) => groupingFigure(grouping, metric)))];

function groupingFigure({ by, groups }: Grouping, metric: string): Block {
  const interval = (group: Group) => ({
    label: group.label,
    ...shareWithInterval(group, group.users ?? group.size),
    strong: true,
  });
  const title = `${metric} by ${by}`;
  const sizes = groups.map(({ size }) => size);
  const many = Math.min(...sizes) === Math.max(...sizes)
    ? `${formatCell(sizes[0])} test interactions each`
    : `${formatCell(Math.min(...sizes))} to ${formatCell(Math.max(...sizes))} test interactions each`;
  return figure(
    intervalsPlot(groups.map(interval), { title, x: metric, y: by }).svg,
    `${title}, with 95 % intervals; ${many}.`,
  );
}

/** Statistics of the lists of all users together. */
export function listsBlocks({ lists, sample }: Insights): Block[] {
  const { k, coverage, popularityPercentile, targetsPercentile, novelty, gini }: Lists = lists;
  const share = (value: number) => tenthPercent(value).replace(" ", "\u00a0");
  return [
    table({
      columns: [`lists of ${k}`, ""],
      rows: [
        [
          `coverage: items in at least one ${sample ? "of these lists" : "list"}`,
          share(coverage),
        ],
        ["popularity of what is in them, 0 to 1", popularityPercentile.toFixed(3)],
        ["popularity of the items that people took", targetsPercentile.toFixed(3)],
        ["novelty: −log₂ of an item's share of training", `${novelty.toFixed(1)}\u00a0bits`],
        ["concentration: Gini, 0 where all items are shown as often", gini.toFixed(3)],
      ],
    }),
    paragraph([`Popularity is a percentile: ${PERCENTILE}.`, ...sampleNote(sample)].join(" ")),
  ];
}

/** The note on a sample of lists, since more lists would contain more items. */
const sampleNote = (sample: Insights["sample"]): string[] =>
  sample
    ? [
      `The lists are those of ${formatCell(sample.size)} of the ${
        formatCell(sample.of)
      } test interactions, evenly spaced; the lists of all would cover at least as much.`,
    ]
    : [];

/**
 * The probability that the model gives its likeliest item, and how often that item was taken; empty for runs of versions that did not
 * record it.
 */
export const surenessBlocks = ({ sureness, sample }: Insights): Block[] =>
  sureness.length === 0 ? [] : [
    table({
      columns: ["predicted probability of the top item", "came true in", "test interactions"],
      rows: sureness.map((group: SureGroup) => [
        tenthPercent(group.said),
        shareText(group),
        group.size,
      ]),
    }),
    paragraph(
      `The probabilities are the softmax of the scores without any correction for popularity. Each row is a fifth of ${
        sample ? "these" : "the"
      } test interactions, from those where the model is least sure to those where it is most; ± standard error. A model is calibrated if its predictions come true as often as it says. Losses other than cross-entropy do not learn probabilities, and neither does a model that was trained with a logit adjustment.`,
    ),
  ];
