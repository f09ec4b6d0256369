/**
 * Reads side tables: what is known about the items or the users.
 *
 * @module
 */
import type { ColumnUse } from "../../contract/dataset/columns.ts";
import { nullValuesOption } from "../../contract/values/nothing.ts";
import pl from "nodejs-polars";
import type { DataFrame, Expr } from "nodejs-polars";
import { checkInterrupt, didYouMean, InputError } from "../../contract/errors.ts";
import { StageReport } from "../../contract/stage/report.ts";
import { stageResult } from "../../contract/stage/result.ts";
import { reading } from "../diagnose.ts";
import { hashWhile } from "../files.ts";
import type { PieceOptions } from "../records.ts";
import { quoteAll } from "../roles.ts";
import { columnarKind, encodingOf, headText, openSource, type Source } from "../source.ts";
import {
  ENCODINGS,
  SIDE_FORMATS,
  type SideRows,
  type SideTableOptions,
  type SideTableResult,
} from "../types.ts";
import { readSideColumnar } from "./columnar.ts";
import { readSideDelimited } from "./delimited.ts";
import { readSideJson } from "./json.ts";
import { COMMA, type Decimal, LIKELY_COMMA, WITH_COMMA } from "../../contract/values/decimals.ts";

const ANYTHING = /\S/;
/** Number of rows checked for decimal commas if the user does not say that there are any. */
const SAMPLE_ROWS = 100;

/** Counts for a column that contains commas: values, those that are numbers that may have a decimal comma, and those that do have one. */
interface Found {
  present: number;
  numbers: number;
  commas: number;
}

/**
 * Replaces decimal commas with points, with `decimal: "comma"`, in columns that hold only such numbers; otherwise returns the table
 * unchanged.
 *
 * @param table `id` and text columns.
 * @param warnings Receives the columns that have decimal commas but stay text.
 */
function readDecimals(
  path: string,
  table: DataFrame,
  decimal: Decimal,
  warnings: string[],
): DataFrame {
  const isComma = decimal === "comma",
    found = isComma ? numbersIn(table, COMMA) : numbersIn(table.head(SAMPLE_ROWS), LIKELY_COMMA);
  const all = Object.keys(found).filter((name) =>
    found[name].commas > 0 && found[name].numbers === found[name].present
  );
  if (!isComma) {
    warnings.push(
      ...all.map((name) =>
        `${path}: column ${
          quoteAll([name])
        } has numbers with a decimal comma, which are text here; say decimal: comma`
      ),
    );
    return table;
  }
  const mixed = Object.keys(found).filter((name) =>
    !all.includes(name) && found[name].commas > found[name].present / 2
  );
  for (const name of mixed) {
    const others = table.filter(isText(name, ANYTHING).and(isText(name, WITH_COMMA).not())).getColumn(name);
    warnings.push(
      `${path}: column ${quoteAll([name])} has numbers with a decimal comma, but ${
        quoteAll([others.get(0) as string])
      } is none: it is text`,
    );
  }
  return table.withColumns(...all.map((name) => pl.col(name).str.replace(",", ".", true)));
}

function numbersIn(table: DataFrame, comma: RegExp): Record<string, Found> {
  const counts = (names: readonly string[], fits: (name: string) => Expr) =>
    names.length === 0 ? [] : table.select(...names.map((name) => fits(name).sum())).row(0) as number[];
  const all = table.columns.filter((name) => name !== "id");
  const commas = counts(all, (name) => pl.col(name).str.contains(",", true));
  const names = all.filter((_, i) => commas[i] > 0); // of hundreds of columns checked, usually none
  const [present, numbers, decimals] = [ANYTHING, WITH_COMMA, comma].map((pattern) =>
    counts(names, (name) => isText(name, pattern))
  );
  return Object.fromEntries(
    names.map((name, i) => [name, { present: present[i], numbers: numbers[i], commas: decimals[i] }]),
  );
}

/** Whether a field is present and matches a pattern. */
const isText = (name: string, { source }: RegExp) =>
  pl.col(name).str.contains(source, false).fillNull(pl.lit(false));

/**
 * Reads a table of items or users.
 *
 * @returns `frame`: first `id` (String), then the other columns (String) by name. Fields with several values are text with `|`
 * between the values; if a value in a column of lists contains `|` itself, each value in that column is followed by U+001F instead.
 * Rows are in the order of the file (in the order of the ids if those are numbers that name the entries of a JSON object).
 * @throws {InputError} for a file that cannot be read, an id that is missing or occurs twice, or a row with too many fields.
 * @example
 * ```ts
 * import { readSideTable } from "automlp";
 * import assert from "node:assert/strict";
 *
 * const file = `${await Deno.makeTempDir()}/items.csv`;
 * await Deno.writeTextFile(file, "movieId,name\n1,Alien\n2,Heat\n");
 * const { frame } = await readSideTable({ file, columns: ["id=movieId", "title=name"] });
 * assert.deepEqual(frame.columns, ["id", "title"]);
 * ```
 */
export async function readSideTable(options: SideTableOptions): Promise<SideTableResult> {
  const started = performance.now();
  const { file: path, format = "auto", encoding = "utf-8" } = options;
  if (!SIDE_FORMATS.includes(format)) {
    throw new InputError(
      `Cannot read ${path} as ${format}: unknown format${didYouMean(format, SIDE_FORMATS)}; ` +
        `the formats of side tables are ${SIDE_FORMATS.join(", ")}`,
    );
  }
  if (!ENCODINGS.includes(encoding)) {
    throw new InputError(`Cannot read ${path} as ${encoding}: the encodings are ${ENCODINGS.join(", ")}`);
  }
  checkInterrupt(options.signal, `reading ${path}`);
  const source = await openSource(path);
  const { result, file } = await hashWhile(
    source,
    options,
    (onBytes) => readRows(source, options, { onBytes, signal: options.signal }),
  );
  const { warnings } = result, { decimal = "point", nullValues = [] } = options;
  const frame = readDecimals(path, withNulls(result.frame, nullValues), decimal, warnings);
  if (frame.height === 0) throw new InputError(`Cannot read ${path}: no row of data in it`);
  const use = withoutWrongTypes(path, frame, result.use, warnings);
  await reading(path, () => checkIds(path, result, nullValues));
  const report = new StageReport({
    stage: `read ${options.key ?? "side"} table`,
    rowsIn: frame.height,
    rowsOut: frame.height,
    counts: { columns: frame.width, bytes: source.bytes },
    warnings,
    columns: { [options.key === "user" ? "users" : "items"]: use },
    seconds: (performance.now() - started) / 1000,
  });
  return stageResult({ frame, report, sources: [{ ...file, rows: frame.height }] });
}

function readRows(source: Source, options: SideTableOptions, pieces: PieceOptions): Promise<SideRows> {
  const { format = "auto" } = options;
  if (columnarKind(source) || format === "parquet" || format === "arrow") {
    return readSideColumnar(source, options, pieces);
  }
  if (format === "json" || format === "auto" && looksLikeJson(source)) return readSideJson(source, options);
  return readSideDelimited(source, { ...options, format }, pieces);
}

const looksLikeJson = (source: Source) =>
  /\.(json|jsonl|ndjson)$/i.test(source.name) || /^\s*[{[]/.test(headText(source, encodingOf(source)));

const isWord = (column: string, words: readonly string[]): Expr =>
  words.length === 0 ? pl.lit(false) : pl.col(column).isIn([...words]).fillNull(pl.lit(false));

/** Removes rows whose id is one of the words, and replaces such values in other columns with null. */
function withNulls(frame: DataFrame, words: readonly string[]): DataFrame {
  if (words.length === 0) return frame;
  const others = frame.columns.filter((name) => name !== "id");
  return frame.filter(isWord("id", words).not()).withColumns(
    ...others.map((name) =>
      pl.when(isWord(name, words)).then(pl.lit(null)).otherwise(pl.col(name)).alias(name)
    ),
  );
}

/** Removes the type `float` from columns with values that are no numbers. */
function withoutWrongTypes(path: string, frame: DataFrame, use: ColumnUse, warnings: string[]): ColumnUse {
  const wrong = Object.keys(use.types ?? {}).filter((name) => use.types![name].type === "float").flatMap(
    (name) => {
      const texts = frame.getColumn(name).str.strip(), numbers = texts.cast(pl.Float64, false);
      const others = pl.DataFrame({ texts, numbers }).filter(
        pl.col("texts").neq(pl.lit("")).and(pl.col("numbers").isInfinite().fillNull(pl.lit(true))),
      );
      return others.height === 0 ? [] : [{ name, text: String(others.getColumn("texts").get(0)) }];
    },
  );
  if (wrong.length === 0) return use;
  warnings.push(
    ...wrong.map(({ name, text }) =>
      `${path}: column ${quoteAll([name])} is float by its header, but ${
        quoteAll([text])
      } is no number: its values decide what it is; if no value is meant, give ${nullValuesOption([text])}`
    ),
  );
  const types = Object.entries(use.types!).filter(([name]) => wrong.every((one) => one.name !== name));
  return { ...use, types: Object.fromEntries(types) };
}

async function checkIds(path: string, { frame, place }: SideRows, nullValues: readonly string[]) {
  const numbered = frame.select("id").withRowIndex("_row").filter(isWord("id", nullValues).not());
  const missing = numbered.filter(pl.col("id").isNull().or(pl.col("id").eq(pl.lit(""))));
  if (missing.height > 0) {
    throw new InputError(`Cannot read ${path}: ${await place(Number(missing.row(0)[0]))}: the id is empty`);
  }
  const repeated = numbered.filter(pl.col("id").isDuplicated());
  if (repeated.height === 0) return;
  const id = repeated.getColumn("id").get(0) as string;
  const rows = repeated.filter(pl.col("id").eq(pl.lit(id))).getColumn("_row");
  throw new InputError(
    `Cannot read ${path}: id ${quoteAll([id])} occurs ${rows.length} times (${await place(
      Number(rows.get(0)),
    )} and ${await place(
      Number(rows.get(1)),
    )}); an id has one row`,
  );
}
