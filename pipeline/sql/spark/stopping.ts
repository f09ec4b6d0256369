/**
 * Stops what a session runs on the cluster.
 *
 * @module
 */
import type { SparkClient } from "./client.ts";

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
export class Stopping {
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
