/**
 * Columns of the item table that seem to hold several values per item, written in a way that only their owner can confirm.
 *
 * @module
 */
import pl from "nodejs-polars";
import { soundsLikeTitle } from "../contract/dataset/item_features.ts";
import type { DataFrame } from "../contract/frame.ts";
import type { InferredFeature } from "./infer.ts";
import { columnValues, splitValues } from "./values.ts";

/** Number of values of a column that are examined, because texts may be long. */
const LOOKED_AT = 10_000;
/** From this share of values with commas or brackets, they are taken for a notation. */
const MOST = 0.3;
/** Up to this share of distinct parts, the parts group items. Sentences have commas too, but each consists of different parts. */
const GROUPING_SHARE = 0.2;

/**
 * Returns the warnings about such columns.
 *
 * @param found The result of {@link inferFeatures}.
 */
export function unsplit(items: DataFrame, found: readonly InferredFeature[]): string[] {
  return found.filter(({ name, kind }) => ["categorical", "text"].includes(kind) && !soundsLikeTitle(name))
    .flatMap(({ name }) => {
      const values = columnValues(items, name).filter(pl.col("value").isNotNull()).head(LOOKED_AT);
      if (values.getColumn("value").nUnique() < 2) return [];
      const [lists, commas] = [/^\[.*\]$/, /^[^{]*,/].map(({ source }) =>
        values.filter(pl.col("value").str.contains(source))
      );
      const isCommon = ({ height }: DataFrame) => height > 0 && height >= MOST * values.height;
      const shown = (texts: DataFrame) => JSON.stringify(shortened(texts.getColumn("value").get(0)));
      if (isCommon(lists)) {
        return `the values of "${name}" look like lists, as ${
          shown(lists)
        }, and count as they are: write them as lists in Parquet or ` +
          "JSON lines, or with | between their values";
      }
      const parts = splitValues(values, ",").getColumn("value").dropNulls();
      if (!isCommon(commas) || parts.nUnique() > GROUPING_SHARE * parts.length) return [];
      return `the values of "${name}" have commas, as ${
        shown(commas)
      }, and count as they are: to take them apart name the features by ` +
        `--features, and among them '${name}:multi:\\,'`;
    });
}

const shortened = (text: string) => text.length > 60 ? text.slice(0, 59) + "…" : text;
