/**
 * Says that an edited page is kept.
 *
 * @module
 */
import { contextOf } from "../../pipeline/contract/context.ts";
import type { StageContext } from "../../pipeline/contract/stage.ts";

/**
 * Warns of a file that was set aside because it had been edited since it was written.
 *
 * @param path The file, relative to its folder.
 * @param kept Its name now; undefined if nothing was set aside.
 */
export function tellSetAside(path: string, kept: string | undefined, context: StageContext): void {
  if (kept === undefined) return;
  contextOf(context).progress.warn(
    `${path} had been edited since it was written; the edited file is kept beside it as ${kept}`,
  );
}
