/**
 * Reads side tables in delimited text: CSV, TSV, MovieLens, RecBole.
 *
 * @module
 */
import pl from "nodejs-polars";
import type { DataFrame, Expr } from "nodejs-polars";
import { InputError } from "../../contract/errors.ts";
import type { ColumnType } from "../../contract/dataset/columns.ts";
import { soundsLikeTitle } from "../../contract/dataset/item_features.ts";
import { requoted } from "../../contract/stage/row_flaws.ts";
import { BEHIND, BETWEEN } from "../../contract/values/lists.ts";
import { fieldFrames, findRecords, OVERFLOW } from "../delimited.ts";
import { isRecboleName, recboleType } from "../format.ts";
import { firstRows, guessDelimiter, isByte, lineEndOf, looksLikeHeader, type Shape } from "../layout.ts";
import { MISQUOTED } from "../mended_quotes.ts";
import { type PieceOptions, QuoteError } from "../records.ts";
import { unnamed } from "../roles.ts";
import { encodingOf, headText, type Source } from "../source.ts";
import type { SideRows, SideTableOptions } from "../types.ts";
import { endedLists, parseSideColumns, positional, sideNames, sideUse } from "./columns.ts";

/** Layout of a file. */
interface SideLayout extends Shape {
  /** The columns' names by position; undefined: left out. */
  names: (string | undefined)[];
  /** The names that the file, or its format, gives the columns. */
  header: string[];
  /** RecBole's types, by position; undefined if the header gives none. */
  types: (ColumnType["type"] | undefined)[];
  /** Whether it is of MovieLens, whose files are often Latin-1. */
  maybeLatin1: boolean;
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
  const separator = isApart ? BEHIND : BETWEEN;
  const joined = text.str.strip().str.replaceAll(" ", separator, true);
  return { text: isApart ? endedLists(joined) : joined, type: { type, separator } };
}

/** Reads a delimited side table. */
export async function readSideDelimited(
  source: Source,
  options: SideTableOptions,
  pieces: PieceOptions,
): Promise<SideRows> {
  const warnings: string[] = [];
  let layout = findSideLayout(source, options, warnings);
  const remark = (text: string) => {
    const warning = `${source.path}: ${text}`;
    if (!warnings.includes(warning)) warnings.push(warning);
  };
  const isTabs = layout.dialect.quotes && layout.dialect.delimiter === "\t";
  const read = async () => {
    const onLatin1 = layout.maybeLatin1 && { onLatin1: () => remark("not UTF-8; read as Latin-1") };
    const frames = await Array.fromAsync(fieldFrames(source, layout, { ...pieces, ...onLatin1 }));
    // Many programs that write tab-separated text do not use quoting.
    if (isTabs && layout.dialect.quotes && frames.some(({ misquoted }) => misquoted)) return undefined;
    return pl.concat(frames.map(({ frame }) => frame), { how: "vertical" });
  };
  let frame = await read().catch((error) => {
    if (isTabs && error instanceof QuoteError) return undefined;
    throw error;
  });
  if (!frame) {
    remark("its quotes are part of the text; nothing counts as quoted");
    layout = { ...layout, dialect: { ...layout.dialect, quotes: false } };
    frame = (await read())!;
  }
  const recordAt = async (row: number) => (await findRecords(source, layout, [row]))[0];
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
  const columns = layout.names.flatMap((name, i): (Typed & { name: string })[] => {
    if (name === undefined) return [];
    const type = name === "id" ? undefined : layout.types[i], column = String(i);
    return [{
      name,
      ...(type ? typedText(frame, column, layout.header[i], type) : { text: pl.col(column) }),
    }];
  });
  const named = frame.select(...columns.map(({ name, text }) => text.alias(name)));
  const rest = named.columns.filter((name) => name !== "id");
  const types = Object.fromEntries(columns.flatMap(({ name, type }) => type ? [[name, type]] : []));
  return {
    frame: joinGenreFlags(named.select("id", ...rest)),
    use: sideUse(layout.header, layout.names, types),
    warnings,
    place: async (row) => `line ${(await recordAt(row)).line}`,
  };
}

function findSideLayout(source: Source, options: SideTableOptions, warnings: string[]): SideLayout {
  const { format = "auto", header } = options, { path, name } = source;
  const encoding = encodingOf(source, options.encoding), text = headText(source, encoding);
  const known = format === "auto" || format === "movielens" ? movielensByName(name) : undefined;
  const recbole = format === "recbole" || format === "auto" && /\.(item|user)$/i.test(name) && !known;
  const delimiter = options.delimiter ?? known?.delimiter ??
    (recbole || format === "tsv" ? "\t" : guessDelimiter(text) ?? ",");
  // As with interactions: MovieLens's own files do not use quotes, except its CSV files.
  const quotes = delimiter === "," || isByte(delimiter) && !known && format !== "movielens";
  const dialect = { delimiter, quotes, lineEnd: lineEndOf(text), encoding };
  const wish = parseSideColumns(options.columns);
  const named = wish !== undefined && "names" in wish ? wish.names : undefined;
  const movielens = (width: number) =>
    known ?? (delimiter === "::" || format === "movielens" ? movielensByShape(delimiter, width) : undefined);
  const found = firstRows(
    source,
    dialect,
    (rows, width) => header ?? (!movielens(width) && (!named || looksLikeHeader(rows))),
    warnings,
  );
  const { width, headerLines } = found;
  const maybeLatin1 = options.encoding === undefined &&
    (format === "movielens" || known !== undefined || delimiter === "::");
  const shape = { dialect, width, headerLines, maybeLatin1 };
  if (!found.header) {
    const layout = movielens(width), names = named ?? layout?.names;
    if (!names) {
      throw new InputError(
        `Cannot read ${path}: no header; name its ${width} columns by position, as in id,title,genres`,
      );
    }
    return {
      ...shape,
      names: positional(path, width, names, warnings),
      header: layout?.names ?? unnamed(width),
      types: [],
    };
  }
  const plain = found.header.map((name) => isRecboleName(name) ? name.replace(/:[a-z_]+$/, "") : name);
  return {
    ...shape,
    names: sideNames(path, plain, wish, options, warnings),
    header: plain,
    types: found.header.map(recboleType),
  };
}

/** The 19 flags at the end of a row of `u.item`, in the order of `u.genre`. */
const GENRES = [
  "unknown",
  "Action",
  "Adventure",
  "Animation",
  "Children's",
  "Comedy",
  "Crime",
  "Documentary",
  "Drama",
  "Fantasy",
  "Film-Noir",
  "Horror",
  "Musical",
  "Mystery",
  "Romance",
  "Sci-Fi",
  "Thriller",
  "War",
  "Western",
];

/** A file's delimiter and columns. */
interface Layout {
  delimiter: string;
  names: string[];
}

const LAYOUTS: Record<string, Layout> = {
  "movies.dat": { delimiter: "::", names: ["id", "title", "genres"] },
  "users.dat": { delimiter: "::", names: ["id", "gender", "age", "occupation", "zip"] },
  "u.item": {
    delimiter: "|",
    names: ["id", "title", "release_date", "video_release_date", "imdb_url", ...GENRES],
  },
  "u.user": { delimiter: "|", names: ["id", "age", "gender", "occupation", "zip"] },
};

/** Returns the layout of a MovieLens file by its name; undefined for other files. */
function movielensByName(name: string): Layout | undefined {
  return Object.entries(LAYOUTS).find(([known]) => name.toLowerCase().endsWith(known))?.[1];
}

/** Returns the layout of a MovieLens file by its delimiter and number of columns. */
function movielensByShape(delimiter: string, width: number): Layout | undefined {
  return Object.values(LAYOUTS).find((layout) =>
    layout.delimiter === delimiter && layout.names.length === width
  );
}

/** Combines the genre flags, if there are any, into one column `genres` (`Action|Comedy`). */
function joinGenreFlags(frame: DataFrame): DataFrame {
  if (!GENRES.every((genre) => frame.columns.includes(genre))) return frame;
  const names = GENRES.map((genre) =>
    pl.when(pl.col(genre).eq(pl.lit("1"))).then(pl.lit(genre)).otherwise(pl.lit(null))
  );
  const others = frame.columns.filter((column) => !GENRES.includes(column));
  return frame.select(...others, pl.concatString(names, "|", true).alias("genres"));
}
