/**
 * Where Jupyter looks for kernels.
 *
 * @module
 */
import { join } from "node:path";
import { InputError } from "../../pipeline/contract/errors.ts";

type Env = (name: string) => string | undefined;
const fromSystem: Env = (name) => Deno.env.get(name);

/**
 * Returns the user's own Jupyter folder, found as Jupyter itself finds it.
 *
 * @throws {InputError} if no home folder is known.
 */
export function userFolder(env: Env = fromSystem, os: typeof Deno.build.os = Deno.build.os): string {
  const own = env("JUPYTER_DATA_DIR");
  if (own) return own;
  const base = os === "windows"
    ? env("APPDATA")
    : os === "darwin"
    ? env("HOME") && join(env("HOME")!, "Library")
    : env("XDG_DATA_HOME") || (env("HOME") && join(env("HOME")!, ".local", "share"));
  if (!base) {
    throw new InputError(
      "Cannot install the kernel: no home folder is known; name a place with --prefix, or set JUPYTER_DATA_DIR",
    );
  }
  return join(base, os === "darwin" ? "Jupyter" : "jupyter");
}

/** Returns the Jupyter folder of a Python environment or any other prefix. */
export const prefixFolder = (prefix: string): string => join(prefix, "share", "jupyter");
