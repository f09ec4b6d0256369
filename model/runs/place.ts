/**
 * Where a run may lie: a folder for a new one, and whether one is there.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { InputError } from "../../pipeline/contract/errors.ts";
import { announce } from "../../pipeline/contract/files/changes.ts";
import { refuseNewer } from "../../pipeline/contract/files/format_version.ts";
import { removeIfEmpty } from "../../pipeline/contract/files/made.ts";
import { BEGIN, LOCK } from "../../pipeline/contract/files/names.ts";
import { claimKept, type KeptKind } from "../../pipeline/contract/files/place.ts";
import { recogniseFolder, removeOwn } from "../../pipeline/contract/files/recognise.ts";
import { FOLDER_KINDS, FolderRecord, RECORD } from "../../pipeline/contract/files/record.ts";
import {
  cannotWrite,
  entryAt,
  inPlaceOfFolder,
  isSystemError,
  makeFolder,
} from "../../pipeline/contract/files/system.ts";
import { noRun } from "../../pipeline/contract/dataset/near_dataset.ts";
import { quoted } from "../../pipeline/terminal/quoted.ts";
import { RUN_VERSION } from "../records/schemas.ts";
import { datasetInside } from "./dataset.ts";
import { FILES } from "./files.ts";
import { lockRun } from "./lock.ts";
import { readValue } from "./read.ts";

/** In the folder of an experiment or a tuning: where its runs are. */
export const CELLS = "cells";

/** What says which kind of file it is, and of which version. */
export const headerSchema = z.looseObject({ format: z.string(), version: z.int().min(1) });

/**
 * Makes a folder for a run, or takes that of one that was begun.
 *
 * @param inputs Files that the run is made of: they may not lie in the folder.
 * @param elsewhere What to do if it cannot be taken, for messages. Default: another --out.
 * @throws {InputError} if something else is there, or a run of a newer format, or it cannot be made.
 */
export function takePlace(folder: string, inputs: readonly string[], elsewhere?: string): void {
  const place = claimKept(folder, "run", { what: "the run", inputs, elsewhere });
  if (place.begun) {
    hasRun(folder);
    return;
  }
  beginFolder(folder, "run", elsewhere);
}

/**
 * Makes a folder that was claimed one of ours. Where another process has claimed it at the same time, the record of the first one stays.
 *
 * @throws {InputError} if it cannot be written, another process has begun something else there, or is at work on it.
 */
export function beginFolder(folder: string, kind: KeptKind, elsewhere = ELSEWHERE): void {
  try {
    makeFolder(folder);
    // Not the lock of those who work on it: that nobody holds it would say that a program that works without it is not there any more.
    using _lock = lockRun(folder, BEGIN);
    const there = FolderRecord.read(folder);
    if (!there) FolderRecord.begin(folder, kind).saveSync();
    removeBegin(folder); // who waits for it finds the record
    if (there && there.kind !== kind) {
      throw new InputError(
        `Cannot write to ${folder}: ${FOLDER_KINDS[there.kind]} was begun there meanwhile; ${elsewhere}`,
      );
    }
  } catch (error) {
    throw cannotWrite(folder, error);
  }
}

function removeBegin(folder: string): void {
  const path = join(folder, BEGIN);
  if (!entryAt(path)) return;
  announce(`remove ${BEGIN}`);
  Deno.removeSync(path);
}

const ELSEWHERE = "choose another folder with --out";

/**
 * Whether a run is there that this program can read.
 *
 * @throws {InputError} if it is of another program or of a newer format.
 */
export function hasRun(folder: string): boolean {
  const { path } = FILES.run, header = readValue(folder, { path, schema: headerSchema });
  if (!header) return false;
  if (header.format !== "automlp-run") {
    throw new InputError(
      `Cannot open the run ${folder}: its run.json is not one of automlp; give another folder`,
    );
  }
  refuseNewer(join(folder, path), "the run", header.version, RUN_VERSION);
  return true;
}

/** The folders below that hold a run, by their names. */
const runsInside = (folder: string): string[] =>
  folder !== "" && existsSync(folder) && Deno.statSync(folder).isDirectory
    ? [...Deno.readDirSync(folder)].map(({ name }) => name)
      .filter((name) => existsSync(join(folder, name, FILES.run.path))).sort()
    : [];

/** @throws {InputError} if no run is there, or one that this program cannot read. */
export function requireRun(folder: string): void {
  if (!hasRun(folder)) throw new InputError(`Cannot open the run ${folder}: ${otherThanRun(folder)}`);
}

/** Whether a program has saved a model there, which is no run. */
export const holdsModelAlone = (folder: string): boolean =>
  existsSync(join(folder, FILES.modelConfig.path)) && !existsSync(join(folder, FILES.run.path));

/** What is there where no run is, and what to do. */
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
    return `it is ${FOLDER_KINDS[kind]}${
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
    ? `${noRun(folder)}; make one with deno task pipeline --out ${quoted(folder)}`
    : `it holds runs, and is none; name one of them, as ${join(folder, inside)} (deno task runs lists them)`;
}

/** Removes the dataset in a folder of ours that holds nothing of a run: nothing else can need it. */
export function removeDataset(folder: string): void {
  try {
    const dataset = datasetInside(folder), found = recogniseFolder(dataset);
    if (found?.kind !== "dataset" || FolderRecord.read(folder)?.paths().length !== 0) return;
    using _lock = lockRun(folder);
    removeOwn(dataset, found.own, found.knownBy);
  } catch (error) {
    // Somebody else is at work on it, or it cannot be removed: it stays, and serves the next who prepares the same.
    if (!(error instanceof InputError || isSystemError(error))) throw error;
  }
}

/** Removes a folder of ours that holds nothing of a run. */
export function removeIfBare(folder: string): void {
  try {
    if (FolderRecord.read(folder)?.paths().length !== 0) return;
    const bare = [LOCK, BEGIN, RECORD], names = Array.from(Deno.readDirSync(folder), ({ name }) => name);
    if (names.some((name) => !bare.includes(name))) return;
    lockRun(folder)[Symbol.dispose](); // nobody else is at work on it
    removeBegin(folder); // of one that was killed
    for (const name of [LOCK, RECORD]) {
      announce(`remove ${name}`);
      Deno.removeSync(join(folder, name)); // the record last: what a kill leaves is an empty folder, or one of ours
    }
    removeIfEmpty(folder);
  } catch (error) {
    // Somebody else is at work on it, or it cannot be removed: it stays, and is taken for a run's folder by the next.
    if (!(error instanceof InputError || isSystemError(error))) throw error;
  }
}
