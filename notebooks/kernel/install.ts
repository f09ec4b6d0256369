/**
 * Installs a kernelspec into a Jupyter folder, and removes it. Other programs' kernels there are left alone.
 *
 * @module
 */
import { join } from "node:path";
import { z } from "zod";
import { InputError } from "../../pipeline/contract/errors.ts";
import { firstLine, isSystemError } from "../../pipeline/contract/errors/system.ts";
import { entryAt, readTextSync } from "../../pipeline/contract/files/readable.ts";
import { removeIfEmpty, writeText } from "../../pipeline/contract/files/stage.ts";
import { FOLDER_VARIABLE } from "../../pipeline/notebook/folder.ts";
import { LOGO, LOGO_FILE } from "./logo.ts";
import { KERNEL_NAME, type KernelSpec } from "./spec.ts";

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
