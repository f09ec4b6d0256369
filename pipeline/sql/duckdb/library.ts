/**
 * Loads DuckDB, a native library, when it is needed.
 *
 * @module
 */
import { RunError } from "../../contract/errors.ts";
import { firstLine } from "../../contract/errors/system.ts";

/**
 * Loads DuckDB.
 *
 * @throws {RunError} if the library is missing or does not exist for this machine.
 */
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
