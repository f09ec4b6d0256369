/**
 * Translates DuckDB's errors into plain words.
 *
 * @module
 */
import { AutoMLPError, InputError, Interrupted, RunError } from "../../contract/errors.ts";
import { firstLine } from "../../contract/errors/system.ts";
import { formatSize } from "../../contract/options/size.ts";

/** What is known when a query fails. */
export interface Circumstances {
  /** The requested memory limit in bytes. */
  memory: number;
  /** Folder for data that does not fit into memory. */
  folder: string;
  /** What the query was for, as in "filtering". */
  doing: string;
  /** Aborted if the user asked to stop. */
  signal?: AbortSignal;
}

/** Converts an error of DuckDB to one of ours. */
export function duckdbFailure(error: unknown, { memory, folder, doing, signal }: Circumstances): unknown {
  if (error instanceof AutoMLPError || !(error instanceof Error)) return error;
  const { message } = error;
  if (signal?.aborted) {
    return new Interrupted(`Stopped while ${doing}; nothing was written`, { cause: signal.reason });
  }
  if (/No space left|max_temp_directory_size|disk quota/i.test(message)) {
    return new InputError(
      `Cannot continue ${doing}: what does not fit into ${
        formatSize(memory)
      } goes to ${folder}, and that disk is full; free some space, raise --memory, or choose another place with --out`,
      { cause: error },
    );
  }
  if (/Out of Memory|failed to allocate|bad_alloc/i.test(message)) {
    return new InputError(
      `Cannot continue ${doing} within ${formatSize(memory)}: DuckDB asks for more; raise --memory`,
      { cause: error },
    );
  }
  return new RunError(`DuckDB failed while ${doing}: ${firstLine(error).slice(0, 400)}`, { cause: error });
}
