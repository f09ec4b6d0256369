/**
 * The folder for downloads and the engine.
 *
 * @module
 */
import { cachePlace } from "./cache_place.ts";
import { InputError } from "../errors.ts";

/**
 * Returns the folder for everything that is downloaded or made once: `$AUTOMLP_CACHE`, else `automlp` in the platform's cache folder.
 *
 * @param env Reads an environment variable.
 * @throws {InputError} if neither is known.
 */
export function cacheFolder(
  env?: (name: string) => string | undefined,
  os: typeof Deno.build.os = Deno.build.os,
): string {
  const place = cachePlace(env, os);
  if (place) return place;
  throw new InputError(
    "Cannot find a folder for what is downloaded or made once: no home folder is known; set AUTOMLP_CACHE to one",
  );
}
