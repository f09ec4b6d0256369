/**
 * The command line that starts a command with its permissions.
 *
 * @module
 */
import { dirname, join } from "node:path";
import { cachePlace } from "../../contract/machine/cache_place.ts";
import { packagePath, packagesFolder } from "../published/package_folder.ts";
import { COMMANDS, type Launched } from "./commands.ts";
import { type Given, readGiven } from "./given.ts";
import { cudaLibraries } from "./libraries.ts";
import { wholeFolder } from "./places.ts";

/**
 * The arguments with which `deno` runs a command: its set in `deno.json`, and the lists that depend on the command line and the
 * environment. A list takes the place of the set's own.
 *
 * @param args The command's own.
 * @param id What is under way beside the places that it writes will have this id in its name.
 */
export async function commandArguments(name: string, args: string[], id: string): Promise<string[]> {
  const command = COMMANDS[name];
  if (!command.writes) return [...begin(command), packagePath(command.program), ...args];
  const given = await readGiven(args);
  return [
    ...permitted(command),
    ...startFlags(command),
    ...readFlags(command, given),
    ...netFlags(command, given),
    ...writeFlags(command, given, id),
    packagePath(command.program),
    ...args,
  ];
}

/** The arguments before a program that runs with a command's permissions, but may write nothing. */
export const permitted = (
  { permissions, engine, reads }: Pick<Launched, "permissions" | "engine" | "reads">,
): string[] => [
  ...begin({ permissions, reads }),
  ...(reads ? [] : [
    flag("allow-ffi", [...wholeFolder(packagesFolder()), ...(engine ? engineLibraries() : [])]),
  ]),
  ...(engine ? ["--unstable-webgpu"] : []),
];

/** Modules that a command does not come to are not even looked at, but where it may not read them when it does. */
const begin = ({ permissions, reads }: Pick<Launched, "permissions" | "reads">): string[] => [
  ...["run", "--quiet", "--no-prompt", "--config", packagePath("deno.json")],
  ...(reads ? [] : ["--unstable-lazy-dynamic-imports"]),
  `--permission-set=${permissions}`,
];

/** For commands that train in processes of their own. */
const startFlags = ({ starts }: Launched) => starts ? [flag("allow-run", [Deno.execPath()])] : [];

/** For commands that read nothing but what their command line names. Without a name there is nothing to read. */
function readFlags({ reads }: Launched, given: Given): string[] {
  const paths = reads?.(given) ?? [];
  return paths.length === 0 ? [] : [flag("allow-read", paths)];
}

/** For commands that reach what their command line names. */
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
 * The arguments with which `deno` runs a program that trains for a command: with the permissions of training, and these folders to write.
 *
 * @param program Its path.
 */
export const workerArguments = (program: string, folders: readonly string[], args: string[]): string[] => [
  ...permitted({ permissions: "model", engine: true }),
  flag("allow-write", folders.flatMap(wholeFolder)),
  ...protectedFlags(),
  program,
  ...args,
];

/** What is loaded from the cache, or started, is never a command's to write, though the data sets beside it are. */
function protectedFlags(): string[] {
  const paths = inCache("engine", "jupyter", "kernel", "program");
  return paths.length === 0 || paths.some(hasComma) ? [] : [flag("deny-write", paths)];
}

const engineLibraries = () => [...inCache("engine"), ...cudaLibraries()];

function inCache(...folders: string[]): string[] {
  const cache = cachePlace();
  return cache ? folders.flatMap((folder) => wholeFolder(join(cache, folder))) : [];
}

/** A list of paths. A comma in one cannot be written: the nearest folder above that has none takes the place of such a path. */
const flag = (name: string, paths: string[]) =>
  `--${name}=${[...new Set(paths.map(withoutComma))].join(",")}`;

const hasComma = (path: string) => path.includes(",");
const withoutComma = (path: string): string => hasComma(path) ? withoutComma(dirname(path)) : path;
