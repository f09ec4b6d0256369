/**
 * Finds and resumes the work that an interrupted command left on a cluster.
 *
 * A note beside the dataset folder names the database. A process holds that note while it works, so that no two share a database;
 * finished parts of the work are reused if everything that determines the result is unchanged.
 *
 * @module
 */
import { AutoMLPError, RunError } from "../../contract/errors.ts";
import { hashOf } from "../../contract/files/checksums.ts";
import { HeldNote } from "./note.ts";
import type { Progress } from "../../contract/progress.ts";
import { ResumedRunner } from "./resumed.ts";
import { newDatabase, type SparkDatabase, type SparkRunner } from "./runner.ts";

/** Content of the note. */
interface Noted {
  /** As in `host:15002`. */
  endpoint: string;
  /** The session that did the work. */
  session: string;
  /** A hash of everything that determines the result. */
  work: string;
  /** Without a location, the database was not created yet. */
  database: { name: string; location?: string };
}

/** The work to do. */
export interface WorkAsked {
  /** The dataset folder. */
  out: string;
  /** Everything that determines the result, as text. */
  work: string;
  /** Whether to discard finished work. */
  anew: boolean;
  progress: Progress;
}

/** Work on a cluster that can be resumed. */
export class KeptWork implements Disposable {
  readonly #runner: SparkRunner;
  #note?: HeldNote;
  #resumed?: ResumedRunner;

  constructor(runner: SparkRunner) {
    this.#runner = runner;
  }

  /**
   * Begins or resumes the work for a dataset folder.
   *
   * @throws {InputError} if another process is working on it, or the note cannot be written.
   */
  async begin({ out, work, anew, progress }: WorkAsked): Promise<ResumedRunner> {
    const note = this.#note = HeldNote.take(out), before = parsed(note.read()), hash = hashOf(work);
    if (before) {
      const resumed = anew ? undefined : await this.#found(before, hash);
      if (resumed && resumed.stages.length > 0) {
        this.#write(hash, before.database);
        progress.remark?.(`Done before, and not done again: ${resumed.stages.join(", ")}`);
        return this.#resumed = resumed;
      }
      await this.#discard(before, anew ? "--force" : "options, sources or versions have changed", progress);
    }
    const name = newDatabase();
    this.#write(hash, { name });
    this.#write(hash, await this.#runner.makeDatabase(name));
    return this.#resumed = await ResumedRunner.open(this.#runner, hash);
  }

  /** Removes what the completed work had on the cluster. */
  async end(): Promise<void> {
    if (!this.#resumed) return;
    await this.#runner.dropDatabase();
    this.#note!.remove();
  }

  /**
   * Handles an error: finished work stays on the cluster if the same command might succeed next time. Everything else is removed.
   *
   * @returns The error, with a remark on what stays.
   */
  async afterError(error: unknown): Promise<unknown> {
    const stages = this.#resumed?.stages ?? [];
    if (error instanceof RunError && stages.length > 0) {
      this.#runner.leaveDatabase();
      return new RunError(
        `${error.message}; done, and not done again by the same command: ${
          stages.join(", ")
        } (--force begins anew)`,
      );
    }
    // If the cluster is out of reach, the note stays, and the next command removes what is there.
    await this.end().catch(() => {});
    return error;
  }

  [Symbol.dispose](): void {
    this.#note?.[Symbol.dispose]();
  }

  /** Returns what an earlier command left of the same work. */
  async #found(
    { endpoint, session, work, database }: Noted,
    hash: string,
  ): Promise<ResumedRunner | undefined> {
    if (endpoint !== this.#runner.endpoint || work !== hash || database.location === undefined) {
      return undefined;
    }
    await this.#runner.endSession(session);
    await this.#runner.enterDatabase(database as SparkDatabase);
    return await ResumedRunner.open(this.#runner, hash);
  }

  /** Removes what an earlier command left. */
  async #discard({ endpoint, session, database }: Noted, why: string, progress: Progress): Promise<void> {
    const { name, location } = database;
    const stays = (where: string) =>
      progress.warn(
        `What a command before had made stays on ${where}; DROP DATABASE ${name} CASCADE removes it there`,
      );
    if (endpoint !== this.#runner.endpoint) return stays(endpoint);
    try {
      await this.#runner.endSession(session);
      await this.#runner.enterDatabase({ name, location });
      await this.#runner.dropDatabase();
      progress.remark?.(`What a command before had made on the cluster was removed (${why})`);
    } catch (error) {
      if (!(error instanceof AutoMLPError)) throw error;
      stays(endpoint);
    }
  }

  #write(work: string, database: Noted["database"]): void {
    const { endpoint, session } = this.#runner;
    this.#note!.write(JSON.stringify({ endpoint, session, work, database } satisfies Noted));
  }
}

/** Parses a note; undefined if it is empty. */
const parsed = (text: string): Noted | undefined => text === "" ? undefined : JSON.parse(text);
