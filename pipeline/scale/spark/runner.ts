/**
 * Runs SQL on a Spark cluster through Spark Connect.
 *
 * @module
 */
import pl from "nodejs-polars";
import { checkInterrupt } from "../../contract/errors.ts";
import type { DataFrame } from "../../contract/frame.ts";
import { whenStopped } from "../../contract/when_stopped.ts";
import { SPARK } from "../dialect.ts";
import { numbers, type Runner, type Watcher } from "../engine.ts";
import { parseSparkAddress, SparkClient, type StageTasks } from "./client.ts";
import { sparkFailure } from "./failure.ts";

/** Options of a session. */
export interface SparkOptions {
  /** Connect URL, as in `sc://host:15002`. */
  url: string;
  /**
   * A folder, as seen by the cluster, in which the kept tables get a folder of their own, as Parquet. Default: the cluster's
   * warehouse. The folder of the tables is removed when the session ends.
   */
  work?: string;
  /** Number of partitions in each exchange. */
  parts: number;
  /** Number of rows that the server sends, and holds, at once. Default: two million, some 100 MiB. */
  rowsAtOnce?: number;
  signal?: AbortSignal;
}

/** Session settings: how text and times are interpreted, and a fixed number of partitions. */
const settings = (parts: number) => ({
  "spark.sql.session.timeZone": "UTC",
  "spark.sql.caseSensitive": "true",
  // Queries themselves check for values that cannot be parsed.
  "spark.sql.ansi.enabled": "false",
  "spark.sql.shuffle.partitions": String(parts),
  "spark.sql.adaptive.coalescePartitions.enabled": "false",
  // Splits a join's part if it is large and twice as large as the median; Spark's default factor is five.
  "spark.sql.adaptive.skewJoin.skewedPartitionFactor": "2",
  "spark.sql.parquet.compression.codec": "zstd",
});

const DDL: Record<string, string> = { Int32: "INT", Int64: "BIGINT", Float64: "DOUBLE", String: "STRING" };

/** A database of ours, and its folder on the cluster. */
export interface SparkDatabase {
  name: string;
  location: string;
}

/** A session on a cluster. */
export class SparkRunner implements Runner {
  readonly dialect = SPARK;
  readonly unit = "tasks";
  /** Spark's version. */
  version = "";
  readonly #client: SparkClient;
  readonly #endpoint: string;
  readonly #signal?: AbortSignal;
  readonly #work?: string;
  readonly #rowsAtOnce: number;
  #database?: SparkDatabase;
  /** Whether the database outlives the session. */
  #stays = false;
  #watcher: Watcher = { doing: "connecting", finished() {} };
  /** Number of finished tasks of the running query, by stage. */
  #tasks = new Map<number, number>();

  private constructor({ url, work, rowsAtOnce = 1 << 21, signal }: SparkOptions) {
    const address = parseSparkAddress(url);
    this.#endpoint = address.endpoint;
    this.#client = new SparkClient(address);
    this.#client.onProgress = (stages) => this.#progressed(stages);
    this.#signal = signal;
    this.#work = work?.replace(/\/+$/, "");
    this.#rowsAtOnce = rowsAtOnce;
  }

  /**
   * Does some work within a session, which is closed in any case. Aborting `signal` ends what the cluster does for it.
   *
   * @throws {InputError} for an address or a path that cannot be used; {@link RunError} if no server responds or Spark fails;
   * {@link Interrupted} if `signal` is aborted.
   */
  static async with<R>(options: SparkOptions, work: (runner: SparkRunner) => Promise<R>): Promise<R> {
    const runner = new SparkRunner(options), { signal, parts } = options;
    const stopping = new Stopping(runner.#client), over = whenStopped(signal, () => stopping.begin());
    try {
      runner.version = await runner.#ask(() => runner.#client.version());
      await runner.#ask(() => runner.#client.set(settings(parts)));
      return await work(runner);
    } finally {
      over();
      await stopping.end(); // or it would interrupt the closing
      await runner.#close();
    }
  }

  watch(watcher: Watcher): void {
    this.#watcher = watcher;
  }

  /** As in `host:15002`. */
  get endpoint(): string {
    return this.#endpoint;
  }

  /** The session's id on the cluster. */
  get session(): string {
    return this.#client.session;
  }

  async keep(name: string, select: string): Promise<void> {
    if (!this.#database) await this.makeDatabase();
    await this.#ask(() => this.#client.command(`CREATE TABLE ${name} USING parquet AS ${select}`));
  }

  view(name: string, select: string): Promise<void> {
    return this.#ask(() => this.#client.view(name, { sql: { query: select } }));
  }

  reused(name: string, select: string): Promise<void> {
    return this.keep(name, select);
  }

  async rows(select: string): Promise<DataFrame> {
    const batches = await this.#ask(() => this.#client.query(select));
    const frames = batches.map((batch) => pl.readIPCStream(batch as Parameters<typeof pl.readIPCStream>[0]));
    // The first stream exists even without rows and defines names and types of the columns.
    return frames.length === 1 ? frames[0] : pl.concat(frames, { how: "vertical" });
  }

  /** Returns the files that a query reads, as URIs; see {@link SparkClient.inputFiles}. */
  inputFiles(select: string): Promise<string[]> {
    return this.#ask(() => this.#client.inputFiles(select));
  }

  async *ranges(select: string, column: string): AsyncGenerator<DataFrame> {
    const { n, low, high } = await numbers<"n" | "low" | "high">(
      this,
      `SELECT count(*) AS n, min(${column}) AS low, max(${column}) AS high FROM (${select}) rows`,
    );
    const slices = Math.max(1, Math.ceil(n / this.#rowsAtOnce)), width = Math.ceil((high - low + 1) / slices);
    for (let slice = 0; slice < slices; slice++) {
      const from = low + slice * width, within = `${column} >= ${from} AND ${column} < ${from + width}`;
      yield (await this.rows(`SELECT * FROM (${select}) rows WHERE ${within}`)).sort(column);
    }
  }

  async table(name: string, frame: DataFrame): Promise<void> {
    const schema = frame.columns.map((column) =>
      `${SPARK.name(column)} ${DDL[frame.getColumn(column).dtype.variant]}`
    );
    const data = frame.writeIPCStream() as unknown as Uint8Array;
    await this.#ask(() => this.#client.view(name, { local_relation: { data, schema: schema.join(", ") } }));
  }

  /** Makes a request; failures are translated into plain words. */
  async #ask<R>(request: () => Promise<R>): Promise<R> {
    const { doing } = this.#watcher;
    checkInterrupt(this.#signal, doing);
    this.#tasks = new Map();
    try {
      return await request();
    } catch (error) {
      throw sparkFailure(error, {
        endpoint: this.#endpoint,
        doing,
        connected: this.version !== "",
        signal: this.#signal,
      });
    }
  }

  #progressed(stages: StageTasks[]): void {
    let finished = 0;
    for (const { stage_id: id, num_completed_tasks: done } of stages) {
      const before = this.#tasks.get(id) ?? 0;
      if (done <= before) continue;
      finished += done - before;
      this.#tasks.set(id, done);
    }
    if (finished > 0) this.#watcher.finished(finished);
  }

  /**
   * Creates the database for kept tables, so that no other database is touched. Results of queries are kept as files rather than
   * cached rows: a plan on cached tables has all underlying plans written out again and again.
   *
   * @param named Name of the database. Default: a new name.
   */
  async makeDatabase(named = newDatabase()): Promise<SparkDatabase> {
    await this.#use(named, this.#work === undefined ? undefined : `${this.#work}/${named}`);
    const facts = await this.rows(`DESCRIBE DATABASE ${named}`);
    const [, location] = (facts.rows() as [string, string][]).find(([fact]) => fact === "Location")!;
    return this.#database = { name: named, location };
  }

  /** Enters a database created earlier. It need not be in the cluster's catalog anymore: a restarted server may have none. */
  async enterDatabase(
    { name, location = "" }: Pick<SparkDatabase, "name"> & Partial<SparkDatabase>,
  ): Promise<void> {
    await this.#use(name, location || undefined);
    this.#database = { name, location };
  }

  async #use(name: string, location: string | undefined): Promise<void> {
    const at = location === undefined ? "" : ` LOCATION ${SPARK.text(location)}`;
    await this.#ask(() => this.#client.command(`CREATE DATABASE IF NOT EXISTS ${name}${at}`));
    await this.#ask(() => this.#client.command(`USE ${name}`));
  }

  /** Removes the database with all tables; {@link keep} creates a new one. */
  async dropDatabase(): Promise<void> {
    if (!this.#database) return;
    const { name } = this.#database;
    await this.#ask(() => this.#client.command(`USE default`));
    await this.#ask(() => this.#client.command(`DROP DATABASE IF EXISTS ${name} CASCADE`));
    this.#database = undefined;
  }

  /** Lets the database outlive the session. */
  leaveDatabase(): void {
    this.#stays = true;
  }

  /** Returns the names of the tables in the database. */
  async tables(): Promise<string[]> {
    const shown = await this.rows(`SHOW TABLES IN ${this.#database!.name}`);
    return (shown.rows() as [string, string, boolean][]).filter(([, , temporary]) => !temporary).map((row) =>
      row[1]
    );
  }

  /** Registers files in the database's folder as a table again, if they are missing from the catalog. */
  async findTable(name: string): Promise<void> {
    const path = SPARK.text(`${this.#database!.location}/${name}`);
    await this.#ask(() => this.#client.command(`CREATE TABLE ${name} USING parquet LOCATION ${path}`));
  }

  /** Ends another session of ours, whose process is gone, and what it runs. */
  endSession(id: string): Promise<void> {
    return this.#ask(() => this.#client.end(id));
  }

  async #close(): Promise<void> {
    // If the connection is lost, nothing can be removed; what is left behind has our name on it.
    if (this.#database && !this.#stays) {
      await this.#client.command(`DROP DATABASE IF EXISTS ${this.#database.name} CASCADE`).catch(() => {});
    }
    await this.#client.close();
  }
}

/** Returns a unique name. */
export const newDatabase = (): string => `automlp_${crypto.randomUUID().replaceAll("-", "")}`;

/** Milliseconds between two checks. */
const LOOK = 50;
/**
 * Milliseconds after which the cluster is told to stop regardless of what it seems to do; after twice as many, its response is no
 * longer awaited.
 */
const PATIENCE = 10_000;

/**
 * Ends a running query, which then fails with an error.
 *
 * If the cluster is told to stop a query while planning it, the query fails as well, but what was planned then runs to its end, and
 * no session can stop it anymore. So the cluster is told only when tasks of the query are running, which it reports every two
 * seconds.
 */
class Stopping {
  #looking?: ReturnType<typeof setInterval>;
  #begun = 0;
  #asked?: Promise<void>;

  constructor(readonly client: Pick<SparkClient, "isAtWork" | "interrupt" | "cancel">) {}

  /** Begins to stop; continues until {@link Stopping.end}. */
  begin(): void {
    this.#begun = performance.now();
    this.#looking = setInterval(() => this.#look(), LOOK);
    this.#look();
  }

  #look(): void {
    const waited = performance.now() - this.#begun;
    if (this.client.isAtWork || waited >= PATIENCE) {
      this.#asked ??= this.client.interrupt().catch(() => {}); // the cluster is gone, or runs nothing
    }
    if (waited >= 2 * PATIENCE) this.client.cancel();
  }

  /** Ends stopping: nothing is stopped from here on. */
  async end(): Promise<void> {
    clearInterval(this.#looking);
    await this.#asked;
  }
}
