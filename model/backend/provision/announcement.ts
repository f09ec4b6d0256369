/**
 * The message shown before the engine is made.
 *
 * @module
 */
import { formatBytes } from "../../../pipeline/display/text/units.ts";

/**
 * Says what will be downloaded, how much that is, and what follows. Compiling took 13 s on two idle cores, and 45 s on two busy ones.
 *
 * @param what The download, as in `tensorflow-cpu 2.21.0 from PyPI`.
 * @param bytes Size of the download; undefined if it is unknown.
 */
export function announcement(what: string, bytes: number | undefined): string {
  const size = bytes === undefined ? "" : `, ${formatBytes(bytes)}`;
  return `The native engine is made once: ${what}${size} is downloaded into the cache, then it is compiled, up to a minute on two cores; ` +
    "--engine wasm goes without";
}
