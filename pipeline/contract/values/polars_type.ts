/**
 * Names of Polars column types, including those that nodejs-polars does not know: it throws when asked for one of them.
 *
 * @module
 */
import type { DataType, Series } from "nodejs-polars";

/** The type of bytes. */
export const BINARY = "Binary";

/** Returns a column's type; undefined if the library does not know it. */
export function namedType(series: Series): DataType | undefined {
  try {
    return series.dtype;
  } catch {
    return undefined;
  }
}

/** Returns the name of a type, as in `UInt32`; also for bytes and 16-bit floats, which the library only reports as unsupported. */
export function typeName(series: Series): string {
  try {
    return series.dtype.variant as string;
  } catch (error) {
    const [, name] = /DataType (\w+) is not supported/.exec((error as Error).message) ?? [];
    if (name !== undefined) return name;
    throw error;
  }
}
