/**
 * The gate before every write: a place is taken only if nothing of somebody else's is there.
 *
 * @module
 */
import { basename, dirname, join } from "node:path";
import { InputError } from "../errors.ts";
import { recoverFolder, removeLeftovers } from "./leftovers.ts";
import { BEGIN, isPartName } from "./names.ts";
import { isSame, realPlace, type Refuse, refuseInputs, refuseProtected } from "./protected.ts";
import { folderKind, type OwnFolder, recogniseFolder, someOf } from "./recognise.ts";
import { FOLDER_KINDS, type FolderKind, FolderRecord } from "./record.ts";
import { entryAt, firstLine, isSystemError, kindOf } from "./system.ts";
import { tryFile } from "./write.ts";

/** What is to be written where. */
export interface PlaceRequest {
  /** For messages: "the dataset". */
  what: string;
  /** Files and folders that are read: they are never replaced, nor anything that they lie in. */
  inputs?: readonly string[];
  /** Replace what is ours though it is of another kind, or was changed since it was written. */
  overwrite?: boolean;
  /** What to do if the place cannot be taken, for messages. Default: another --out. */
  elsewhere?: string;
}

/** A folder that may be written: real path, and what of ours is there already. */
export interface FolderPlace {
  /** Absolute, without links. */
  path: string;
  kind: FolderKind;
  /** The folder that is replaced. Undefined if nothing, or an empty folder, is there. */
  previous?: OwnFolder;
  /** Permissions of the folder that is there, which the new one gets. */
  mode?: number;
}

/**
 * Checks that a folder may be written at `target`: nothing is there, or an empty folder, or a folder of ours of the same kind with
 * nothing of somebody else's in it. A link at the target is followed. What killed processes left of such folders is put back or removed
 * first.
 *
 * @throws {InputError} if something else is there, or the place is `/`, the home folder, the current one or one above it, the
 * program's own, or holds an input, or a volume is mounted there.
 */
export function claimFolder(target: string, kind: FolderKind, request: PlaceRequest): FolderPlace {
  const refuse = refusal(target, request);
  return look(refuse, () => folderPlace(target, kind, request, refuse));
}

function folderPlace(target: string, kind: FolderKind, request: PlaceRequest, refuse: Refuse): FolderPlace {
  const path = realPlace(target, refuse);
  refuseProtected(path, refuse);
  refuseInputs(path, request.inputs ?? [], refuse);
  recoverFolder(path);
  removeLeftovers(path);
  const entry = entryAt(path);
  if (!entry) return { path, kind };
  if (!entry.isDirectory) throw refuse(`${kindOf(entry)} is there`);
  if (entry.dev !== Deno.lstatSync(dirname(path)).dev) {
    throw refuse(
      "it is where a volume is mounted, which cannot be replaced as a whole",
      "choose a folder inside it",
    );
  }
  if (isReadOnly(entry)) throw refuse("it is read-only");
  const place = { path, kind, mode: entry.mode ?? undefined };
  if (namesIn(path, refuse).length === 0) return place;
  const previous = recogniseFolder(path);
  if (!previous) {
    throw refuse(`the folder holds files that automlp did not write (${someOf(namesIn(path, refuse))})`);
  }
  if (isKept(previous.kind)) {
    throw refuse(`${FOLDER_KINDS[previous.kind]} is there, and what was computed is never replaced`);
  }
  const whole = wholeOf(path);
  if (whole) {
    throw refuse(`it is the dataset of ${FOLDER_KINDS[whole]}, and what was computed is never replaced`);
  }
  if (previous.strangers.length > 0) {
    throw refuse(
      `beside ${FOLDER_KINDS[previous.kind]} it holds what automlp did not write (${
        someOf(previous.strangers)
      }); move that`,
      "or choose another folder with --out",
    );
  }
  const replaceable = "or replace it with --overwrite";
  if (previous.kind !== kind && !request.overwrite) {
    throw refuse(`${FOLDER_KINDS[previous.kind]} is there`, `${ELSEWHERE}, ${replaceable}`);
  }
  if (previous.changed.length > 0 && !request.overwrite) {
    const why = previous.id
      ? "was changed since automlp wrote it"
      : "was written by an earlier version, which did not note what was in it";
    throw refuse(`what is there (${someOf(previous.changed)}) ${why}`, `${ELSEWHERE}, ${replaceable}`);
  }
  return { ...place, previous };
}

/** Of what a folder is the dataset: a run or an experiment that was begun, and is of no use without it. */
function wholeOf(path: string): KeptKind | undefined {
  const record = basename(path) === DATASET ? recordOf(dirname(path)) : undefined;
  if (record?.has("run.json")) return "run";
  return record?.has("experiment.json") ? "experiment" : undefined;
}

/** Whether nobody may write to a folder: somebody wants it kept as it is, be it from root. */
const isReadOnly = ({ mode }: Deno.FileInfo) => mode !== null && (mode & 0o222) === 0;

/** Folders of which no part is ever replaced by another one: what is there took time, and can be resumed. */
const KEPT_KINDS = ["run", "experiment", "tuning"] as const;
export type KeptKind = (typeof KEPT_KINDS)[number];

const isKept = (kind: FolderKind): boolean => (KEPT_KINDS as readonly FolderKind[]).includes(kind);

/**
 * Checks that a run, an experiment or a tuning may be written to a folder. It may be if nothing is there, or an empty
 * folder, or one of ours of the same kind, or what a kill left of one that was just begun, or a dataset of ours for it
 * in `dataset`. A link at the target is followed.
 *
 * @returns Its real path, and whether one was begun there.
 * @throws {InputError} as {@link claimFolder} does.
 */
export function claimKept(
  target: string,
  kind: KeptKind,
  request: PlaceRequest,
): { path: string; begun: boolean } {
  const refuse = refusal(target, request);
  return look(refuse, () => keptPlace(target, kind, request, refuse));
}

function keptPlace(
  target: string,
  wanted: KeptKind,
  request: PlaceRequest,
  refuse: Refuse,
): { path: string; begun: boolean } {
  const path = realPlace(target, refuse);
  refuseProtected(path, refuse);
  refuseInputs(path, request.inputs ?? [], refuse);
  const entry = entryAt(path);
  if (!entry) return { path, begun: false };
  if (!entry.isDirectory) throw refuse(`${kindOf(entry)} is there`);
  const names = namesIn(path, refuse), kind = folderKind(path);
  if (kind === wanted) return { path, begun: true };
  if (kind) throw refuse(`${FOLDER_KINDS[kind]} is there`);
  const isOurs = (name: string) =>
    isPartName(name) || name === DATASET && folderKind(join(path, name)) === "dataset" ||
    name === BEGIN && entryAt(join(path, name))?.size === 0; // of one that was killed before it could begin
  const strangers = names.filter((name) => !isOurs(name));
  if (strangers.length === 0) return { path, begun: false };
  throw refuse(`the folder holds files that automlp did not write (${someOf(strangers)})`);
}

/** Where a run, or an experiment, keeps its dataset. */
const DATASET = "dataset";

/**
 * Checks that files may be added to a folder, beside whatever is in it: nothing is there, or any folder but one of ours that is
 * a whole. A link at the target is followed.
 *
 * @returns Its real path.
 * @throws {InputError} if something else is there, or the place is one of those that {@link claimFolder} refuses.
 */
export function claimShared(target: string, request: PlaceRequest): string {
  const refuse = refusal(target, request);
  return look(refuse, () => {
    const path = realPlace(target, refuse);
    refuseProtected(path, refuse);
    const entry = entryAt(path);
    if (!entry) return path;
    if (!entry.isDirectory) throw refuse(`${kindOf(entry)} is there`);
    const kind = folderKind(path);
    if (kind && kind !== "run") throw refuse(`${FOLDER_KINDS[kind]} is there`);
    return path;
  });
}

/**
 * Checks that a single file may, and can, be written at `target`. A link at the target is followed.
 *
 * @param isOurs Whether a file that is there is an earlier one of the same kind.
 * @param recorded Whether the caller enters it into the record of a folder of ours that it lies in.
 * @returns The real path.
 * @throws {InputError} if a folder, a device or an input is there; or a file of another kind, without `overwrite`; or nothing can be written.
 */
export function claimFile(target: string, request: FileRequest): string {
  const refuse = refusal(target, request, "choose another file with --out");
  const path = look(refuse, () => filePlace(target, request, refuse));
  tryFile(path);
  return path;
}

type FileRequest = PlaceRequest & { isOurs(path: string): boolean; recorded?: boolean };

function filePlace(target: string, request: FileRequest, refuse: Refuse): string {
  const path = realPlace(target, refuse), entry = entryAt(path);
  if (!entryAt(dirname(path))?.isDirectory) throw refuse(`there is no folder ${dirname(target)}`);
  if (!entry) return path;
  if (!entry.isFile) throw refuse(`${kindOf(entry)} is there`);
  const input = (request.inputs ?? []).find((input) => isSame(input, path));
  if (input !== undefined) throw refuse(`it is read as ${input}`);
  const whole = request.recorded ? undefined : folderOf(path);
  if (whole) throw refuse(`it belongs to ${FOLDER_KINDS[whole.kind]}, ${whole.folder}`);
  if (!request.overwrite && entry.size > 0 && !isRecognised(path, request)) {
    throw refuse(
      "a file of another kind is there",
      "choose another file with --out, or replace it with --overwrite",
    );
  }
  return path;
}

/** The record of the folder that a file is a part of. */
function folderOf(path: string): FolderRecord | undefined {
  for (
    let folder = dirname(path), below = basename(path);;
    below = `${basename(folder)}/${below}`, folder = dirname(folder)
  ) {
    const record = recordOf(folder);
    if (record?.has(below)) return record;
    if (dirname(folder) === folder) return undefined;
  }
}

function recordOf(folder: string): FolderRecord | undefined {
  try {
    return FolderRecord.read(folder);
  } catch {
    return undefined; // a damaged one says nothing of the file
  }
}

const ELSEWHERE = "choose another folder with --out";
const refusal =
  (target: string, { what, ...request }: PlaceRequest, elsewhere = request.elsewhere ?? ELSEWHERE): Refuse =>
  (state, wish = elsewhere) => new InputError(`Cannot write ${what} ${target}: ${state}; ${wish}`);

/** Looks at a place. What the system does not let be looked at is refused. */
function look<T>(refuse: Refuse, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof InputError || !isSystemError(error)) throw error;
    throw refuse(firstLine(error));
  }
}

function isRecognised(path: string, { isOurs }: { isOurs(path: string): boolean }): boolean {
  try {
    return isOurs(path);
  } catch {
    return false; // it cannot be read, or not as what it should be
  }
}

function namesIn(folder: string, refuse: Refuse): string[] {
  try {
    return Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
  } catch (error) {
    throw refuse(`the folder cannot be read (${firstLine(error)})`);
  }
}
