/**
 * Infers what the columns of an item table are, if this is not specified.
 *
 * @module
 */
import pl, { type Series } from "nodejs-polars";
import { calledTitle } from "../contract/dataset/item_features.ts";
import type { DataFrame } from "../contract/frame.ts";
import { type ColumnType, isWords } from "../contract/dataset/columns.ts";
import { BEHIND, BETWEEN } from "../contract/values/lists.ts";
import { areDates } from "./dates.ts";
import type { FeatureSpec } from "./spec.ts";
import { columnValues, separatorOf, splitValues } from "./values.ts";

/** What {@link inferFeatures} finds: a spec, and the reason for it in words. */
export interface InferredFeature extends FeatureSpec {
  /** What suggests this kind, in a few words. */
  reason: string;
}

/** Above this share of distinct values, a column names its items (a title, an id) rather than grouping them. */
const NAMING_SHARE = 0.8;
/** From this share of values that contain a separator, a column holds several values per item. */
const MULTI_SHARE = 0.1;
/** Up to this number, distinct numbers or dates are taken for groups. */
const MOST_GROUPS = 20;
/** Names of columns whose numbers are identifiers and not quantities: `brand_id`, `brandId`, `zip code`. */
const SAYS_WHICH = /(?:^|[^a-z])(?:ids?|codes?|keys?|sku|zip)$|[a-z](?:Ids?|ID|Codes?|Keys?|Sku|SKU|Zip)$/;

/**
 * Chooses a kind for every column of the item table except `id`:
 *
 * - `text` (left out): the column called `title`, or else `name`; constant columns; and those whose values are nearly all distinct and not
 *   numbers.
 * - `multi`: at least a tenth of the values contain a `|`, or are lists of several values.
 * - `numeric` (standardised): all values are numbers, more than 20 different ones, unless they are whole and the column is named like an id
 *   (`brand_id`).
 * - `date` (standardised): all values are ISO 8601 dates, more than 20 different ones.
 * - `categorical`: the rest.
 *
 * Where the header of the table gives types, as in RecBole's atomic files, they take the place of the values: a `token` is `categorical`,
 * a `token_seq` is `multi`, a `float` is `numeric`, and a `float_seq`, a vector, is left out. What is `text` by the rules above stays so,
 * and titles are never `multi`.
 *
 * @param items A table with `id` and side columns, as text.
 * @param types Types in the header of the table, by the names of columns. Default: none.
 * @example
 * ```ts
 * import pl, { type Series } from "nodejs-polars";
 * import { inferFeatures } from "automlp";
 * import assert from "node:assert/strict";
 *
 * const items = pl.DataFrame({ id: ["1", "2", "3"], genres: ["Drama|Comedy", "Drama", "Comedy"] });
 * assert.equal(inferFeatures(items)[0].kind, "multi");
 * ```
 */
export function inferFeatures(
  items: DataFrame,
  types: Readonly<Record<string, ColumnType>> = {},
): InferredFeature[] {
  const columns = items.columns.filter((name) => name !== "id"), title = calledTitle(columns);
  return columns.map((name) => ({
    name,
    ...(name === title
      ? { kind: "text", reason: `it is called ${name}` }
      : inferColumn(items, name, Object.hasOwn(types, name) ? types[name] : undefined)),
  }));
}

function inferColumn(items: DataFrame, name: string, type?: ColumnType): Omit<InferredFeature, "name"> {
  const all = columnValues(items, name);
  const values = all.filter(pl.col("value").isNotNull());
  const share = (part: number) => `${Math.round(100 * part / values.height)} %`;
  const distinct = values.getColumn("value").nUnique();
  if (values.height === 0) return { kind: "text", reason: "all values are missing" };
  if (distinct === 1) return { kind: "text", reason: "all values are the same" };

  if (type !== undefined && !isWords(type)) return ofType(values, type);

  const numbers = values.getColumn("value").cast(pl.Float64, false);
  if (values.height === numbers.dropNulls().length) {
    if (distinct > MOST_GROUPS && sayWhich(name, numbers)) {
      return distinct > NAMING_SHARE * values.height
        ? { kind: "text", reason: `${share(distinct)} of its numbers are distinct, as ids are` }
        : { kind: "categorical", reason: `${distinct} different whole numbers, and it is called as ids are` };
    }
    return distinct > MOST_GROUPS
      ? {
        kind: "numeric",
        encoding: "standardise",
        reason: `all values are numbers, ${distinct} different ones`,
      }
      : { kind: "categorical", reason: `only ${distinct} different numbers` };
  }

  if (distinct > MOST_GROUPS && areDates(values.getColumn("value"))) {
    return {
      kind: "date",
      encoding: "standardise",
      reason: `all values are dates, ${distinct} different ones`,
    };
  }

  const separator = separatorOf(items, name);
  const several = values.filter(pl.col("value").str.contains(separator, true)).height;
  if (several >= MULTI_SHARE * values.height) {
    const parts = splitValues(values, separator).getColumn("value").dropNulls();
    if (parts.nUnique() <= NAMING_SHARE * parts.length) {
      const how = separator === BEHIND ? "are lists of several" : `have a ${separator}`;
      const reason = `${share(several)} of the values ${how}, with ${parts.nUnique()} different parts`;
      return { kind: "multi", separator, reason };
    }
  }
  if (distinct > NAMING_SHARE * values.height) {
    return { kind: "text", reason: `${share(distinct)} of the values are distinct, as names are` };
  }
  return { kind: "categorical", reason: `${distinct} different values` };
}

/** The kind of a column whose type the header gives. */
function ofType(values: DataFrame, { type, separator = BETWEEN }: ColumnType): Omit<InferredFeature, "name"> {
  const reason = `its header says ${type}`;
  if (type === "float") return { kind: "numeric", encoding: "standardise", reason };
  if (type === "float_seq") return { kind: "text", reason: `${reason}: each value is a vector of numbers` };
  const parts = (type === "token_seq" ? splitValues(values, separator) : values).getColumn("value")
    .dropNulls();
  if (parts.nUnique() > NAMING_SHARE * parts.length) {
    return { kind: "text", reason: "nearly all of its values are distinct, as names are" };
  }
  return type === "token_seq" ? { kind: "multi", separator, reason } : { kind: "categorical", reason };
}

/** Whether numbers are ids, which a model must not use as quantities. */
const sayWhich = (name: string, numbers: Series): boolean =>
  [name, name.toLowerCase()].some((name) => SAYS_WHICH.test(name)) &&
  numbers.filter(numbers.floor().neq(numbers)).length === 0;
