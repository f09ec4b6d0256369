/**
 * Reads interactions from delimited text: CSV, TSV and similar, MovieLens, RecBole, Amazon's ratings.
 *
 * @module
 */
import pl, { type DataFrame, type DataType, type Expr, type LazyDataFrame } from "nodejs-polars";
import { AutoMLPError } from "../contract/errors.ts";
import type { ColumnRole } from "../contract/stage/location.ts";
import { isName, ROLES } from "../contract/stage/location.ts";
import type { RowFlaw } from "../contract/stage/row_flaws.ts";
import type { StageContext } from "../contract/stage.ts";
import { diagnose, inflating, isEncodingError } from "./diagnose.ts";
import type { FileFacts } from "./files.ts";
import { MISQUOTED } from "./delimited/mended_quotes.ts";
import { type PieceSink, textPieces } from "./pieces.ts";
import { isMisquoted } from "./delimited/quotes.ts";
import { checkFirstLines, recordLocator } from "./delimited/records.ts";
import { type Columns, columnUse } from "./roles.ts";
import type { Layout } from "./delimited/sample.ts";
import { collect, isBlankRow, ofUsers, OVERFLOW, scanFields } from "./scan.ts";
import type { Source } from "./source.ts";
import type { FileTable } from "./types.ts";

/** Types of columns read as numbers right away if all values are numbers, which takes half the memory of text. */
const TYPED: Partial<Record<ColumnRole, DataType>> = { rating: pl.Float64, timestamp: pl.Int64 };

const rolesOf = (columns: Columns) => ROLES.filter((role) => columns[role]);

/**
 * Reads a delimited file.
 *
 * @param maybeLatin1 For formats whose files are often Latin-1: a file that is not UTF-8 is read as Latin-1.
 * @param users The users whose rows are wanted, with ids as text. Default: all users.
 * @throws {InputError} for a file that is not text of this kind; the message says where.
 */
export async function readDelimited(
  source: Source,
  layout: Layout,
  warnings: string[],
  maybeLatin1 = false,
  users?: readonly string[],
): Promise<FileTable> {
  const { dialect, columns } = layout;
  try {
    await checkFirstLines(source, dialect);
    const readable = { ...source, misquoted: await isMisquoted(source, dialect) };
    const { kept, blank } = await inflating(readable, async (readable) => {
      const frame = await readRoles(readable, layout, { users });
      // A row with a user is not blank.
      return users ? { kept: frame, blank: 0 } : await withoutBlankRows(readable, layout, frame);
    });
    return {
      frame: withFlaws(kept),
      use: columnUse(layout.names, columns),
      blank,
      warnings,
      locate: recordLocator(source, layout),
    };
  } catch (error) {
    if (!maybeLatin1 || dialect.encoding === "latin1" || !isEncodingError(error)) {
      throw await diagnose(source, error);
    }
    warnings.push(`${source.path}: not UTF-8; read as Latin-1`);
    const latin1: Layout = { ...layout, dialect: { ...dialect, encoding: "latin1" } };
    return await readDelimited(source, latin1, warnings, false, users);
  }
}

/**
 * Reads a delimited file in pieces: rows go into `sink`, ids as text. A numeric column that has something else in a piece is text
 * in that piece.
 *
 * @throws {InputError} as {@link readDelimited} does.
 */
export async function readDelimitedPieces(
  source: Source,
  layout: Layout,
  warnings: string[],
  sink: PieceSink,
  context: StageContext,
  maybeLatin1 = false,
): Promise<FileFacts> {
  const { dialect, columns } = layout;
  const marks = { ...dialect, delimiter: dialect.quotes ? dialect.delimiter : undefined };
  let rows = 0, blanks = 0, headerLines = layout.headerLines;
  try {
    await checkFirstLines(source, dialect);
    for await (const piece of textPieces(source, marks, { ...sink, ...context })) {
      const own: Layout = { ...layout, dialect: { ...dialect, encoding: "utf-8" }, headerLines };
      const frame = await readRoles(piece, own, { ids: pl.String });
      const { kept, blank } = await withoutBlankRows(piece, own, frame);
      if (kept.height > 0) await sink.add(withFlaws(kept));
      rows += kept.height;
      blanks += blank;
      headerLines = 0;
    }
  } catch (error) {
    if (!maybeLatin1 || dialect.encoding === "latin1" || !isEncodingError(error)) {
      // If a piece alone makes no sense to Polars, the quotes of the whole file tell why.
      const isOurs = error instanceof AutoMLPError;
      throw await diagnose(
        source,
        isOurs ? error : await isMisquoted(source, dialect).then(() => error, (found) => found),
      );
    }
    warnings.push(`${source.path}: not UTF-8; read as Latin-1`);
    sink.again();
    const latin1: Layout = { ...layout, dialect: { ...dialect, encoding: "latin1" } };
    return await readDelimitedPieces(source, latin1, warnings, sink, context);
  }
  return {
    use: columnUse(layout.names, columns),
    rows,
    blank: blanks,
    warnings,
    locate: recordLocator(source, layout),
  };
}

/** Reads the columns that have a role, and the overflow, optionally of some users' rows only. */
async function readRoles(
  source: Source,
  layout: Layout,
  { users, ids = users ? pl.String : pl.Categorical }: { users?: readonly string[]; ids?: DataType } = {},
): Promise<DataFrame> {
  const { columns } = layout;
  const roles = rolesOf(columns);
  const asText = { timestamp: layout.textTimes, rating: layout.textRatings };
  const isText = (role: "rating" | "timestamp") => asText[role] === true;
  const read = async (typed: boolean, overflow: DataType) => {
    const types = Object.fromEntries(roles.map((role) => [
      columns[role]!.index,
      isName(role) ? ids : typed && !isText(role) ? TYPED[role]! : pl.String,
    ]));
    const fields = await scanFields(source, layout, types, overflow);
    const selected = fields.select(
      ...roles.map((role) => pl.col(String(columns[role]!.index)).alias(role)),
      pl.col(OVERFLOW),
    );
    return await collect(users ? selected.filter(ofUsers(users)) : selected);
  };
  const failure = (error: unknown) => {
    const { message } = error as Error;
    // A field that is not a number is for the schema stage to judge, which needs the text.
    if (!/could not parse|conversion from .* failed/.test(message)) throw error;
    return message;
  };
  try {
    // Rows that overflow are rare: their text, which costs memory, is read only if there is one.
    return await read(true, pl.Bool);
  } catch (error) {
    if (/as dtype `bool`/.test(failure(error))) {
      try {
        return await read(true, pl.String);
      } catch (again) {
        failure(again);
      }
    }
    return await read(false, pl.String);
  }
}

/** Leaves out rows that hold only white space. */
async function withoutBlankRows(source: Source, layout: Layout, frame: DataFrame) {
  const suspects = frame.getColumn("user").nullCount() + frame.getColumn("item").nullCount();
  if (suspects === 0) return { kept: frame, blank: 0 };
  // Whether a row is blank depends on all columns, not only on those that were kept.
  const fields: LazyDataFrame = await scanFields(source, layout);
  const columns = [...Array.from({ length: layout.width }, (_, i) => String(i)), OVERFLOW];
  const blank = await collect(fields.select(isBlankRow(columns).alias("blank")));
  const kept = pl.concat([frame, blank], { how: "horizontal" })
    .filter(pl.col("blank").not()).drop("blank");
  return { kept, blank: frame.height - kept.height };
}

/** Adds `misquoted` (text after a closing quote) and `ragged` (any other overflow), each only if some row has the flaw. */
function withFlaws(frame: DataFrame): DataFrame {
  if (frame.getColumn(OVERFLOW).nullCount() === frame.height) return frame.drop(OVERFLOW);
  const isMisquoted = pl.col(OVERFLOW).cast(pl.String).eq(pl.lit(MISQUOTED)).fillNull(pl.lit(false));
  const flaws: readonly [RowFlaw, Expr][] = [
    ["misquoted", isMisquoted],
    ["ragged", pl.col(OVERFLOW).isNotNull().and(isMisquoted.not())],
  ];
  const marked = frame.withColumns(...flaws.map(([flaw, isFlawed]) => isFlawed.alias(flaw)));
  const absent = flaws.map(([flaw]) => flaw).filter((flaw) => marked.filter(pl.col(flaw)).height === 0);
  return marked.drop(OVERFLOW, ...absent);
}
