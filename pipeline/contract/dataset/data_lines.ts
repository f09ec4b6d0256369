/**
 * A summary of a dataset's data in a few lines, for a terminal and for a notebook cell.
 *
 * @module
 */
import { columnRows } from "./columns.ts";
import type { Manifest } from "./manifest.ts";
import type { Progress } from "../progress.ts";
import { droppedInAll } from "../stage/report.ts";
import { countOf } from "../../display/text/units.ts";

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
