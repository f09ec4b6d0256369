/**
 * Checks that files named by the user exist and can be read, or says in one line why not.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { didYouMean, InputError } from "../errors.ts";
import { firstLine, isMissing } from "./system.ts";

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
    const wish = existsSync(join(path, "manifest.json"))
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
