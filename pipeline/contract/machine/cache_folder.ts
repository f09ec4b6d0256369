/** The folder for downloads and the engine. */
import { isAbsolute, join } from "node:path";
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

/**
 * Returns `$AUTOMLP_CACHE`, else `automlp` in the platform's cache folder; undefined if no home folder is known either.
 *
 * @param env Reads an environment variable.
 */
export function cachePlace(
  env: (name: string) => string | undefined = (name) => Deno.env.get(name),
  os: typeof Deno.build.os = Deno.build.os,
): string | undefined {
  const own = env("AUTOMLP_CACHE");
  if (own) return own;
  const platform = platformPlace(env, os);
  return platform && join(platform, "automlp");
}

function platformPlace(env: (name: string) => string | undefined, os: string): string | undefined {
  const home = env("HOME");
  switch (os) {
    case "windows":
      return env("LOCALAPPDATA");
    case "darwin":
      return home && join(home, "Library", "Caches");
    default: {
      // A relative path must be ignored: XDG Base Directory Specification, "Environment variables".
      const cache = env("XDG_CACHE_HOME");
      return cache && isAbsolute(cache) ? cache : home && join(home, ".cache");
    }
  }
}
