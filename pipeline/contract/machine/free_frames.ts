/**
 * Memory of frames that nobody holds any more.
 *
 * @module
 */
import v8 from "node:v8";
import vm from "node:vm";

let collect: (() => void) | undefined;

/**
 * Frees it now. A frame's memory is Polars'; to the engine of JavaScript frames look small, and it takes its time until hundreds of
 * megabytes are held by those that are gone. For work that makes one large frame after the other. Takes some milliseconds.
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
    return () => {}; // a runtime that does not offer it frees them later
  }
}
