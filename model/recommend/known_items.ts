/**
 * Items named by their original ids.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { UnknownIdError } from "../../pipeline/contract/errors.ts";
import { idHint } from "../../pipeline/contract/dataset/original_ids.ts";
import type { Progress } from "../../pipeline/contract/progress.ts";
import { shortened } from "../../pipeline/display/text/shortened.ts";
import { countOf } from "../../pipeline/display/text/units.ts";

/** Returns the items that are in the dataset; for the others, a warning only says how many there were. */
export function knownItems(
  dataset: SequenceDataset,
  lists: readonly (readonly string[])[],
  progress?: Progress,
): string[][] {
  let left = 0;
  const kept = lists.map((ids) => ids.filter((id) => dataset.hasItem(id)));
  lists.forEach((ids, i) => left += ids.length - kept[i].length);
  if (left > 0) progress?.warn(`Left out ${countOf(left, "id")} that no item of ${dataset.folder} has`);
  return kept;
}

/**
 * Returns the dense ids of lists of items.
 *
 * @throws {UnknownIdError} for items that are not in the dataset.
 */
export function denseItems(dataset: SequenceDataset, lists: readonly (readonly string[])[]): number[][] {
  const absent = [...new Set(lists.flatMap((ids) => ids.filter((id) => !dataset.hasItem(id))))];
  if (absent.length === 0) return lists.map((ids) => ids.map((id) => dataset.itemIndex(id)));
  const [id] = absent, all = dataset.table("items").getColumn("id").toArray() as string[];
  const { meant, such } = idHint(id, all, "item", true);
  throw new UnknownIdError(
    `Cannot find item "${
      shortened(id)
    }"${meant} in the dataset ${dataset.folder}${such}; --on-unknown skip leaves out others`,
    "item",
    absent,
  );
}
