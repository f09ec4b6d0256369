/**
 * Reads side tables in delimited text: CSV, TSV, MovieLens, RecBole.
 *
 * @module
 */
import pl, { type DataFrame, type Expr } from "nodejs-polars";
import { InputError } from "../../contract/errors.ts";
import type { ColumnType } from "../../contract/dataset/columns.ts";
import { soundsLikeTitle } from "../../contract/dataset/title_column.ts";
import { requoted } from "../../contract/stage/row_flaws.ts";
import { BEHIND, BETWEEN } from "../../contract/values/lists.ts";
import { diagnose, inflating, isEncodingError } from "../diagnose.ts";
import { isRecboleName, recboleType } from "../format.ts";
import { isMisquoted, QuoteError } from "../delimited/quotes.ts";
import { checkFirstLines, findRecords } from "../delimited/records.ts";
import {
  checkWidth,
  type Dialect,
  guessDelimiter,
  isByte,
  lineEndOf,
  looksLikeHeader,
  refuseExcelsLine,
  sampleRows,
  wrongDelimiter,
} from "../delimited/sample.ts";
import { MISQUOTED } from "../delimited/mended_quotes.ts";
import { collect, isBlankRow, OVERFLOW, scanFields } from "../scan.ts";
import { unnamed } from "../roles.ts";
import { encodingOf, headText, type Source } from "../source.ts";
import { inHeader, utf8Remark } from "../header_encoding.ts";
import { parseSideColumns, positional, sideNames, sideUse } from "./columns.ts";
import { endedLists } from "./lists.ts";
import { joinGenreFlags, movielensByName, movielensByShape } from "./movielens.ts";
import type { SideRows, SideTableOptions } from "./types.ts";

/** Layout of a file: its dialect, and the columns' names by position (undefined: left out). */
interface SideLayout {
  dialect: Dialect;
  names: (string | undefined)[];
  /** The names that the file, or its format, gives the columns. */
  header: string[];
  width: number;
  headerLines: number;
  /** RecBole's types, by position; undefined if the header gives none. */
  types: (ColumnType["type"] | undefined)[];
}

/** A column as text, and its type if the header gives one. */
interface Typed {
  text: Expr;
  type?: ColumnType;
}

/** Converts RecBole's sequences, whose values are separated by spaces, to lists. */
function typedText(frame: DataFrame, column: string, name: string, type: ColumnType["type"]): Typed {
  const text = pl.col(column);
  if (type === "token" || type === "float") return { text, type: { type } };
  // RecBole's titles are sequences of words, but whoever reads them wants the title.
  if (soundsLikeTitle(name)) return { text, type: { type, separator: " " } };
  const isApart = frame.filter(text.str.contains(BETWEEN, true)).height > 0;
  const separator = isApart ? BEHIND : BETWEEN,
    joined = text.str.strip().str.replaceAll(" ", separator, true);
  return { text: isApart ? endedLists(joined) : joined, type: { type, separator } };
}

/** Reads a delimited side table. */
export async function readSideDelimited(source: Source, options: SideTableOptions): Promise<SideRows> {
  const warnings: string[] = [];
  let layout = findSideLayout(source, options, warnings);
  let frame: DataFrame;
  try {
    frame = await readFields(source, layout);
  } catch (error) {
    // Old files are often Latin-1, and tab-separated text often lacks CSV's quoting: both show only when reading fails.
    const retry = otherDialect(source, layout.dialect, error, options);
    if (retry === undefined) throw await diagnose(source, error);
    warnings.push(`${source.path}: ${retry.remark}`);
    layout = { ...layout, dialect: retry.dialect };
    frame = await readFields(source, layout).catch(async (again) => {
      throw await diagnose(source, again);
    });
  }
  const recordAt = async (row: number) => (await findRecords(source, layout, [row]))[0];
  const place = async (row: number) => `line ${(await recordAt(row)).line}`;
  const over = frame.withRowIndex("_row").filter(pl.col(OVERFLOW).isNotNull()).select("_row", OVERFLOW);
  if (over.height > 0) {
    const [row, text] = over.row(0), { width, dialect: { delimiter } } = layout;
    const record = await recordAt(Number(row));
    const state = text === MISQUOTED
      ? `text stands behind the closing quote of a field; ${requoted(record.text)}`
      : `the row has too many fields (${width} expected); put a field that holds ${
        JSON.stringify(delimiter)
      } in quotes`;
    throw new InputError(`Cannot read ${source.path}: line ${record.line}: ${state}`);
  }
  const names = layout.names.flatMap((name, i) => name === undefined ? [] : [{ name, i }]);
  const columns = names.map(({ name, i }): Typed & { name: string } => {
    const type = name === "id" ? undefined : layout.types[i];
    return {
      name,
      ...(type ? typedText(frame, String(i), layout.header[i], type) : { text: pl.col(String(i)) }),
    };
  });
  const named = frame.select(...columns.map(({ name, text }) => text.alias(name)));
  const rest = named.columns.filter((name) => name !== "id");
  const types = Object.fromEntries(columns.flatMap(({ name, type }) => type ? [[name, type]] : []));
  const use = sideUse(layout.header, layout.names, types);
  return { frame: joinGenreFlags(named.select("id", ...rest)), use, warnings, place };
}

function findSideLayout(source: Source, options: SideTableOptions, warnings: string[]): SideLayout {
  const { format = "auto", header } = options;
  const encoding = encodingOf(source, options.encoding);
  warnings.push(...utf8Remark(source, encoding));
  const text = headText(source, encoding);
  const known = format === "auto" || format === "movielens" ? movielensByName(source.name) : undefined;
  const recbole = format === "recbole" || format === "auto" && /\.(item|user)$/i.test(source.name) && !known;
  const delimiter = options.delimiter ?? known?.delimiter ??
    (recbole || format === "tsv" ? "\t" : guessDelimiter(text) ?? ",");
  const dialect: Dialect = {
    delimiter,
    // As with interactions: MovieLens's own files do not use quotes, except its CSV files.
    quotes: delimiter === "," || isByte(delimiter) && !known && format !== "movielens",
    lineEnd: lineEndOf(text),
    encoding,
  };
  refuseExcelsLine(source, text);
  const rows = sampleRows(text, dialect);
  if (rows.length === 0) throw new InputError(`Cannot read ${source.path}: it holds blank lines only`);
  const first = rows[0].fields;
  const width = first.length;
  if (width < 2) throw wrongDelimiter(source, dialect, text);
  checkWidth(source.path, width);
  const wish = parseSideColumns(options.columns);
  const layout = known ??
    (delimiter === "::" || format === "movielens" ? movielensByShape(delimiter, width) : undefined);
  const named = wish !== undefined && "names" in wish;
  const hasHeader = header ??
    (layout === undefined && (!named || looksLikeHeader(rows.map(({ fields }) => fields))));
  if (!hasHeader) {
    const names = named ? wish.names : layout?.names;
    if (names) {
      return {
        dialect,
        names: positional(source.path, width, names, warnings),
        header: layout?.names ?? unnamed(width),
        width,
        headerLines: 0,
        types: [],
      };
    }
    throw new InputError(
      `Cannot read ${source.path}: no header; name its ${width} columns by position, as in id,title,genres`,
    );
  }
  const plain = first.map((name) => isRecboleName(name) ? name.trim().replace(/:[a-z_]+$/, "") : name.trim());
  return {
    dialect,
    names: inHeader(source, encoding, () => sideNames(source.path, plain, wish, options, warnings)),
    header: plain,
    width,
    headerLines: rows[0].lastLine,
    types: first.map(recboleType),
  };
}

async function readFields(source: Source, layout: SideLayout): Promise<DataFrame> {
  await checkFirstLines(source, layout.dialect);
  const { dialect } = layout, misquoted = await isMisquoted(source, dialect);
  if (misquoted && mayHaveTextQuotes(dialect)) {
    throw new QuoteError(`Cannot read ${source.path}: its quotes are not those of CSV`); // it is then read again without quoting
  }
  const frame = await inflating(
    { ...source, misquoted },
    async (source) => await collect(await scanFields(source, layout)),
  );
  return frame.filter(isBlankRow(frame.columns).not());
}

/** Whether quotes may be part of the text: many programs that write tab-separated text do not use quoting. */
const mayHaveTextQuotes = ({ delimiter, quotes }: Dialect): boolean => quotes && delimiter === "\t";

function otherDialect(source: Source, dialect: Dialect, error: unknown, options: SideTableOptions) {
  if (isEncodingError(error)) {
    const maybe = dialect.encoding === "utf-8" && options.encoding === undefined &&
      (options.format === "movielens" || movielensByName(source.name) || dialect.delimiter === "::");
    return maybe
      ? { dialect: { ...dialect, encoding: "latin1" as const }, remark: "not UTF-8; read as Latin-1" }
      : undefined;
  }
  if (!mayHaveTextQuotes(dialect) || !(error instanceof QuoteError)) return undefined;
  return {
    dialect: { ...dialect, quotes: false },
    remark: "its quotes are part of the text; nothing counts as quoted",
  };
}
