/**
 * The native engine's parts in the cache: libtensorflow, large and seldom new; and the binding, compiled in seconds and
 * made again whenever a source changes.
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
import { folderOnDisk, packagePath } from "../../../pipeline/terminal/published/package_folder.ts";
import { type Platform, TFJS } from "./release.ts";

/** libtensorflow in the cache. */
export interface Library {
  /** Its folder; not in the file. */
  folder: string;
  version: string;
  source: "bucket" | "wheel";
  /** The shared libraries' folder and the headers', within `folder`. */
  libraries: string;
  include: string;
  /** File names that a binding is linked with. */
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
  /** Whether the operations of `native/` are in it. */
  fused: boolean;
  /** The platform's key. */
  platform: string;
}

/** The engine's own folder in the cache. */
export const engineFolder = (cache = cacheFolder()): string => join(cache, "engine");

/** Where the C++ sources of our own operations are. */
export const nativeFolder = (): string => packagePath("model", "backend", "native");

/** Compiled into a library of its own, which loads the binding. */
const LOADER = "loader.cc";

/** Paths of C++ sources: the binding's, and its loader's. */
export interface NativeSources {
  sources: string[];
  loader: string;
}

/** The sources, and a short hash of all. */
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

/** A binding's folder. */
export const bindingFolder = (engines: string, library: Library, key: string, hash: string): string =>
  join(engines, `binding-${TFJS}-${library.version}-${key}-${hash}`);

/** The folder of a library. */
export const libraryFolder = (engines: string, key: string, { version }: { version: string }): string =>
  join(engines, `libtensorflow-${version}-${key}`);

/** The libraries that a platform may have, the preferred first. */
export const libraryFolders = (engines: string, { key, wheel, bucket }: Platform): string[] =>
  [wheel, bucket].flatMap((part) => part ? [libraryFolder(engines, key, part)] : []);

/** The library in a folder, if it is there. */
export function readLibrary(folder: string): Library | undefined {
  const facts = readJson<Omit<Library, "folder">>(join(folder, "library.json"));
  return facts && { ...facts, folder };
}

/** The native engine in the cache, if it is there and made from today's sources, which are on the disk. */
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

/** A JSON file's content; undefined where there is none. */
export function readJson<T>(path: string): T | undefined {
  try {
    return JSON.parse(Deno.readTextFileSync(path));
  } catch (error) {
    const { NotFound, NotADirectory } = Deno.errors;
    if ([NotFound, NotADirectory, SyntaxError].some((kind) => error instanceof kind)) return undefined;
    throw error;
  }
}
