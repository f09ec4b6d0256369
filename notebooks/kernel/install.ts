/**
 * The kernelspec, which tells Jupyter how to start the kernel so that a notebook in any folder knows `"automlp"`; where Jupyter looks for it; and
 * how it gets there. Other programs' kernels there are left alone.
 *
 * @module
 */
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { InputError } from "../../pipeline/contract/errors.ts";
import { firstLine, isSystemError } from "../../pipeline/contract/errors/system.ts";
import { entryAt, readTextSync } from "../../pipeline/contract/files/readable.ts";
import { removeIfEmpty, writeText } from "../../pipeline/contract/files/stage.ts";
import { FOLDER_VARIABLE } from "../../pipeline/notebook/kernel.ts";

/** The kernel's default name, and the name that front ends show. */
export const KERNEL_NAME = "automlp", DISPLAY_NAME = "AutoMLP (Deno)";

/** This repository, with its `deno.json`, lock and engine. */
export const ROOT: string = fileURLToPath(new URL("../..", import.meta.url));

/** The content of `kernel.json`. */
export interface KernelSpec {
  argv: string[];
  display_name: string;
  language: string;
  interrupt_mode: "signal";
  env: Record<string, string>;
}

/** Settings of engine and cache that hold where the kernel is installed are to hold where it runs. */
const KEPT = ["AUTOMLP_CACHE", "DENO_DIR"];

/**
 * The kernelspec of this repository on this machine.
 *
 * A shell goes to this repository first, whose configuration the program beside the kernel needs, and hands on the notebook's folder, which the
 * kernel is in from its first cell on.
 */
export function kernelSpec(
  displayName: string = DISPLAY_NAME,
  env: (name: string) => string | undefined = (name) => Deno.env.get(name),
  os: typeof Deno.build.os = Deno.build.os,
): KernelSpec {
  const root = resolve(ROOT), deno = Deno.execPath();
  const start = ["run", "-q", "-A", join("notebooks", "kernel", "program.ts"), "{connection_file}"];
  return {
    argv: os === "windows"
      ? ["cmd", "/d", "/c", "set", `${FOLDER_VARIABLE}=%cd%&&`, "cd", "/d", root, "&&", deno, ...start]
      // exec: signals reach Deno itself.
      : [
        "/bin/sh",
        "-c",
        `${FOLDER_VARIABLE}=$PWD; export ${FOLDER_VARIABLE}; cd "$0" && exec "$@"`,
        root,
        deno,
        ...start,
      ],
    display_name: displayName,
    language: "typescript",
    interrupt_mode: "signal",
    env: Object.fromEntries(KEPT.map((name) => [name, env(name)]).filter(([, value]) => value)),
  };
}

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

/** Shows a sequence, the newest items that the short-term module sees, and the next item; legible from 16 pixels up, on white and on black. */
const LOGO = Deno.readTextFileSync(new URL("./logo.svg", import.meta.url));
/** The file that Jupyter's front ends look for beside `kernel.json`. */
const LOGO_FILE = "logo-svg.svg";

/**
 * Writes a kernelspec into a Jupyter folder, replacing an older one of automlp with the same name.
 *
 * @returns The kernel's folder.
 * @throws {InputError} for a name that Jupyter does not allow, if another program's kernel has it, or if the folder cannot be written.
 */
export async function installSpec(jupyter: string, name: string, spec: KernelSpec): Promise<string> {
  const { folder, path, logo } = placeOf(jupyter, name);
  const refuse = refusal(`Cannot install the kernel in ${folder}`, "choose another --name or --prefix");
  try {
    if (entryAt(path) && !isOurs(path)) throw refuse("a kernel that automlp did not install is there");
    await writeText(path, JSON.stringify(spec, null, 2) + "\n");
    if (!entryAt(logo) || isOurLogo(logo)) await writeText(logo, LOGO);
  } catch (error) {
    throw inOneLine(error, refuse);
  }
  return folder;
}

/**
 * Removes a kernelspec of automlp, and its folder unless that holds other files.
 *
 * @returns The folder that it was in.
 * @throws {InputError} if there is none, or it belongs to another program.
 */
export function uninstallSpec(jupyter: string, name: string): string {
  const { folder, path, logo } = placeOf(jupyter, name);
  const refuse = refusal(`Cannot uninstall the kernel "${name}"`, "see --name and --prefix");
  try {
    if (!entryAt(path)) throw refuse(`there is none in ${folder}`);
    if (!isOurs(path)) throw refuse(`automlp did not install the one in ${folder}`);
    Deno.removeSync(path);
    if (isOurLogo(logo)) Deno.removeSync(logo);
    removeIfEmpty(folder);
  } catch (error) {
    throw inOneLine(error, refuse);
  }
  return folder;
}

/** Paths of a kernel's folder in a Jupyter folder, and of its files. */
function placeOf(jupyter: string, name: string): { folder: string; path: string; logo: string } {
  if (!/^[a-z0-9._-]+$/.test(name) || /^\.+$/.test(name)) {
    throw new InputError(
      `Cannot name a kernel "${name}": Jupyter takes small letters, digits, ".", "_" and "-", as in --name ${KERNEL_NAME}`,
    );
  }
  const folder = join(jupyter, "kernels", name);
  return { folder, path: join(folder, "kernel.json"), logo: join(folder, LOGO_FILE) };
}

/** Maximum size of a kernelspec. */
const MAX_BYTES = 1 << 20;
const ownSchema = z.looseObject({ argv: z.array(z.string()) });

/** Whether a kernelspec starts automlp's kernel, of this repository or another copy of it. */
function isOurs(path: string): boolean {
  if (!entryAt(path)?.isFile) return false;
  try {
    const { argv } = ownSchema.parse(JSON.parse(readTextSync(path, MAX_BYTES)));
    return argv.some((arg) => arg.includes(FOLDER_VARIABLE));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return false;
    throw error;
  }
}

/** Whether a logo is the one installed with automlp's kernels; a user's own logo is kept. */
const isOurLogo = (path: string): boolean =>
  entryAt(path)?.isFile === true && readTextSync(path, MAX_BYTES) === LOGO;

type Refuse = (state: string) => InputError;
const refusal = (action: string, wish: string): Refuse => (state) =>
  new InputError(`${action}: ${state}; ${wish}`);

/** Turns file system errors into one-line errors; other errors are passed on unchanged. */
const inOneLine = (error: unknown, refuse: Refuse): unknown =>
  error instanceof InputError || !isSystemError(error) ? error : refuse(firstLine(error));
