/**
 * The kernelspec: how Jupyter starts Deno so that a notebook in any folder knows `"automlp"`.
 *
 * @module
 */
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { FOLDER_VARIABLE } from "../../pipeline/notebook/folder.ts";

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
  const start = ["run", "-q", "-A", join("notebooks", "kernel", "cursor", "main.ts"), "{connection_file}"];
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
