/**
 * Writes a dataset for another tool.
 *
 * @module
 */
import { checkKnown, type KnownOptions, knownWith } from "../contract/options/known.ts";
import { checkCall, FOLDER, NUMBER, SWITCH, TEXT } from "../contract/options/arguments.ts";
import { DATASET, type SequenceDataset } from "../contract/dataset.ts";
import { contextOf } from "../contract/context.ts";
import { didYouMean, InputError } from "../contract/errors.ts";
import type { StageContext } from "../contract/stage.ts";
import { type ExportResult, writeExport } from "./folder.ts";
import { ExportJob, type Format } from "./format.ts";
import { type ExportFormat, FORMATS, TOOL_HINTS } from "./formats.ts";
import { aboutDataset, CELLS_AS_THEY_ARE } from "./readme.ts";
import { SafeDataset } from "./safe_dataset.ts";
import type { Compression } from "./output.ts";

/** Options of {@link exportDataset}. */
export interface ExportOptions extends StageContext {
  /** Format to write, one of {@link EXPORT_FORMATS}. */
  to: ExportFormat;
  /** Folder to write; an earlier export in it is replaced. */
  out: string;
  /** Name of the data set in the other tool. Default: the dataset's own, with `_` for characters that a file name cannot contain. */
  name?: string;
  /** Maximum number of items in a history, for formats that write histories, such as `recbole`. Default: 50. */
  maxLength?: number;
  /** Compression of the files, one that the format supports. Default: the format's first. */
  compression?: Compression;
  /**
   * Whether to put an apostrophe before ids, texts and column names that a spreadsheet would take for formulas (`=1+1`). They then
   * differ from those in the source. For formats with cells only; a CSV file then also begins with a byte-order mark. Default:
   * false.
   */
  safeCells?: boolean;
  /** Whether to replace our files in the folder even if they are not an export or were changed since they were written. Default: false. */
  overwrite?: boolean;
}

/**
 * Writes a dataset for another tool, with original ids and a README that explains the files. The folder appears when it is
 * complete; until then, an earlier export in its place stays.
 *
 * @throws {InputError} for an unknown format or compression, a name or ids that the format cannot hold, safe cells for a format
 * without cells, a history length for a format without histories, or a folder in the way.
 * @throws {Interrupted} if `signal` is aborted; nothing half-written stays.
 * @example
 * ```ts
 * import { exportDataset, prepare } from "automlp";
 *
 * const out = await Deno.makeTempDir();
 * const { dataset } = await prepare({ dataset: "demo", out });
 * console.log(await exportDataset(dataset, { to: "recbole", out: `${out}-recbole` }));
 * ```
 */
export async function exportDataset(dataset: SequenceDataset, options: ExportOptions): Promise<ExportResult> {
  checkCall(
    'exportDataset(dataset, { to: "parquet", out: "exports/mine" })',
    [dataset, DATASET],
    [options, knownWith(OPTIONS, "out")],
  );
  checkKnown("export the dataset", options, OPTIONS);
  const { to, out, safeCells = false, overwrite } = options;
  const { progress, signal } = contextOf(options);
  const format = formatNamed(to);
  const compression = checkCompression(to, format, options.compression);
  if (safeCells) checkCells(to, format);
  const maxLength = lengthFor(to, format, options.maxLength);
  const { name, notes } = nameFor(to, format, dataset.manifest.name, options.name);
  const place = { out, inputs: [dataset.folder], overwrite, compression, progress, signal };
  return await writeExport(place, async (output) => {
    const written = safeCells ? new SafeDataset(dataset) : dataset;
    const job = new ExportJob(written, output, { name, maxLength, progress, signal });
    job.notes.push(...notes, ...(written instanceof SafeDataset ? [written.note] : []));
    await format.write(job);
    return { readme: readme(job, format), facts: factsOf(job, to), notes: job.notes };
  });
}

function formatNamed(to: string): Format {
  const known = Object.keys(FORMATS);
  if (known.includes(to)) return FORMATS[to as ExportFormat];
  if (to === undefined) {
    throw new InputError(`Cannot export the dataset: say to which format, as in { to: "${known[0]}" }`);
  }
  throw new InputError(
    `Cannot export to "${to}": there is no such format${didYouMean(to, known, TOOL_HINTS)}; there are ${
      known.join(", ")
    }`,
  );
}

function checkCompression(to: string, { compressions }: Format, asked?: Compression): Compression {
  if (asked === undefined || compressions.includes(asked)) return asked ?? compressions[0];
  throw new InputError(
    `Cannot compress ${to} with "${asked}": other tools could not read it; it takes ${
      compressions.join(", ")
    }`,
  );
}

function checkCells(to: string, { cells }: Format): void {
  if (cells) return;
  throw new InputError(
    `Cannot export ${to} with safe cells: it has no cells that a spreadsheet takes for formulas; leave out ` +
      `--safe-cells, or choose ${namesWith("cells")}`,
  );
}

/** Default for the maximum length of a history. */
const USUAL_LENGTH = 50;

function lengthFor(to: string, { histories }: Format, asked?: number): number {
  if (asked === undefined) return USUAL_LENGTH;
  if (!Number.isSafeInteger(asked) || asked < 1) {
    throw new InputError(
      `Cannot export histories of ${asked} items: the length is a whole number, at least 1`,
    );
  }
  if (histories) return asked;
  throw new InputError(
    `Cannot export ${to} with at most ${asked} items of a history: it has sequences as they are, and no histories; leave out ` +
      `--max-length, or choose ${namesWith("histories")}`,
  );
}

const namesWith = (what: "cells" | "histories"): string =>
  Object.entries(FORMATS).filter(([, { [what]: has }]) => has).map(([name]) => name).join(", ");

/** Letters of any script, digits and `_`; `.` and `-` too, except as the first character. */
const NAME = /^[\p{L}\p{N}_][\p{L}\p{N}._-]*$/u;

/** Returns the data set's name in the other tool, and remarks about it. */
function nameFor(to: string, { reservedNames = [] }: Format, own: string, asked?: string) {
  if (asked !== undefined && !NAME.test(asked)) {
    throw new InputError(
      `Cannot name the export "${asked}": files are named after it; use letters, digits, ".", "_" and "-"`,
    );
  }
  const name = asked ?? fileName(own);
  if (!reservedNames.includes(name)) return { name, notes: [] };
  if (asked !== undefined) {
    throw new InputError(
      `Cannot name the export "${name}": ${to} keeps the name for data of its own; choose another`,
    );
  }
  const other = `${name}-prepared`;
  return {
    name: other,
    notes: [`The data set is called "${other}": ${to} keeps "${name}" for data of its own`],
  };
}

/** Replaces characters that a file name cannot contain. */
const fileName = (name: string) =>
  name.replace(/[^\p{L}\p{N}._-]+/gu, "_").replace(/^[^\p{L}\p{N}_]+/u, "") || "dataset";

function readme(job: ExportJob, format: Format): string {
  const notes = job.notes.length > 0
    ? [`## Notes\n\n${job.notes.map((note) => `- ${note}`).join("\n")}`]
    : [];
  const parts = [
    `# ${job.name}: ${format.title}`,
    aboutDataset(job.dataset),
    ...(format.cells && !(job.dataset instanceof SafeDataset) ? [CELLS_AS_THEY_ARE] : []),
    format.readme(job),
    ...notes,
  ];
  return parts.join("\n\n") + "\n";
}

/** Returns what `export.json` says about the export. */
function factsOf({ dataset, name, maxLength }: ExportJob, to: ExportFormat): Record<string, unknown> {
  const safe = dataset instanceof SafeDataset && { safeCells: true };
  return { to, name, maxLength, dataset: dataset.manifest.hash, ...safe };
}

const OPTIONS: KnownOptions<Omit<ExportOptions, keyof StageContext>> = {
  to: { ...TEXT, what: "the name of a format" },
  out: FOLDER,
  name: TEXT,
  maxLength: NUMBER,
  compression: TEXT,
  safeCells: SWITCH,
  overwrite: SWITCH,
};
