/**
 * Encodes columns of an item table: as codes for categories, lists of codes, standardised numbers, or buckets.
 *
 * @module
 */
import pl from "nodejs-polars";
import type { DataFrame } from "../contract/frame.ts";
import { didYouMean, InputError } from "../contract/errors.ts";
import type { FeatureInfo } from "../contract/dataset/manifest.ts";
import { encodeCategories } from "./categories.ts";
import { emptyVocabulary, type EncodedColumn } from "./column.ts";
import { encodeDates } from "./dates.ts";
import { encodeNumbers } from "./numbers.ts";
import type { FeatureKind, FeatureSpec } from "./spec.ts";

/** What {@link encodeFeatures} returns. */
export interface EncodedFeatures {
  /** The item table with an additional column for each feature. */
  frame: DataFrame;
  /** How each column was encoded, for the manifest. */
  features: FeatureInfo[];
  /** Table with the meaning of codes: `feature` (string), `code` (u32, from 1), `value` (string), `items` (u32: how many have it). */
  vocabulary: DataFrame;
}

const ENCODERS: Record<
  Exclude<FeatureKind, "text">,
  (items: DataFrame, spec: FeatureSpec) => EncodedColumn
> = {
  categorical: encodeCategories,
  multi: encodeCategories,
  numeric: encodeNumbers,
  date: encodeDates,
};

/**
 * Encodes item features. Depending on its kind, a feature `f` becomes
 *
 * | kind | column | type | missing |
 * | --- | --- | --- | --- |
 * | categorical | `f_code` | UInt32 | 0 |
 * | multi | `f_codes` | List(UInt32), ascending, each code once | empty list |
 * | numeric | `f_value` | Float32, mean 0 and standard deviation 1 over the items that have a value | 0 |
 * | numeric in buckets | `f_code` | UInt32 | 0 |
 * | date | as numeric, from days since 1970 in UTC | | |
 * | text | none | | |
 *
 * Codes run from 1 in the order of the values, with numbers first and by size, so they do not depend on the order of
 * rows.
 *
 * @param items A table with `id` (string) and side columns, one row per item.
 * @throws {InputError} for a column that does not exist, two specs for one column, a feature column that already
 * exists, and text in place of a number.
 * @example
 * ```ts
 * import pl from "nodejs-polars";
 * import { encodeFeatures } from "automlp";
 * const items = pl.DataFrame({ id: ["a", "b"], genres: ["Drama|Comedy", "Drama"] });
 * const { frame } = encodeFeatures(items, [{ name: "genres", kind: "multi" }]);
 * console.log(frame.getColumn("genres_codes").toArray()); // [[1, 2], [2]]
 * ```
 */
export function encodeFeatures(items: DataFrame, specs: readonly FeatureSpec[]): EncodedFeatures {
  checkSpecs(items, specs);
  const encoded = specs.flatMap((spec) => {
    if (spec.kind === "text") return [];
    const result = ENCODERS[spec.kind](items, spec);
    if (items.columns.includes(result.column.name)) {
      throw new InputError(
        `Cannot encode feature "${spec.name}": the item table already has a column "${result.column.name}"; rename it`,
      );
    }
    return result;
  });
  const named = (feature: string, vocabulary: DataFrame) =>
    vocabulary.select(pl.lit(feature).alias("feature"), pl.col("code"), pl.col("value"), pl.col("items"));
  return {
    frame: encoded.length > 0 ? items.withColumns(...encoded.map(({ column }) => column)) : items,
    features: encoded.map(({ info }) => info),
    vocabulary: pl.concat([
      named("", emptyVocabulary()),
      ...encoded.map(({ info, vocabulary }) => named(info.name, vocabulary)),
    ]),
  };
}

/**
 * Checks that features can be made from a table.
 *
 * @param items A table with `id` and the columns of its source.
 * @throws {InputError} if a feature has no column, or is requested twice.
 */
export function checkSpecs(items: DataFrame, specs: readonly FeatureSpec[]): void {
  const columns = items.columns.filter((column) => column !== "id");
  const seen = new Set<string>();
  for (const { name } of specs) {
    if (!columns.includes(name)) {
      throw new InputError(
        `Cannot encode feature "${name}": the item table has no such column${didYouMean(name, columns)}; ` +
          (columns.length > 0 ? `it has ${columns.join(", ")}` : "it has ids only"),
      );
    }
    if (seen.has(name)) {
      throw new InputError(`Cannot encode feature "${name}": it is asked for twice; keep one`);
    }
    seen.add(name);
  }
}
