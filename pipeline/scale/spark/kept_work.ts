/**
 * Finds and resumes the work that an interrupted command left on a cluster.
 *
 * A note beside the dataset folder names the database. A process holds that note while it works, so that no two share a database;
 * finished parts of the work are reused if everything that determines the result is unchanged.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { dirname } from "node:path";
import pl from "nodejs-polars";
import { AutoMLPError, InputError, RunError } from "../../contract/errors.ts";
import { cannotWrite } from "../../contract/errors/system.ts";
import { hashOf } from "../../contract/files/checksums.ts";
import { realPlace } from "../../contract/files/claim.ts";
import { takeLock } from "../../contract/files/lock.ts";
import { makeFolder, notePath } from "../../contract/files/stage.ts";
import type { DataFrame } from "../../contract/frame.ts";
import type { Progress } from "../../contract/progress.ts";
import type { Runner, Watcher } from "../engine.ts";
import { frameOf, newDatabase, type SparkDatabase, type SparkRunner } from "./runner.ts";

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
interface WorkAsked {
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

/** A note on a stage: a table's name on the cluster, a result as Arrow in base64, the stage's name, or a checksum of all these. */
interface Note {
  kind: "table" | "answer" | "stage" | "sum";
  /** The identifier of the request. */
  link: string;
  value: string;
}

/** Notes on one stage, with their writer and the stage's number. */
interface NotedStage {
  writer: string;
  place: number;
  notes: Note[];
}

/** Prefix of the names of tables with notes. */
const FINISHED = "finished_";
/** Maximum size of a noted result; larger ones are queried again from the tables. */
const MAX_ANSWER = 1 << 20;

/** A session that resumes where another one with the same work ended. */
export class ResumedRunner implements Runner {
  readonly dialect;
  readonly unit;
  /** Finished stages, from before or within this session. */
  readonly stages: string[] = [];
  readonly #runner: SparkRunner;
  /** Suffix of this session's tables: no other session writes or uses a table while it is unfinished. */
  readonly #writer = crypto.randomUUID().slice(0, 8);
  /** The identifier of the last request. */
  #link: string;
  readonly #tables = new Map<string, string>();
  readonly #answers = new Map<string, Uint8Array[]>();
  readonly #ended = new Set<string>();
  #notes: Note[] = [];

  private constructor(runner: SparkRunner, work: string) {
    this.#runner = runner;
    ({ dialect: this.dialect, unit: this.unit } = runner);
    this.#link = hashOf(work);
  }

  /**
   * Looks for finished stages in the session's database.
   *
   * @param work The work, with everything that determines the result.
   */
  static async open(runner: SparkRunner, work: string): Promise<ResumedRunner> {
    const resumed = new ResumedRunner(runner, work), there = new Set(await runner.tables());
    for (const { notes } of await notedStages(runner)) {
      if (!(await found(notes, there, runner))) continue;
      for (const { kind, link, value } of notes) {
        if (kind === "table") resumed.#tables.set(link, value);
        if (kind === "answer") {
          resumed.#answers.set(
            link,
            value.split(" ").map((a) => Buffer.from(a, "base64")),
          );
        }
        if (kind === "stage" && !resumed.#ended.has(link)) {
          resumed.#ended.add(link);
          resumed.stages.push(value);
        }
      }
    }
    return resumed;
  }

  async keep(name: string, select: string): Promise<void> {
    const link = this.#ask("keep", name, select);
    let table = this.#tables.get(link);
    if (table === undefined) {
      table = `${name}_${this.#writer}`;
      await this.#runner.keep(table, select);
      this.#notes.push({ kind: "table", link, value: table });
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

  async rows(select: string): Promise<DataFrame> {
    const link = this.#ask("rows", select), known = this.#answers.get(link);
    if (known) return frameOf(known);
    const batches = await this.#runner.batches(select);
    if (batches.reduce((sum, { length }) => sum + length, 0) <= MAX_ANSWER) {
      const value = batches.map((batch) => Buffer.from(batch).toString("base64")).join(" ");
      this.#notes.push({ kind: "answer", link, value });
    }
    return frameOf(batches);
  }

  ranges(select: string, column: string): AsyncIterable<DataFrame> {
    this.#ask("ranges", select, column);
    return this.#runner.ranges(select, column);
  }

  table(name: string, frame: DataFrame): Promise<void> {
    this.#ask("table", name, hashOf(frame.writeIPCStream()));
    return this.#runner.table(name, frame);
  }

  async finished(stage: string): Promise<void> {
    const link = this.#ask("finished", stage), notes = this.#notes;
    this.#notes = [];
    if (this.#ended.has(link)) return;
    notes.push({ kind: "stage", link, value: stage });
    notes.push({ kind: "sum", link, value: sumOf(notes) });
    this.stages.push(stage);
    const keys = ["kind", "link", "value"] as const;
    await this.#runner.table(
      "notes",
      pl.DataFrame([
        pl.Series("writer", notes.map(() => this.#writer), pl.String),
        pl.Series("place", Int32Array.from(notes, () => this.stages.length)),
        ...keys.map((key) => pl.Series(key, notes.map((note) => note[key]), pl.String)),
      ]),
    );
    // Written last, when everything it mentions exists.
    await this.#runner.keep(`${FINISHED}${this.stages.length}_${this.#writer}`, "SELECT * FROM notes");
  }

  watch(watcher: Watcher): void {
    this.#runner.watch(watcher);
  }

  /** Returns the identifier of the current request. */
  #ask(...what: string[]): string {
    return this.#link = hashOf(JSON.stringify([this.#link, ...what]));
  }
}

const sumOf = (notes: readonly Note[]): string =>
  hashOf(notes.map(({ kind, link, value }) => `${kind} ${link} ${value}\n`).toSorted().join(""));

/** Returns the notes of stages that were written completely, in order. */
async function notedStages(runner: SparkRunner): Promise<NotedStage[]> {
  const stages = new Map<string, NotedStage>();
  const frame = await runner.files(
    `${FINISHED}*`,
    "writer STRING, place INT, kind STRING, link STRING, value STRING",
  );
  for (
    const [writer, place, kind, link, value]
      of frame?.rows() as [string, number, Note["kind"], string, string][] ?? []
  ) {
    const key = `${writer} ${place}`;
    const { notes } = stages.getOrInsertComputed(key, () => ({ writer, place, notes: [] }));
    notes.push({ kind, link, value });
  }
  return [...stages.values()].filter(({ notes }) => {
    const sum = notes.find(({ kind }) => kind === "sum")?.value;
    return sum === sumOf(notes.filter(({ kind }) => kind !== "sum"));
  }).sort((a, b) => a.place - b.place);
}

/** Checks that all tables of a stage exist. A restarted server may know only their files. */
async function found(
  notes: readonly Note[],
  there: ReadonlySet<string>,
  runner: SparkRunner,
): Promise<boolean> {
  for (const { kind, value } of notes) {
    if (kind !== "table" || there.has(value)) continue;
    try {
      await runner.findTable(value);
    } catch (error) {
      if (error instanceof InputError || error instanceof RunError) return false;
      throw error;
    }
  }
  return true;
}

/** The beginning of a note; its length and text follow. */
const FORMAT = "automlp-note ";
/** Maximum length of a note. */
const MAX_BYTES = 1 << 16;

/** The note beside a place, held by this process until it is closed. */
export class HeldNote implements Disposable {
  private constructor(readonly path: string, readonly file: Deno.FsFile) {}

  /**
   * Takes the note beside `place`; creates an empty one if there is none.
   *
   * @throws {InputError} if another process holds it, or it cannot be written.
   */
  static take(place: string): HeldNote {
    const refuse = (state: string, wish = "choose another folder with --out") =>
      new InputError(`Cannot write ${place}: ${state}; ${wish}`);
    const path = notePath(realPlace(place, refuse));
    try {
      makeFolder(dirname(path));
      const file = takeLock(path, { read: true });
      if (file) return new HeldNote(path, file);
    } catch (error) {
      throw cannotWrite(path, error);
    }
    throw refuse(
      "another command is at work for it",
      "wait for its end, or choose another folder with --out",
    );
  }

  /**
   * Returns the text of the note; "" if it is empty, or if a kill interrupted its writing.
   *
   * @throws {InputError} if the file is not a note.
   */
  read(): string {
    const bytes = new Uint8Array(MAX_BYTES);
    this.file.seekSync(0, Deno.SeekMode.Start);
    const whole = new TextDecoder().decode(bytes.subarray(0, this.file.readSync(bytes) ?? 0));
    if (!whole.startsWith(FORMAT) && !FORMAT.startsWith(whole)) {
      throw new InputError(`Cannot use ${this.path}: automlp did not write it; move it away`);
    }
    const [, length, text = ""] = whole.slice(FORMAT.length).match(/^(\d+)\n(.*)$/s) ?? [];
    return length === String(text.length) ? text : "";
  }

  /** Rewrites the note, and flushes it to disk. */
  write(text: string): void {
    this.file.truncateSync(0);
    this.file.seekSync(0, Deno.SeekMode.Start);
    this.file.writeSync(new TextEncoder().encode(`${FORMAT}${text.length}\n${text}`));
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
}
