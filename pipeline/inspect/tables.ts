/**
 * An inspection as tables, the same in a terminal, a notebook and the report.
 *
 * @module
 */
import { type DroppedRows, reasonWords } from "../contract/stage/dropped.ts";
import { columnRows } from "../contract/dataset/columns.ts";
import { isPlainNumber } from "../contract/dataset/manifest.ts";
import { formatCell, type Table } from "../display/table.ts";
import { spoken } from "../display/text/option_names.ts";
import { formatSeconds } from "../display/text/units.ts";
import { writtenFormat } from "../times/units.ts";
import type { CountDistribution, FeatureFacts, InspectionFacts } from "./facts.ts";
import { percent, percents } from "../display/text/percent.ts";
import { shortened } from "../display/text/shortened.ts";

/** Makes the table of figures that describe the data as a whole. */
export function overviewTable(facts: InspectionFacts): Table {
  const { counts, time } = facts;
  return {
    columns: ["", "value"],
    rows: [
      ["users", counts.users],
      ["items", counts.items],
      ["interactions", counts.interactions],
      ...columnRows(facts.stages),
      ["density", percent(facts.density)],
      ["repeated interactions", percent(facts.repeats)],
      ...(time.unit === "order"
        ? [
          ["timestamps", `${formatCell(time.first)} to ${formatCell(time.last)} (no dates)`],
          ...asDates(time.last),
        ]
        : [
          ["first interaction", time.firstDate!],
          ["last interaction", time.lastDate!],
          ["days", Math.round(time.days!)],
          ["same time as the one before", percent(facts.ties)],
        ]),
    ],
  };
}

/** Explains how numbers that are dates without separators are read as dates, in a row of its own that keeps the table narrow. */
function asDates(last: number): [string, string][] {
  const format = writtenFormat(last);
  return format === undefined ? [] : [["read as dates by", spoken(`--time-format ${format}`)]];
}

/** Makes the table of counts for each part of the split. */
export function partsTable({ parts }: InspectionFacts): Table {
  return {
    columns: ["split", "interactions", "targets", "users", "items", "cold items", "targets that are cold"],
    rows: parts.map((part) => [
      part.split,
      part.interactions,
      part.targets,
      part.users,
      part.items,
      ...(part.split === "train"
        ? ["–", "–"]
        : [part.coldItems, part.targets > 0 ? percent(part.coldTargets / part.targets) : "–"]),
    ]),
  };
}

/** Makes the table of quartiles of both distributions. */
export function distributionTable({ sequenceLength, popularity }: InspectionFacts): Table {
  const row = (label: string, { min, q1, median, mean, q3, max }: CountDistribution) => [
    label,
    min,
    q1,
    median,
    Number(mean.toFixed(1)),
    q3,
    max,
  ];
  return {
    columns: ["interactions of", "min", "25 %", "median", "mean", "75 %", "max"],
    rows: [row("a user", sequenceLength), row("an item", popularity)],
  };
}

/** Makes the table of the shares of the most popular items. */
export function concentrationTable({ concentration }: InspectionFacts): Table {
  const shares = percents(concentration.top.map(({ interactions }) => interactions));
  return {
    columns: ["most popular items", "share of interactions"],
    rows: [
      ...concentration.top.map(({ items }, i) => [`top ${percent(items)}`, shares[i]]),
      ["Gini coefficient", concentration.gini.toFixed(3)],
    ],
  };
}

/** Makes the table of the most popular items, with their titles. */
export function popularTable({ popularItems, counts }: InspectionFacts): Table {
  const titled = popularItems.some(({ title }) => title !== undefined);
  const shares = percents(popularItems.map(({ interactions }) => interactions / counts.interactions));
  return {
    columns: ["item", ...(titled ? ["title"] : []), "interactions", "of all"],
    rows: popularItems.map(({ id, title, interactions }, i) => [
      id,
      ...(titled ? [shortened(title ?? "")] : []),
      interactions,
      shares[i],
    ]),
  };
}

/** Makes the table of item features. */
export function featuresTable({ features, counts }: InspectionFacts): Table {
  const top = ({ top }: FeatureFacts) =>
    top.slice(0, 3).map(({ value, items }) => `${value} (${formatCell(items)})`).join(", ");
  const covered = percents(features.map(({ items }) => items / counts.items));
  return {
    columns: ["feature", "kind", "values", "items with it", "coverage", "most frequent"],
    rows: features.map((feature, i) => [
      feature.name,
      feature.kind,
      isPlainNumber(feature) ? feature.kind === "date" ? "dates" : "numbers" : feature.values,
      feature.items,
      covered[i],
      top(feature),
    ]),
  };
}

/** Makes the table of frozen negatives. */
export function negativesTable({ negatives }: InspectionFacts): Table {
  const shares = percents(negatives.map(({ drawn, distinct }) => distinct / drawn));
  return {
    columns: ["protocol", "split", "positives", "negatives each", "of them distinct", "share"],
    rows: negatives.map(({ protocol, split, positives, drawn, distinct }, i) => [
      protocol,
      split,
      positives,
      drawn,
      distinct.toFixed(1),
      shares[i],
    ]),
  };
}

/** Makes the table of what each stage kept, what it dropped, and why. */
export function stagesTable({ stages }: InspectionFacts): Table {
  return {
    columns: ["stage", "rows in", "dropped", "why", "rows out", "time"],
    rows: stages.flatMap(({ stage, rowsIn, rowsOut, dropped, seconds }) => {
      const reasons: DroppedRows[] = dropped.length > 0 ? dropped : [{ rows: 0, reason: "" }];
      return reasons.map((of, i) => [
        i === 0 ? stage : "",
        i === 0 ? rowsIn : "",
        of.rows,
        reasonWords(of),
        i === reasons.length - 1 ? rowsOut : "",
        i === reasons.length - 1 ? formatSeconds(seconds) : "",
      ]);
    }),
  };
}

/** Returns the stages' warnings, each with the name of its stage. */
export function stageWarnings({ stages }: InspectionFacts): string[] {
  return stages.flatMap(({ stage, warnings }) => warnings.map((warning) => `${stage}: ${warning}`));
}
