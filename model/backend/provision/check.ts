/**
 * Tests an engine in a separate process, where a crash does no harm.
 *
 * @module
 */
import { packagePath } from "../../../pipeline/contract/machine/package_folder.ts";
import { run } from "./process.ts";

/** Returns why the engine at `path` does not work; undefined if it works. */
export async function checkEngine(path: string, fused: boolean): Promise<string | undefined> {
  const program = packagePath("model", "backend", "provision", "probe.ts");
  const { ok, last, stderr } = await run(Deno.execPath(), [
    ...["run", "--no-config", "--no-lock", "--no-prompt", "--allow-ffi", "--allow-read", program, path],
    String(fused),
  ], { env: { TF_CPP_MIN_LOG_LEVEL: "3", NO_COLOR: "1" } });
  const error = stderr.split("\n").find((line) => line.includes("error:"));
  return ok ? undefined : `it does not run: ${error ?? (last || "it crashed")}`;
}
