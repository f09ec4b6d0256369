/**
 * Frees the memory of frames that are no longer referenced.
 *
 * @module
 */
import v8 from "node:v8";
import vm from "node:vm";

let collect: (() => void) | undefined;

/**
 * Frees it now. A frame's memory belongs to Polars; to the JavaScript engine, frames look small, so it may let hundreds of megabytes of
 * unreferenced frames accumulate. For work that makes one large frame after another. Takes a few milliseconds.
 */
export function freeFrames(): void {
  collect ??= collector();
  collect();
}

function collector(): () => void {
  try {
    v8.setFlagsFromString("--expose-gc");
    return vm.runInNewContext("gc");
  } catch {
    return () => {}; // a runtime without it frees them later
  }
}
