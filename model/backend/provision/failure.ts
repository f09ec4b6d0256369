/**
 * A failed attempt to make the engine, remembered in the cache so that not every run repeats it.
 *
 * @module
 */
import { join } from "node:path";
import { z } from "zod";
import { entryAt } from "../../../pipeline/contract/files/readable.ts";
import { writeText } from "../../../pipeline/contract/files/stage.ts";
import { folderOnDisk } from "../../../pipeline/contract/machine/package_folder.ts";
import { engineFolder, nativeSources, readJson } from "./store.ts";

const failureSchema = z.object({
  reason: z.string(),
  at: z.iso.datetime(),
  /** Hash of the sources at that time: other sources may succeed. */
  hash: z.string(),
});

/** Hours until a failed attempt is repeated. */
const RETRY_AFTER = 24;

const placeIn = (folder: string) => join(folder, "failed.json");

/** Remembers why an attempt failed, unless a foreign file has the name. */
export async function writeFailure(folder: string, reason: string): Promise<void> {
  const failure = { reason, at: new Date().toISOString(), hash: nativeSources().hash };
  if (!entryAt(placeIn(folder)) || readFailure(folder)) {
    await writeText(placeIn(folder), JSON.stringify(failure) + "\n");
  }
}

/** Forgets the failed attempt. */
export function removeFailure(folder: string): void {
  if (!readFailure(folder)) return;
  Deno.removeSync(placeIn(folder));
}

/** Returns why the last attempt failed, if that was recent. */
export function recentFailure(folder: string = engineFolder()): string | undefined {
  if (folderOnDisk() === undefined) return undefined;
  const failure = readFailure(folder);
  if (failure?.hash !== nativeSources().hash) return undefined;
  const hours = Math.abs(Date.now() - Date.parse(failure.at)) / 3_600_000; // the clock may have been wrong
  return hours < RETRY_AFTER
    ? `${failure.reason} (tried at ${failure.at}; deno task engine --force tries again)`
    : undefined;
}

function readFailure(folder: string): z.output<typeof failureSchema> | undefined {
  const place = placeIn(folder);
  return entryAt(place)?.isFile ? failureSchema.safeParse(readJson(place)).data : undefined;
}
