/**
 * Runs SQL on a Spark cluster through Spark Connect.
 *
 * @module
 */
import pl from "nodejs-polars";
import type { DataFrame } from "../../contract/frame.ts";
import { checkInterrupt } from "../../contract/errors.ts";
import { SPARK } from "../dialect.ts";
import type { Runner, Watcher } from "../runner.ts";
import { parseSparkAddress } from "./address.ts";
import { SparkClient, type StageTasks } from "./client.ts";
import { sparkFailure } from "./failure.ts";

/** Where and how to run. */
export interface SparkOptions {
  /** As in `sc://host:15002`. */
  url: string;
  /**
   * A folder, as the cluster sees it, in which what is kept gets a folder of its own, as Parquet. Left out: the cluster's warehouse.
   * It is removed when the session ends.
   */
  work?: string;
  /** Partitions of each exchange. */
  parts: number;
  signal?: AbortSignal;
}

/** How text and times are understood, and that rows go into as many partitions as we say. */
const settings = (parts: number) => ({
  "spark.sql.session.timeZone": "UTC",
  "spark.sql.caseSensitive": "true",
  // A query checks for itself what cannot be read; Philox takes a quarter of the time where Spark does not look for overflows.
  "spark.sql.ansi.enabled": "false",
  // Both follow a join's key by substitution, through the ten rounds of Philox exponentially: ten seconds for each query.
  "spark.sql.optimizer.dynamicPartitionPruning.enabled": "false",
  "spark.sql.optimizer.runtime.bloomFilter.enabled": "false",
  "spark.sql.shuffle.partitions": String(parts),
  "spark.sql.adaptive.coalescePartitions.enabled": "false",
  "spark.sql.parquet.compression.codec": "zstd",
});

const DDL: Record<string, string> = { Int32: "INT", Int64: "BIGINT", Float64: "DOUBLE", String: "STRING" };

/** A session on a cluster. */
export class SparkRunner implements Runner {
  readonly dialect = SPARK;
  readonly unit = "tasks";
  /** Spark's own. */
  version = "";
  readonly #client: SparkClient;
  readonly #endpoint: string;
  readonly #signal?: AbortSignal;
  /** What is kept is in a database of our own: nobody else's is touched. */
  readonly #database = `automlp_${crypto.randomUUID().replaceAll("-", "")}`;
  #watcher: Watcher = { doing: "connecting", finished() {} };
  /** Finished tasks of the query under way, by stage. */
  #tasks = new Map<number, number>();

  private constructor({ url, signal }: SparkOptions) {
    const address = parseSparkAddress(url);
    this.#endpoint = address.endpoint;
    this.#client = new SparkClient(address);
    this.#client.onProgress = (stages) => this.#progressed(stages);
    this.#signal = signal;
  }

  /**
   * Does some work within a session, which is ended in any case. Aborting `signal` ends what the cluster does for it.
   *
   * @throws {InputError} for an address or a path that cannot be used; {@link RunError} where no server answers or Spark fails;
   * {@link Interrupted} if `signal` is aborted.
   */
  static async with<R>(options: SparkOptions, work: (runner: SparkRunner) => Promise<R>): Promise<R> {
    const runner = new SparkRunner(options), { signal, parts } = options;
    const stop = () => void runner.#client.interrupt().catch(() => {}); // what runs then fails, and says so
    signal?.addEventListener("abort", stop);
    try {
      runner.version = await runner.#ask(() => runner.#client.version());
      await runner.#ask(() => runner.#client.set(settings(parts)));
      await runner.#makeDatabase(options.work);
      return await work(runner);
    } finally {
      signal?.removeEventListener("abort", stop);
      await runner.#close();
    }
  }

  watch(watcher: Watcher): void {
    this.#watcher = watcher;
  }

  async keep(name: string, select: string): Promise<void> {
    await this.#ask(() => this.#client.command(`CREATE TABLE ${name} USING parquet AS ${select}`));
  }

  view(name: string, select: string): Promise<void> {
    return this.#ask(() => this.#client.view(name, { sql: { query: select } }));
  }

  async rows(select: string): Promise<DataFrame> {
    const batches = await this.#ask(() => this.#client.query(select));
    const frames = batches.map((batch) => pl.readIPCStream(batch as Parameters<typeof pl.readIPCStream>[0]));
    // The first one is there even without rows, for the names and types of the columns.
    return frames.length === 1 ? frames[0] : pl.concat(frames, { how: "vertical" });
  }

  async sorted(select: string, column: string): Promise<DataFrame> {
    return (await this.rows(select)).sort(column);
  }

  async table(name: string, frame: DataFrame): Promise<void> {
    const schema = frame.columns.map((column) =>
      `${SPARK.name(column)} ${DDL[frame.getColumn(column).dtype.variant]}`
    );
    const data = frame.writeIPCStream() as unknown as Uint8Array;
    await this.#ask(() => this.#client.view(name, { local_relation: { data, schema: schema.join(", ") } }));
  }

  /** Failures in words. */
  async #ask<R>(request: () => Promise<R>): Promise<R> {
    const { doing } = this.#watcher;
    checkInterrupt(this.#signal, doing);
    this.#tasks = new Map();
    try {
      return await request();
    } catch (error) {
      throw sparkFailure(error, {
        ...{ endpoint: this.#endpoint, doing, connected: this.version !== "" },
        stopped: this.#signal?.aborted ?? false,
      });
    }
  }

  #progressed(stages: StageTasks[]): void {
    let finished = 0;
    for (const { stage_id: id, num_completed_tasks: done } of stages) {
      const before = this.#tasks.get(Number(id)) ?? 0;
      if (Number(done) <= before) continue;
      finished += Number(done) - before;
      this.#tasks.set(Number(id), Number(done));
    }
    if (finished > 0) this.#watcher.finished(finished);
  }

  /** Tables of queries are files, not rows in memory: a plan on cached tables has all plans beneath it written out, time and again. */
  async #makeDatabase(folder: string | undefined): Promise<void> {
    const place = folder?.replace(/\/+$/, "");
    const location = place === undefined ? "" : ` LOCATION ${SPARK.text(`${place}/${this.#database}`)}`;
    await this.#ask(() => this.#client.command(`CREATE DATABASE ${this.#database}${location}`));
    await this.#ask(() => this.#client.command(`USE ${this.#database}`));
  }

  async #close(): Promise<void> {
    if (this.version !== "") {
      // If the connection is lost there is nobody to tell; what stays behind has our name on it.
      await this.#client.command(`DROP DATABASE IF EXISTS ${this.#database} CASCADE`).catch(() => {});
    }
    await this.#client.close();
  }
}
