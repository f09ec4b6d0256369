/**
 * A remark for data whose users take items repeatedly.
 *
 * @module
 */
/** Share of repeats from which the figures for the other targets are not what matters. */
const MANY = 0.25;

/**
 * Returns a remark on data in which many targets are repeats, for runs that do not recommend seen items.
 *
 * @param share Share of the training targets that their users had before.
 */
export function repeatsRemark(share: number): string | undefined {
  if (share < MANY) return undefined;
  return `${
    (100 * share).toFixed(0)
  } % of the training targets are items that the user had before: protocol full ranks such an item among ` +
    "those that are new to the user only, which is easy, and recommend leaves it out; a run that is begun with --keep-seen ranks and recommends all items";
}
