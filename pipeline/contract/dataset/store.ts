/**
 * Writes and reads dataset folders: five Parquet tables, in one file each or in parts, and a `manifest.json`.
 *
 * @module
 */
import { join } from "node:path";
import pl from "nodejs-polars";
import type { DataFrame, LazyDataFrame, Rows } from "../frame.ts";
import { SequenceDataset } from "../dataset.ts";
import { checkInterrupt, InputError } from "../errors.ts";
import { isMissing, writingFailed } from "../errors/system.ts";
import { FolderRecord, hashFile, hashOf } from "../files/checksums.ts";
import { claimFolder } from "../files/claim.ts";
import { cannotRead, entryAt, readBytesSync } from "../files/readable.ts";
import { writeText } from "../files/stage.ts";
import { dropQuietly, type FolderPlace, placeFolder, type StagedFolder, stageFolder } from "../files/swap.ts";
import {
  filesOf,
  FORMAT_VERSION,
  type Manifest,
  type TableFile,
  type TableName,
  TABLES,
} from "./manifest.ts";
import { datasetOfRun, makeOne, MANIFEST, noDataset } from "./near_dataset.ts";
import { MAX_MANIFEST_BYTES, parseManifest } from "./parse_manifest.ts";
import { countByUser, type Cut, cutTable, NEGATIVES_EACH, PART_ROWS, planParts } from "./parts.ts";
import type { StageContext } from "../stage.ts";

/** The part of the manifest that callers of {@link writeDataset} provide; format, version, tables and hash are added. */
export type ManifestFacts = Omit<Manifest, "format" | "version" | "tables" | "hash">;

/** Options of {@link writeDataset}. */
export interface WriteOptions extends StageContext {
  /** Whether to replace what automlp wrote to the folder even if it is not a dataset, or was changed since. */
  overwrite?: boolean;
  /** Rows that were refused; they are written beside the tables as `rejected.csv`. */
  rejected?: DataFrame;
  /**
   * Maximum number of interactions of a part. A dataset with more interactions, or with more than four times as many negatives, is written
   * in parts. Users stay whole. Default: 2²⁵, about 33 million.
   */
  partRows?: number;
}

const DATASET_KIND = { name: "dataset" };

/**
 * Checks that a dataset may be written to a folder, before any work is done.
 *
 * @param inputs Files that the dataset is made from.
 * @throws {InputError} if the folder holds something other than a dataset of ours, or cannot be used for a dataset.
 */
export const claimDataset = (
  folder: string,
  { overwrite, inputs }: { overwrite?: boolean; inputs?: readonly string[] } = {},
): FolderPlace => claimFolder(folder, DATASET_KIND, { what: "the dataset", inputs, overwrite });

/**
 * Writes a dataset folder atomically: a kill at any moment leaves either what was there before or the complete new folder.
 *
 * @throws {InputError} if the folder holds anything but a dataset of ours, cannot be written, or the disk is full; nothing
 * half-written is left.
 * @example
 * ```ts
 * import { prepare, readDataset, type TableName, TABLES, writeDataset } from "automlp";
 * import assert from "node:assert/strict";
 *
 * const out = await Deno.makeTempDir();
 * const { dataset } = await prepare({ dataset: "demo", out });
 * // As its files have them; table() has numeric features as numbers.
 * const tables = Object.fromEntries(TABLES.map((name) => [name, dataset.scan(name).collectSync()]));
 * const copy = await writeDataset(`${out}-copy`, tables as Parameters<typeof writeDataset>[1], dataset.manifest);
 * assert.equal(copy.manifest.hash, dataset.manifest.hash);
 * ```
 */
export async function writeDataset(
  folder: string,
  tables: Record<TableName, DataFrame>,
  facts: ManifestFacts,
  options: WriteOptions = {},
): Promise<SequenceDataset> {
  const inputs = facts.sources.map(({ path }) => path);
  const place = claimDataset(folder, { ...options, inputs });
  return await fillDataset(folder, () => stageFolder(place), tables, facts, options);
}

/**
 * Writes a dataset whose tables need not be in memory, by way of a staging folder that may already contain other files.
 *
 * @param stage Provides the staging folder.
 * @param options.written Called when all tables are written; it must remove everything else from the staging folder.
 */
export async function fillDataset(
  folder: string,
  stage: () => Promise<StagedFolder>,
  tables: Record<TableName, Rows>,
  facts: ManifestFacts,
  { rejected, partRows, progress, signal, written: done }: WriteOptions & { written?: () => void } = {},
): Promise<SequenceDataset> {
  const rows = TABLES.reduce((sum, name) => sum + tables[name].height, 0);
  const task = progress?.start(`writing ${folder}`, rows, "rows");
  let staged: StagedFolder | undefined;
  try {
    const { path: target, record } = staged = await stage();
    const infos = {} as Manifest["tables"];
    for (const name of TABLES) {
      checkInterrupt(signal, "writing the dataset");
      const file = `${name}.parquet`, path = join(target, file);
      await inPieces(tables[name]).sinkParquet(path, { compression: "zstd" }).collect();
      const whole = {
        rows: tables[name].height,
        bytes: Deno.statSync(path).size,
        sha256: await hashFile(path),
      };
      infos[name] = { ...whole, files: [{ file, ...whole }] };
      task?.advance(whole.rows);
    }
    done?.();
    await divide(target, infos, facts, { partRows, progress, signal });
    for (const { file, sha256 } of TABLES.flatMap((name) => infos[name].files)) record.enter(file, sha256);
    if (rejected) {
      // Not sinkCSV, which reports no error if the end of the file does not fit on the disk.
      rejected.writeCSV(join(target, "rejected.csv"));
      record.enter("rejected.csv");
    }
    const hash = hashOf(TABLES.map((name) => `${name} ${infos[name].sha256}\n`).join(""));
    const manifest = {
      format: "automlp-dataset",
      version: FORMAT_VERSION,
      ...facts,
      tables: infos,
      hash,
    } satisfies Manifest;
    await writeText(join(target, MANIFEST), JSON.stringify(manifest, null, 2) + "\n");
    record.enter(MANIFEST);
    checkInterrupt(signal, "writing the dataset");
    const warning = await placeFolder(staged);
    if (warning) progress?.warn(warning);
    return new SequenceDataset(folder, manifest);
  } catch (error) {
    if (staged) dropQuietly(staged);
    throw writingFailed(`the dataset ${folder}`, error);
  } finally {
    task?.end();
  }
}

/**
 * Divides interactions and negatives into parts if they are too many for one. They were written whole before, and their hashes are those of
 * the whole files.
 */
async function divide(
  folder: string,
  infos: Manifest["tables"],
  { counts, negatives: { protocols, count } }: ManifestFacts,
  { partRows = PART_ROWS, progress, signal }: Pick<WriteOptions, "partRows"> & StageContext,
): Promise<void> {
  const { interactions, negatives } = infos, wholeOf = (name: TableName) => join(folder, `${name}.parquet`);
  const lists = negatives.rows === 0 ? 0 : protocols.length;
  const positives = lists === 0 ? 0 : negatives.rows / lists;
  if (interactions.rows <= partRows && positives * lists * count <= NEGATIVES_EACH * partRows) return;
  const lengths = pl.scanParquet(wholeOf("users"), { glob: false }).select("interactions").collectSync();
  const parts = planParts({
    interactions: lengths.getColumn("interactions").toTypedArray() as Uint32Array,
    positives: countByUser(wholeOf("negatives"), positives, counts.users),
    negatives: lists * count,
    partRows,
  });
  if (parts.length < 2) return;
  const rows = interactions.rows + negatives.rows,
    task = progress?.start("dividing it into parts", rows, "rows");
  const cut = async (table: TableName, how: Pick<Cut, "rowsOf" | "protocols">) => {
    const written = ({ rows }: TableFile) => {
      checkInterrupt(signal, "writing the dataset");
      task?.advance(rows);
    };
    const files = await cutTable(wholeOf(table), {
      folder,
      table,
      parts,
      written,
      rows: infos[table].rows,
      ...how,
    });
    Object.assign(infos[table], { files, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) });
  };
  try {
    await cut("interactions", { rowsOf: ({ rows }) => rows });
    if (lists > 0) await cut("negatives", { rowsOf: ({ positives }) => positives, protocols });
  } finally {
    task?.end();
  }
}

/** Number of rows in one piece of a table with lists. */
const LIST_ROWS = 1 << 15;

/**
 * Returns a table in the form in which it is written. Polars divides the lists of one large frame into other pages than those of several
 * frames or files, whose number makes no difference. A large frame is therefore written as several, so that equal tables give equal files.
 */
function inPieces(table: Rows): LazyDataFrame {
  const { height } = table, whole = table.lazy();
  const { dtypes = [] } = table as Partial<DataFrame>; // rows that are not a frame are in files, or have no lists
  if (height <= LIST_ROWS || !dtypes.some((type) => type.variant === "List")) return whole;
  const starts = Array.from({ length: Math.ceil(height / LIST_ROWS) }, (_, i) => i * LIST_ROWS);
  return pl.concat(starts.map((start) => whole.slice(start, LIST_ROWS)));
}

export { MANIFEST };

/**
 * Opens a dataset folder. Tables are read, and their checksums verified, when they are requested.
 *
 * @throws {InputError} if there is no dataset, or if it is damaged or has a newer format.
 * @example
 * ```ts
 * import { prepare, readDataset } from "automlp";
 * import assert from "node:assert/strict";
 *
 * const out = await Deno.makeTempDir();
 * await prepare({ dataset: "demo", out });
 * const dataset = await readDataset(out);
 * assert.equal(dataset.manifest.name, "demo");
 * ```
 */
export function readDataset(folder: string): Promise<SequenceDataset> {
  return Promise.try(() => {
    const manifest = readManifest(folder);
    if (!manifest) {
      throw new InputError(
        `Cannot open the dataset ${folder}: ${
          datasetOfRun(folder) ??
            `${noDataset(folder)}; ${makeOne(folder)}`
        }`,
      );
    }
    for (const { file, bytes } of filesOf(manifest)) {
      const size = sizeOf(folder, file);
      if (size !== bytes) {
        throw new InputError(
          `Cannot open the dataset ${folder}: ${file} ${
            size === undefined ? "is missing" : `has ${size} bytes, the manifest says ${bytes}`
          }; prepare it again with --overwrite`,
        );
      }
    }
    return new SequenceDataset(folder, manifest);
  });
}

/** Size of a file below a folder; undefined if it does not exist, or is reached through a link, whose target is not ours. */
function sizeOf(folder: string, file: string): number | undefined {
  const names = file.split("/"), place = (depth: number) => join(folder, ...names.slice(0, depth));
  if (names.some((_, i) => i > 0 && !entryAt(place(i))?.isDirectory)) return undefined;
  const entry = entryAt(place(names.length));
  return entry?.isFile ? entry.size : undefined;
}

/**
 * Reads the manifest of a folder; undefined if there is none.
 *
 * @throws {InputError} if the manifest is damaged, or the folder is of another kind.
 */
export function readManifest(folder: string): Manifest | undefined {
  const path = join(folder, MANIFEST);
  let bytes: Uint8Array;
  try {
    bytes = readBytesSync(path, MAX_MANIFEST_BYTES);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw cannotRead(path, error);
  }
  // Whoever copies only the tables and the manifest has no record of them.
  FolderRecord.read(folder)?.check(MANIFEST, hashOf(bytes));
  return parseManifest(new TextDecoder().decode(bytes), path);
}
