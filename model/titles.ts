/**
 * Names of items for people to read.
 *
 * @module
 */
import pl from "nodejs-polars";
import type { SequenceDataset } from "../pipeline/contract/dataset.ts";
import { titleAmong } from "../pipeline/contract/dataset/item_features.ts";

const COLUMNS = new WeakMap<SequenceDataset, { title?: string }>();

/**
 * Returns the column of the items table with their titles: a text column with a name like `title` or `article_name`; undefined if there is
 * none. Looked up once for each dataset.
 */
export const titleColumn = (dataset: SequenceDataset): string | undefined =>
  COLUMNS.getOrInsertComputed(dataset, () => ({ title: findTitle(dataset) })).title;

function findTitle(dataset: SequenceDataset): string | undefined {
  const table = dataset.table("items");
  const texts = table.columns.filter((column) => table.getColumn(column).dtype.equals(pl.String));
  return titleAmong(texts, dataset.manifest.features);
}

/**
 * Returns a function that names an item by its title, or else by its id. A title that several items share is followed by the id, so that no
 * two items have the same name.
 */
export function titlesOf(dataset: SequenceDataset): (item: number) => string {
  const column = titleColumn(dataset);
  const titles = column === undefined
    ? []
    : dataset.table("items").getColumn(column).toArray() as (string | null)[];
  const seen = new Set<string>(), shared = new Set<string>();
  for (const title of titles) {
    if (title !== null) (seen.has(title) ? shared : seen).add(title);
  }
  return (item) => {
    const title = titles[item - 1], id = dataset.itemId(item);
    return title === undefined || title === null ? id : shared.has(title) ? `${title} (${id})` : title;
  };
}
