/**
 * Makes the native engine in the cache, once.
 *
 * @module
 */
import { join } from "node:path";
import { checkInterrupt, Interrupted } from "../../pipeline/contract/errors.ts";
import { remedyOf } from "../../pipeline/contract/errors/system.ts";
import { openLock } from "../../pipeline/contract/files/lock.ts";
import { makeFolder } from "../../pipeline/contract/files/stage.ts";
import type { Task } from "../../pipeline/contract/progress.ts";
import type { StageContext } from "../../pipeline/contract/stage.ts";
import { checkEngine, compileBinding } from "./provision/binding.ts";
import {
  bindingFolder,
  engineFolder,
  findNative,
  type Library,
  libraryFolder,
  type NativeEngine,
  nativeSources,
  type Platform,
  readLibrary,
  recentFailure,
  removeFailure,
  thesePlatforms,
  writeFailure,
} from "./provision/store.ts";
import { drop, lockIn, put, removeLeftovers, stage, sweep } from "./provision/staged.ts";
import { fromWheel } from "./provision/wheel.ts";

/** The result of {@link provision}. */
export type Provisioned =
  /** `already`: whether it existed before. */
  | { ready: true; already: boolean; engine: NativeEngine; seconds: number }
  /** The job continues without it, on another backend. */
  | { ready: false; reason: string; seconds: number };

/** Settings of {@link provision}. */
export interface ProvisionOptions extends StageContext {
  /** Whether to make it again even if it exists or the last attempt failed. */
  force?: boolean;
  /** The cache's engine folder. */
  folder?: string;
  /** Platforms to make it for: the first that works is used. */
  platforms?: Platform[];
  /** Seconds after which a failed attempt is remembered: a quicker one costs nothing to repeat. */
  patience?: number;
}

/**
 * Finds or makes the native engine. Several processes may call it at once: the first does the work, the others wait. A killed
 * process leaves no part half-made: every part is made next to its place and then renamed.
 *
 * @throws {Interrupted} when `signal` is aborted; any other failure is returned as a reason, not thrown.
 */
export async function provision(
  { force = false, folder = engineFolder(), platforms = thesePlatforms(), patience = 5, progress, signal }:
    ProvisionOptions = {},
): Promise<Provisioned> {
  const started = performance.now(), seconds = () => (performance.now() - started) / 1000;
  if (platforms.length === 0) {
    return {
      ready: false,
      reason: `there is none for ${Deno.build.os} on ${Deno.build.arch}`,
      seconds: seconds(),
    };
  }
  sweep(folder);
  const there = force ? undefined : findNative(platforms, folder);
  if (there) return { ready: true, already: true, engine: there, seconds: seconds() };
  const failed = force ? undefined : recentFailure(folder);
  if (failed) return { ready: false, reason: failed, seconds: seconds() };

  let lock: Deno.FsFile | undefined;
  try {
    makeFolder(folder);
    lock = await takeLock(lockIn(folder), { progress, signal });
    // Another process may have made it while this one waited.
    const made = force ? undefined : findNative(platforms, folder);
    if (made) return { ready: true, already: true, engine: made, seconds: seconds() };
    removeLeftovers(folder);
    const result = await makeFirst(platforms, folder, force, { progress, signal });
    if (typeof result === "string") {
      if (seconds() >= patience) await writeFailure(folder, result);
      return { ready: false, reason: result, seconds: seconds() };
    }
    removeFailure(folder);
    return { ready: true, already: false, engine: result, seconds: seconds() };
  } catch (error) {
    if (signal?.aborted) throw error instanceof Interrupted ? error : stopped(signal);
    const [said] = (error as Error).message.split("\n"),
      reason = `the cache ${folder} cannot be written: ${said} (${remedyOf(said)}, ${WISH})`;
    return { ready: false, reason, seconds: seconds() };
  } finally {
    if (lock) {
      removeLeftovers(folder);
      lock.close();
    }
  }
}

const WISH = "or set AUTOMLP_CACHE to another folder";
const stopped = ({ reason: cause }: AbortSignal) =>
  new Interrupted("Stopped while making the native engine; nothing half-made was left behind", { cause });

/** Makes the engine for the first platform that works, or says why none does. */
async function makeFirst(platforms: Platform[], folder: string, force: boolean, context: StageContext) {
  const reasons: string[] = [];
  for (const platform of platforms) {
    const result = await make(platform, folder, force, context);
    if (context.signal?.aborted) throw stopped(context.signal);
    if (typeof result !== "string") return result;
    reasons.push(platforms.length > 1 ? `for ${platform.key}, ${result}` : result);
  }
  return reasons.join("; ");
}

/** Makes both parts, or says why not. */
async function make(
  platform: Platform,
  folder: string,
  force: boolean,
  context: StageContext,
): Promise<NativeEngine | string> {
  const library = await makeLibrary(platform, folder, force, context);
  return typeof library === "string" ? library : await makeBinding(platform, library, folder, context);
}

async function makeLibrary(
  platform: Platform,
  folder: string,
  force: boolean,
  context: StageContext,
): Promise<Library | string> {
  const place = libraryFolder(folder, platform), there = force ? undefined : readLibrary(place);
  if (there) return there;
  const staged = stage(place), result = await fromWheel(platform, staged, context);
  if (context.signal?.aborted) throw stopped(context.signal);
  if (typeof result === "string") {
    drop(staged);
    return result;
  }
  const { folder: _, ...facts } = result;
  put(staged, place, "library.json", facts);
  return { ...result, folder: place };
}

/** Compiles the binding, and tests it. */
async function makeBinding(
  { key }: Platform,
  library: Library,
  folder: string,
  context: StageContext,
): Promise<NativeEngine | string> {
  const { hash, ...sources } = nativeSources(), place = bindingFolder(folder, library, key, hash);
  const staged = stage(place), compiled = await compileBinding(library, sources, staged, context);
  const reason = typeof compiled === "string" ? compiled : await checkEngine(join(staged, compiled.file));
  if (typeof compiled === "string" || reason) {
    drop(staged);
    return reason!;
  }
  put(staged, place, "binding.json", compiled);
  return { path: join(place, compiled.file), library: library.version, platform: key };
}

/** Milliseconds between two checks of a lock that is held. */
const LOOK = 200;

/**
 * Takes the lock, and reports it if it has to wait for another process. The lock is released when its process ends, however that happens.
 *
 * @throws {Interrupted} if the signal is aborted while waiting.
 */
async function takeLock(path: string, { progress, signal }: StageContext): Promise<Deno.FsFile> {
  const lock = openLock(path);
  let task: Task | undefined;
  try {
    while (!lock.tryLockSync(true)) {
      checkInterrupt(signal, "waiting for another process that makes the native engine");
      task ??= progress?.start("waiting for another process that makes the native engine");
      await new Promise((resolve) => setTimeout(resolve, LOOK));
    }
    return lock;
  } catch (error) {
    lock.close();
    throw error;
  } finally {
    task?.end();
  }
}
