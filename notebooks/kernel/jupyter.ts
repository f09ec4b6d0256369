/**
 * JupyterLab: the one that is there, or one of our own in the cache.
 *
 * @module
 */
import { dirname, join, resolve } from "node:path";
import { firstOf, pythonPlace, run } from "../../model/backend/provision/process.ts";
import { cacheFolder } from "../../pipeline/contract/machine/cache_folder.ts";
import { checkInterrupt, InputError, RunError } from "../../pipeline/contract/errors.ts";
import { firstLine } from "../../pipeline/contract/errors/system.ts";
import { makeFolder, writeText } from "../../pipeline/contract/files/stage.ts";
import { makeOwnFolder, removeOwnFolder } from "../../pipeline/contract/files/swap.ts";
import type { Progress } from "../../pipeline/contract/progress.ts";

/** The packages of a private environment. */
const REQUIREMENT = "jupyterlab>=4.2,<5";
/** File written when an environment is complete: one without it is left over from a failed attempt. */
const READY = "automlp-ready";

/** A way to start JupyterLab. */
export interface Jupyter {
  program: string;
  /** Arguments before JupyterLab's own. */
  args: string[];
  /** Folder in which it is started. Default: the current folder. */
  cwd?: string;
}

/** Where the private environment is. */
const environmentFolder = (): string => resolve(cacheFolder(), "jupyter");

const pythonIn = (folder: string) =>
  Deno.build.os === "windows" ? join(folder, "Scripts", "python.exe") : join(folder, "bin", "python");

const byModule = (python: string): Jupyter => ({
  program: /[/\\]/.test(python) ? resolve(python) : python, // else one on the path
  args: ["-m", "jupyterlab"],
  cwd: pythonPlace(),
});

const runs = async ({ program, args, cwd }: Jupyter) =>
  (await run(program, [...args, "--version"], { cwd })).ok;

/**
 * The JupyterLab to use: that of `python` where one is named; else our own, if it is made; else the one on the path; else
 * that of `python3`.
 *
 * @returns Undefined where there is none.
 * @throws {InputError} if the named Python has none.
 */
export async function findJupyter(
  python?: string,
  environment: string = environmentFolder(),
): Promise<Jupyter | undefined> {
  if (python) {
    if (await runs(byModule(python))) return byModule(python);
    throw new InputError(
      `Cannot start JupyterLab with ${python}: it does not run, or has none; install it there by ${python} -m pip install jupyterlab, or leave --python out`,
    );
  }
  const own = byModule(pythonIn(environment));
  if (isReady(environment) && await runs(own)) return own;
  for (const other of [{ program: "jupyter-lab", args: [] }, byModule("python3")]) {
    if (await runs(other)) return other;
  }
}

function isReady(environment: string): boolean {
  try {
    return Deno.statSync(join(environment, READY)).isFile;
  } catch {
    return false;
  }
}

/**
 * Makes a private Python environment with JupyterLab, from PyPI.
 *
 * @throws {RunError} if there is no Python, the packages cannot be had, or something of somebody else's is in the place.
 * @throws {Interrupted} if `signal` is aborted; the next attempt starts from scratch.
 */
export async function makeJupyter(
  progress: Progress,
  signal?: AbortSignal,
  environment: string = environmentFolder(),
): Promise<Jupyter> {
  const base = await firstOf(["python3", "python"]);
  if (!base) {
    throw new RunError(
      "Cannot install JupyterLab: there is no Python here; install Python 3.9 or newer, or name one with --python",
    );
  }
  clearPlace(environment);
  const task = progress.start("installing JupyterLab", undefined, "packages");
  const step = async (what: string, program: string, args: string[], onLine?: (line: string) => void) => {
    const { ok, last } = await run(program, args, { cwd: pythonPlace(), signal, onLine });
    checkInterrupt(signal, "installing JupyterLab", "the next attempt starts from scratch");
    if (ok) return;
    throw new RunError(
      `Cannot ${what} in ${environment}: ${last}; name a Python that has JupyterLab with --python, or set AUTOMLP_CACHE to another folder`,
    );
  };
  await step("make a Python environment", base, ["-m", "venv", environment]);
  const python = pythonIn(environment);
  const pip = [
    "-m",
    "pip",
    "install",
    "--disable-pip-version-check",
    "--no-input",
    "--progress-bar",
    "off",
  ];
  await step("install JupyterLab", python, [...pip, REQUIREMENT], (line) => {
    if (line.startsWith("Collecting ")) task.advance(1);
  });
  await writeText(join(environment, READY), `${REQUIREMENT}\n`);
  task.end(environment);
  return byModule(python);
}

/** Makes the environment's folder, in the place of one that was made by this program and is broken. */
function clearPlace(environment: string): void {
  try {
    if (!removeOwnFolder(environment)) {
      throw new RunError("a folder is there that automlp did not make there, or an earlier version");
    }
    makeFolder(dirname(environment));
    makeOwnFolder(environment);
  } catch (error) {
    throw new RunError(
      `Cannot install JupyterLab in ${environment}: ${
        firstLine(error)
      }; move it, set AUTOMLP_CACHE to another folder, or name a Python that has JupyterLab with --python`,
    );
  }
}
