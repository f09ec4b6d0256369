/**
 * Native libraries that commands load. If only some may be loaded, Deno treats a library's bare name as a file in the current folder,
 * so all are named by their paths.
 *
 * @module
 */
import { join } from "node:path";

/** NVIDIA's driver, by the name under which the system finds it. */
export const CUDA = "libcuda.so.1";

/** Where NVIDIA's driver is installed: by distributions, in containers, in WSL, on NixOS. */
const FOLDERS = [
  "/usr/lib/x86_64-linux-gnu",
  "/usr/lib/aarch64-linux-gnu",
  "/usr/lib64",
  "/usr/lib",
  "/usr/local/nvidia/lib64",
  "/usr/local/cuda/compat",
  "/usr/lib/wsl/lib",
  "/run/opengl-driver/lib",
];

/** Returns the paths of NVIDIA's driver library, in the system's search order; none without such a driver. */
export function cudaLibraries(): string[] {
  if (Deno.build.os !== "linux") return [];
  const searched = Deno.env.get("LD_LIBRARY_PATH") ?? "";
  const folders = [...searched.split(":").filter((folder) => folder.startsWith("/")), ...FOLDERS];
  return [...new Set(folders)].map((folder) => join(folder, CUDA)).filter(isFile);
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
