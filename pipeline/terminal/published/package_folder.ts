/**
 * Where the package of a registry is on the disk.
 *
 * @module
 */
import { join } from "node:path";
import { cachePlace } from "../../contract/cache_place.ts";
import { InputError } from "../../contract/error_classes.ts";
import { entryAt } from "../../contract/files/system.ts";

/** Written last: who finds it finds all files. */
const WHOLE = "whole.json";

/**
 * The folder of a published version in the cache; it is laid there where it is not.
 *
 * @param base The version's address, with a slash at the end.
 * @throws {InputError} if no cache is known, or it cannot be written; {@link RunError} if the registry does not give all files.
 */
export async function packageFolder(base: URL): Promise<string> {
  const cache = cachePlace();
  if (cache === undefined) {
    throw new InputError(
      "Cannot place automlp: no home folder is known; name a folder for it with AUTOMLP_CACHE",
    );
  }
  const folder = join(cache, "program", base.host.replace(":", "_"), ...base.pathname.split("/"));
  if (!entryAt(join(folder, WHOLE))) {
    const { layDown } = await import("./lay_down.ts"); // once a version: every other start does without
    await layDown(base, folder, WHOLE);
  }
  return folder;
}
