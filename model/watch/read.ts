/**
 * Reads a run folder that another process may be writing.
 *
 * @module
 */
import { join } from "node:path";
import { InputError } from "../../pipeline/contract/errors.ts";
import { entryAt, isSystemError } from "../../pipeline/contract/files/system.ts";
import { FILES } from "../runs/files.ts";
import { RunFolder } from "../runs/folder.ts";
import { cutWork } from "../views/cut_short.ts";
import type { WatchedRun } from "../views/watched.ts";

/** The files that the page is made from. */
const SHOWN = [
  FILES.run,
  FILES.searchHistory,
  FILES.trials,
  FILES.architecture,
  FILES.trainHistory,
  FILES.metrics,
  FILES.report,
];
/** Files that are too large to read, or tell too little, but whose changes show that the run goes on. */
const SIGNS = [FILES.searchCheckpoint, FILES.trainCheckpoint, FILES.weights];

/** Maximum number of attempts to read a file that is replaced while it is read, and the pause between them in milliseconds. */
const ATTEMPTS = 4, PAUSE = 50;

/** A stamp that changes whenever the run has written something, and when that was. */
export function signsOf(folder: string): { stamp: string; written?: Date } {
  const entries = [...SHOWN, ...SIGNS].map(({ path }) => entryAt(join(folder, path)));
  const times = entries.flatMap((entry) => entry?.mtime ? [entry.mtime.getTime()] : []);
  return {
    stamp: entries.map((entry) => entry ? `${entry.mtime?.getTime()} ${entry.size} ${entry.ino}` : "").join(),
    ...(times.length > 0 && { written: new Date(Math.max(...times)) }),
  };
}

/** The current contents of the folder. What cannot be read is listed in `problems`. */
export async function readWatched(path: string): Promise<WatchedRun> {
  const folder = RunFolder.at(path), problems: string[] = [], { written } = signsOf(path);
  const read = async <T>(what: () => T, none: T): Promise<T> => {
    try {
      return await settled(what);
    } catch (error) {
      if (!(error instanceof InputError || isSystemError(error))) throw error;
      problems.push((error as Error).message);
      return none;
    }
  };
  const run = await read(() => folder.readRun(), undefined);
  // If a search goes on, the existing selection was made when a budget had cut it.
  const isSelected = run?.phase !== "search" || !cutWork(run).includes("search");
  return {
    path,
    run,
    search: await read(() => folder.readSearchHistory(), []),
    trials: await read(() => folder.readTrials(), []),
    architecture: isSelected ? await read(() => folder.readArchitecture(), undefined) : undefined,
    train: await read(() => folder.readTrainHistory(), []),
    metrics: await read(() => folder.readMetrics(), undefined),
    hasReport: entryAt(join(path, FILES.report.path))?.isFile ?? false,
    written,
    problems: [...new Set(problems)],
  };
}

/**
 * Reads, with new attempts after errors. A file and its checksum are two files: between reading one and the other, the run may have written
 * both again. A damaged file still fails in the end.
 */
export async function settled<T>(read: () => T): Promise<T> {
  for (let attempt = 1;; attempt++) {
    try {
      return read();
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }
}
