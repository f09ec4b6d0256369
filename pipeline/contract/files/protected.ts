/**
 * Places that are never written to, whatever they contain: home folders and the like, and inputs.
 *
 * @module
 */
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import type { InputError } from "../errors.ts";
import { entryAt, firstLine, isMissing, kindOf } from "./system.ts";

/** Creates the error for a place, from what is wrong with it and what to do instead. */
export type Refuse = (state: string, wish?: string) => InputError;

/** An address such as `s3a://bucket/name`, which would otherwise become folders of these names. A single letter is a drive. */
const ADDRESS = /^([a-z][a-z0-9+.-]+:\/\/|file:\/)/i;

/** Returns the path without links; its last parts need not exist. */
export function realPlace(target: string, refuse: Refuse): string {
  if (target === "" || target.includes("\0")) throw refuse("that is no path");
  if (ADDRESS.test(target)) {
    throw refuse("it is an address, and automlp writes only to paths of this machine");
  }
  if (!isAbsolute(target) && !currentFolder()) throw refuse("the current folder is gone");
  const path = resolve(target);
  try {
    return Deno.realPathSync(path);
  } catch (error) {
    if (!isMissing(error)) throw refuse(firstLine(error));
  }
  if (entryAt(path)?.isSymlink) throw refuse("it is a link to nothing");
  const parent = dirname(path);
  if (parent === path) return path;
  const real = realPlace(parent, refuse), entry = entryAt(real);
  if (entry && !entry.isDirectory) throw refuse(`${parent} is ${kindOf(entry)}`);
  return join(real, basename(path));
}

/** Whether `inner` is `outer` or below it. Both are real paths. */
function isWithin(inner: string, outer: string): boolean {
  const way = relative(outer, inner);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && resolve(outer, way) === inner);
}

/** The program's own folder; undefined if it was not loaded from a disk. */
const PROGRAM = import.meta.dirname && join(import.meta.dirname, "..", "..", "..");

/** Refuses the root, the home folder, the current one, the program's own, and everything above them. The path must be real. */
export function refuseProtected(path: string, refuse: Refuse): void {
  const above: [string | undefined, string][] = [
    [Deno.env.get("HOME") ?? Deno.env.get("USERPROFILE"), "the home folder"],
    [currentFolder(), "the current folder"],
    [PROGRAM, "automlp's own folder"],
  ];
  if (dirname(path) === path) throw refuse("it is the root of the file system");
  for (const [folder, name] of above) {
    if (!folder) continue;
    const real = realOrSame(folder);
    if (path === real) throw refuse(`it is ${name}`);
    if (isWithin(real, path)) throw refuse(`${name} is in it`);
  }
}

function currentFolder(): string | undefined {
  try {
    return Deno.cwd();
  } catch {
    return undefined; // it was removed
  }
}

/** Refuses a folder that contains an input or lies in one. The path must be real. */
export function refuseInputs(path: string, inputs: readonly string[], refuse: Refuse): void {
  for (const input of inputs) {
    const real = realOrSame(resolve(input));
    if (isWithin(real, path)) throw refuse(`${input}, which is read, is in it`);
    if (isWithin(path, real)) throw refuse(`it is inside of ${input}, which is read`);
  }
}

function realOrSame(path: string): string {
  try {
    return Deno.realPathSync(path);
  } catch {
    return path; // it does not exist, or may not be examined: then nothing in it can be lost
  }
}

/** Whether two paths are the same file, also through two hard links. */
export function isSame(a: string, b: string): boolean {
  try {
    const [one, two] = [Deno.statSync(a), Deno.statSync(b)];
    return one.ino !== null && one.ino === two.ino && one.dev === two.dev ||
      Deno.realPathSync(a) === Deno.realPathSync(b);
  } catch {
    return false;
  }
}
