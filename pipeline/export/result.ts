/**
 * The result of an export.
 *
 * @module
 */
import { line } from "../display/cell/fragment.ts";
import { htmlTable, type Table, textTable } from "../display/table.ts";
import { visible } from "../display/text/visible.ts";
import { Shown } from "../display/shown.ts";
import type { ExportedFile } from "./table_file.ts";

/**
 * Files of an export and remarks about them. It displays itself in a notebook, and as text with `String(result)`.
 *
 * @example
 * ```ts
 * import { exportDataset, prepare } from "automlp";
 * import assert from "node:assert/strict";
 *
 * const out = await Deno.makeTempDir();
 * const { dataset } = await prepare({ dataset: "demo", out: `${out}/data` });
 * const exported = await exportDataset(dataset, { to: "csv", out: `${out}/csv` });
 * assert(exported.files.some(({ path, rows }) => path.endsWith("items.csv") && rows === 600));
 * console.log(exported, exported.notes);
 * ```
 */
export class ExportResult extends Shown {
  /**
   * Created by `exportDataset`.
   *
   * @internal
   */
  constructor(
    /** Folder that holds the files. */
    readonly folder: string,
    /** The files that were written. */
    readonly files: ExportedFile[],
    /** Remarks: what was changed or left out, and what the other tool does differently. */
    readonly notes: string[],
  ) {
    super();
  }

  #table(): Table {
    const rows = this.files.map(({ path, rows, bytes }) => [path, rows === 0 ? "" : rows, bytes]);
    return { caption: `Exported to ${this.folder}`, columns: ["file", "rows", "bytes"], rows };
  }

  /** Returns the result as text for a terminal. */
  toString(): string {
    return [textTable(this.#table()), ...this.notes.map((note) => `note: ${visible(note)}`)].join("\n");
  }

  /** Returns the result as an HTML fragment for a notebook. */
  toHtml(): string {
    return htmlTable(this.#table()) + this.notes.map(line).join("");
  }
}
