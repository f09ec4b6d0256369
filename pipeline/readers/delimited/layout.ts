/**
 * Finds the layout of a delimited file, with the defaults of its format.
 *
 * @module
 */
import type { ColumnRole } from "../../contract/stage/location.ts";
import { type Columns, columnsByPosition, type ColumnsWish } from "../roles.ts";
import {
  type Dialect,
  findLayout,
  guessDelimiter,
  isByte,
  type Layout,
  lineEndOf,
  sampleRows,
} from "./sample.ts";
import { headText, type Source } from "../source.ts";
import type { FileEncoding } from "../decode.ts";
import { utf8Remark } from "../header_encoding.ts";
import type { ReadFormat } from "../types.ts";

const USUAL: readonly ColumnRole[] = ["user", "item", "rating", "timestamp"];
/** Amazon's "ratings only" files of 2018 have the item first, unlike those of 2014. */
const ITEM_FIRST: readonly ColumnRole[] = ["item", "user", "rating", "timestamp"];

/** Amazon's product numbers: ten characters, `B…` or an ISBN. */
const isAsin = (field = "") => /^(B[0-9A-Z]{9}|\d{9}[\dX])$/.test(field);
/** Amazon's reviewer ids. */
const isReviewer = (field = "") => /^(A[0-9A-Z]{9,20}|#oc-R[0-9A-Z]+)$/.test(field);

/** The user's options for a delimited file. */
export interface TextWish {
  delimiter?: string;
  header?: boolean;
  quotes?: boolean;
  columns?: ColumnsWish;
  encoding: FileEncoding;
  textTimes?: boolean;
  textRatings?: boolean;
}

/** Finds delimiter, header and columns of a file in one of the delimited formats. */
export function textLayout(
  source: Source,
  format: Extract<ReadFormat, "csv" | "tsv" | "movielens" | "recbole" | "amazon">,
  wish: TextWish,
  warnings: string[],
): Layout {
  warnings.push(...utf8Remark(source, wish.encoding));
  const text = headText(source, wish.encoding);
  const delimiter = wish.delimiter ?? usualDelimiter(format, text, wish.quotes);
  const dialect: Dialect = {
    delimiter,
    // MovieLens's own files do not use quotes, except its CSV files.
    quotes: isByte(delimiter) && (wish.quotes ?? (format !== "movielens" || delimiter === ",")),
    lineEnd: lineEndOf(text),
    encoding: wish.encoding,
  };
  const rows = sampleRows(text, dialect).map(({ fields }) => fields);
  const usual = usualColumns(format, rows);
  const likely = rows.every(([first, second]) => isAsin(first) && isReviewer(second)) ? ITEM_FIRST : USUAL;
  const { textTimes, textRatings } = wish;
  return { ...findLayout(source, dialect, { ...wish, usual, likely }, warnings), textTimes, textRatings };
}

/** Returns a format's standard columns, for files without a header. */
function usualColumns(format: string, rows: readonly string[][]): Columns | undefined {
  const placed = (roles: readonly ColumnRole[]) => columnsByPosition("", roles.length, roles);
  if (format === "movielens") return placed(USUAL);
  if (format !== "amazon") return undefined;
  return placed(rows.every(([first, second]) => isAsin(first) && !isAsin(second)) ? ITEM_FIRST : USUAL);
}

function usualDelimiter(format: string, text: string, quotes?: boolean): string {
  if (format === "tsv" || format === "recbole") return "\t";
  if (format === "amazon") return ",";
  return (format === "movielens"
    ? guessDelimiter(text, ["::", "\t", ","], false)
    : guessDelimiter(text, undefined, quotes)) ?? ",";
}
