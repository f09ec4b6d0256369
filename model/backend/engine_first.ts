import { cachePlace } from "../../pipeline/contract/machine/cache_folder.ts";
import { EngineFirst, MAKES_ENGINE } from "../../pipeline/terminal/engine_first.ts";
import { findNative, recentFailure, thesePlatforms } from "./provision/store.ts";

/**
 * Called by a command that has checked its input, before it begins to work.
 *
 * @param engine The engine that it was told to compute on.
 * @throws {EngineFirst} if the native engine is to be made before, by the program that started the command.
 */
export function engineFirst(engine?: string): void {
  if (Deno.env.get(MAKES_ENGINE) === "yes" && (engine ?? "native") === "native" && isToBeMade()) {
    throw new EngineFirst();
  }
}

/** Whether it is missing, this machine can have one, and no attempt to make it failed recently. */
function isToBeMade(): boolean {
  const platforms = thesePlatforms();
  if (cachePlace() === undefined || platforms.length === 0) return false; // without a cache the command says so
  return !findNative(platforms) && !recentFailure();
}
