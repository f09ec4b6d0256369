/**
 * From a large training part, the targets of some users: more data would hardly change what a search finds, but it
 * would take longer.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { countOf, formatAmount } from "../../pipeline/display/text/units.ts";
import { partOffsets, sizeOf } from "../train/open_part.ts";
import { epochOrder, type ExamplePool, poolOf } from "../train/order.ts";
import { ofPart, targetsByUser } from "./targets_by_user.ts";

/**
 * Returns the targets of randomly drawn users, about `most` in all and from each part in proportion to its size; all
 * targets if there are no more than that.
 *
 * @param targets Those of the training part, as rows within the parts of the dataset.
 * @param most Approximate number, because a user's targets are taken together.
 */
export function ofDrawnUsers(
  dataset: SequenceDataset,
  targets: ExamplePool,
  most: number,
  seed: number,
): ExamplePool {
  const all = sizeOf(targets), { sizes } = targets;
  if (all <= most) return targets;
  const drawn = (part: number) => {
    const { rows, begins } = targetsByUser(partOffsets(dataset, part), targets.of(part));
    const wanted = Math.ceil(most * sizes[part] / all), chosen = new Uint8Array(begins.length - 1);
    const users = Uint32Array.from(chosen, (_, user) => user);
    let taken = 0;
    for (const user of epochOrder(users, ofPart("search/drawn users", part, sizes.length), seed, 0)) {
      if (taken >= wanted) break;
      chosen[user] = 1;
      taken += begins[user + 1] - begins[user];
    }
    const own = new Uint32Array(taken);
    let end = 0;
    users.filter((user) => chosen[user] === 1).forEach((user) => {
      own.set(rows.subarray(begins[user], begins[user + 1]), end);
      end += begins[user + 1] - begins[user];
    });
    return own;
  };
  return sizes.length === 1
    ? poolOf(drawn(0))
    : { sizes: sizes.map((_, part) => drawn(part).length), of: drawn };
}

/** The remark if not all targets are taken. */
export const drawnWords = (taken: number, all: number): string | undefined =>
  taken === all
    ? undefined
    : `The search takes ${formatAmount(taken)} of ${
      countOf(all, "training target")
    }, those of users drawn by chance ` +
      "(searchTargets, in code targets)";
