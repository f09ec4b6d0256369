/**
 * What somebody should know whose test is mostly of items that are new by then, as news are.
 *
 * @module
 */
import { HELD_OUT } from "../../pipeline/contract/stage.ts";
import type { Manifest } from "../../pipeline/contract/dataset/manifest.ts";
import type { NewShares } from "../evaluate/new_targets.ts";

/** From this share on it is said: the figures, and the epoch that is chosen by them, hang on it. */
const MANY = 0.1;

/**
 * A remark on data in which many targets of validation or test are items that the training part does not have.
 *
 * @param split By which the parts were made: what there is to do hangs on it.
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
