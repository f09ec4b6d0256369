/**
 * Stopping what a session does on the cluster.
 *
 * @module
 */
import type { SparkClient } from "./client.ts";

/** Milliseconds from one look to the next. */
const LOOK = 50;
/** Milliseconds after which the cluster is told whatever it seems to do, and as many later its answer is waited for no longer. */
const PATIENCE = 10_000;

/**
 * Ends what is under way, which then fails and says so.
 *
 * A query that the cluster is told to end while it plans it fails as well, but what it has planned then runs to its end, and no session can stop it any more. So the
 * cluster is told once tasks of the query are under way, which it reports every two seconds.
 */
export class Stopping {
  #looking?: ReturnType<typeof setInterval>;
  #begun = 0;
  #asked?: Promise<void>;

  constructor(readonly client: Pick<SparkClient, "isAtWork" | "interrupt" | "cancel">) {}

  /** Goes on until {@link Stopping.end}. */
  begin(): void {
    this.#begun = performance.now();
    this.#looking = setInterval(() => this.#look(), LOOK);
    this.#look();
  }

  #look(): void {
    const waited = performance.now() - this.#begun;
    if (this.client.isAtWork || waited >= PATIENCE) {
      this.#asked ??= this.client.interrupt().catch(() => {}); // the cluster is gone, or does nothing
    }
    if (waited >= 2 * PATIENCE) this.client.cancel();
  }

  /** Nothing is stopped from here on. */
  async end(): Promise<void> {
    clearInterval(this.#looking);
    await this.#asked;
  }
}
