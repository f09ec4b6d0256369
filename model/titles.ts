/**
 * What items are called.
 *
 * @module
 */
import pl from "nodejs-polars";
import type { SequenceDataset } from "../pipeline/contract/dataset.ts";

/** Columns of the items' table that are ours, beside encoded features. */
const OWN = ["item", "id", "interactions", "popularity"];
/** What columns of titles are called, in the order of preference; parts of words, and whole words. */
const NAMES = [/^title$/i, /^name$/i, /title/i, /name/i];

/** The column of the items' table that people know items by: a text column with a name like `title` or `article_name`; undefined if there is none. */
export function titleColumn(dataset: SequenceDataset): string | undefined {
  const table = dataset.table("items"), encoded = dataset.manifest.features;
  const isEncoded = (column: string) =>
    encoded.some((feature) => feature.column === column || feature.name === column);
  const texts = table.columns.filter((column) =>
    !OWN.includes(column) && !isEncoded(column) && table.getColumn(column).dtype.equals(pl.String)
  );
  return NAMES.flatMap((name) => texts.filter((column) => name.test(column)))[0];
}

/** An item as people know it: by its title, or else by its id. */
export function titlesOf(dataset: SequenceDataset): (item: number) => string {
  const column = titleColumn(dataset);
  const titles = column === undefined
    ? []
    : dataset.table("items").getColumn(column).toArray() as (string | null)[];
  return (item) => titles[item - 1] ?? dataset.itemId(item);
}
