/**
 * Converts side columns to fields of RecBole's `.user` and `.item` files.
 *
 * @module
 */
import pl, { type DataFrame, type Expr } from "nodejs-polars";
import type { SequenceDataset } from "../contract/dataset.ts";
import type { ExportJob } from "./format.ts";
import { numberOf, sequenceList, type SideColumn, sideColumns, valueList } from "./side.ts";

/** A field of an atomic file. */
interface Field {
  /** Its name, also used in the YAML. */
  name: string;
  type: "token" | "token_seq" | "float" | "float_seq";
  value: Expr;
}

/** The fields beside the id, for both files. */
export interface AtomicColumns {
  user: Field[];
  item: Field[];
  /** The separator between the values of a `token_seq`. */
  separator: string;
}

/** Field names used by the interactions. */
const TAKEN = ["user_id", "item_id", "item_id_list", "item_length", "rating", "timestamp", "label"];

/**
 * Converts the side columns to fields. RecBole joins the fields of all files, so names must be unique, and a header cannot contain
 * a colon; a value cannot contain a tab, a line end or, if there are several values, the separator. Changes are noted.
 */
export function atomicColumns(job: ExportJob, separator: string): AtomicColumns {
  const taken = new Set(TAKEN);
  const fields = (of: "user" | "item") =>
    sideColumns(job.dataset, `${of}s`).flatMap((column): Field[] => {
      if (!hasValues(job.dataset, of, column)) {
        job.notes.push(`Left out the ${of} column "${column.name}": no ${of} has a value`);
        return [];
      }
      const clean = column.name.replace(/[:\s]+/g, "_");
      let name = taken.has(clean) ? `${of}_${clean}` : clean;
      while (taken.has(name)) name += "_";
      if (name !== column.name) job.notes.push(`The ${of} column "${column.name}" is called "${name}"`);
      taken.add(name);
      return [{ name, ...fieldOf(column, separator) }];
    });
  const columns = { user: fields("user"), item: fields("item"), separator };
  for (const kind of ["user", "item"] as const) noteReplaced(job, kind, separator);
  return columns;
}

/** Checks for values: without any, RecBole cannot determine the length of a sequence. */
function hasValues(dataset: SequenceDataset, of: "user" | "item", column: SideColumn): boolean {
  const text = pl.col(column.name).cast(pl.String).str.strip();
  const has = listOf(column)?.lst.lengths().gt(0) ?? text.neq(pl.lit(""));
  return dataset.table(`${of}s`).filter(has).height > 0;
}

/** Returns the values of a field as a list; undefined if it has one value. */
function listOf(column: SideColumn): Expr | undefined {
  if (column.kind === "multi") return valueList(column);
  return column.sequence ? sequenceList(column) : undefined;
}

function fieldOf(column: SideColumn, separator: string): Omit<Field, "name"> {
  const list = listOf(column);
  if (list) {
    const one = pl.element().str.replaceAll(BREAKS, " ").str.replaceAll(separator, "_", true);
    return { type: column.sequence?.type ?? "token_seq", value: list.lst.eval(one).lst.join(separator) };
  }
  if (column.kind === "number") return { type: "float", value: numberOf(column) };
  return { type: "token", value: pl.col(column.name).cast(pl.String).str.replaceAll(BREAKS, " ") };
}

/** Characters that end a field or a line. */
const BREAKS = "[\\t\\r\\n]+";

function noteReplaced({ dataset, notes }: ExportJob, of: "user" | "item", separator: string): void {
  for (const column of sideColumns(dataset, `${of}s`)) {
    const table = dataset.table(`${of}s`);
    const list = listOf(column);
    if (!list) {
      const broken = table.filter(pl.col(column.name).cast(pl.String).str.contains(BREAKS)).height;
      if (broken > 0) {
        notes.push(
          `Put spaces for tabs and line ends in "${column.name}" of ${broken} ${
            broken === 1 ? of : `${of}s`
          }`,
        );
      }
      continue;
    }
    const values = table.select(list.alias("value")).explode("value").getColumn("value")
      .unique();
    const broken = (values.dropNulls().toArray() as string[])
      .filter((value) => value.includes(separator) || /[\t\r\n]/.test(value));
    if (broken.length > 0) {
      notes.push(
        `Put "_" for ${
          JSON.stringify(separator)
        } in ${broken.length} distinct values of "${column.name}", as in ` +
          `${JSON.stringify(broken.sort()[0])}: it separates values in RecBole's files`,
      );
    }
  }
}

/** Returns the `.user` or `.item` table: the id and the fields, under RecBole's typed header. */
export function atomicTable(
  dataset: SequenceDataset,
  of: "user" | "item",
  columns: AtomicColumns,
): DataFrame {
  return dataset.table(`${of}s`).select(
    pl.col("id").alias(`${of}_id:token`),
    ...columns[of].map(({ name, type, value }) => value.alias(`${name}:${type}`)),
  );
}
