/**
 * Runs notebooks without a browser: nbclient drives the real kernel.
 *
 * @module
 */
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { InputError, RunError } from "../pipeline/contract/errors.ts";
import { writeText } from "../pipeline/contract/files/stage.ts";
import { installSpec, KERNEL_NAME, type KernelSpec, kernelSpec, ROOT } from "./kernel/install.ts";

const SCRIPT = fileURLToPath(new URL("./python/execute.py", import.meta.url));
/** Python modules that the script imports. */
const MODULES = ["nbclient", "nbformat"];

/** Options of {@link executeNotebooks}. */
export interface ExecuteOptions {
  /** A Python with nbclient. */
  python: string;
  /** Folder in which the notebooks are written with their outputs. Default: they are replaced. */
  out?: string;
  /** Folder in which the kernel works. Default: each notebook's own folder. */
  folder?: string;
  /** Runs each cell that takes under half a minute a second time before the next. Default: no. */
  twice?: boolean;
  /** New values for variables of the cell tagged `parameters`, as in papermill. Default: the values written there. */
  parameters?: Record<string, string | number | boolean | number[]>;
  /** The kernel. Default: this repository's. */
  spec?: KernelSpec;
}

/**
 * Runs notebooks one after the other, each from top to bottom in its own kernel, and writes each with its outputs when it has
 * finished, completely or not at all. The kernel need not be installed.
 *
 * @param notebooks Their paths.
 * @throws {InputError} if Python or nbclient is missing; {@link RunError} at the first cell that fails: which one, and
 * what it said.
 */
export async function executeNotebooks(
  notebooks: readonly string[],
  { python, out, folder, twice = false, parameters, spec = kernelSpec() }: ExecuteOptions,
): Promise<void> {
  requirePython(python, MODULES);
  const work = await Deno.makeTempDir({ prefix: "automlp-jupyter-" }), jupyter = join(work, "jupyter");
  try {
    await installSpec(jupyter, KERNEL_NAME, spec);
    for (const path of notebooks) {
      await execute(path, python, jupyter, [
        ...["--out", join(work, "executed")],
        ...(folder ? ["--folder", folder] : []),
        ...(twice ? ["--twice"] : []),
        ...(parameters ? ["--parameters", JSON.stringify(parameters)] : []),
      ]);
      const text = await formatNotebook(await Deno.readTextFile(join(work, "executed", basename(path))));
      await writeText(out ? join(out, basename(path)) : await Deno.realPath(path), text);
    }
  } finally {
    await Deno.remove(work, { recursive: true });
  }
}

/** Runs one notebook by the script, which writes it where the options say. */
async function execute(path: string, python: string, jupyter: string, options: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(python, {
    args: [SCRIPT, ...options, path],
    env: kernelEnv(jupyter),
    stdin: "null",
    stdout: "inherit",
    stderr: "piped",
  }).output();
  if (success) return;
  // deno-lint-ignore no-control-regex -- the kernel colours its errors
  const said = new TextDecoder().decode(stderr).replace(/\x1b\[[0-9;]*m/g, "")
    .replace(/^Warning "deno jupyter".*\n/gm, "").trim();
  throw new RunError(`Cannot run the notebooks to their end: ${said.slice(-4000)}`);
}

/**
 * Formats the cells of a notebook's text like the repository's code.
 *
 * @throws {RunError} if it cannot be: a cell has an error of syntax.
 */
export async function formatNotebook(text: string): Promise<string> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--ext", "ipynb", "--config", join(ROOT, "deno.json"), "-"],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  const [{ success, stdout, stderr }] = await Promise.all([
    child.output(),
    writer.write(new TextEncoder().encode(text)).then(() => writer.close()),
  ]);
  if (!success) throw new RunError(`Cannot format the notebook: ${new TextDecoder().decode(stderr).trim()}`);
  return new TextDecoder().decode(stdout);
}

/** For a Jupyter that is to find the kernels of this folder, too; Python's warnings are not for readers. */
export function kernelEnv(jupyter: string): Record<string, string> {
  const before = Deno.env.get("JUPYTER_PATH");
  return {
    JUPYTER_PATH: before ? [jupyter, before].join(Deno.build.os === "windows" ? ";" : ":") : jupyter,
    NO_COLOR: "1",
    PYTHONWARNINGS: "ignore",
  };
}

/** @throws {InputError} if the interpreter or a module is missing. */
function requirePython(python: string, modules: readonly string[]): void {
  const code =
    "import importlib.util, sys; print(*[m for m in sys.argv[1:] if importlib.util.find_spec(m) is None])";
  let missing: string;
  try {
    const { stdout } = new Deno.Command(python, { args: ["-c", code, ...modules], stderr: "null" })
      .outputSync();
    missing = new TextDecoder().decode(stdout).trim();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new InputError(`Cannot run notebooks: there is no Python "${python}"; name one with --python`);
  }
  if (missing) {
    throw new InputError(
      `Cannot run notebooks: ${python} has no ${missing.split(" ").join(", ")}; ` +
        `install them (pip install ${missing}), or name another Python with --python`,
    );
  }
}

/** This repository's notebooks, in their order. */
export function ownNotebooks(): string[] {
  const folder = fileURLToPath(new URL(".", import.meta.url));
  return [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) => name.endsWith(".ipynb"))
    .sort().map((name) => join(folder, name));
}
