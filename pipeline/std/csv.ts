/**
 * `@std/csv`'s functions and types, built on `csv-parse` and `csv-stringify`, for machines that cannot reach JSR. On well-formed
 * CSV (RFC 4180) it behaves like the original. Error messages omit the column; with `lazyQuotes`, a quoted field that continues
 * after its closing quote keeps its quotes.
 *
 * @module
 */
import { type CsvError, type Options, parse as parseCallback, type Parser } from "csv-parse";
import { parse as parseSync } from "csv-parse/sync";
import { stringify as stringifySync } from "csv-stringify/sync";

const BYTE_ORDER_MARK = "\ufeff";

/** Options of {@link parse}. */
export interface ParseOptions {
  /** The string that separates values. Default: `,`. */
  separator?: string;
  /** Character that marks comments: lines that begin with it are left out. Default: no comments. */
  comment?: string;
  /** Whether to remove white space before each value. Default: false. */
  trimLeadingSpace?: boolean;
  /** Whether quotes inside unquoted fields are text. Default: false. */
  lazyQuotes?: boolean;
  /** Number of values that each row must have. 0: as many as in the first row; negative or undefined: any number. */
  fieldsPerRecord?: number;
  /** Whether to leave out the first row; without `columns`, it provides the names. Default: false. */
  skipFirstRow?: boolean;
  /** Names of the values, with which rows become objects. */
  columns?: readonly string[];
}

/** Options of {@link CsvParseStream}. */
export type CsvParseStreamOptions = ParseOptions;

/** A row as an object. */
export type RecordWithColumn<C extends string> = string extends C ? Record<string, string | undefined>
  : Record<C, string>;

/** The rows that {@link parse} returns with options of type `T`. */
export type ParseResult<Base, T> = T extends Base & { columns: readonly (infer C extends string)[] }
  ? RecordWithColumn<C>[]
  : T extends Base & { skipFirstRow: true } ? Record<string, string | undefined>[]
  : T extends Base & { columns?: undefined; skipFirstRow?: false | undefined } ? string[][]
  : Record<string, string | undefined>[] | string[][];

/** A row that {@link CsvParseStream} yields with options of type `T`. */
export type RowType<T> = T extends undefined ? string[] : ParseResult<CsvParseStreamOptions, T>[number];

function parserOptions(options: ParseOptions): Options {
  const { separator = ",", comment, trimLeadingSpace = false, lazyQuotes = false } = options;
  const invalid = ["\r", "\n", '"'];
  if (invalid.includes(separator) || invalid.includes(comment ?? "") || separator === comment) {
    throw new Error("Cannot parse input: invalid delimiter");
  }
  return {
    bom: true,
    delimiter: separator,
    comment: comment ?? null,
    comment_no_infix: true,
    ltrim: trimLeadingSpace,
    relax_quotes: lazyQuotes,
    relax_column_count: true,
    record_delimiter: ["\r\n", "\n"],
    skip_empty_lines: true,
    info: true,
  };
}

interface RawRow {
  record: string[];
  info: { lines: number };
}

/** Shapes raw rows: checks their length, and turns them into objects if requested. */
class RowShaper {
  #names: readonly string[] | undefined;
  #width: number | undefined;
  #first = true;

  constructor(readonly options: ParseOptions) {
    this.#names = options.columns;
    if (options.fieldsPerRecord !== undefined && options.fieldsPerRecord > 0) {
      this.#width = options.fieldsPerRecord;
    }
  }

  /** Returns the row, or undefined for the first one if it is skipped. */
  shape({ record, info }: RawRow): string[] | Record<string, string> | undefined {
    const row = record.map((field) => field.replaceAll("\r\n", "\n"));
    if (this.options.fieldsPerRecord === 0) this.#width ??= row.length;
    if (this.#width !== undefined && row.length !== this.#width) {
      throw new SyntaxError(
        `record on line ${info.lines}: expected ${this.#width} fields but got ${row.length}`,
      );
    }
    if (this.#first && this.options.skipFirstRow) {
      this.#first = false;
      this.#names ??= row;
      return undefined;
    }
    this.#first = false;
    const names = this.#names;
    if (names === undefined) return row;
    if (row.length !== names.length) {
      throw new SyntaxError(
        `Syntax error on line ${info.lines}: The record has ${row.length} fields, but the header has ${names.length} fields`,
      );
    }
    return Object.fromEntries(names.map((name, i) => [name, row[i]]));
  }
}

/** Converts csv-parse's error to the one that `@std/csv` would throw. */
function syntaxError(error: unknown): unknown {
  const { code, lines } = error as CsvError & { lines?: number };
  if (code === undefined) return error;
  const fault = code === "INVALID_OPENING_QUOTE"
    ? 'bare " in non-quoted field'
    : 'extraneous or missing " in quoted-field';
  return new SyntaxError(`parse error on line ${lines}: ${fault}`);
}

/**
 * Parses CSV into rows: arrays of strings, or objects with `skipFirstRow` or `columns`. Empty lines are left out.
 *
 * @throws {SyntaxError} for stray quotes and rows of the wrong length.
 *
 * @example
 * ```ts
 * import { parse } from "./csv.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(parse("a,b\n1,2\n"), [["a", "b"], ["1", "2"]]);
 * assert.deepEqual(parse("a,b\n1,2\n", { skipFirstRow: true }), [{ a: "1", b: "2" }]);
 * ```
 */
export function parse(input: string): string[][];
export function parse<const T extends ParseOptions>(input: string, options: T): ParseResult<ParseOptions, T>;
export function parse<const T extends ParseOptions>(
  input: string,
  options?: T,
): ParseResult<ParseOptions, T> {
  const shaper = new RowShaper(options ?? {});
  let rows: RawRow[];
  try {
    rows = parseSync(input, parserOptions(options ?? {})) as unknown as RawRow[];
  } catch (error) {
    throw syntaxError(error);
  }
  if (rows.length === 0 && options?.skipFirstRow && !options.columns) {
    throw new TypeError("Headers must be defined");
  }
  return rows.map((row) => shaper.shape(row)).filter((row) => row !== undefined) as ParseResult<
    ParseOptions,
    T
  >;
}

/**
 * Parses a stream of CSV text row by row.
 *
 * @example
 * ```ts
 * import { CsvParseStream } from "./csv.ts";
 * import assert from "node:assert/strict";
 *
 * const rows = ReadableStream.from(["a,b\n1,", "2\n"]).pipeThrough(new CsvParseStream({ skipFirstRow: true }));
 * assert.deepEqual(await Array.fromAsync(rows), [{ a: "1", b: "2" }]);
 * ```
 */
export class CsvParseStream<const T extends CsvParseStreamOptions | undefined = undefined>
  implements TransformStream<string, RowType<T>> {
  readonly readable: ReadableStream<RowType<T>>;
  readonly writable: WritableStream<string>;

  constructor(options?: T) {
    const shaper = new RowShaper(options ?? {});
    const parser: Parser = parseCallback(parserOptions(options ?? {}));
    const stream = new TransformStream<string, RowType<T>>({
      start(controller) {
        parser.on("data", (row: RawRow) => {
          try {
            const shaped = shaper.shape(row);
            if (shaped !== undefined) controller.enqueue(shaped as RowType<T>);
          } catch (error) {
            controller.error(error);
            parser.destroy();
          }
        });
        parser.on("error", (error) => controller.error(syntaxError(error)));
      },
      transform: (text) => new Promise((resolve) => parser.write(text, () => resolve())),
      flush: () => new Promise((resolve) => parser.once("close", () => resolve()).end()),
    });
    this.readable = stream.readable;
    this.writable = stream.writable;
  }
}

type PropertyAccessor = number | string;

/** A column of the output: the path to its value in an item, and its name. */
export type ColumnDetails = {
  /** Default: the last accessor. */
  header?: string;
  prop: PropertyAccessor | readonly PropertyAccessor[];
};
/** A column of the output, in full or as an accessor only. */
export type Column = ColumnDetails | PropertyAccessor | readonly PropertyAccessor[];
/** An item to be written as a row. */
export type DataItem = Readonly<Record<string, unknown> | unknown[]>;

/** Options of {@link stringify}. */
export type StringifyOptions = {
  /** Whether to write a row of names first. Default: true. */
  readonly headers?: boolean;
  /** Default: `,`. */
  readonly separator?: string;
  /** The columns to write. Default: the keys of the first item, if it is an object. */
  readonly columns?: readonly Column[];
  /** Whether to write a byte-order mark first. Default: false. */
  readonly bom?: boolean;
};

function normalize(column: Column): { header: string; path: readonly PropertyAccessor[] } {
  if (typeof column !== "object") return { header: String(column), path: [column] };
  const { prop, header } = Array.isArray(column)
    ? { prop: column, header: undefined }
    : column as ColumnDetails;
  const path = Array.isArray(prop) ? prop as readonly PropertyAccessor[] : [prop as PropertyAccessor];
  return { header: header ?? String(path.at(-1)), path };
}

function valueAt(item: unknown, path: readonly PropertyAccessor[]): unknown {
  return path.reduce<unknown>((value, key) => {
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value) && typeof key !== "number") {
      throw new TypeError('Property accessor is not of type "number"');
    }
    return (value as Record<PropertyAccessor, unknown>)[key];
  }, item);
}

function cellText(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/**
 * Writes items as CSV, with CR LF at line ends. Missing values are empty; objects become JSON.
 *
 * @throws {TypeError} for a separator that CSV cannot have, and for items without such columns.
 *
 * @example
 * ```ts
 * import { stringify } from "./csv.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(stringify([{ a: 1, b: "x,y" }]), 'a,b\r\n1,"x,y"\r\n');
 * ```
 */
export function stringify(data: readonly DataItem[], options: StringifyOptions = {}): string {
  const { headers = true, separator = ",", bom = false } = options;
  if (separator.includes('"') || separator.includes("\r\n")) {
    throw new TypeError('Cannot stringify data: the separator may hold neither " nor CR LF');
  }
  const first = data.at(0);
  const inferred = first && !Array.isArray(first) ? Object.keys(first) : [];
  const columns = (options.columns ?? inferred).map(normalize);
  const rows = data.map((item) => {
    if (columns.length > 0) return columns.map(({ path }) => cellText(valueAt(item, path)));
    if (!Array.isArray(item)) throw new TypeError("No property accessor function was provided for object");
    return item.map(cellText);
  });
  if (headers && columns.length > 0) rows.unshift(columns.map(({ header }) => header));
  const text = stringifySync(rows, {
    delimiter: separator,
    record_delimiter: "\r\n",
    quoted_match: /[\r\n]/,
  });
  return (bom ? BYTE_ORDER_MARK : "") + text;
}

/** Options of {@link CsvStringifyStream}. */
export interface CsvStringifyStreamOptions {
  readonly separator?: string;
  /** Required for objects. */
  readonly columns?: string[];
}

/** Converts each item of a stream to a line of CSV; with `columns`, a row of names comes first. */
export class CsvStringifyStream<T extends CsvStringifyStreamOptions> extends TransformStream<
  T["columns"] extends string[] ? Record<string, unknown> : unknown[],
  string
> {
  constructor(options?: T) {
    const { separator = ",", columns = [] } = options ?? {};
    super({
      start(controller) {
        if (columns.length > 0) {
          controller.enqueue(stringify([columns], { separator, headers: false, columns: [] }));
        }
      },
      transform(item, controller) {
        controller.enqueue(stringify([item], { separator, headers: false, columns }));
      },
    });
  }
}
