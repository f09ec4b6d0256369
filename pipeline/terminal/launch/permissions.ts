/** The command line that starts a command with its permissions. */
import { dirname, join } from "node:path";
import { cachePlace } from "../../contract/machine/cache_folder.ts";
import { packagePath, packagesFolder } from "../../contract/machine/package_folder.ts";
import type { CommandLine } from "../specs.ts";
import { cudaLibraries } from "./libraries.ts";
import { wholeFolder } from "./places.ts";

/** The options and words of a command line: flags, else those of the configuration file. */
export type Given = Pick<CommandLine, "values" | "positional">;

/** A command's program, and what it may do besides reading and looking at the machine. */
export interface Command {
  /** Path of the program below the repository's root. */
  program: string;
  /** Its permission set in `deno.json`, where that says everything. Default: `work`, with what follows. */
  permissions?: string;
  /** Whether it computes with a tensor engine, whose libraries are in the cache. */
  computes?: boolean;
  /** Programs that it starts. */
  runs?: string[];
  /** Returns the hosts that it may reach. Default: none. */
  reaches?(given: Given): string[];
  /** Returns the paths that it may write. Default: none. */
  writes?(given: Given): string[];
}

/**
 * Returns the arguments with which `deno` runs a command: exactly what its command line requires. A permission set cannot express that, and
 * a process cannot give up part of a permission.
 */
export function permissionsOf(command: Command, given: Given): string[] {
  const { permissions = "work", runs = [], computes = false } = command;
  if (permissions !== "work") return [...begin(permissions), packagePath(command.program)];
  return [
    ...begin("work"),
    ...libraryFlags(computes),
    ...flag("allow-run", runs),
    ...flag("allow-net", command.reaches?.(given) ?? []),
    ...writeFlags(command.writes?.(given) ?? []),
    packagePath(command.program),
  ];
}

/**
 * Returns the arguments with which `deno` runs a program that trains for a command, and writes these folders.
 *
 * @param program Path of the program.
 */
export const workerArguments = (program: string, folders: readonly string[], args: string[]): string[] => [
  ...begin("work"),
  ...libraryFlags(true),
  ...writeFlags(folders.flatMap(wholeFolder)),
  program,
  ...args,
];

/** Modules that a command does not come to are not even looked at. */
const begin = (permissions: string): string[] => [
  ...["run", "--quiet", "--no-prompt", "--config", packagePath("deno.json")],
  "--unstable-lazy-dynamic-imports",
  `--permission-set=${permissions}`,
];

const libraryFlags = (computes: boolean): string[] => [
  ...flag("allow-ffi", [
    ...wholeFolder(packagesFolder()),
    ...(computes ? [...inCache("engine"), ...cudaLibraries()] : []),
  ]),
];

/** Allows paths to be written, but nothing that is loaded from the cache or started, though data sets beside it may be. */
function writeFlags(paths: string[]): string[] {
  if (paths.length === 0) return [];
  const loaded = inCache("engine", "jupyter", "kernel");
  return [...flag("allow-write", paths), ...(loaded.some(hasComma) ? [] : flag("deny-write", loaded))];
}

function inCache(...folders: string[]): string[] {
  const cache = cachePlace();
  return cache ? folders.flatMap((folder) => wholeFolder(join(cache, folder))) : [];
}

/** Makes a flag with a list, if there is one. A comma in a path cannot be escaped: the nearest folder above without one replaces such a path. */
const flag = (name: string, list: string[]): string[] =>
  list.length === 0 ? [] : [`--${name}=${[...new Set(list.map(withoutComma))].join(",")}`];

const hasComma = (path: string) => path.includes(",");
const withoutComma = (path: string): string => hasComma(path) ? withoutComma(dirname(path)) : path;
