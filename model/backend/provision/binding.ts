/**
 * Compiles the binding: the C++ of the tensor library's package, together with our own operations.
 *
 * @module
 */
import { firstOf, run } from "./process.ts";
import { type Library, nativeFolder, type NativeSources } from "./store.ts";
import { dirname, join, relative } from "node:path";
import { packagePath } from "../../../pipeline/contract/machine/package_folder.ts";
import type { Ending } from "../../../pipeline/contract/progress.ts";
import type { StageContext } from "../../../pipeline/contract/stage.ts";

/** The file that JavaScript loads, and the binding that this file loads in turn (see `native/loader.cc`). */
const FILE = "tfjs_binding.node", BINDING = "libautomlp.so";

/** Finds `$CXX`, g++ or clang++, if one of them is installed. */
export const findCompiler = () => firstOf([Deno.env.get("CXX"), "g++", "clang++"]);
export const NO_COMPILER = "no C++ compiler is installed (g++ or clang++)";

/**
 * Optimisation flags that may reorder sums but preserve NaN and infinity, which training checks for.
 */
const OPTIMISE = [
  ...["-O3", "-ffp-contract=fast", "-fno-math-errno", "-fno-trapping-math", "-fno-signed-zeros"],
  ...["-fassociative-math", "-freciprocal-math"],
];

/**
 * Compiles a binding into `folder`, which will be renamed to a sibling of the library's folder.
 *
 * @returns The binding's file name, or why it is not available.
 */
export async function compileBinding(
  library: Library,
  { sources, loader }: NativeSources,
  folder: string,
  { progress, signal }: StageContext,
): Promise<{ file: string } | string> {
  const compiler = await findCompiler();
  if (!compiler) return NO_COMPILER;
  const [binding, nodeHeaders] = [await bindingSources(), await nodeApiHeaders()];
  const mac = Deno.build.os === "darwin", libraries = join(library.folder, library.libraries);
  const rpath = relative(folder, libraries), origin = mac ? "@loader_path" : "$ORIGIN";
  const clang = /clang/i.test((await run(compiler, ["--version"])).stdout);
  const undefinedSymbols = mac ? ["-undefined", "dynamic_lookup"] : [];
  const flags = [
    ...["-shared", "-fPIC", "-std=c++17", "-pthread", "-DNAPI_VERSION=8", ...OPTIMISE],
    // GCC makes several versions of each loop and chooses when loading; clang must know the processor now.
    ...(clang && !mac ? ["-march=native"] : []),
    ...[join(library.folder, library.include), nodeHeaders, dirname(binding)].map((path) => `-I${path}`),
  ];
  // Object files one by one, to show progress: a long silence would look like a hang.
  const files = [join(binding, "tfjs_backend.cc"), join(binding, "tfjs_binding.cc"), ...sources];
  const failing = new AbortController(),
    ending = AbortSignal.any([failing.signal, ...signal ? [signal] : []]);
  const task = progress?.start("compiling the engine", files.length + 1, "files");
  let how: Ending = "stopped";
  try {
    const objects: string[] = [];
    const compile = async (file: string) => {
      const object = join(folder, `${objects.push("") - 1}.o`);
      objects[objects.length - 1] = object;
      const { ok, stderr, last } = await run(compiler, [...flags, "-c", file, "-o", object], {
        signal: ending,
      });
      task?.advance(1);
      if (!ok) throw new Error(stderr.split("\n").find((line) => line.includes("error:")) ?? last);
    };
    const queue = [...files];
    let failure: unknown;
    const worker = async () => {
      try {
        for (let file = queue.shift(); file; file = queue.shift()) await compile(file);
      } catch (error) {
        failure ??= error; // those that are ended because of it fail as well
        queue.length = 0;
        failing.abort();
      }
    };
    await Promise.all(Array.from({ length: navigator.hardwareConcurrency }, worker));
    if (failure) throw failure;
    const link = async (args: string[]) => {
      const { ok, last } = await run(compiler, ["-shared", ...undefinedSymbols, ...args], { signal });
      if (!ok) throw new Error(last);
    };
    await link([
      ...["-pthread", ...objects, "-o", join(folder, BINDING), `-L${libraries}`],
      ...library.link.map((name) => mac ? join(libraries, name) : `-l:${name}`),
      `-Wl,-rpath,${origin}/${rpath}`,
    ]);
    await link([
      ...["-fPIC", "-std=c++17", `-DAUTOMLP_BINDING="${BINDING}"`, `-I${nodeHeaders}`, loader],
      ...["-o", join(folder, FILE), "-ldl"],
    ]);
    for (const object of objects) Deno.removeSync(object);
    how = "done";
    return { file: FILE };
  } catch (error) {
    if (signal?.aborted) throw error;
    return `${compiler} could not compile the engine from ${nativeFolder()}: ${(error as Error).message}`;
  } finally {
    task?.end(undefined, how);
  }
}

/** Returns the folder of the binding's sources in the tensor library's package: one of its scripts knows where it is. */
async function bindingSources(): Promise<string> {
  const { depsPath } = await import("@tensorflow/tfjs-node-gpu/scripts/deps-constants.js");
  return join(dirname(depsPath), "binding");
}

async function nodeApiHeaders(): Promise<string> {
  return (await import("node-api-headers")).include_dir;
}

/** Returns why the engine at `path` does not work; undefined if it works. */
export async function checkEngine(path: string): Promise<string | undefined> {
  const program = packagePath("model", "backend", "provision", "probe.ts");
  const { ok, last, stderr } = await run(Deno.execPath(), [
    ...["run", "--no-config", "--no-lock", "--no-prompt", "--allow-ffi", "--allow-read", program, path],
  ], { env: { TF_CPP_MIN_LOG_LEVEL: "3", NO_COLOR: "1" } });
  const error = stderr.split("\n").find((line) => line.includes("error:"));
  return ok ? undefined : `it does not run: ${error ?? (last || "it crashed")}`;
}
