/**
 * Python for tests: the interpreter of `AUTOMLP_PYTHON`, or `python3`.
 *
 * @module
 */
import { fromFileUrl } from "../../paths.ts";

/** The interpreter's command. */
export const interpreter: string = Deno.env.get("AUTOMLP_PYTHON") || "python3";

/** Whether the interpreter is installed and can import all modules. */
export function hasModules(...modules: string[]): boolean {
  const code =
    `import importlib.util, sys; sys.exit(any(importlib.util.find_spec(m) is None for m in sys.argv[1:]))`;
  try {
    return new Deno.Command(interpreter, { args: ["-c", code, ...modules], stdout: "null", stderr: "null" })
      .outputSync().success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable) return false;
    throw error;
  }
}

/** Runs a script of `tests/python/` and returns the JSON that it prints last. */
export function runPython<T>(script: string, ...args: string[]): T {
  const path = fromFileUrl(new URL(`../../python/${script}`, import.meta.url));
  const { success, stdout, stderr } = new Deno.Command(interpreter, {
    args: [path, ...args],
    env: { PYTHONWARNINGS: "ignore" },
  }).outputSync();
  if (!success) throw new Error(`${script} failed:\n${new TextDecoder().decode(stderr).slice(-4000)}`);
  return JSON.parse(new TextDecoder().decode(stdout).trimEnd().split("\n").at(-1)!);
}
