/**
 * Writes the folder of an export. It appears when it is complete, with a README and a file that describes the export.
 *
 * @module
 */
import { join } from "node:path";
import { checkInterrupt } from "../contract/errors.ts";
import { writingFailed } from "../contract/errors/system.ts";
import { claimFolder } from "../contract/files/claim.ts";
import { dropQuietly, placeFolder, type StagedFolder, stageFolder } from "../contract/files/swap.ts";
import { type Progress, silent } from "../contract/progress.ts";
import { line } from "../display/cell/fragment.ts";
import { Shown } from "../display/shown.ts";
import { htmlTable, type Table, textTable } from "../display/table.ts";
import { visible, visibleLines } from "../display/text/visible.ts";
import { type Compression, type ExportedFile, Output } from "./output.ts";

/** The folder of an export, and the compression of its tables. */
interface ExportPlace {
  out: string;
  /** Paths of the data it is made from, which must not lie in the folder. */
  inputs: readonly string[];
  overwrite?: boolean;
  compression: Compression;
  progress?: Progress;
  signal?: AbortSignal;
}

/** Descriptions of an export, once its files are written. */
interface ExportWords {
  /** README in Markdown. */
  readme: string;
  /** Facts for `export.json`. */
  facts: Record<string, unknown>;
  notes: string[];
}

/** The file that describes the export. */
const DESCRIPTION = "export.json";

/**
 * Writes an export's folder; an earlier export in its place stays until the new one is complete.
 *
 * @param write Writes the files.
 * @throws {InputError} if a folder is in the way.
 * @throws {Interrupted} if the signal is aborted; nothing half-written stays.
 */
export async function writeExport(
  { out, inputs, overwrite, compression, progress = silent, signal }: ExportPlace,
  write: (output: Output) => Promise<ExportWords>,
): Promise<ExportResult> {
  const place = claimFolder(out, { name: "export" }, { what: "the export", inputs, overwrite });
  let staged: StagedFolder | undefined;
  try {
    checkInterrupt(signal, `exporting to ${out}`);
    staged = await stageFolder(place);
    using output = new Output(staged.path, compression);
    const { readme, facts, notes } = await write(output);
    output.text("README.md", visibleLines(readme));
    const description = { format: "automlp-export", version: 1, ...facts, files: output.files, notes };
    const text = JSON.stringify(description, null, 2) + "\n";
    Deno.writeTextFileSync(join(staged.path, DESCRIPTION), text, { createNew: true });
    checkInterrupt(signal, `exporting to ${out}`);
    for (const path of [...output.files.map(({ path }) => path), DESCRIPTION]) staged.record.enter(path);
    const warning = await placeFolder(staged);
    if (warning) progress.warn(warning);
    return new ExportResult(out, output.files, notes);
  } catch (error) {
    if (staged) dropQuietly(staged);
    throw writingFailed(`the export ${out}`, error);
  }
}

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
