/** What is at a path, whether it can be read, and if not, why, in one line. */
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import { didYouMean, InputError } from "../errors.ts";
import { firstLine, isMissing } from "../errors/system.ts";

/** Returns what is at a path itself, without following links; undefined if there is nothing. */
export function entryAt(path: string): Deno.FileInfo | undefined {
  return unlessMissing(() => Deno.lstatSync(path));
}

/** Returns the result; undefined if nothing exists at the path that was asked for. */
function unlessMissing<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Says what an entry is, for messages. */
export function kindOf(entry: Deno.FileInfo): string {
  const kinds: [keyof Deno.FileInfo, string][] = [
    ["isFile", "a file"],
    ["isDirectory", "a folder"],
    ["isSymlink", "a link"],
    ["isFifo", "a pipe"],
    ["isSocket", "a socket"],
    ["isBlockDevice", "a device"],
    ["isCharDevice", "a device"],
  ];
  return kinds.find(([is]) => entry[is])?.[1] ?? "neither a file nor a folder";
}

/** Says what is in the place of a folder, for messages: `a file`; undefined if it is a folder, or nothing is there. Links are followed. */
export function inPlaceOfFolder(path: string): string | undefined {
  const entry = unlessMissing(() => Deno.statSync(path));
  return !entry || entry.isDirectory ? undefined : kindOf(entry);
}

/** Yields everything below a folder; links are not followed. Paths are relative to it, with `/`. A folder comes before its content. */
export function* walk(folder: string, below = ""): Generator<{ path: string; entry: Deno.FileInfo }> {
  const names = Array.from(Deno.readDirSync(join(folder, below)), ({ name }) => name).sort();
  for (const name of names) {
    const path = below + name;
    const entry = Deno.lstatSync(join(folder, path));
    yield { path, entry };
    if (entry.isDirectory) yield* walk(folder, `${path}/`);
  }
}

/**
 * Opens a regular file for reading. Pipes and devices are refused before they are opened, because opening them could wait forever.
 *
 * @throws {InputError} if something else is there; errors of the file system, if nothing is there or it cannot be read.
 */
export function openFile(path: string): Deno.FsFile {
  const entry = Deno.statSync(path);
  if (!entry.isFile) throw new InputError(`Cannot read ${path}: it is ${kindOf(entry)}; give a file`);
  return Deno.openSync(path);
}

/** Reads the beginning of a file as text. */
export function headOf(path: string, bytes = 4096): string {
  using file = openFile(path);
  const head = new Uint8Array(bytes);
  return new TextDecoder().decode(head.subarray(0, file.readSync(head) ?? 0));
}

/** Reads the text of a regular file, up to a sensible size. */
export function readTextSync(path: string, maxBytes: number): string {
  return new TextDecoder("utf-8", { fatal: true }).decode(readBytesSync(path, maxBytes));
}

/** Reads the bytes of a regular file, up to a sensible size. */
export function readBytesSync(path: string, maxBytes: number): Uint8Array<ArrayBuffer> {
  using file = openFile(path);
  const { size } = file.statSync();
  if (size > maxBytes) {
    throw new InputError(`Cannot read ${path}: it has ${size} bytes, at most ${maxBytes} are sensible`);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (let read: number | null = 0; at < size && read !== null; at += read ?? 0) {
    read = file.readSync(bytes.subarray(at));
  }
  return bytes.subarray(0, at);
}

/** What errors of the system mean to the owner of the file. */
const REASONS: Record<string, string> = {
  EACCES: "no permission to read it; check its owner and mode",
  EPERM: "no permission to read it; check its owner and mode",
  ELOOP: "its links lead in a circle; name the file that is meant",
  ENAMETOOLONG: "its name is longer than the file system allows",
  EISDIR: "it is a folder; name the files in it",
  EIO: "the disk or the network failed while it was read; copy the file elsewhere and try again",
  EINVAL: "no file can have this name",
  EMFILE: "too many files are open; raise the limit (ulimit -n)",
};

const NO_FILE = "it is no regular file; pipes such as <(…) and devices are not read: " +
  "write what they give into a file, and name that";
/** The reason for anything in such a folder; even what it is cannot be examined. */
const OF_THE_SYSTEM =
  "it is in a folder of the system's such as /dev, from which nothing is read, be it a file " +
  "or a pipe such as <(…): write what it holds into a file elsewhere, and name that";

/**
 * Checks that a file exists and is not a folder, pipe or device, some of which would be waited for forever.
 *
 * @throws {InputError} if there is something else, or nothing.
 */
export function regularFile(path: string): Deno.FileInfo {
  let info: Deno.FileInfo;
  try {
    info = Deno.statSync(path);
  } catch (error) {
    throw unreadable(path, error) ?? error;
  }
  if (info.isDirectory) {
    const wish = entryAt(join(path, "manifest.json"))
      ? "it is a prepared dataset, which --dataset names"
      : "it is a folder; name the files in it";
    throw new InputError(`Cannot read ${path}: ${wish}`);
  }
  if (!info.isFile) {
    throw new InputError(`Cannot read ${path}: ${NO_FILE}`);
  }
  return info;
}

/**
 * Opens a regular file for reading.
 *
 * @throws {InputError} if it cannot be read.
 */
export function openRegular(path: string): Deno.FsFile {
  regularFile(path);
  try {
    return Deno.openSync(path);
  } catch (error) {
    throw unreadable(path, error) ?? error;
  }
}

/**
 * Whether something exists at a path. Links are followed.
 *
 * @throws {InputError} if the system does not permit a look, so that something may exist.
 */
export function isThere(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw unreadable(path, error) ?? error;
  }
}

/**
 * The error that says why the system does not provide a file; undefined for other errors, including permissions that a caller can grant.
 */
export function unreadable(path: string, error: unknown): InputError | undefined {
  if (isOfTheSystem(error)) return new InputError(`Cannot read ${path}: ${OF_THE_SYSTEM}`);
  const { code = "" } = error as { code?: string };
  const reason = code === "ENOENT" || code === "ENOTDIR" ? whyMissing(path) : REASONS[code];
  if (reason !== undefined) return new InputError(`Cannot read ${path}: ${reason}`);
  // Other errors of the system have a code too, such as EBUSY or EOVERFLOW.
  if (!/^E[A-Z0-9]+$/.test(code)) return undefined;
  return new InputError(`Cannot read ${path}: ${(error as Error).message.split("\n")[0]}`);
}

/** Whether Deno requires all permissions for it, as for /dev/stdin and most of /dev and /proc. */
const isOfTheSystem = (error: unknown): boolean =>
  error instanceof Deno.errors.NotCapable && error.message.startsWith("Requires all access");

/** Returns a one-line error for a file that could not be read, for any reason. An error that is already one line is kept. */
export function cannotRead(path: string, error: unknown): InputError {
  if (error instanceof InputError) return error;
  return unreadable(path, error) ?? new InputError(`Cannot read ${path}: ${firstLine(error)}`);
}

/** Says why a file is missing: `no such file (did you mean "ratings.csv"?)`, no such folder, not a file's path, or a link to nothing. */
function whyMissing(path: string): string {
  const folder = dirname(path);
  try {
    if (Deno.lstatSync(path).isSymlink) {
      return `it is a link to ${Deno.readLinkSync(path)}, and nothing is there`;
    }
  } catch {
    // It is not even a link.
  }
  try {
    const names = Array.from(Deno.readDirSync(folder), ({ name }) => name);
    if (path === "-") return "standard input is not read: write it into a file, and name that";
    return `no such file${didYouMean(basename(path), names)}`;
  } catch {
    if (/^[a-z][a-z0-9+.-]+:\/\//i.test(path)) {
      return "it is an address, and only files are read: download it, and name the file";
    }
    return `no such folder ${folder}`;
  }
}

/** Advice for a file of a newer version. */
export const USE_NEWER = "use a newer automlp";

/** The error for a file that is not damaged but has another version. */
export class OtherFormat extends InputError {}

/**
 * Refuses a file of another version than this program writes, because its content may have another meaning.
 *
 * @param path The file's path, for messages.
 * @param what What the file describes, as in `the run`.
 * @param version The version in the file; anything but a number is left to the file's schema.
 * @param known The version that this program reads and writes.
 * @param otherwise What else can be done about it, as in `prepare the dataset again`.
 * @throws {OtherFormat} if the version is another one.
 */
export function checkVersion(
  path: string,
  what: string,
  version: unknown,
  known: number,
  otherwise?: string,
): void {
  if (typeof version !== "number" || version === known) return;
  const advice = version > known ? USE_NEWER : "use the automlp that wrote it";
  throw new OtherFormat(
    `Cannot read ${path}: ${what} has format version ${version}, this program reads ${known}; ` +
      [advice, otherwise].filter((part) => part !== undefined).join(", or "),
  );
}

/**
 * Returns a path that Polars reads as exactly this file. Polars takes `*`, `?` and `[` in a path for a pattern, `~` for the home
 * folder, and `s3://` and the like for locations on the network.
 *
 * @example
 * ```ts
 * import { literalPath } from "./readable.ts";
 * import assert from "node:assert/strict";
 * assert(literalPath("/data/exp[1]/a.parquet") === "/data/exp[[]1]/a.parquet");
 * ```
 */
export const literalPath = (path: string): string => resolve(path).replace(/[[*?]/g, "[$&]");

/** The same for calls that take `glob: false`. */
export const absolutePath = (path: string): string => resolve(path);

/** Returns the current folder; undefined if it was removed. */
export function currentFolder(): string | undefined {
  try {
    return Deno.cwd();
  } catch {
    return undefined;
  }
}

/**
 * Returns a function that gives the path: as it was given while the current folder is the same, absolute if the program has changed to
 * another folder since.
 *
 * @example
 * ```ts
 * import { fixedPath } from "./readable.ts";
 * import assert from "node:assert/strict";
 *
 * const before = Deno.cwd(), path = fixedPath("runs/mine");
 * assert.equal(path(), "runs/mine");
 * Deno.chdir(await Deno.makeTempDir());
 * assert.equal(path(), `${before}/runs/mine`);
 * Deno.chdir(before);
 * ```
 */
export function fixedPath(path: string): () => string {
  if (isAbsolute(path)) return () => path;
  const given = currentFolder(), absolute = given === undefined ? path : resolve(given, path);
  return () => currentFolder() === given ? path : absolute;
}
