/**
 * Writes and reads dataset folders: five Parquet tables and a `manifest.json`.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import type { DataFrame } from "nodejs-polars";
import { SequenceDataset } from "./dataset.ts";
import { checkInterrupt, InputError } from "./errors.ts";
import { hashFile } from "./hash.ts";
import { FORMAT_VERSION, type Manifest, parseManifest, type TableName, TABLES } from "./manifest.ts";
import type { StageContext } from "./stage.ts";
import { dropQuietly, recoverFolder, replaceFolder, type StagedFolder, stageFolder } from "./swap.ts";

/** What the caller of {@link writeDataset} knows; the store adds format, tables and hash. */
export type ManifestFacts = Omit<Manifest, "format" | "version" | "tables" | "hash">;

/**
 * Writes a dataset folder atomically: a kill at any moment leaves what was there before, or the new folder whole.
 * `rejected` rows, if there are any, go beside the tables as `rejected.csv`.
 *
 * @throws {InputError} where the folder cannot be written or the disk is full; nothing half-written stays behind.
 */
export async function writeDataset(
  folder: string,
  tables: Record<TableName, DataFrame>,
  facts: ManifestFacts,
  { rejected, progress, signal }: StageContext & { rejected?: DataFrame } = {},
): Promise<SequenceDataset> {
  const rows = TABLES.reduce((sum, name) => sum + tables[name].height, 0);
  const task = progress?.start(`writing ${folder}`, rows, "rows");
  let staged: StagedFolder | undefined;
  try {
    staged = stageFolder(folder);
    const written: Partial<Manifest["tables"]> = {};
    for (const name of TABLES) {
      checkInterrupt(signal, "writing the dataset");
      const file = `${name}.parquet`, path = join(staged.path, file);
      await tables[name].lazy().sinkParquet(path, { compression: "zstd" }).collect();
      written[name] = {
        file,
        rows: tables[name].height,
        bytes: Deno.statSync(path).size,
        sha256: await hashFile(path),
      };
      task?.advance(tables[name].height);
    }
    if (rejected) await rejected.lazy().sinkCSV(join(staged.path, "rejected.csv")).collect();
    const hash = createHash("sha256");
    for (const name of TABLES) hash.update(`${name} ${written[name]!.sha256}\n`);
    const manifest = {
      format: "automlp-dataset",
      version: FORMAT_VERSION,
      ...facts,
      tables: written as Manifest["tables"],
      hash: hash.digest("hex"),
    } satisfies Manifest;
    Deno.writeTextFileSync(join(staged.path, "manifest.json"), JSON.stringify(manifest, null, 2) + "\n");
    checkInterrupt(signal, "writing the dataset");
    replaceFolder(staged, folder);
    return new SequenceDataset(folder, manifest);
  } catch (error) {
    if (staged) dropQuietly(staged);
    throw error instanceof Error && "exitCode" in error ? error : new InputError(
      `Cannot write the dataset ${folder}: ${
        firstLine(error)
      }; free some space or choose another folder with --out`,
    );
  } finally {
    task?.end();
  }
}

/**
 * Opens a dataset folder. Tables are read when they are asked for.
 *
 * @throws {InputError} where there is no dataset, a damaged one, or one of a newer format.
 */
export function readDataset(folder: string): Promise<SequenceDataset> {
  return Promise.try(() => {
    const manifest = readManifest(folder);
    if (!manifest) {
      throw new InputError(
        `Cannot open the dataset ${folder}: there is no manifest.json in it; make one with deno task prepare --out ${folder}`,
      );
    }
    for (const { file, bytes } of Object.values(manifest.tables)) {
      const size = sizeOf(join(folder, file));
      if (size !== bytes) {
        throw new InputError(
          `Cannot open the dataset ${folder}: ${file} ${
            size === undefined ? "is missing" : `has ${size} bytes, the manifest says ${bytes}`
          }; prepare it again`,
        );
      }
    }
    return new SequenceDataset(folder, manifest);
  });
}

/** The manifest of a folder, or undefined where there is none. Recovers a folder that a kill left half-replaced. */
export function readManifest(folder: string): Manifest | undefined {
  const path = join(folder, "manifest.json");
  let text: string;
  try {
    recoverFolder(folder);
    text = Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return undefined;
    throw new InputError(`Cannot read ${path}: ${firstLine(error)}`);
  }
  return parseManifest(text, path);
}

function sizeOf(path: string): number | undefined {
  try {
    return Deno.statSync(path).size;
  } catch {
    return undefined;
  }
}

const firstLine = (error: unknown) => (error instanceof Error ? error.message : String(error)).split("\n")[0];
