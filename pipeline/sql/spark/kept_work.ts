/**
 * What a command that is cut off leaves on a cluster, and how the same command finds it again.
 *
 * A note beside the dataset folder names the database. A process has that note for as long as it works, so that no two share a database;
 * what is finished in it is taken where all that decides what comes out is as it was.
 *
 * @module
 */
import { AutoMLPError, RunError } from "../../contract/errors.ts";
import { hashOf } from "../../contract/files/hash.ts";
import { HeldNote } from "../../contract/files/note.ts";
import type { Progress } from "../../contract/progress.ts";
import { ResumedRunner } from "./resumed.ts";
import { newDatabase, type SparkDatabase, type SparkRunner } from "./runner.ts";

/** What the note says. */
interface Noted {
  /** As in `host:15002`. */
  endpoint: string;
  /** The session that had the work under way. */
  session: string;
  /** A hash of all that decides what comes out. */
  work: string;
  /** Without a location it was not made yet. */
  database: { name: string; location?: string };
}

/** What is to be done. */
export interface WorkAsked {
  /** The dataset folder. */
  out: string;
  /** All that decides what comes out, as text. */
  work: string;
  /** Throws away what is finished. */
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
   * @throws {InputError} if another process is at it, or the note cannot be written.
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

  /** Removes what the work had on the cluster: it is done. */
  async end(): Promise<void> {
    if (!this.#resumed) return;
    await this.#runner.dropDatabase();
    this.#note!.remove();
  }

  /**
   * After an error what is finished stays on the cluster where the same command could do better next time. All else goes.
   *
   * @returns The error, which says so.
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
    // Where the cluster is out of reach, the note stays, and the next command removes what is there.
    await this.end().catch(() => {});
    return error;
  }

  [Symbol.dispose](): void {
    this.#note?.[Symbol.dispose]();
  }

  /** What a command before has left of the same work. */
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

  /** Removes what a command before has left. */
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

/** A note of ours; undefined of an empty one. */
const parsed = (text: string): Noted | undefined => text === "" ? undefined : JSON.parse(text);
