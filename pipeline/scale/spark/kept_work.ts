/**
 * Finds and resumes the work that an interrupted command left on a cluster.
 *
 * A note beside the dataset folder names the database and its finished tables. A process holds that note while it works, so that no two
 * share a database. Each table is identified by a hash of the request for it and of all requests before it: repeating the same requests
 * finds it, and the stages need not know.
 *
 * @module
 */
import { dirname } from "node:path";
import { AutoMLPError, InputError, RunError } from "../../contract/errors.ts";
import { cannotWrite } from "../../contract/errors/system.ts";
import { hashOf } from "../../contract/files/checksums.ts";
import { realPlace } from "../../contract/files/claim.ts";
import { takeLock } from "../../contract/files/lock.ts";
import { makeFolder, notePath } from "../../contract/files/stage.ts";
import type { DataFrame } from "../../contract/frame.ts";
import type { Progress } from "../../contract/progress.ts";
import type { Runner, Watcher } from "../engine.ts";
import { newDatabase, type SparkDatabase, type SparkRunner } from "./runner.ts";

/** What a note says. It is written line by line, so that a kill costs at most the last line. */
interface Noted {
  /** As in `host:15002`. */
  endpoint: string;
  /** The session that did the work. */
  session: string;
  /** A hash of everything that determines the result. */
  work: string;
  /** Without a location, the database was not created yet. */
  database: { name: string; location?: string };
  /** Names of the finished tables on the cluster, by the identifiers of their requests. */
  tables: Record<string, string>;
  /** The finished stages, in order. */
  stages: string[];
}

/** The work to do. */
interface WorkAsked {
  /** The dataset folder. */
  out: string;
  /** Everything that determines the result, as text. */
  work: string;
  /** Whether to discard finished work. */
  anew: boolean;
  progress: Progress;
}

/** A session on a cluster whose finished tables outlive it, until the work is complete. */
export class KeptWork implements Runner, Disposable {
  readonly dialect;
  readonly unit;
  readonly #runner: SparkRunner;
  #note?: HeldNote;
  /** The identifier of the last request. */
  #link = "";
  /** The database's tables that the cluster's catalog knows. */
  #there: ReadonlySet<string> = new Set();
  /** Suffix of this session's tables: no other session writes or uses a table while it is unfinished. */
  readonly #writer = crypto.randomUUID().slice(0, 8);

  constructor(runner: SparkRunner) {
    this.#runner = runner;
    ({ dialect: this.dialect, unit: this.unit } = runner);
  }

  /**
   * Begins or resumes the work for a dataset folder.
   *
   * @throws {InputError} if another process is working on it, or the note cannot be written.
   */
  async begin({ out, work, anew, progress }: WorkAsked): Promise<void> {
    const note = this.#note = HeldNote.take(out), before = note.said, hash = this.#link = hashOf(work);
    const { endpoint, session } = this.#runner;
    if (before.database !== undefined) {
      const isSame = before.endpoint === endpoint && before.work === hash &&
        before.database.location !== undefined;
      if (isSame && !anew) {
        await this.#runner.endSession(before.session!);
        await this.#runner.enterDatabase(before.database as SparkDatabase);
        this.#there = new Set(await this.#runner.tables());
        note.add({ session });
        if (before.stages.length > 0) {
          progress.remark?.(`Done before, and not done again: ${before.stages.join(", ")}`);
        }
        return;
      }
      await this.#discard(before, anew ? "--force" : "options, sources or versions have changed", progress);
    }
    const name = newDatabase();
    note.begin({ endpoint, session, work: hash, database: { name } });
    note.add({ database: await this.#runner.makeDatabase(name) });
  }

  /** Removes what the completed work had on the cluster. */
  async end(): Promise<void> {
    if (!this.#note) return;
    await this.#runner.dropDatabase();
    this.#note.remove();
  }

  /**
   * Handles an error: finished work stays on the cluster if the same command might succeed next time. Everything else is removed.
   *
   * @returns The error, with a remark on what stays.
   */
  async afterError(error: unknown): Promise<unknown> {
    const stages = this.#note?.said.stages ?? [];
    if (error instanceof RunError && stages.length > 0) {
      this.#runner.leaveDatabase();
      const done = stages.join(", ");
      return new RunError(
        `${error.message}; done, and not done again by the same command: ${done} (--force begins again)`,
      );
    }
    // If the cluster is out of reach, the note stays, and the next command removes what is there.
    await this.end().catch(() => {});
    return error;
  }

  [Symbol.dispose](): void {
    this.#note?.[Symbol.dispose]();
  }

  async keep(name: string, select: string): Promise<void> {
    const link = this.#ask("keep", name, select);
    let table = this.#note!.said.tables[link];
    if (table === undefined || !await this.#exists(table)) {
      table = `${name}_${this.#writer}`;
      await this.#runner.keep(table, select);
      this.#note!.add({ tables: { [link]: table } });
    }
    await this.#runner.view(name, `SELECT * FROM ${table}`);
  }

  view(name: string, select: string): Promise<void> {
    this.#ask("view", name, select);
    return this.#runner.view(name, select);
  }

  reused(name: string, select: string): Promise<void> {
    return this.keep(name, select);
  }

  rows(select: string): Promise<DataFrame> {
    return this.#runner.rows(select);
  }

  ranges(select: string, column: string): AsyncIterable<DataFrame> {
    return this.#runner.ranges(select, column);
  }

  /** The frame need not be identified: it follows from the requests before it. */
  table(name: string, frame: DataFrame): Promise<void> {
    this.#ask("table", name);
    return this.#runner.table(name, frame);
  }

  finished(stage: string): void {
    if (!this.#note!.said.stages.includes(stage)) this.#note!.add({ stages: [stage] });
  }

  watch(watcher: Watcher): void {
    this.#runner.watch(watcher);
  }

  /** Returns the identifier of the current request. */
  #ask(...what: string[]): string {
    return this.#link = hashOf(JSON.stringify([this.#link, ...what]));
  }

  /** Whether a finished table is still there. A restarted server may know only its files. */
  async #exists(table: string): Promise<boolean> {
    if (this.#there.has(table)) return true;
    try {
      await this.#runner.findTable(table);
      return true;
    } catch (error) {
      if (error instanceof InputError || error instanceof RunError) return false;
      throw error;
    }
  }

  /** Removes what an earlier command left. */
  async #discard(
    { endpoint, session, database }: Partial<Noted>,
    why: string,
    progress: Progress,
  ): Promise<void> {
    const { name, location } = database!;
    const stays = () =>
      progress.warn(
        `What a command before had made stays on ${endpoint}; DROP DATABASE ${name} CASCADE removes it there`,
      );
    if (endpoint !== this.#runner.endpoint) return stays();
    try {
      await this.#runner.endSession(session!);
      await this.#runner.enterDatabase({ name, location });
      await this.#runner.dropDatabase();
      progress.remark?.(`What a command before had made on the cluster was removed (${why})`);
    } catch (error) {
      if (!(error instanceof AutoMLPError)) throw error;
      stays();
    }
  }
}

/** The beginning of a note; lines of JSON follow. */
const FORMAT = "automlp-note\n";

/** The note beside a place, held by this process until it is closed. */
class HeldNote implements Disposable {
  readonly said: Partial<Noted> & Pick<Noted, "tables" | "stages">;

  private constructor(readonly path: string, readonly file: Deno.FsFile) {
    const text = new TextDecoder().decode(Deno.readFileSync(path));
    if (!text.startsWith(FORMAT) && !FORMAT.startsWith(text)) {
      file.close();
      throw new InputError(`Cannot use ${path}: automlp did not write it; move it away`);
    }
    this.said = together(text.slice(FORMAT.length).split("\n").flatMap(parsed));
    file.seekSync(0, Deno.SeekMode.End);
    // Completes a line that a kill cut off.
    if (text !== "" && !text.endsWith("\n")) this.#write("\n");
  }

  /**
   * Takes the note beside `place`; creates an empty one if there is none.
   *
   * @throws {InputError} if another process holds it, or it cannot be written.
   */
  static take(place: string): HeldNote {
    const refuse = (state: string, wish = "choose another folder with --out") =>
      new InputError(`Cannot write ${place}: ${state}; ${wish}`);
    const path = notePath(realPlace(place, refuse));
    let file: Deno.FsFile | undefined;
    try {
      makeFolder(dirname(path));
      file = takeLock(path, { read: true });
    } catch (error) {
      throw cannotWrite(path, error);
    }
    if (file) return new HeldNote(path, file);
    throw refuse(
      "another command is at work for it",
      "wait for its end, or choose another folder with --out",
    );
  }

  /** Begins the note of new work. */
  begin(noted: Partial<Noted>): void {
    this.file.truncateSync(0);
    this.file.seekSync(0, Deno.SeekMode.Start);
    this.#write(FORMAT);
    Object.assign(this.said, { tables: {}, stages: [] });
    this.add(noted);
  }

  /** Adds to the note, on disk too. */
  add(noted: Partial<Noted>): void {
    this.#write(JSON.stringify(noted) + "\n");
    Object.assign(this.said, together([this.said, noted]));
    this.file.syncSync();
  }

  /** Removes the note when the work is complete. */
  remove(): void {
    Deno.removeSync(this.path);
  }

  /** Releases the note for others. */
  [Symbol.dispose](): void {
    this.file.close();
  }

  #write(text: string): void {
    this.file.writeSync(new TextEncoder().encode(text));
  }
}

/** Parses a line; one that was cut off says nothing. */
function parsed(line: string): Partial<Noted>[] {
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
}

const together = (lines: readonly Partial<Noted>[]): HeldNote["said"] =>
  Object.assign({}, ...lines, {
    tables: Object.assign({}, ...lines.map(({ tables }) => tables)),
    stages: lines.flatMap(({ stages = [] }) => stages),
  });
