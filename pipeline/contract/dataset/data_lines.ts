/**
 * What a dataset's data came to, in a few lines: for a terminal and for a cell.
 *
 * @module
 */
import { columnRows } from "./columns.ts";
import type { Manifest } from "./manifest.ts";
import type { Progress } from "../progress.ts";
import { droppedInAll } from "../stage/report.ts";
import { countOf } from "../../display/text/units.ts";

/** How much there is, what was dropped on the way and by which option, and which columns became what. */
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

/** Says it while work goes on: whoever waits for a search sees first whether their columns were understood. */
export function tellData(manifest: Pick<Manifest, "counts" | "stages">, progress: Progress): void {
  for (const text of dataLines(manifest)) progress.remark?.(text);
}
