/**
 * The result of preparing a dataset, for programs and for people.
 *
 * @module
 */
import { spoken } from "../../display/text/option_names.ts";
import { line } from "../../display/cell/fragment.ts";
import { withDisplay } from "../../display/with_display.ts";
import { htmlTable, type Table, textTable } from "../../display/table.ts";
import type { SequenceDataset } from "../dataset.ts";
import { type StageReport, stagesTable } from "../stage/report.ts";

/** What {@link prepare} returns. It displays what each stage dropped and why, and the dataset. */
export interface Prepared {
  /** The dataset in the folder. */
  dataset: SequenceDataset;
  /** `unchanged`: the folder already held the dataset of this configuration and these sources; nothing was done. */
  status: "prepared" | "unchanged";
  /** One report for each stage; none if nothing was done. */
  reports: StageReport[];
}

/** Makes the result of a preparation display itself. */
export function preparedWithDisplay(prepared: Prepared): Prepared {
  const { dataset, status } = prepared, { stages } = dataset.manifest;
  const table: Table = {
    caption: status === "unchanged"
      ? "Nothing to do: the folder already held the dataset of these options and sources, made by these stages"
      : "Stages",
    ...stagesTable(stages),
  };
  const lines = stages.flatMap(({ stage, warnings }) =>
    warnings.map((text) => `⚠ ${stage}: ${spoken(text)}`)
  );
  return withDisplay(prepared, {
    text: () => [textTable(table), ...lines, "", String(dataset)].join("\n"),
    html: async () => htmlTable(table) + lines.map(line).join("") + await dataset.toHtml(),
    warnings: () => stages.flatMap(({ warnings }) => warnings),
  });
}
