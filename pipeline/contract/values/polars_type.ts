/**
 * What Polars calls the types of columns, those too that its library has no name for: asked for one of these, it throws.
 *
 * @module
 */
import type { DataType, Series } from "nodejs-polars";

/** The type of bytes. */
export const BINARY = "Binary";

/** A column's type; undefined if the library has no name for it. */
export function namedType(series: Series): DataType | undefined {
  try {
    return series.dtype;
  } catch {
    return undefined;
  }
}

/** What a type is called, as in `UInt32`: bytes and floats of 16 bits as well, of which the library says only that it does not support them. */
export function typeName(series: Series): string {
  try {
    return series.dtype.variant as string;
  } catch (error) {
    const [, name] = /DataType (\w+) is not supported/.exec((error as Error).message) ?? [];
    if (name !== undefined) return name;
    throw error;
  }
}
