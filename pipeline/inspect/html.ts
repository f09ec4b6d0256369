/**
 * An inspection as a one-file HTML report, and as the output of a notebook cell.
 *
 * Loads Observable Plot, so it is loaded only when something is drawn.
 *
 * @module
 */
import type { Manifest } from "../contract/dataset/manifest.ts";
import { withImages } from "../display/cell/fragment.ts";
import {
  type Block,
  columns,
  details,
  figure,
  page,
  paragraph,
  type Section,
  table,
  warnings,
} from "../display/page.ts";
import { barPlot } from "../display/plots/bars.ts";
import { escapeHtml, formatCell } from "../display/table.ts";
import { formatBytes } from "../display/text/units.ts";
import type { InspectionFacts } from "./facts.ts";
import { concentrationFigure, overTimeFigures, popularityFigure, sequencesFigure } from "./figures.ts";
import { percent } from "../display/text/percent.ts";
import { withoutHome } from "../display/text/home.ts";
import { movesTable, sinceWarnings, turnoverTable } from "./since_tables.ts";
import * as tables from "./tables.ts";

/**
 * Returns the report as the text of an `.html` file.
 *
 * @param dataset The inspected dataset: its manifest provides configuration, sources and versions.
 */
export function inspectionPage(facts: InspectionFacts, dataset: { manifest: Manifest }): string {
  const { counts, time } = facts, { manifest } = dataset;
  return page({
    title: facts.name,
    subtitle: `Dataset for sequential recommendation, ${
      time.unit === "order"
        ? `split by ${facts.split.kind}`
        : `${time.firstDate!.slice(0, 10)} to ${time.lastDate!.slice(0, 10)}, split by ${facts.split.kind}`
    }`,
    headline: [
      { label: "users", value: formatCell(counts.users) },
      { label: "items", value: formatCell(counts.items) },
      { label: "interactions", value: formatCell(counts.interactions) },
      { label: "density", value: percent(facts.density) },
      { label: "median sequence", value: formatCell(facts.sequenceLength.median) },
    ],
    sections: [...sections(facts), provenance(manifest)],
    footer: [
      `dataset hash ${facts.hash}`,
      Object.entries(manifest.versions).map(([name, version]) => `${name} ${version}`).join(" · "),
    ].join("\n"),
  });
}

/** Returns the same sections without the surrounding page, for a notebook. */
export function inspectionFragment(facts: InspectionFacts): string {
  const parts = sections(facts).map(({ title, blocks }) =>
    `<h3>${escapeHtml(title)}</h3>${blocks.map(({ html }) => html).join("")}`
  );
  return withImages(`<div>${parts.join("")}</div>`);
}

function sections(facts: InspectionFacts): Section[] {
  return [
    { title: "Overview", blocks: [table(tables.overviewTable(facts)), ...partsBlocks(facts)] },
    ...titled("What has changed", sinceBlocks(facts)),
    {
      title: "Sequences and popularity",
      blocks: [
        table(tables.distributionTable(facts)),
        columns(sequencesFigure(facts, facts.stages), popularityFigure(facts)),
      ],
    },
    {
      title: "Concentration",
      blocks: [columns(concentrationFigure(facts), table(tables.concentrationTable(facts)))],
    },
    ...titled("Interactions over time", overTimeFigures(facts)),
    { title: "Most popular items", blocks: [table(tables.popularTable(facts))] },
    ...(facts.features.length > 0 ? [{ title: "Item features", blocks: featureBlocks(facts) }] : []),
    ...(facts.negatives.length > 0
      ? [{ title: "Negatives", blocks: [table(tables.negativesTable(facts))] }]
      : []),
    {
      title: "Stages",
      blocks: [warnings(tables.stageWarnings(facts)), table(tables.stagesTable(facts))],
    },
  ];
}

const titled = (title: string, blocks: Block[]): Section[] => blocks.length > 0 ? [{ title, blocks }] : [];

function sinceBlocks({ since, hash }: InspectionFacts): Block[] {
  if (!since) return [];
  const moves = movesTable(since);
  return [
    warnings(sinceWarnings(since, { hash })),
    table(turnoverTable(since)),
    ...(moves ? [table(moves)] : []),
  ];
}

function partsBlocks(facts: InspectionFacts): Block[] {
  return [
    table(tables.partsTable(facts)),
    paragraph(
      "A target is an interaction with a history before it. A cold item never occurs in the training part.",
    ),
  ];
}

function featureBlocks(facts: InspectionFacts): Block[] {
  const plots = facts.features.filter(({ top }) => top.length > 1).map(({ name, values, top }) =>
    figure(
      barPlot(top.map(({ value, items }) => ({ label: value, value: items })), {
        title: `The most frequent values of ${name}`,
        x: "items",
      }).svg,
      `${name}: ${
        values > top.length ? `the ${top.length} most frequent of ${formatCell(values)} values` : "all values"
      }.`,
    )
  );
  return [table(tables.featuresTable(facts)), columns(...plots)];
}

function provenance(manifest: Manifest): Section {
  return {
    title: "Provenance",
    blocks: [
      table({
        columns: ["source", "size", "SHA-256"],
        rows: manifest.sources.map((
          { path, bytes, sha256, modified, digest },
        ) => [withoutHome(path), formatBytes(bytes), sha256 ?? digest ?? `last written ${modified}`]),
      }),
      table({
        columns: ["table", "rows", "size"],
        rows: Object.entries(manifest.tables).map((
          [name, { rows, bytes }],
        ) => [name, rows, formatBytes(bytes)]),
      }),
      details("Configuration", withoutHome(JSON.stringify(manifest.config, null, 2))),
    ],
  };
}
