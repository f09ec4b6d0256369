/**
 * Where downloads and the engine are kept.
 *
 * @module
 */
import { join } from "node:path";
import { InputError } from "./errors.ts";

/**
 * The folder of everything that is downloaded or made once: `$AUTOMLP_CACHE`, else `automlp` in the platform's cache folder.
 *
 * @param env Reads an environment variable.
 * @throws {InputError} where neither is known.
 */
export function cacheFolder(
  env: (name: string) => string | undefined = (name) => Deno.env.get(name),
  os: typeof Deno.build.os = Deno.build.os,
): string {
  const own = env("AUTOMLP_CACHE");
  if (own) return own;
  const home = env("HOME");
  const platform = os === "windows"
    ? env("LOCALAPPDATA")
    : os === "darwin"
    ? home && join(home, "Library", "Caches")
    : env("XDG_CACHE_HOME") || (home && join(home, ".cache"));
  if (!platform) {
    throw new InputError(
      "Cannot find a folder for what is downloaded or made once: no home folder is known; set AUTOMLP_CACHE to one",
    );
  }
  return join(platform, "automlp");
}
