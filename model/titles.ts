/**
 * What items are called.
 *
 * @module
 */
import pl from "nodejs-polars";
import type { SequenceDataset } from "../pipeline/contract/dataset.ts";
import { titleAmong } from "../pipeline/contract/dataset/title_column.ts";

/** The column of the items' table that people know items by: a text column with a name like `title` or `article_name`; undefined if there is none. */
export function titleColumn(dataset: SequenceDataset): string | undefined {
  const table = dataset.table("items");
  const texts = table.columns.filter((column) => table.getColumn(column).dtype.equals(pl.String));
  return titleAmong(texts, dataset.manifest.features);
}

/** An item as people know it: by its title, or else by its id. */
export function titlesOf(dataset: SequenceDataset): (item: number) => string {
  const column = titleColumn(dataset);
  const titles = column === undefined
    ? []
    : dataset.table("items").getColumn(column).toArray() as (string | null)[];
  return (item) => titles[item - 1] ?? dataset.itemId(item);
}
