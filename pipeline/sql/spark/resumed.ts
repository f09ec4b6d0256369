/**
 * Runs stages whose tables outlive the process.
 *
 * Each request to the cluster is identified by a hash of itself and of everything before it. When a stage ends, its tables and the
 * results of its queries are noted under these identifiers, in a separate table. Repeating the same requests returns them
 * immediately; the stages need not know.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import pl from "nodejs-polars";
import type { DataFrame } from "../../contract/frame.ts";
import { InputError, RunError } from "../../contract/errors.ts";
import { hashOf } from "../../contract/files/checksums.ts";
import type { Runner, Watcher } from "../runner.ts";
import { frameOf, type SparkRunner } from "./runner.ts";

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
