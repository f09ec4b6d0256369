/**
 * What the source said about users and items, as columns with original names and values.
 *
 * @module
 */
import pl, { type DataFrame, type Expr } from "nodejs-polars";
import type { SequenceDataset } from "../contract/dataset.ts";
import { type ColumnType, isWords } from "../contract/dataset/columns.ts";
import { numberColumn } from "../contract/dataset/item_features.ts";
import { InputError } from "../contract/errors.ts";
import { BETWEEN } from "../contract/values/lists.ts";

/** A side column, as it was read. */
export interface SideColumn {
  name: string;
  /** Several values with separators; a number; a name or text. */
  kind: "multi" | "number" | "token";
  /** The separator between the values of a `multi` column. */
  separator?: string;
  /** For text that is a sequence in RecBole: a title, or a vector. */
  sequence?: { type: "token_seq" | "float_seq"; separator: string };
}

/** Columns made by the pipeline, not by the source. */
const OWN = {
  users: ["user", "id", "interactions"],
  items: ["item", "id", "interactions", "popularity"],
};

/**
 * Returns the side columns of a table, in order, without the encodings of features. A column that is no feature is what the header of
 * its source says.
 *
 * @throws {InputError} if the manifest does not say how a multi-valued column is separated.
 */
export function sideColumns(dataset: SequenceDataset, of: "users" | "items"): SideColumn[] {
  const { manifest, folder } = dataset;
  const features = of === "items" ? manifest.features : [];
  const types = manifest.stages.find(({ columns }) => columns)?.columns?.[of]?.types ?? {};
  const encodings = new Set(features.map(({ column }) => column));
  return dataset.table(of).columns
    .filter((column) => !OWN[of].includes(column) && !encodings.has(column))
    .map((name): SideColumn => {
      const feature = features.find((one) => one.name === name);
      const header = Object.hasOwn(types, name) ? types[name] : undefined;
      const isTitle = header !== undefined && isWords(header) && feature?.kind === "categorical";
      if (feature === undefined || isTitle) return { name, ...ofType(header) };
      if (feature.kind === "numeric") return { name, kind: "number" };
      if (feature.kind !== "multi") return { name, kind: "token" };
      if (typeof feature.separator === "string") return { name, kind: "multi", separator: feature.separator };
      throw new InputError(
        `Cannot export ${folder}: its manifest gives no separator for the multi-valued feature "${name}"; prepare it again`,
      );
    });
}

/** What the header of the source says of a column. */
function ofType(header: ColumnType | undefined): Omit<SideColumn, "name"> {
  if (header?.type === "float") return { kind: "number" };
  if (header?.type !== "token_seq" && header?.type !== "float_seq") return { kind: "token" };
  const { type, separator = BETWEEN } = header;
  return type === "float_seq" || isWords(header)
    ? { kind: "token", sequence: { type, separator } }
    : { kind: "multi", separator };
}

/** The values of a column as a list, without surrounding space; empty ones are left out. `take` chooses among them. */
function splitColumn(name: string, separator: string, take = (values: Expr): Expr => values): Expr {
  const stripped = pl.element().str.strip();
  return pl.col(name).fillNull(pl.lit("")).str.split(separator)
    .lst.eval(take(stripped.filter(stripped.neq(pl.lit("")))));
}

/** Returns the values of a column with a `sequence` as a list, with repetitions. */
export const sequenceList = ({ name, sequence }: SideColumn): Expr => splitColumn(name, sequence!.separator);

/** Returns the values of a `multi` column as a list: without surrounding space, each once, an empty list if there are none. */
export const valueList = ({ name, separator }: SideColumn): Expr =>
  splitColumn(name, separator!, (values) => values.unique(true));

/** Returns a `number` column as Float64, null if the source has no value. */
export const numberOf = ({ name }: SideColumn): Expr => numberColumn(name);

/**
 * Returns `user` or `item` (the original id), `interactions`, for items `popularity`, then the side columns.
 *
 * @param typed Whether multi-valued columns become lists and numbers Float64; otherwise all remain the text that was read.
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
