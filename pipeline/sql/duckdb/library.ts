/**
 * DuckDB itself: a native library, loaded when it is used.
 *
 * @module
 */
import { RunError } from "../../contract/errors.ts";
import { firstLine } from "../../contract/files/system.ts";

/** @throws {RunError} where the library is missing, or there is none for this machine. */
export async function loadDuckDb(): Promise<typeof import("@duckdb/node-api")> {
  try {
    return await import("@duckdb/node-api");
  } catch (error) {
    throw new RunError(
      `Cannot load DuckDB (${
        firstLine(error)
      }): fetch it with deno install, or take --engine polars, which needs as much memory as the data`,
      { cause: error },
    );
  }
}
