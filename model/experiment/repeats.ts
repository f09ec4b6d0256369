/**
 * What somebody should know whose users take items again and again.
 *
 * @module
 */
/** From this share of repeats on, what is said of the others is not what matters. */
const MANY = 0.25;

/**
 * A remark on data in which many targets are repeats, where what was seen is not recommended.
 *
 * @param share Of the training targets, those that their users had before.
 */
export function repeatsRemark(share: number): string | undefined {
  if (share < MANY) return undefined;
  return `${
    (100 * share).toFixed(0)
  } % of the training targets are items that the user had before: protocol full ranks such an item among ` +
    "those that are new to the user only, which is easy, and recommend leaves it out; with --keep-seen all items are ranked and recommended";
}
