/**
 * What an encoder returns for one column.
 *
 * @module
 */
import pl, { type DataFrame, type Series } from "nodejs-polars";
import type { FeatureInfo } from "../contract/dataset/manifest.ts";

/** One encoded column of the item table. */
export interface EncodedColumn {
  /** The new column, in the order of the items. */
  column: Series;
  /** Its description in the manifest. */
  info: FeatureInfo;
  /** Table with `code` (u32, from 1), `value` (string), `items` (u32: how many have it); no rows for plain numbers. */
  vocabulary: DataFrame;
}

/** Returns the vocabulary of a column without codes. */
export function emptyVocabulary(): DataFrame {
  return pl.DataFrame([
    pl.Series("code", [], pl.UInt32),
    pl.Series("value", [], pl.String),
    pl.Series("items", [], pl.UInt32),
  ]);
}
