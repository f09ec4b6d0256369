/**
 * The command line that starts a command with its permissions.
 *
 * @module
 */
import { dirname, join } from "node:path";
import { cachePlace } from "../../contract/machine/cache_place.ts";
import { packagePath, packagesFolder } from "../../contract/machine/package_folder.ts";
import { COMMANDS, type Launched } from "./commands.ts";
import { type Given, readGiven } from "./given.ts";
import { cudaLibraries } from "./libraries.ts";
import { wholeFolder } from "./places.ts";

/**
 * Returns the arguments with which `deno` runs a command: its set in `deno.json`, and the lists that depend on the command line and
 * the environment. A list replaces that of the set.
 *
 * @param args The command's own arguments.
 * @param id Id in the names of unfinished files and folders beside the places that it writes.
 */
export async function commandArguments(name: string, args: string[], id: string): Promise<string[]> {
  const command = COMMANDS[name];
  if (!command.writes) return [...begin(command), packagePath(command.program), ...args];
  const given = await readGiven(args);
  return [
    ...permitted(command),
    ...startFlags(command),
    ...netFlags(command, given),
    ...writeFlags(command, given, id),
    packagePath(command.program),
    ...args,
  ];
}

/** Returns the arguments before a program that runs with a command's permissions, but may not write. */
export const permitted = (
  { permissions, engine }: Pick<Launched, "permissions" | "engine">,
): string[] => [
  ...begin({ permissions }),
  flag("allow-ffi", [...wholeFolder(packagesFolder()), ...(engine ? engineLibraries() : [])]),
  ...(engine ? ["--unstable-webgpu"] : []),
];

/** Modules that a command does not come to are not even looked at. */
const begin = ({ permissions }: Pick<Launched, "permissions">): string[] => [
  ...["run", "--quiet", "--no-prompt", "--config", packagePath("deno.json")],
  "--unstable-lazy-dynamic-imports",
  `--permission-set=${permissions}`,
];

/** Returns the permission to start Deno, for commands that train in separate processes. */
const startFlags = ({ starts }: Launched) => starts ? [flag("allow-run", [Deno.execPath()])] : [];

/** Returns the network permissions of commands that reach hosts named on their command line. */
function netFlags({ reaches }: Launched, given: Given): string[] {
  const hosts = reaches?.(given);
  if (hosts?.length === 0) return ["--deny-net"];
  return hosts ? [flag("allow-net", hosts)] : [];
}

function writeFlags({ writes }: Launched, given: Given, id: string): string[] {
  const paths = writes?.(given, id) ?? [];
  return paths.length === 0 ? [] : [flag("allow-write", paths), ...protectedFlags()];
}

/**
 * Returns the arguments with which `deno` runs a program that trains for a command: with the permissions of training, and these
 * folders to write.
 *
 * @param program Path of the program.
 */
export const workerArguments = (program: string, folders: readonly string[], args: string[]): string[] => [
  ...permitted({ permissions: "model", engine: true }),
  flag("allow-write", folders.flatMap(wholeFolder)),
  ...protectedFlags(),
  program,
  ...args,
];

/** Denies commands to write anything that is loaded from the cache or started, though they may write the data sets beside it. */
function protectedFlags(): string[] {
  const paths = inCache("engine", "jupyter", "kernel");
  return paths.length === 0 || paths.some(hasComma) ? [] : [flag("deny-write", paths)];
}

const engineLibraries = () => [...inCache("engine"), ...cudaLibraries()];

function inCache(...folders: string[]): string[] {
  const cache = cachePlace();
  return cache ? folders.flatMap((folder) => wholeFolder(join(cache, folder))) : [];
}

/** Makes a flag with a list of paths. A comma in a path cannot be escaped: the nearest folder above without one replaces such a path. */
const flag = (name: string, paths: string[]) =>
  `--${name}=${[...new Set(paths.map(withoutComma))].join(",")}`;

const hasComma = (path: string) => path.includes(",");
const withoutComma = (path: string): string => hasComma(path) ? withoutComma(dirname(path)) : path;
