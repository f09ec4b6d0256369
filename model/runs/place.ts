/**
 * Folders of runs: takes one for a new run, and checks whether a run is there.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { InputError } from "../../pipeline/contract/errors.ts";
import { cannotWrite, isSystemError } from "../../pipeline/contract/errors/system.ts";
import {
  aKind,
  examine,
  type FolderKind,
  FolderRecord,
  RECORD,
  removeFiles,
} from "../../pipeline/contract/files/checksums.ts";
import { claimKept } from "../../pipeline/contract/files/claim.ts";
import { LOCK } from "../../pipeline/contract/files/lock.ts";
import { checkVersion, inPlaceOfFolder } from "../../pipeline/contract/files/readable.ts";
import { makeFolder, removeIfEmpty } from "../../pipeline/contract/files/stage.ts";
import { isFile, noRun } from "../../pipeline/contract/dataset/near_dataset.ts";
import { quoted } from "../../pipeline/terminal/quoted.ts";
import { RUN_VERSION } from "../records/schemas.ts";
import { datasetInside } from "./dataset.ts";
import { FILES } from "./files.ts";
import { lockRun } from "./lock.ts";
import { readValue } from "./read.ts";

/** The folder inside that of an experiment or a tuning that holds its runs. */
export const CELLS = "cells";

/** Kinds of folders that are resumed and never replaced. */
export const KINDS = {
  run: { name: "run", keeps: ["dataset"] },
  experiment: { name: "experiment", keeps: ["dataset"] },
  tuning: { name: "tuning", keeps: ["dataset"] },
} satisfies Record<string, FolderKind>;
export type KeptKind = keyof typeof KINDS;

/** The members that say which kind of file it is, and of which version. */
export const headerSchema = z.looseObject({ format: z.string(), version: z.int().min(1) });

/**
 * Creates a folder for a run, or takes the folder of a run that has begun.
 *
 * @param inputs Files that the run is made from; they must not be in the folder.
 * @param elsewhere What to do if the folder cannot be taken, for messages. Default: another --out.
 * @throws {InputError} if something else or a run of a newer format is there, or the folder cannot be created.
 */
export function takePlace(folder: string, inputs: readonly string[], elsewhere?: string): void {
  const place = claimKept(folder, KINDS.run, { what: "the run", inputs, elsewhere });
  if (place.begun) {
    hasRun(folder);
    return;
  }
  beginFolder(folder, "run", elsewhere);
}

/**
 * Turns a claimed folder into one of automlp's. If another process has claimed it at the same time, the first one's record stays.
 *
 * @throws {InputError} if it cannot be written, or another process has begun something else there or is working on it.
 */
export function beginFolder(folder: string, kind: KeptKind, elsewhere = ELSEWHERE): void {
  try {
    makeFolder(folder);
    if (!FolderRecord.read(folder)) FolderRecord.begin(folder, KINDS[kind]).saveNew();
    const there = FolderRecord.read(folder)!;
    if (there.kind !== kind) {
      throw new InputError(
        `Cannot write to ${folder}: ${aKind(there.kind)} was begun there meanwhile; ${elsewhere}`,
      );
    }
  } catch (error) {
    throw cannotWrite(folder, error);
  }
}

const ELSEWHERE = "choose another folder with --out";

/**
 * Returns whether there is a run that this program can read.
 *
 * @throws {InputError} if the run is of another program or of a newer format.
 */
export function hasRun(folder: string): boolean {
  const { path } = FILES.run, header = readValue(folder, { path, schema: headerSchema });
  if (!header) return false;
  if (header.format !== "automlp-run") {
    throw new InputError(
      `Cannot open the run ${folder}: its run.json is not one of automlp; give another folder`,
    );
  }
  checkVersion(join(folder, path), "the run", header.version, RUN_VERSION);
  return true;
}

/** Names of the subfolders that hold a run, sorted. */
const runsInside = (folder: string): string[] =>
  folder !== "" && existsSync(folder) && Deno.statSync(folder).isDirectory
    ? [...Deno.readDirSync(folder)].map(({ name }) => name)
      .filter((name) => existsSync(join(folder, name, FILES.run.path))).sort()
    : [];

/** @throws {InputError} if there is no run, or one that this program cannot read. */
export function requireRun(folder: string): void {
  if (!hasRun(folder)) throw new InputError(`Cannot open the run ${folder}: ${otherThanRun(folder)}`);
}

/** Whether the folder holds only a model that a program has saved, and no run. */
export const holdsModelAlone = (folder: string): boolean =>
  existsSync(join(folder, FILES.modelConfig.path)) && !existsSync(join(folder, FILES.run.path));

/** Says what is there instead of a run, and what to do. */
function otherThanRun(folder: string): string {
  const other = inPlaceOfFolder(folder), around = dirname(folder);
  if (other !== undefined) {
    const run = existsSync(join(around, FILES.run.path)) ? `, as ${around}` : "";
    return `it is ${other}; name the folder of a run${run}`;
  }
  if (existsSync(join(folder, "manifest.json"))) return "it is a dataset; give another folder";
  const kind = FolderRecord.read(folder)?.kind;
  if (kind === "experiment" || kind === "tuning") {
    const [cell] = runsInside(join(folder, CELLS));
    return `it is ${aKind(kind)}${
      cell === undefined
        ? " in which no run was begun yet"
        : `; name one of its runs, as ${join(folder, CELLS, cell)}`
    }`;
  }
  if (holdsModelAlone(folder)) {
    return "it holds a model that a program saved, and no run; in a program, loadModel reads it";
  }
  const [inside] = runsInside(folder);
  return inside === undefined
    ? `${noRun(folder)}; make one with deno task pipeline --out ${isFile(folder) ? "DIR" : quoted(folder)}`
    : `it holds runs, and is none; name one of them, as ${join(folder, inside)} (deno task runs lists them)`;
}

/** Removes the dataset in a folder of automlp's that holds nothing of a run: nothing else can need it. */
export function removeDataset(folder: string): void {
  try {
    const dataset = datasetInside(folder), found = examine(dataset);
    if (found?.record.kind !== "dataset" || FolderRecord.read(folder)?.paths().length !== 0) return;
    using _lock = lockRun(folder);
    removeFiles(dataset, found.own);
  } catch (error) {
    // Another process is working on it, or it cannot be removed: it stays, and the next one to prepare the same dataset uses it.
    if (!(error instanceof InputError || isSystemError(error))) throw error;
  }
}

/** Removes a folder of automlp's that holds nothing of a run. */
export function removeIfBare(folder: string): void {
  try {
    if (FolderRecord.read(folder)?.paths().length !== 0) return;
    const bare = [LOCK, RECORD], names = Array.from(Deno.readDirSync(folder), ({ name }) => name);
    if (names.some((name) => !bare.includes(name))) return;
    lockRun(folder)[Symbol.dispose](); // no other process is working on it
    for (const name of [LOCK, RECORD]) {
      Deno.removeSync(join(folder, name)); // the record last, so that a kill leaves an empty folder or one of automlp's
    }
    removeIfEmpty(folder);
  } catch (error) {
    // Another process is working on it, or it cannot be removed: it stays, and the next process takes it for a run's folder.
    if (!(error instanceof InputError || isSystemError(error))) throw error;
  }
}
