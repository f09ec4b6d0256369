/**
 * What a run's data came to, in a few lines: for a terminal and for a cell.
 *
 * @module
 */
import { columnRows } from "../../pipeline/contract/columns.ts";
import type { Manifest } from "../../pipeline/contract/manifest.ts";
import { droppedInAll } from "../../pipeline/contract/report.ts";
import { countOf } from "../../pipeline/display/units.ts";

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
