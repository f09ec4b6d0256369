/**
 * Which items may be recommended at all.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { didYouMean, InputError } from "../../pipeline/contract/errors.ts";

/** What a caller says of items; see `RecommendOptions`. */
export interface AllowedOptions {
  exclude?: readonly string[];
  only?: readonly string[];
  filter?: Readonly<Record<string, string>>;
}

/**
 * The items that may be recommended.
 *
 * @returns [items + 1], 1 for those that may; undefined where all may.
 * @throws {InputError} for an item or a column that the dataset does not have, or where none is left.
 */
export function allowedItems(
  dataset: SequenceDataset,
  { exclude, only, filter = {} }: AllowedOptions,
): Uint8Array | undefined {
  const conditions = Object.entries(filter);
  if (!exclude && !only && conditions.length === 0) return undefined;
  const allowed = new Uint8Array(dataset.items + 1).fill(only ? 0 : 1);
  for (const id of only ?? []) allowed[dataset.itemIndex(id)] = 1;
  for (const id of exclude ?? []) allowed[dataset.itemIndex(id)] = 0;
  for (const [column, value] of conditions) {
    valuesOf(dataset, column).forEach((values, i) => {
      if (!values.includes(value)) allowed[i + 1] = 0;
    });
  }
  allowed[0] = 0;
  if (allowed.includes(1)) return allowed;
  const said = conditions.map(([column, value]) => `${column} "${value}"`).join(" and ");
  const several = conditions.some(([, value]) => /,[^,=]+=/.test(value));
  throw new InputError(
    `Cannot recommend: no item is left${said ? ` with ${said}` : ""}; see what there is with inspect${
      several ? ", and give each column a --filter of its own" : ""
    }`,
  );
}

/** The values of a column of the items' table, for each item: one, or several where it is a feature of several. */
function valuesOf(dataset: SequenceDataset, column: string): string[][] {
  // As they are written in the source: what is asked for is text.
  const table = dataset.stored("items");
  if (!table.columns.includes(column)) {
    const known = table.columns.filter((name) => name !== "item");
    throw new InputError(
      `Cannot filter by "${column}": the items of ${dataset.folder} have ${known.join(", ")}${
        didYouMean(column, known)
      }`,
    );
  }
  const feature = dataset.manifest.features.find(({ name }) => name === column);
  const separator = typeof feature?.separator === "string" ? feature.separator : undefined;
  return (table.getColumn(column).toArray() as unknown[]).map((value) => {
    if (value === null) return [];
    if (Array.isArray(value)) return value.map(String);
    return separator === undefined
      ? [String(value)]
      : String(value).split(separator).map((part) => part.trim());
  });
}
