/**
 * The amount of memory that this process may still take.
 *
 * @module
 */
import process from "node:process";
import { formatSize } from "../options/shapes.ts";

/** The available memory, and how it is known. */
export interface AvailableMemory {
  bytes: number;
  /** Where the number comes from, as in "3.2GiB are free". */
  source: string;
  /** If a limit was set: how to allow more, as in "raise --memory". */
  more?: string;
}

/** The amount assumed if nothing is known: that of the machine that the program is made for. */
export const ASSUMED_BYTES = 16 * 2 ** 30;

let limit: Required<AvailableMemory> | undefined;

/** Keeps this process from beginning work that takes more than this much memory, regardless of what the machine has. */
export function limitMemory(bytes: number): void {
  limit = { bytes, source: `${formatSize(bytes)} are allowed`, more: "raise --memory" };
}

/**
 * Returns the free memory, or what is left of the limit of a container or a batch job, whichever is less. This needs the
 * permission `sys=systemMemoryInfo`; without it, {@link ASSUMED_BYTES} are assumed.
 */
export function availableMemory(): AvailableMemory {
  const machine = ofMachine();
  if (!limit) return machine;
  // Negative if this process already uses more, so that what it uses and what is left always add up to the limit.
  const left = limit.bytes - process.memoryUsage().rss;
  return left < machine.bytes ? { ...limit, bytes: left } : machine;
}

function ofMachine(): AvailableMemory {
  if (Deno.permissions.querySync({ name: "sys", kind: "systemMemoryInfo" }).state !== "granted") {
    return { bytes: ASSUMED_BYTES, source: `${formatSize(ASSUMED_BYTES)} are assumed to be free` };
  }
  const free = Deno.systemMemoryInfo().available, constrained = process.constrainedMemory();
  // Other processes within the same limit are not counted.
  const left = Math.max(0, constrained - process.memoryUsage().rss);
  return constrained > 0 && left < free
    ? {
      bytes: left,
      source: `${formatSize(left)} are left of this process's limit, ${formatSize(constrained)}`,
    }
    : { bytes: free, source: `${formatSize(free)} are free` };
}
