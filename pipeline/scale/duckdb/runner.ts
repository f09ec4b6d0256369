/**
 * Runs SQL with DuckDB in this process, within a memory limit. Tables are Parquet files: those that are kept, fetched or sent.
 *
 * @module
 */
import type { DuckDBConnection } from "@duckdb/node-api";
import { join } from "node:path";
import pl from "nodejs-polars";
import { AutoMLPError, checkInterrupt, InputError, Interrupted, RunError } from "../../contract/errors.ts";
import { firstLine, writingFailed } from "../../contract/errors/system.ts";
import type { DataFrame, Rows } from "../../contract/frame.ts";
import { formatSize } from "../../contract/options/shapes.ts";
import { whenStopped } from "../../contract/when_stopped.ts";
import { DUCKDB } from "../dialect.ts";
import { numbers, type Runner, type Watcher } from "../engine.ts";

/** Options of a session. */
interface DuckDbOptions {
  /** Memory limit of this process in bytes. */
  memory: number;
  /** An empty folder for data that does not fit into memory; it is not cleared. */
  folder: string;
  signal?: AbortSignal;
}

/** Memory of this process that is not DuckDB's, in bytes: the runtime, pieces of files being read, Polars. */
const OWN_BYTES = 224 * 2 ** 20;
/** Share given to DuckDB, which exceeds its limit for a while, as when it sorts data that it has written to disk. */
const SHARE = 0.75;
/** The least memory with which a DuckDB thread can work. */
const THREAD_BYTES = 96 * 2 ** 20;

/** A DuckDB session in this process. */
export class DuckDbRunner implements Runner {
  readonly dialect = DUCKDB;
  readonly unit = "queries";
  #watcher: Watcher = { doing: "starting DuckDB", finished() {} };
  #files = 0;

  private constructor(readonly connection: DuckDBConnection, readonly options: DuckDbOptions) {}

  /**
   * Does some work within a session. Aborting `signal` ends the running query.
   *
   * @throws {InputError} if memory or disk space is insufficient; {@link RunError} if DuckDB fails; {@link Interrupted} if `signal`
   * is aborted.
   */
  static async with<R>(options: DuckDbOptions, work: (runner: DuckDbRunner) => Promise<R>): Promise<R> {
    const { DuckDBInstance } = await loadDuckDb(), { folder, signal } = options;
    const instance = await DuckDBInstance.create(":memory:", settings(options));
    const connection = await instance.connect(), runner = new DuckDbRunner(connection, options);
    const over = whenStopped(signal, () => connection.interrupt());
    try {
      await connection.run("SET TimeZone = 'UTC'");
      // From here on, DuckDB can access this folder and no other file.
      await connection.run(`SET allowed_directories = [${DUCKDB.text(join(folder, "/"))}]`);
      await connection.run("SET enable_external_access = false");
      return await work(runner);
    } finally {
      over();
      connection.closeSync();
      instance.closeSync();
    }
  }

  watch(watcher: Watcher): void {
    this.#watcher = watcher;
  }

  async keep(name: string, select: string): Promise<void> {
    await this.view(name, filesTable([await this.#copy(select)]));
  }

  view(name: string, select: string): Promise<void> {
    return this.#run(`CREATE VIEW ${DUCKDB.name(name)} AS ${select}`);
  }

  /** Not kept: reading is no faster than computing, and disk space is limited. */
  reused(name: string, select: string): Promise<void> {
    return this.view(name, select);
  }

  async rows(select: string): Promise<DataFrame> {
    const path = await this.#copy(select);
    try {
      return pl.readParquet(path);
    } finally {
      Deno.removeSync(path);
    }
  }

  /** Yields a single frame, since it is read from a file. */
  async *ranges(select: string, column: string): AsyncGenerator<DataFrame> {
    yield (await this.rows(select)).sort(column);
  }

  /**
   * Sorts a query's rows.
   *
   * @param order Columns: first by the first one, then by the next.
   */
  async sorted(select: string, order: string): Promise<SortedRows> {
    const path = await this.#copy(`SELECT * FROM (${select}) rows ORDER BY ${order}`);
    return { ...await this.#rowsOf(path), numbered: numberedRows(path) };
  }

  /**
   * Computes a query on {@link SortedRows.numbered} that returns one row for each of its rows, and keeps the rows in their order.
   *
   * @param name As in {@link keep}.
   */
  async keepInOrder(name: string, select: string): Promise<Rows> {
    await this.connection.run("SET preserve_insertion_order = true");
    let path: string;
    try {
      path = await this.#copy(select);
    } finally {
      await this.connection.run("SET preserve_insertion_order = false");
    }
    await this.view(name, filesTable([path]));
    return await this.#rowsOf(path);
  }

  async #rowsOf(path: string): Promise<Rows> {
    const rows = pl.scanParquet(path, { glob: false });
    // Polars counts only up to 2³².
    const { n: height } = await numbers(this, `SELECT count(*) AS n FROM (${filesTable([path])}) rows`);
    return { height, columns: rows.columns, lazy: () => rows };
  }

  async table(name: string, frame: DataFrame): Promise<void> {
    const path = this.#path();
    try {
      frame.writeParquet(path, { compression: "lz4" });
    } catch (error) {
      throw writingFailed(path, error);
    }
    await this.view(name, filesTable([path]));
  }

  #path = () => join(this.options.folder, `table-${this.#files++}.parquet`);

  /** Computes a query into a file and returns its path. */
  async #copy(select: string): Promise<string> {
    const path = this.#path();
    await this.#run(`COPY (${select}) TO ${DUCKDB.text(path)} (FORMAT parquet, COMPRESSION lz4)`);
    return path;
  }

  /** Runs a statement; failures are translated into plain words. */
  async #run(sql: string): Promise<void> {
    const { doing, finished } = this.#watcher, { memory, folder, signal } = this.options;
    checkInterrupt(signal, doing);
    try {
      await this.connection.run(sql);
    } catch (error) {
      throw duckdbFailure(error, { memory, folder, doing, signal });
    }
    finished(1);
  }
}

/** Sorted rows of a query. */
interface SortedRows extends Rows {
  /** A query for the rows with `row_index`, the position of each, from 0. */
  numbered: string;
}

/** Returns a query for the rows of a Parquet file, each with its position in it. */
const numberedRows = (path: string): string =>
  `SELECT *, file_row_number AS row_index FROM read_parquet(${DUCKDB.text(path)}, file_row_number = true)`;

/** Returns a query for the rows of Parquet files with the same columns. */
export const filesTable = (paths: readonly string[]): string =>
  `SELECT * FROM read_parquet([${paths.map(DUCKDB.text).join(", ")}])`;

function settings({ memory, folder }: DuckDbOptions): Record<string, string> {
  const bytes = Math.floor((memory - OWN_BYTES) * SHARE);
  const threads = Math.max(1, Math.min(navigator.hardwareConcurrency, Math.floor(bytes / THREAD_BYTES)));
  return {
    memory_limit: `${bytes}B`,
    threads: String(threads),
    temp_directory: join(folder, "spill"),
    // Rows are ordered only if a query says so; preserving order elsewhere would cost memory.
    preserve_insertion_order: "false",
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  };
}

/** What is known when a query fails. */
interface Circumstances {
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
