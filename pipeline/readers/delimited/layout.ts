/**
 * The layout of a delimited file, given its format: what each of them takes for granted.
 *
 * @module
 */
import type { Columns, ColumnsWish } from "../roles.ts";
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
import type { ReadFormat } from "../types.ts";

const roles = (...names: (keyof Columns)[]): Columns =>
  Object.fromEntries(
    names.map((role, index) => [role, { index, name: `column ${index + 1}` }]),
  ) as unknown as Columns;

const USUAL = roles("user", "item", "rating", "timestamp");
/** Amazon's "ratings only" files of 2018, unlike those of 2014, have the item first. */
const ITEM_FIRST = roles("item", "user", "rating", "timestamp");

/** Amazon's product numbers: ten characters, `B…` or an ISBN. */
const isAsin = (field: string) => /^(B[0-9A-Z]{9}|\d{9}[\dX])$/.test(field);

/** How a delimited file is to be read, as far as the user says. */
export interface TextWish {
  delimiter?: string;
  header?: boolean;
  columns?: ColumnsWish;
  encoding: FileEncoding;
  textTimes?: boolean;
  textRatings?: boolean;
}

/** Delimiter, header and columns of a file in one of the delimited formats. */
export function textLayout(
  source: Source,
  format: Extract<ReadFormat, "csv" | "tsv" | "movielens" | "recbole" | "amazon">,
  wish: TextWish,
  warnings: string[],
): Layout {
  const text = headText(source, wish.encoding);
  const delimiter = wish.delimiter ?? usualDelimiter(format, text);
  const dialect: Dialect = {
    delimiter,
    // MovieLens's own files quote nothing, save its CSV files.
    quotes: isByte(delimiter) && (format !== "movielens" || delimiter === ","),
    lineEnd: lineEndOf(text),
    encoding: wish.encoding,
  };
  const usual = usualColumns(format, text, dialect);
  const { textTimes, textRatings } = wish;
  return { ...findLayout(source, dialect, { ...wish, usual }, warnings), textTimes, textRatings };
}

/** The columns of a format's files where no header names them. */
function usualColumns(format: string, text: string, dialect: Dialect): Columns | undefined {
  if (format === "movielens") return USUAL;
  return format === "amazon" ? amazonColumns(text, dialect) : undefined;
}

function usualDelimiter(format: string, text: string): string {
  if (format === "tsv" || format === "recbole") return "\t";
  if (format === "amazon") return ",";
  return (format === "movielens" ? guessDelimiter(text, ["::", "\t", ","], false) : guessDelimiter(text)) ??
    ",";
}

function amazonColumns(text: string, dialect: Dialect): Columns {
  const rows = sampleRows(text, dialect).map(({ fields }) => fields);
  return rows.every(([first, second]) => isAsin(first) && !isAsin(second ?? "")) ? ITEM_FIRST : USUAL;
}
