/**
 * The check before every write: a place is used only if it contains nothing that belongs to somebody else.
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

/** A request to write to a place. */
export interface PlaceRequest {
  /** What is written, for messages: "the dataset". */
  what: string;
  /** Files and folders that are read; neither they nor any folder that contains them is ever replaced. */
  inputs?: readonly string[];
  /** Whether to replace what is ours even if it is of another kind, or was changed since it was written. */
  overwrite?: boolean;
  /** What to do if the place cannot be used, for messages. Default: another --out. */
  elsewhere?: string;
}

/** A folder that may be written: its real path, and what of ours is already there. */
export interface FolderPlace {
  /** Absolute path, without links. */
  path: string;
  kind: FolderKind;
  /** The folder that is replaced; undefined if there is nothing or an empty folder. */
  previous?: OwnFolder;
  /** Permissions of the existing folder, which the new one gets. */
  mode?: number;
}

/**
 * Checks that a folder may be written at `target`: there is nothing, or an empty folder, or a folder of ours of the same kind that contains
 * nothing of anybody else. A link at the target is followed. What killed processes left of such folders is first put back or
 * removed.
 *
 * @throws {InputError} if something else is there, or the place is `/`, the home folder, the current one or one above it, the
 * program's own, or contains an input, or a volume is mounted there.
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

/** The kind of work that a folder is the dataset of: a run or an experiment that was begun and is useless without it; undefined if none. */
function wholeOf(path: string): KeptKind | undefined {
  const record = basename(path) === DATASET ? recordOf(dirname(path)) : undefined;
  if (record?.has("run.json")) return "run";
  return record?.has("experiment.json") ? "experiment" : undefined;
}

/** Whether nobody may write to a folder: somebody wants it kept as it is, even from root. */
const isReadOnly = ({ mode }: Deno.FileInfo) => mode !== null && (mode & 0o222) === 0;

/** Kinds of folders that are never replaced, not even in part, because their content took time to compute and can be resumed. */
const KEPT_KINDS = ["run", "experiment", "tuning"] as const;
export type KeptKind = (typeof KEPT_KINDS)[number];

const isKept = (kind: FolderKind): boolean => (KEPT_KINDS as readonly FolderKind[]).includes(kind);

/**
 * Checks that a run, an experiment or a tuning may be written to a folder. It may if there is nothing, an empty
 * folder, one of ours of the same kind, what a kill left of one that was just begun, or only a dataset of ours for it
 * in `dataset`. A link at the target is followed.
 *
 * @returns The real path, and whether one was already begun there.
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
    name === BEGIN && entryAt(join(path, name))?.size === 0; // left by a process that was killed before it could begin
  const strangers = names.filter((name) => !isOurs(name));
  if (strangers.length === 0) return { path, begun: false };
  throw refuse(`the folder holds files that automlp did not write (${someOf(strangers)})`);
}

/** Name of the folder in which a run or an experiment keeps its dataset. */
const DATASET = "dataset";

/**
 * Checks that files may be added to a folder, beside its other content: there is nothing, or any folder except a complete one of
 * ours. A link at the target is followed.
 *
 * @returns The real path.
 * @throws {InputError} if something else is there, or the place is protected as with {@link claimFolder}.
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
 * @param isOurs Whether an existing file is an earlier one of the same kind.
 * @param recorded Whether the caller enters the file into the record of the folder of ours that it lies in.
 * @returns The real path.
 * @throws {InputError} if a folder, a device or an input is there; or a file of another kind, without `overwrite`; or if it cannot be
 * written.
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

/** Returns the record of the folder that a file belongs to. */
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
    return undefined; // a damaged record says nothing about the file
  }
}

const ELSEWHERE = "choose another folder with --out";
const refusal =
  (target: string, { what, ...request }: PlaceRequest, elsewhere = request.elsewhere ?? ELSEWHERE): Refuse =>
  (state, wish = elsewhere) => new InputError(`Cannot write ${what} ${target}: ${state}; ${wish}`);

/** Examines a place, and refuses it if the system does not permit that. */
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
    return false; // it cannot be read, or is not what it should be
  }
}

function namesIn(folder: string, refuse: Refuse): string[] {
  try {
    return Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
  } catch (error) {
    throw refuse(`the folder cannot be read (${firstLine(error)})`);
  }
}
