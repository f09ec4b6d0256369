/**
 * Detects the format of a file of interactions.
 *
 * @module
 */
import { extname } from "node:path";
import type { ColumnType } from "../contract/dataset/columns.ts";
import type { FileEncoding } from "./encoding.ts";
import { guessDelimiter, plainRows } from "./layout.ts";
import { isKnownName } from "./roles.ts";
import { columnarKind, headText, type Source } from "./source.ts";
import type { ReadFormat, ReadOptions } from "./types.ts";

/** Formats by file extension. */
const BY_EXTENSION: Record<string, Exclude<ReadFormat, "auto">> = {
  ".jsonl": "jsonl",
  ".ndjson": "jsonl",
  ".json": "jsonl",
  ".inter": "recbole",
};

/** Checks for a header field such as `user_id:token`. */
export const isRecboleName = (name: string) => recboleType(name) !== undefined;

/** Returns the type in a name of RecBole's headers; undefined if there is none. */
export const recboleType = (name: string): ColumnType["type"] | undefined =>
  /^[^:]+:(token|token_seq|float|float_seq)$/.exec(name.trim())?.[1] as ColumnType["type"] | undefined;

/**
 * Detects the format of a file: by its first bytes, then its extension, then its first lines.
 *
 * @param said Options given by the user about the layout; with any of them, a text file counts as a table.
 */
export function detectFormat(
  source: Source,
  encoding: FileEncoding,
  { delimiter, quotes }: Pick<ReadOptions, "delimiter" | "quotes"> = {},
): Exclude<ReadFormat, "auto"> {
  const columnar = columnarKind(source);
  if (columnar) return columnar === "parquet" ? "parquet" : "arrow";
  const byName = BY_EXTENSION[extname(source.name).toLowerCase()];
  if (byName) return byName;
  const text = headText(source, encoding);
  if (/^\s*[{[]/.test(text)) return "jsonl";
  if (delimiter !== undefined) return delimiter === "::" ? "movielens" : "csv";
  const guessed = guessDelimiter(text, undefined, quotes);
  if (guessed === "::") return "movielens";
  if (quotes !== undefined) return "csv";
  if (guessed === undefined || guessed === " " || guessed === "\t") {
    if (looksLikeSequences(text, guessed ?? " ")) return "sequences";
  }
  const first = text.slice(0, text.search(/[\r\n]|$/)).split(guessed ?? ",");
  return first.length > 1 && first.every(isRecboleName) ? "recbole" : "csv";
}

/** Checks for one user per line: lines of many lengths, no header. */
function looksLikeSequences(text: string, delimiter: string): boolean {
  const rows = plainRows(text, delimiter);
  if (rows.length < 2 || rows[0].some(isKnownName)) return false;
  const widths = rows.map((fields) => fields.length);
  return widths.every((width) => width > 1) && new Set(widths).size > Math.min(2, rows.length - 1);
}
