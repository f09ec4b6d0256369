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
import { droppedInAll, type StageReport, stagesTable } from "../stage/report.ts";
import { columnRows } from "./columns.ts";
import type { Manifest } from "./manifest.ts";
import type { Progress } from "../progress.ts";
import { countOf } from "../../display/text/units.ts";

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

/** Says how much data there is, what was dropped on the way and by which option, and how columns were interpreted. */
export function dataLines(
  { counts: { interactions, users, items }, stages }: Pick<Manifest, "counts" | "stages">,
): string[] {
  return [
    `Data: ${countOf(interactions, "interaction")} of ${countOf(users, "user")} with ${
      countOf(items, "item")
    }`,
    ...droppedInAll(stages).map((dropped) => `Dropped ${dropped}`),
    ...columnRows(stages).map(([label, text]) => `${label[0].toUpperCase()}${label.slice(1)}: ${text}`),
  ];
}

/** Shows the summary while work goes on, so that a user who waits for a search sees first whether the columns were understood. */
export function tellData(manifest: Pick<Manifest, "counts" | "stages">, progress: Progress): void {
  for (const text of dataLines(manifest)) progress.remark?.(text);
}
