/**
 * The check before every write: a place is used only if it contains nothing that belongs to somebody else.
 *
 * @module
 */
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { InputError } from "../errors.ts";
import { firstLine, isMissing, isSystemError } from "../errors/system.ts";
import { aKind, examine, type FolderKind, FolderRecord, someOf } from "./checksums.ts";
import { currentFolder, entryAt, kindOf } from "./readable.ts";
import { isPartName, tryFile } from "./stage.ts";
import { type FolderPlace, recoverPlace } from "./swap.ts";

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

/** Creates the error for a place, from what is wrong with it and what to do instead. */
type Refuse = (state: string, wish?: string) => InputError;

const ELSEWHERE = "choose another folder with --out";
const refusal =
  (target: string, { what, ...request }: PlaceRequest, elsewhere = request.elsewhere ?? ELSEWHERE): Refuse =>
  (state, wish = elsewhere) => new InputError(`Cannot write ${what} ${target}: ${state}; ${wish}`);

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
  const path = permitted(target, request, refuse);
  recoverPlace(path);
  const entry = folderAt(path, refuse);
  if (!entry) return { path, kind };
  if (entry.dev !== Deno.lstatSync(dirname(path)).dev) {
    throw refuse(
      "it is where a volume is mounted, which cannot be replaced as a whole",
      "choose a folder inside it",
    );
  }
  if (isReadOnly(entry)) throw refuse("it is read-only");
  const place = { path, kind, mode: entry.mode ?? undefined }, names = namesIn(path, refuse);
  if (names.length === 0) return place;
  const previous = examine(path);
  if (!previous) throw refuse(`the folder holds files that automlp did not write (${someOf(names)})`);
  const { record, changed, strangers } = previous, there = aKind(record.kind);
  if (record.keeps) throw refuse(`${there} is there, and what was computed is never replaced`);
  const around = recordOf(dirname(path));
  if (around?.keeps?.includes(basename(path)) && around.paths().length > 0) {
    throw refuse(
      `it is the ${basename(path)} of ${aKind(around.kind)}, and what was computed is never replaced`,
    );
  }
  if (strangers.length > 0) {
    throw refuse(
      `beside ${there} it holds what automlp did not write (${someOf(strangers)}); move that`,
      `or ${ELSEWHERE}`,
    );
  }
  const replaceable = `${ELSEWHERE}, or replace it with --overwrite`;
  if (record.kind !== kind.name && !request.overwrite) throw refuse(`${there} is there`, replaceable);
  if (changed.length > 0 && !request.overwrite) {
    throw refuse(`what is there (${someOf(changed)}) was changed since automlp wrote it`, replaceable);
  }
  return { ...place, previous };
}

/** Whether nobody may write to a folder: somebody wants it kept as it is, even from root. */
const isReadOnly = ({ mode }: Deno.FileInfo) => mode !== null && (mode & 0o222) === 0;

/**
 * Checks that a folder of a kind that is never replaced may be begun or continued. It may if there is nothing, an empty folder, one of ours
 * of the same kind, what a kill left of one that was just begun, or only folders of ours that it keeps. A link at the target is followed.
 *
 * @returns The real path, and whether one was already begun there.
 * @throws {InputError} as {@link claimFolder} does.
 */
export function claimKept(
  target: string,
  { name, keeps = [] }: FolderKind,
  request: PlaceRequest,
): { path: string; begun: boolean } {
  const refuse = refusal(target, request);
  return look(refuse, () => {
    const path = permitted(target, request, refuse);
    if (!folderAt(path, refuse)) return { path, begun: false };
    const kind = kindAt(path);
    if (kind === name) return { path, begun: true };
    if (kind) throw refuse(`${aKind(kind)} is there`);
    const isOurs = (below: string) =>
      isPartName(below) || keeps.includes(below) && kindAt(join(path, below)) === below;
    const strangers = namesIn(path, refuse).filter((name) => !isOurs(name));
    if (strangers.length === 0) return { path, begun: false };
    throw refuse(`the folder holds files that automlp did not write (${someOf(strangers)})`);
  });
}

/** The name of the kind of a folder of ours; undefined if it is not ours. */
export const kindAt = (folder: string): string | undefined => FolderRecord.read(folder)?.kind;

/**
 * Checks that files may be added to a folder, beside its other content: there is nothing, or any folder except a complete one of
 * ours. A link at the target is followed.
 *
 * @param beside The kind of our folders to which files may be added, too.
 * @returns The real path.
 * @throws {InputError} if something else is there, or the place is protected as with {@link claimFolder}.
 */
export function claimShared(target: string, beside: FolderKind, request: PlaceRequest): string {
  const refuse = refusal(target, request);
  return look(refuse, () => {
    const path = permitted(target, request, refuse), kind = folderAt(path, refuse) && kindAt(path);
    if (kind && kind !== beside.name) throw refuse(`${aKind(kind)} is there`);
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
  if (whole) throw refuse(`it belongs to ${aKind(whole.kind)}, ${whole.folder}`);
  if (!request.overwrite && entry.size > 0 && !isRecognised(path, request)) {
    throw refuse(
      "a file of another kind is there",
      "choose another file with --out, or replace it with --overwrite",
    );
  }
  return path;
}

function isRecognised(path: string, { isOurs }: FileRequest): boolean {
  try {
    return isOurs(path);
  } catch {
    return false; // it cannot be read, or is not what it should be
  }
}

/** Returns the record of the folder that a file belongs to. */
function folderOf(path: string): FolderRecord | undefined {
  for (let folder = dirname(path);; folder = dirname(folder)) {
    const record = recordOf(folder);
    if (record?.has(relative(folder, path).replaceAll(sep, "/"))) return record;
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

/** Examines a place, and refuses it if the system does not permit that. */
function look<T>(refuse: Refuse, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof InputError || !isSystemError(error)) throw error;
    throw refuse(firstLine(error));
  }
}

/** What is at the place of a folder; undefined if nothing is. */
function folderAt(path: string, refuse: Refuse): Deno.FileInfo | undefined {
  const entry = entryAt(path);
  if (entry && !entry.isDirectory) throw refuse(`${kindOf(entry)} is there`);
  return entry;
}

function namesIn(folder: string, refuse: Refuse): string[] {
  try {
    return Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
  } catch (error) {
    throw refuse(`the folder cannot be read (${firstLine(error)})`);
  }
}

/** An address such as `s3a://bucket/name`, which would otherwise become folders of these names. A single letter is a drive. */
const ADDRESS = /^([a-z][a-z0-9+.-]+:\/\/|file:\/)/i;

/** Returns the path without links; its last parts need not exist. */
export function realPlace(target: string, refuse: Refuse): string {
  if (target === "" || target.includes("\0")) throw refuse("that is no path");
  if (ADDRESS.test(target)) {
    throw refuse("it is an address, and automlp writes only to paths of this machine");
  }
  if (!isAbsolute(target) && !currentFolder()) throw refuse("the current folder is gone");
  const path = resolve(target);
  try {
    return Deno.realPathSync(path);
  } catch (error) {
    if (!isMissing(error)) throw refuse(firstLine(error));
  }
  if (entryAt(path)?.isSymlink) throw refuse("it is a link to nothing");
  const parent = dirname(path);
  if (parent === path) return path;
  const real = realPlace(parent, refuse), entry = entryAt(real);
  if (entry && !entry.isDirectory) throw refuse(`${parent} is ${kindOf(entry)}`);
  return join(real, basename(path));
}

/** Whether `inner` is `outer` or below it. Both are real paths. */
function isWithin(inner: string, outer: string): boolean {
  const way = relative(outer, inner);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && resolve(outer, way) === inner);
}

/** The program's own folder; undefined if it was not loaded from a disk. */
const PROGRAM = import.meta.dirname && join(import.meta.dirname, "..", "..", "..");

/**
 * Returns the real path of a folder to be written. Refuses the root, the home folder, the current one, the program's own, and everything
 * above them; and a folder that contains an input or lies in one.
 */
function permitted(target: string, { inputs = [] }: PlaceRequest, refuse: Refuse): string {
  const path = realPlace(target, refuse);
  const above: [string | undefined, string][] = [
    [Deno.env.get("HOME") ?? Deno.env.get("USERPROFILE"), "the home folder"],
    [currentFolder(), "the current folder"],
    [PROGRAM, "automlp's own folder"],
  ];
  if (dirname(path) === path) throw refuse("it is the root of the file system");
  for (const [folder, name] of above) {
    if (!folder) continue;
    const real = realOrSame(folder);
    if (path === real) throw refuse(`it is ${name}`);
    if (isWithin(real, path)) throw refuse(`${name} is in it`);
  }
  for (const input of inputs) {
    const real = realOrSame(resolve(input));
    if (isWithin(real, path)) throw refuse(`${input}, which is read, is in it`);
    if (isWithin(path, real)) throw refuse(`it is inside of ${input}, which is read`);
  }
  return path;
}

function realOrSame(path: string): string {
  try {
    return Deno.realPathSync(path);
  } catch {
    return path; // it does not exist, or may not be examined: then nothing in it can be lost
  }
}

/** Whether two paths are the same file, also through two hard links. */
function isSame(a: string, b: string): boolean {
  try {
    const [one, two] = [Deno.statSync(a), Deno.statSync(b)];
    return one.ino !== null && one.ino === two.ino && one.dev === two.dev ||
      Deno.realPathSync(a) === Deno.realPathSync(b);
  } catch {
    return false;
  }
}
