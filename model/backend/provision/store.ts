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
import { cacheFolder } from "../../../pipeline/contract/machine/cache_folder.ts";
import { folderOnDisk, packagePath } from "../../../pipeline/contract/machine/package_folder.ts";
import { type Platform, TFJS } from "./release.ts";

/** libtensorflow in the cache. */
export interface Library {
  /** Its folder; not stored in the file. */
  folder: string;
  version: string;
  source: "bucket" | "wheel";
  /** Folders of the shared libraries and of the headers, within `folder`. */
  libraries: string;
  include: string;
  /** Names of the files that a binding is linked with. */
  link: string[];
  /** A compiled binding that came with it, within `folder`. */
  binding?: string;
}

/** A native engine that is ready to load. */
export interface NativeEngine {
  /** The binding's path. */
  path: string;
  library: string;
  source: Library["source"];
  /** Whether it includes the operations of `native/`. */
  fused: boolean;
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
export const libraryFolder = (engines: string, key: string, { version }: { version: string }): string =>
  join(engines, `libtensorflow-${version}-${key}`);

/** Returns the folders of the libraries that a platform may have, the preferred one first. */
export const libraryFolders = (engines: string, { key, wheel, bucket }: Platform): string[] =>
  [wheel, bucket].flatMap((part) => part ? [libraryFolder(engines, key, part)] : []);

/** Reads the facts of the library in a folder, if it is there. */
export function readLibrary(folder: string): Library | undefined {
  const facts = readJson<Omit<Library, "folder">>(join(folder, "library.json"));
  return facts && { ...facts, folder };
}

/** Finds the native engine in the cache, if it is there and was made from the current sources, which must be on disk. */
export function findNative(platforms: Platform[], engines = engineFolder()): NativeEngine | undefined {
  if (folderOnDisk() === undefined) return undefined;
  const places = platforms.flatMap((platform) =>
    libraryFolders(engines, platform).map((folder) => ({ folder, platform }))
  );
  for (const { folder, platform } of places) {
    const library = readLibrary(folder);
    if (!library) continue;
    const binding = bindingFolder(engines, library, platform.key, nativeSources().hash);
    const facts = readJson<{ file: string; fused: boolean }>(join(binding, "binding.json"));
    if (!facts) continue;
    return {
      path: facts.fused ? join(binding, facts.file) : join(library.folder, facts.file),
      library: library.version,
      source: library.source,
      fused: facts.fused,
      platform: platform.key,
    };
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
