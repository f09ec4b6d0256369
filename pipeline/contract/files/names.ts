/**
 * Names of the staged folders and unfinished files beside the places that they are for.
 *
 * The names are random, with one exception: a process that may only write to named paths gets an id beforehand, in the
 * environment variable {@link STAGE_ID}, so that its permissions can name these paths.
 *
 * @module
 */
import { basename, dirname, join } from "node:path";

/** The environment variable with the id of the first staged folder or unfinished file for each place. */
export const STAGE_ID = "AUTOMLP_STAGE_ID";

const ID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
const BESIDE_FOLDER = new RegExp(`^(?:new|previous)-(${ID})(?:\\.lock)?$`);
const BESIDE_FILE = new RegExp(`^(${ID})\\.part$`);
const PART = new RegExp(`^\\..+\\.${ID}\\.part$`);
const FOLDER = new RegExp(`^\\..+\\.(?:new|previous)-(${ID})$`);

const beside = (place: string, what: string) => join(dirname(place), `.${basename(place)}.${what}`);

/** Path of the folder that is being made for `place`. */
export const stagedPath = (place: string, id: string): string => beside(place, `new-${id}`);
/** Path of its lock, held by the process that makes it. */
export const lockPath = (place: string, id: string): string => `${stagedPath(place, id)}.lock`;
/** Path of what was at `place` before, while the new folder is renamed to it. */
export const previousPath = (place: string, id: string): string => beside(place, `previous-${id}`);
/** Name of the lock in a kept folder, held by the process that works on it. */
export const LOCK = ".lock";
/** Name of the lock that exists while such a folder is begun, held by the process that begins it. */
export const BEGIN = ".begin";
/** Path of the note with what is needed to resume the work that a cluster does for `place`. */
export const notePath = (place: string): string => beside(place, "cluster");
/** Path of the unfinished file that is being written for `file`. */
export const partPath = (file: string, id: string): string => beside(file, `${id}.part`);

/** Whether a file's name has the form of {@link partPath}. Nothing else has such a name, so a leftover may be removed. */
export const isPartName = (name: string): boolean => PART.test(name);

/** Returns the id in a folder name of the form of {@link stagedPath} or {@link previousPath}; undefined for any other name. */
export const idUnderWay = (name: string): string | undefined => name.match(FOLDER)?.[1];

/** Returns the ids of staged folders, old folders and locks beside a folder, whose parent must exist. */
export const idsBesideFolder = (place: string): Set<string> => idsBeside(place, BESIDE_FOLDER);
/** Returns the ids of unfinished files beside a file, whose folder must exist. */
export const idsBesideFile = (file: string): Set<string> => idsBeside(file, BESIDE_FILE);

function idsBeside(place: string, pattern: RegExp): Set<string> {
  const prefix = `.${basename(place)}.`;
  const ids = Array.from(Deno.readDirSync(dirname(place)), ({ name }) => name)
    .filter((name) => name.startsWith(prefix))
    .map((name) => name.slice(prefix.length).match(pattern)?.[1]);
  return new Set(ids.filter((id) => id !== undefined));
}

const begun = new Set<string>();

/** Returns an id for a staged folder or unfinished file of `place`: at first the one given to the process, later random ones. */
export function idFor(place: string): string {
  const given = Deno.env.get(STAGE_ID);
  if (!given || begun.has(place) || !new RegExp(`^${ID}$`).test(given)) return crypto.randomUUID();
  begun.add(place);
  return given;
}

/** Frees the given id of `place` for the next use, after an attempt that was abandoned. */
export const freeId = (place: string): void => void begun.delete(place);
