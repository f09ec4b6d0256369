/**
 * What a stage says of its work: how many rows came in, how many went on, and why the others did not.
 *
 * @module
 */
import { line } from "../display/fragment.ts";
import { formatCell, htmlTable, type Table, textTable } from "../display/table.ts";
import { visible } from "../display/visible.ts";

/** Rows that a stage dropped, and why. */
export interface DroppedRows {
  /** As in `users with fewer than 10 interactions`. */
  reason: string;
  /** How many. */
  rows: number;
}

/** The plain data of a {@link StageReport}; what `manifest.json` keeps. */
export interface StageFacts {
  /** The stage's name: `read`, `schema`, `filter`, `vocabulary`, `split`, `negatives`, `write`. */
  stage: string;
  /** Interactions that came in. */
  rowsIn: number;
  /** Interactions that went on. */
  rowsOut: number;
  /** Adds up to `rowsIn − rowsOut`. */
  dropped: DroppedRows[];
  /** What the stage counted, by name: users, items, targets … */
  counts: Record<string, number>;
  /** Remarks that a user should read. */
  warnings: string[];
  /** Wall time. */
  seconds: number;
}

/** What each stage dropped, and why. */
export function stagesTable(stages: readonly StageFacts[]): Table {
  return {
    columns: ["stage", "interactions in", "out", "dropped"],
    rows: stages.map(({ stage, rowsIn, rowsOut, dropped }) => [
      stage,
      rowsIn,
      rowsOut,
      dropped.map(({ reason, rows }) => `${formatCell(rows)} ${reason}`).join("; "),
    ]),
  };
}

/**
 * A stage's report. It shows itself in a notebook, and as text in a terminal (`String(report)`).
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
export class StageReport implements StageFacts {
  readonly stage: string;
  readonly rowsIn: number;
  readonly rowsOut: number;
  readonly dropped: DroppedRows[];
  readonly counts: Record<string, number>;
  readonly warnings: string[];
  readonly seconds: number;

  /**
   * The report of a stage.
   *
   * @throws {Error} if the dropped rows do not add up: nothing may vanish silently.
   */
  constructor(facts: Omit<StageFacts, "dropped" | "warnings"> & Partial<StageFacts>) {
    this.stage = facts.stage;
    this.rowsIn = facts.rowsIn;
    this.rowsOut = facts.rowsOut;
    this.dropped = (facts.dropped ?? []).filter(({ rows }) => rows > 0);
    this.counts = facts.counts;
    this.warnings = facts.warnings ?? [];
    this.seconds = facts.seconds;
    const lost = this.dropped.reduce((sum, { rows }) => sum + rows, 0);
    if (this.rowsIn - lost !== this.rowsOut) {
      throw new Error(
        `Stage ${this.stage} lost count: ${this.rowsIn} rows in, ${lost} dropped, ${this.rowsOut} out`,
      );
    }
  }

  #table(): Table {
    return {
      caption: `${this.stage}: ${formatCell(this.rowsIn)} → ${formatCell(this.rowsOut)} interactions, ${
        this.seconds.toFixed(2)
      } s`,
      columns: ["", "count"],
      rows: [
        ...this.dropped.map(({ reason, rows }) => [`dropped: ${reason}`, rows]),
        ...Object.entries(this.counts),
      ],
    };
  }

  /** As text, for a terminal. */
  toString(): string {
    const warnings = this.warnings.map((warning) => `warning: ${visible(warning)}`);
    return [textTable(this.#table()), ...warnings].join("\n");
  }

  /** As an HTML fragment for a notebook. */
  toHtml(): string {
    return htmlTable(this.#table()) + this.warnings.map((warning) => line(`⚠ ${warning}`)).join("");
  }

  /** What `console.log` shows: the text. */
  [Symbol.for("Deno.customInspect")](): string {
    return this.toString();
  }

  /** The Deno Jupyter kernel's display protocol. */
  [Symbol.for("Jupyter.display")](): Record<string, string> {
    return { "text/html": this.toHtml(), "text/plain": this.toString() };
  }
}
