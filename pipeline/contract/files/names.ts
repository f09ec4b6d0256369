/**
 * What folders and files under way are called, beside the places that they are for.
 *
 * The names are random, with one exception: a process that may write to named paths only is given an id beforehand, in the
 * environment variable {@link STAGE_ID}, so that its paths can be named to it.
 *
 * @module
 */
import { basename, dirname, join } from "node:path";

/** The environment variable that holds the id of the first folder or file under way for each place. */
export const STAGE_ID = "AUTOMLP_STAGE_ID";

const ID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
const BESIDE_FOLDER = new RegExp(`^(?:new|previous)-(${ID})(?:\\.lock)?$`);
const BESIDE_FILE = new RegExp(`^(${ID})\\.part$`);
const PART = new RegExp(`^\\..+\\.${ID}\\.part$`);
const FOLDER = new RegExp(`^\\..+\\.(?:new|previous)-(${ID})$`);

const beside = (place: string, what: string) => join(dirname(place), `.${basename(place)}.${what}`);

/** The folder that is being made for `place`. */
export const stagedPath = (place: string, id: string): string => beside(place, `new-${id}`);
/** Held by the process that makes it. */
export const lockPath = (place: string, id: string): string => `${stagedPath(place, id)}.lock`;
/** What was at `place` before, while the new folder gets its name. */
export const previousPath = (place: string, id: string): string => beside(place, `previous-${id}`);
/** In a folder that is kept: held by the process that works on it. */
export const LOCK = ".lock";
/** There while such a folder is begun: held by the process that does. */
export const BEGIN = ".begin";
/** Of work that a cluster does for `place`: what is needed to resume it. */
export const notePath = (place: string): string => beside(place, "cluster");
/** The file that is being written for `file`. */
export const partPath = (file: string, id: string): string => beside(file, `${id}.part`);

/** Whether a file's name is one of {@link partPath}. Nothing else is called so: a leftover of this form may be removed. */
export const isPartName = (name: string): boolean => PART.test(name);

/** The id in a folder's name of the form of {@link stagedPath} or {@link previousPath}; undefined for any other name. */
export const idUnderWay = (name: string): string | undefined => name.match(FOLDER)?.[1];

/** Ids of the folders under way, the old ones and the locks beside a folder; the place's parent is there. */
export const idsBesideFolder = (place: string): Set<string> => idsBeside(place, BESIDE_FOLDER);
/** Ids of the files under way beside a file; the file's folder is there. */
export const idsBesideFile = (file: string): Set<string> => idsBeside(file, BESIDE_FILE);

function idsBeside(place: string, pattern: RegExp): Set<string> {
  const prefix = `.${basename(place)}.`;
  const ids = Array.from(Deno.readDirSync(dirname(place)), ({ name }) => name)
    .filter((name) => name.startsWith(prefix))
    .map((name) => name.slice(prefix.length).match(pattern)?.[1]);
  return new Set(ids.filter((id) => id !== undefined));
}

const begun = new Set<string>();

/** An id for something under way for `place`: the first time the one that was given to the process, else a random one. */
export function idFor(place: string): string {
  const given = Deno.env.get(STAGE_ID);
  if (!given || begun.has(place) || !new RegExp(`^${ID}$`).test(given)) return crypto.randomUUID();
  begun.add(place);
  return given;
}

/** For what came to nothing: its id is there for the next that is under way for `place`. */
export const freeId = (place: string): void => void begun.delete(place);
