/**
 * What the source said of users and items beside their interactions, as columns under original names and values.
 *
 * @module
 */
import pl, { type DataFrame, type Expr } from "nodejs-polars";
import type { SequenceDataset } from "../contract/dataset.ts";
import { numberColumn } from "../contract/dataset/item_features.ts";
import { InputError } from "../contract/errors.ts";

/** A side column, as it was read. */
export interface SideColumn {
  name: string;
  /** Several values between separators; a number; a name or text. */
  kind: "multi" | "number" | "token";
  /** What separates the values of a `multi` column. */
  separator?: string;
}

/** Columns that the pipeline made, not the source. */
const OWN = {
  users: ["user", "id", "interactions"],
  items: ["item", "id", "interactions", "popularity"],
};

/**
 * The side columns of a table, in its order, without the encodings of features.
 *
 * @throws {InputError} if the manifest does not say how a multi-valued column is separated.
 */
export function sideColumns(dataset: SequenceDataset, of: "users" | "items"): SideColumn[] {
  const { manifest, folder } = dataset;
  const features = of === "items" ? manifest.features : [];
  const encodings = new Set(features.map(({ column }) => column));
  return dataset.table(of).columns
    .filter((column) => !OWN[of].includes(column) && !encodings.has(column))
    .map((name) => {
      const feature = features.find((one) => one.name === name);
      if (feature?.kind === "numeric") return { name, kind: "number" };
      if (feature?.kind !== "multi") return { name, kind: "token" };
      if (typeof feature.separator === "string") return { name, kind: "multi", separator: feature.separator };
      throw new InputError(
        `Cannot export ${folder}: its manifest gives no separator for the multi-valued feature "${name}"; prepare it again`,
      );
    });
}

/** The values of a `multi` column as a list: without space around them, each once, an empty list where there is none. */
export function valueList({ name, separator }: SideColumn): Expr {
  const stripped = pl.element().str.strip();
  return pl.col(name).fillNull(pl.lit("")).str.split(separator!)
    .lst.eval(stripped.filter(stripped.neq(pl.lit(""))).unique(true));
}

/** A `number` column as Float64, null where the source has none. */
export const numberOf = ({ name }: SideColumn): Expr => numberColumn(name);

/**
 * `user` or `item` (the original id), `interactions`, for items `popularity`, then the side columns.
 *
 * @param typed Whether multi-valued columns become lists and numbers Float64; else all are the text that was read.
 */
export function sideTable(dataset: SequenceDataset, of: "users" | "items", typed: boolean): DataFrame {
  const [key, id, ...counts] = OWN[of];
  return dataset.stored(of).select(
    pl.col(id).alias(key),
    ...counts.map((column) => pl.col(column)),
    ...sideColumns(dataset, of).map((column) => {
      if (typed && column.kind === "multi") return valueList(column).alias(column.name);
      if (typed && column.kind === "number") return numberOf(column).alias(column.name);
      return pl.col(column.name);
    }),
  );
}
