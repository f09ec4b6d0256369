/**
 * Which rows of the tables of two datasets mean the same: items of one original id, feature values of one text.
 *
 * @module
 */
import type { SequenceDataset } from "../pipeline/contract/dataset.ts";

/** Row of the new table → row of the old one, −1 where it has none. Row 0 (padding, missing) stays row 0. */
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

/** By the names of the features that both have codes for: [values + 1]. */
export function featureRows(from: SequenceDataset, to: SequenceDataset): Map<string, RowMap> {
  const old = valuesOf(from), now = valuesOf(to);
  return new Map(
    [...now].filter(([name]) => old.has(name)).map(([name, values]) => [
      name,
      rowsOf(old.get(name)!, values),
    ]),
  );
}

/** By feature: its values in the order of their codes, behind an empty one for code 0. */
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
