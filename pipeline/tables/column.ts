/**
 * A column of a table given as an array of objects: its type, and its values in that type. Polars would infer the types from the
 * first rows, and other values in later rows would be lost.
 *
 * @module
 */
import pl, { type Series } from "nodejs-polars";
import { found } from "../contract/options/arguments.ts";

/** Kinds of values that a column contains, as bits. */
const TEXT = 1, BOOLEAN = 2, DATE = 4, LIST = 8;
/** Numbers: exact whole ones, and all others. */
const WHOLE = 16, FRACTION = 32;
/** Values of type bigint, and those among them too large for a number, for 63 bits and for 64 bits. */
const BIGINT = 64, LONG = 128, UNSIGNED = 256, HUGE = 512;
/** Whole numbers of either type below 0. */
const NEGATIVE = 1024;
/** Among dates: invalid ones, and those more precise than a millisecond. */
const INVALID = 2048, FINE = 4096;

type Type = "text" | "lists" | "booleans" | "dates" | "numbers" | "whole" | "signed" | "unsigned";

/** A value that tables cannot hold. */
interface Unreadable {
  /** Row number, from 0. */
  row: number;
  /** Description of the value. */
  found: string;
}

/** A column that must see all of its values before it makes series of them. */
export class TableColumn {
  #kinds = 0;
  /** The first value that tables cannot hold. */
  unreadable?: Unreadable;

  constructor(readonly name: string) {}

  /** Registers a row's value. */
  see(value: unknown, row: number): void {
    const kinds = kindsOf(value);
    if (kinds === undefined) this.unreadable ??= { row, found: unreadableIn(value) };
    else this.#kinds |= kinds;
  }

  /**
   * Converts values to the type of the whole column; unsupported values become null.
   *
   * @param times Whether they are the times of interactions: then an invalid one becomes its text rather than null, and if any is
   * more precise than a millisecond, all become text, which keeps the precision.
   */
  series(name: string, values: readonly unknown[], times = false): Series {
    const type = this.#type, told = times && (this.#kinds & (INVALID | FINE)) !== 0;
    return MAKERS[told && type === "dates" ? "text" : type](name, values, told ? "Invalid Date" : null);
  }

  get #type(): Type {
    const kinds = this.#kinds, has = (some: number) => (kinds & some) !== 0;
    if (has(LIST)) return "lists";
    if (has(TEXT)) return "text";
    if (has(BIGINT)) {
      if (has(FRACTION | BOOLEAN | DATE)) return has(LONG) ? "text" : "numbers";
      if (has(UNSIGNED)) return has(HUGE | NEGATIVE) ? "text" : "unsigned";
      return has(HUGE) ? "text" : "signed";
    }
    const only: Record<number, Type> = {
      0: "text",
      [BOOLEAN]: "booleans",
      [DATE]: "dates",
      [WHOLE]: "whole",
    };
    return only[kinds & ~(NEGATIVE | INVALID | FINE)] ?? "numbers";
  }
}

/** Returns the kinds of a value; undefined if tables cannot hold it. */
function kindsOf(value: unknown): number | undefined {
  switch (typeof value) {
    case "string":
      return TEXT;
    case "number":
      return Number.isSafeInteger(value) ? value < 0 ? WHOLE | NEGATIVE : WHOLE : FRACTION;
    case "boolean":
      return BOOLEAN;
    case "bigint":
      return kindsOfBigint(value);
    case "undefined":
      return 0;
    case "object":
      if (value === null) return 0;
      if (Array.isArray(value)) return flat(value).every(isPart) ? LIST : undefined;
      if (!isTime(value)) return undefined;
      if (isFine(value)) return DATE | FINE;
      return Number.isNaN(millisecondsOf(value)) ? DATE | INVALID : DATE;
  }
}

function kindsOfBigint(value: bigint): number {
  const fits = (bits: number) => BigInt.asIntN(bits, value) === value;
  const size = fits(54)
    ? 0
    : fits(64)
    ? LONG
    : BigInt.asUintN(64, value) === value
    ? LONG | UNSIGNED
    : LONG | HUGE;
  return BIGINT | size | (value < 0n ? NEGATIVE : 0);
}

/** Flattens lists within a list, as for JSON files. */
const flat = (list: readonly unknown[]): unknown[] => list.flat(Infinity);

const isPart = (value: unknown): boolean => kindsOf(value) !== undefined;

function unreadableIn(value: unknown): string {
  if (!Array.isArray(value)) return found(value);
  const parts = flat(value), at = parts.findIndex((part) => !isPart(part));
  return `a list whose value ${at + 1} is ${found(parts[at])}`;
}

/** A point in time. */
type Time = Date | Temporal.Instant;

const isTime = (value: unknown): value is Time => value instanceof Date || value instanceof Temporal.Instant;

const isFine = (time: Time): time is Temporal.Instant =>
  time instanceof Temporal.Instant && time.epochNanoseconds % 1_000_000n !== 0n;

/** Returns milliseconds since 1970; NaN if invalid. */
const millisecondsOf = (time: Time): number => time instanceof Date ? time.getTime() : time.epochMilliseconds;

/** Text for an invalid time. */
type Invalid = "Invalid Date" | null;

/** Converts a value to text as JavaScript does, times to ISO 8601. */
function textOf(value: unknown, invalid: Invalid): string | null {
  switch (typeof value) {
    case "string":
      return value;
    case "number":
    case "boolean":
    case "bigint":
      return String(value);
  }
  if (!isTime(value)) return null;
  if (isFine(value)) return String(value);
  const milliseconds = millisecondsOf(value);
  return Number.isNaN(milliseconds) ? invalid : new Date(milliseconds).toISOString();
}

/** Converts a value to a number: times in milliseconds, true as 1, invalid times as NaN; null if there is none. */
function numberOf(value: unknown): number | null {
  switch (typeof value) {
    case "number":
      return value;
    case "boolean":
    case "bigint":
      return Number(value);
  }
  return isTime(value) ? millisecondsOf(value) : null;
}

const textSeries = (name: string, values: readonly unknown[], invalid: Invalid): Series =>
  pl.Series(name, values.map((value) => textOf(value, invalid)), pl.String);

/** Makes a series of exact whole numbers by way of floats, because Polars takes an array of these as it is. NaN becomes null. */
function wholeSeries(name: string, values: readonly unknown[]): Series {
  const numbers = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) numbers[i] = numberOf(values[i]) ?? NaN;
  return pl.Series(name, numbers).cast(pl.Int64);
}

function listSeries(name: string, values: readonly unknown[], invalid: Invalid): Series {
  const listOf = (value: unknown) => {
    const parts = flat([value]).map((part) => textOf(part, invalid)).filter((part) => part !== null);
    return parts.length > 0 || Array.isArray(value) ? parts : null;
  };
  // Polars takes the type from the first value that is not empty.
  return pl.Series(name, [[""], ...values.map(listOf)], pl.List(pl.String)).slice(1, values.length);
}

const MAKERS: Record<Type, (name: string, values: readonly unknown[], invalid: Invalid) => Series> = {
  text: textSeries,
  lists: listSeries,
  booleans: (name, values) =>
    pl.Series(name, values.map((value) => typeof value === "boolean" ? value : null), pl.Bool),
  dates: (name, values) => wholeSeries(name, values).cast(pl.Datetime("ms")),
  numbers: (name, values) => pl.Series(name, values.map(numberOf), pl.Float64),
  whole: wholeSeries,
  signed: (name, values) => textSeries(name, values, null).cast(pl.Int64),
  unsigned: (name, values) => textSeries(name, values, null).cast(pl.UInt64),
};
