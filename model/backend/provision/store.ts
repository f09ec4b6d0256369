/**
 * The native engine's parts in the cache: libtensorflow, which is large and rarely changes, and the binding, which is compiled in seconds
 * and again whenever a source changes.
 *
 *     engine/libtensorflow-2.21.0-linux-x64/        library.json, deps/…
 *     engine/binding-4.22.0-2.21.0-linux-x64-1a2b3c4d/   binding.json, tfjs_binding.node, libautomlp.so
 *     engine/failed.json                            why the last attempt failed
 *
 * @module
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { entryAt } from "../../../pipeline/contract/files/readable.ts";
import { writeText } from "../../../pipeline/contract/files/stage.ts";
import { cacheFolder } from "../../../pipeline/contract/machine/cache_folder.ts";
import { folderOnDisk, packagePath } from "../../../pipeline/contract/machine/package_folder.ts";
import { CUDA, cudaLibraries } from "../../../pipeline/terminal/launch/libraries.ts";
import { z } from "zod";

/** libtensorflow in the cache. */
export interface Library {
  /** Its folder; not stored in the file. */
  folder: string;
  version: string;
  /** Folders of the shared libraries and of the headers, within `folder`. */
  libraries: string;
  include: string;
  /** Names of the files that a binding is linked with. */
  link: string[];
}

/** A native engine that is ready to load. */
export interface NativeEngine {
  /** The binding's path. */
  path: string;
  library: string;
  /** The platform's key. */
  platform: string;
}

/** Returns the engine's own folder in the cache. */
export const engineFolder = (cache = cacheFolder()): string => join(cache, "engine");

/** Returns the folder with the C++ sources of our own operations. */
export const nativeFolder = (): string => packagePath("model", "backend", "native");

/** Source that is compiled into a separate library, which loads the binding. */
const LOADER = "loader.cc";

/** Paths of C++ sources: the binding's, and its loader's. */
export interface NativeSources {
  sources: string[];
  loader: string;
}

/** Returns the sources, and a short hash of them all. */
export function nativeSources(folder = nativeFolder()): NativeSources & { hash: string } {
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) => /\.(cc|h)$/.test(name))
    .sort();
  const hash = createHash("sha256");
  for (const name of names) hash.update(name).update(Deno.readFileSync(join(folder, name)));
  return {
    sources: names.filter((name) => name.endsWith(".cc") && name !== LOADER).map((name) =>
      join(folder, name)
    ),
    loader: join(folder, LOADER),
    hash: hash.digest("hex").slice(0, 8),
  };
}

/** Returns a binding's folder. */
export const bindingFolder = (engines: string, library: Library, key: string, hash: string): string =>
  join(engines, `binding-${TFJS}-${library.version}-${key}-${hash}`);

/** Returns a library's folder. */
export const libraryFolder = (engines: string, { key, wheel }: Platform): string =>
  join(engines, `libtensorflow-${wheel.version}-${key}`);

/** Reads the facts of the library in a folder, if it is there. */
export function readLibrary(folder: string): Library | undefined {
  const facts = readJson<Omit<Library, "folder">>(join(folder, "library.json"));
  return facts && { ...facts, folder };
}

/** Finds the native engine in the cache, if it is there and was made from the current sources, which must be on disk. */
export function findNative(platforms: Platform[], engines = engineFolder()): NativeEngine | undefined {
  if (folderOnDisk() === undefined) return undefined;
  for (const platform of platforms) {
    const library = readLibrary(libraryFolder(engines, platform));
    if (!library) continue;
    const binding = bindingFolder(engines, library, platform.key, nativeSources().hash);
    const facts = readJson<{ file: string }>(join(binding, "binding.json"));
    if (!facts) continue;
    return { path: join(binding, facts.file), library: library.version, platform: platform.key };
  }
}

/** Reads a JSON file; undefined if there is none. */
export function readJson<T>(path: string): T | undefined {
  try {
    return JSON.parse(Deno.readTextFileSync(path));
  } catch (error) {
    const { NotFound, NotADirectory } = Deno.errors;
    if ([NotFound, NotADirectory, SyntaxError].some((kind) => error instanceof kind)) return undefined;
    throw error;
  }
}

/** The npm package whose binding is compiled and whose backend is used; the version that deno.json pins. */
export const TFJS = "4.22.0";

/** Where one platform gets libtensorflow from. Only `linux-x64` without CUDA is tested. */
export interface Platform {
  /** Name of the platform, as in `linux-x64`, with `-cuda` if libtensorflow computes on an NVIDIA GPU. */
  key: string;
  /** From PyPI: the wheel that contains libtensorflow, and what to ask `pip download` for. */
  wheel: {
    version: string;
    project: string;
    python: string;
    tags: string[];
    cuda: boolean;
    /** Size and checksum of the wheel itself on PyPI; a wheel with another checksum is refused. */
    bytes?: number;
    sha256?: string;
  };
}

/** Returns the parts for a system and processor, as `Deno.build` names them; undefined if there is no native engine for them. */
export function platformOf(os: string, arch: string, gpu: boolean): Platform | undefined {
  const wheel = (project: string, bytes: number, sha256: string, ...tags: string[]) => ({
    version: "2.21.0",
    project,
    python: "3.12",
    tags,
    cuda: gpu,
    bytes,
    sha256,
  });
  switch (`${os}-${arch}${gpu ? "-cuda" : ""}`) {
    case "linux-x86_64":
      return {
        key: "linux-x64",
        wheel: wheel(
          "tensorflow-cpu",
          274_000_871,
          "dcc8afd32930e42d5296b6ee19078b773706830af4ea97fbe503b9f5e0f820cb",
          "manylinux_2_27_x86_64",
        ),
      };
    case "linux-x86_64-cuda":
      // NVIDIA's libraries are also wheels, under older tags.
      return {
        key: "linux-x64-cuda",
        wheel: wheel(
          "tensorflow",
          572_611_111,
          "b3b95643c4e70eb925839938fb35cbe142f317ec84af6844ee61513713bb13c0",
          "manylinux_2_27_x86_64",
          "manylinux_2_17_x86_64",
          "manylinux2014_x86_64",
        ),
      };
    case "linux-aarch64":
      return {
        key: "linux-arm64",
        wheel: wheel(
          "tensorflow",
          281_946_471,
          "b07d15737406533898e36c7ef7944b1be18e9028dc521b9229952c537bbc5552",
          "manylinux_2_27_aarch64",
        ),
      };
    case "darwin-aarch64":
      return {
        key: "darwin-arm64",
        wheel: wheel(
          "tensorflow",
          223_488_205,
          "56ecd7d47429acbe1df2694d50b75bf9fc3995ac92cb367cd9af6c4780ead712",
          "macosx_12_0_arm64",
        ),
      };
    default:
      return undefined;
  }
}

let gpu: string | undefined | null = null; // null: not asked yet

/** Returns the name of the first NVIDIA GPU; undefined if there is none, or if asking is not permitted (`--allow-ffi`). */
export function nvidiaGpu(): string | undefined {
  if (gpu === null) gpu = [CUDA, ...cudaLibraries()].map(firstGpu).find((name) => name !== undefined);
  return gpu;
}

function firstGpu(library: string): string | undefined {
  try {
    const cuda = Deno.dlopen(library, {
      cuInit: { parameters: ["u32"], result: "i32" },
      cuDeviceGetName: { parameters: ["buffer", "i32", "i32"], result: "i32" },
    });
    const name = new Uint8Array(256);
    const found = cuda.symbols.cuInit(0) === 0 && cuda.symbols.cuDeviceGetName(name, name.length, 0) === 0;
    cuda.close();
    return found ? new TextDecoder().decode(name.subarray(0, name.indexOf(0))) : undefined;
  } catch {
    return undefined;
  }
}

/** Returns the platforms that this machine can use, fastest first: if the GPU's parts are not available, those for the CPU are used. */
export function thesePlatforms(): Platform[] {
  const { os, arch } = Deno.build;
  return [...(nvidiaGpu() ? [platformOf(os, arch, true)] : []), platformOf(os, arch, false)].filter((one) =>
    one !== undefined
  );
}

const failureSchema = z.object({
  reason: z.string(),
  at: z.iso.datetime(),
  /** Hash of the sources at that time: other sources may succeed. */
  hash: z.string(),
});

/** Hours until a failed attempt is repeated. */
const RETRY_AFTER = 24;

const placeIn = (folder: string) => join(folder, "failed.json");

/** Remembers why an attempt failed, unless a foreign file has the name. */
export async function writeFailure(folder: string, reason: string): Promise<void> {
  const failure = { reason, at: new Date().toISOString(), hash: nativeSources().hash };
  if (!entryAt(placeIn(folder)) || readFailure(folder)) {
    await writeText(placeIn(folder), JSON.stringify(failure) + "\n");
  }
}

/** Forgets the failed attempt. */
export function removeFailure(folder: string): void {
  if (!readFailure(folder)) return;
  Deno.removeSync(placeIn(folder));
}

/** Returns why the last attempt failed, if that was recent. */
export function recentFailure(folder: string = engineFolder()): string | undefined {
  if (folderOnDisk() === undefined) return undefined;
  const failure = readFailure(folder);
  if (failure?.hash !== nativeSources().hash) return undefined;
  const hours = Math.abs(Date.now() - Date.parse(failure.at)) / 3_600_000; // the clock may have been wrong
  return hours < RETRY_AFTER
    ? `${failure.reason} (tried at ${failure.at}; deno task engine --force tries again)`
    : undefined;
}

function readFailure(folder: string): z.output<typeof failureSchema> | undefined {
  const place = placeIn(folder);
  return entryAt(place)?.isFile ? failureSchema.safeParse(readJson(place)).data : undefined;
}
