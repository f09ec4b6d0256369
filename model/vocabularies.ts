/**
 * Matches rows between the tables of two datasets: items by original id, feature values by text.
 *
 * @module
 */
import type { SequenceDataset } from "../pipeline/contract/dataset.ts";

/** Row of the new table → row of the old one, −1 if that has none. Row 0 (padding, missing) stays row 0. */
export type RowMap = Int32Array;

/** [items + 1] */
export function itemRows(from: SequenceDataset, to: SequenceDataset): RowMap {
  const ids = (dataset: SequenceDataset) => dataset.table("items").getColumn("id").toArray() as string[];
  return rowsOf(["", ...ids(from)], ["", ...ids(to)]);
}

/** [users + 1] */
export function userRows(from: SequenceDataset, to: SequenceDataset): RowMap {
  const ids = (dataset: SequenceDataset) => dataset.table("users").getColumn("id").toArray() as string[];
  return rowsOf(["", ...ids(from)], ["", ...ids(to)]);
}

/** [values + 1] for each feature that both datasets have codes for, by name. */
export function featureRows(from: SequenceDataset, to: SequenceDataset): Map<string, RowMap> {
  const old = valuesOf(from), now = valuesOf(to);
  return new Map(
    [...now].filter(([name]) => old.has(name)).map(([name, values]) => [
      name,
      rowsOf(old.get(name)!, values),
    ]),
  );
}

/** The values of each feature in the order of their codes, preceded by an empty one for code 0. */
function valuesOf(dataset: SequenceDataset): Map<string, string[]> {
  const names = new Map<string, string[]>();
  for (const { feature, code, value } of dataset.table("features").toRecords()) {
    names.getOrInsertComputed(feature as string, () => [""])[Number(code)] = value as string;
  }
  return names;
}

function rowsOf(old: string[], now: string[]): RowMap {
  const places = new Map(old.map((text, row) => [text, row]));
  return Int32Array.from(now, (text, row) => row === 0 ? 0 : places.get(text) ?? -1);
}
