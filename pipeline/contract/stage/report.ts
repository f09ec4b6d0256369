/**
 * The report of a stage: how many rows came in, how many were passed on, and why the others were not.
 *
 * @module
 */
import { spoken } from "../../display/text/option_names.ts";
import { line } from "../../display/cell/fragment.ts";
import { formatCell, htmlTable, type Table, textTable } from "../../display/table.ts";
import { visible } from "../../display/text/visible.ts";
import { Shown } from "../../display/shown.ts";
import { type ColumnFacts, columnRows } from "../dataset/columns.ts";
import { type DroppedRows, droppedWords, reasonWords } from "./dropped.ts";

/** The plain data of a {@link StageReport}, as kept in `manifest.json`. */
export interface StageFacts extends ColumnFacts {
  /** The stage's name: `read`, `schema`, `filter`, `vocabulary`, `split`, `negatives`, `write`. */
  stage: string;
  /** Number of interactions that came in. */
  rowsIn: number;
  /** Number of interactions that were passed on. */
  rowsOut: number;
  /** Rows that were dropped; they add up to `rowsIn − rowsOut`. */
  dropped: DroppedRows[];
  /** What the stage counted, by name: users, items, targets … */
  counts: Record<string, number>;
  /** Warnings that a user should read. */
  warnings: string[];
  /** Wall time in seconds. */
  seconds: number;
}

/** Says in words what the stages of a preparation dropped: see {@link droppedWords}. */
export const droppedInAll = (stages: readonly StageFacts[]): string[] =>
  stages.flatMap(({ dropped }) => dropped.map((rows) => droppedWords(rows)));

/** Builds a table of what each stage dropped and why. */
export function stagesTable(stages: readonly StageFacts[]): Table {
  return {
    columns: ["stage", "interactions in", "out", "dropped"],
    rows: stages.map(({ stage, rowsIn, rowsOut, dropped }) => [
      stage,
      rowsIn,
      rowsOut,
      dropped.map((rows) => droppedWords(rows)).join("; "),
    ]),
  };
}

/**
 * A stage's report. It displays itself in a notebook, and as text in a terminal (`String(report)`).
 *
 * @example
 * ```ts
 * import { StageReport } from "automlp";
 * import assert from "node:assert/strict";
 *
 * const facts = { stage: "filter", rowsIn: 10, rowsOut: 8, counts: {}, seconds: 0 };
 * const report = new StageReport({ ...facts, dropped: [{ reason: "rating below 4", rows: 2 }] });
 * assert.equal(report.rowsIn - report.rowsOut, 2);
 * assert.throws(() => new StageReport(facts)); // two rows would be gone without a word
 * ```
 */
export class StageReport extends Shown implements StageFacts {
  readonly stage: string;
  readonly rowsIn: number;
  readonly rowsOut: number;
  readonly dropped: DroppedRows[];
  readonly counts: Record<string, number>;
  /** Warnings that a user should read. If the library is imported, they name options as in code. */
  readonly warnings: string[];
  readonly seconds: number;
  readonly columns?: StageFacts["columns"];
  readonly tables?: StageFacts["tables"];
  /** The warnings as they were given, because a file must have the same wording whether a command or a program writes it. */
  readonly #written: string[];

  /**
   * Creates the report of a stage.
   *
   * @throws {Error} if the dropped rows do not add up: nothing may vanish silently.
   */
  constructor(facts: Omit<StageFacts, "dropped" | "warnings"> & Partial<StageFacts>) {
    super();
    this.stage = facts.stage;
    this.rowsIn = facts.rowsIn;
    this.rowsOut = facts.rowsOut;
    this.dropped = (facts.dropped ?? []).filter(({ rows }) => rows > 0);
    this.counts = facts.counts;
    this.#written = facts.warnings ?? [];
    this.warnings = this.#written.map(spoken);
    this.seconds = facts.seconds;
    if (facts.columns) this.columns = facts.columns;
    if (facts.tables) this.tables = facts.tables;
    const lost = this.dropped.reduce((sum, { rows }) => sum + rows, 0);
    if (this.rowsIn - lost !== this.rowsOut) {
      throw new Error(
        `Stage ${this.stage} lost count: ${this.rowsIn} rows in, ${lost} dropped, ${this.rowsOut} out`,
      );
    }
  }

  /** Returns plain data for a file, in which warnings name options as on a command line. */
  written(): StageFacts {
    return { ...this, warnings: [...this.#written] };
  }

  #columns(): string[] {
    return columnRows([this]).map(([label, words]) => `${label}: ${words}`);
  }

  #table(): Table {
    return {
      caption: `${this.stage}: ${formatCell(this.rowsIn)} → ${formatCell(this.rowsOut)} interactions, ${
        this.seconds.toFixed(2)
      } s`,
      columns: ["", "count"],
      rows: [
        ...this.dropped.map((dropped) => [`dropped: ${reasonWords(dropped)}`, dropped.rows]),
        ...Object.entries(this.counts),
      ],
    };
  }

  /** Returns the report as text, for a terminal. */
  toString(): string {
    const warnings = this.warnings.map((warning) => `warning: ${visible(warning)}`);
    return [textTable(this.#table()), ...this.#columns().map(visible), ...warnings].join("\n");
  }

  /** Returns the report as an HTML fragment, for a notebook. */
  toHtml(): string {
    return htmlTable(this.#table()) +
      [...this.#columns(), ...this.warnings.map((warning) => `⚠ ${warning}`)].map(line).join("");
  }
}
