/**
 * The features of a dataset's items, as its tables store them and as networks take them.
 *
 * @module
 */
import pl, { type Expr } from "nodejs-polars";
import { offsetsOf } from "./users_part.ts";
import type { DataFrame } from "../frame.ts";
import { type FeatureInfo, isPlainNumber } from "./manifest.ts";
import { checkRange, type TableFiles } from "./table_files.ts";

/** One item feature, encoded. Index 0 of every array is the padding item. `features()` of a {@link SequenceDataset} returns them. */
export type ItemFeature =
  & { name: string; values: number }
  & (
    | { kind: "categorical"; codes: Uint32Array /* [items + 1] */ }
    /** Item i has the codes `codes[offsets[i]]` … `codes[offsets[i + 1] − 1]`. */
    | { kind: "multi"; offsets: Uint32Array /* [items + 2] */; codes: Uint32Array }
    | { kind: "numeric"; numbers: Float32Array /* [items + 1] */ }
  );

/**
 * Reads a feature from the table of items.
 *
 * @param items The whole table.
 * @throws {InputError} if a value is missing, or a code is out of the feature's range.
 */
export function encodedFeature(
  info: FeatureInfo,
  items: DataFrame,
  files: TableFiles,
): ItemFeature {
  const { name, kind, column, values } = info;
  const data = items.getColumn(column), wrong = files.wrong(`a code of "${name}",`);
  if (isPlainNumber(info)) {
    return {
      name,
      values,
      kind: "numeric",
      numbers: padded(files.typed<Float32Array>(data.cast(pl.Float32))),
    };
  }
  if (kind !== "multi") {
    const codes = padded(checkRange(files.typed<Uint32Array>(data), 0, values, wrong));
    return { name, values, kind: "categorical", codes };
  }
  const lengths = items.select(pl.col(column).lst.lengths().cast(pl.UInt32).alias("n")).getColumn("n");
  const codes = items.select(pl.col(column)).explode(column).getColumn(column).dropNulls();
  return {
    name,
    values,
    kind,
    offsets: offsetsOf(files.typed<Uint32Array>(lengths)),
    codes: checkRange(files.typed<Uint32Array>(codes), 0, values, wrong),
  };
}

/** The same numbers after a zero for the padding id. */
function padded<A extends Uint32Array | Float32Array>(values: A): A {
  const result = new (values.constructor as new (length: number) => A)(values.length + 1);
  result.set(values, 1);
  return result;
}

/** A column that is stored as text, as Float64; null where the text is not a number. */
export const numberColumn = (name: string): Expr =>
  pl.col(name).cast(pl.String).str.strip().cast(pl.Float64, false);

/** The table of items with its numeric features, which are stored as text, converted to numbers. */
export function withNumbers(items: DataFrame, features: readonly FeatureInfo[]): DataFrame {
  const numeric = features.filter(({ name, kind }) => kind === "numeric" && items.columns.includes(name));
  return numeric.length === 0 ? items : items.withColumns(...numeric.map(({ name }) => numberColumn(name)));
}

/** Columns of the table of items that the pipeline adds, besides encoded features. */
const OWN = ["item", "id", "interactions", "popularity"];
/** Complete names of a column of titles, in the order of preference. */
const WHOLE = [/^title$/i, /^name$/i];
/** Parts of such names, which a column that groups items, such as `brand_name`, may contain too. */
const PARTS = [/title/i, /name/i];

const firstOf = (patterns: readonly RegExp[], columns: readonly string[]): string | undefined =>
  patterns.flatMap((pattern) => columns.filter((name) => pattern.test(name)))[0];

/** Whether a column has a name like that of a column of titles. */
export const soundsLikeTitle = (column: string): boolean => PARTS.some((part) => part.test(column));

/**
 * Returns the column of items that is called `title`, or else `name`: it names items even if many share a name, as the sizes of a shirt
 * do.
 */
export const calledTitle = (columns: readonly string[]): string | undefined => firstOf(WHOLE, columns);

/**
 * Returns the column of a table of items that is called `title` or `name`, or else one with a name like
 * `article_name`; undefined if there is none.
 *
 * @param features Features of the items. A column that groups items does not name them, unless it is called `title` or `name`.
 */
export function titleAmong(
  columns: readonly string[],
  features: readonly Pick<FeatureInfo, "name" | "column">[],
): string | undefined {
  const isFeature = (name: string) =>
    features.some((feature) => feature.name === name || feature.column === name);
  return calledTitle(columns) ??
    firstOf(PARTS, columns.filter((name) => !OWN.includes(name) && !isFeature(name)));
}
