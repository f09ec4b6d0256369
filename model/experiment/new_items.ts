/**
 * A remark for users whose test has many items that are new by then, as in news.
 *
 * @module
 */
import { HELD_OUT } from "../../pipeline/contract/stage.ts";
import type { Manifest } from "../../pipeline/contract/dataset/manifest.ts";
import type { NewShares } from "../evaluate/new_targets.ts";

/** Share of new items from which the remark is made, because the figures, and the epoch chosen by them, depend on it. */
const MANY = 0.1;

/**
 * Returns a remark on data in which many targets of validation or test are items that the training part does not have.
 *
 * @param split How the parts were split, which determines the advice.
 */
export function newItemsRemark(shares: NewShares, split: Manifest["split"]["kind"]): string | undefined {
  const many = HELD_OUT.filter((part) => (shares[part] ?? 0) >= MANY);
  if (many.length === 0) return undefined;
  const said = many.map((part) => `${(100 * shares[part]!).toFixed(0)} % of the ${part} targets`).join(
    " and ",
  );
  const wish = split === "global-time"
    ? "the closer to each other --valid-from, --test-from and the end of the data, the fewer are new"
    : "--min-item drops rare ones";
  return `${said} are items that nobody took in the training part: with any method hardly any of these get into a list, ` +
    `and figures are low for that reason alone; ${wish}`;
}
