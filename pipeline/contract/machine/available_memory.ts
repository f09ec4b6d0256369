/**
 * How much memory this process may still take.
 *
 * @module
 */
import process from "node:process";
import { formatSize } from "../options/size.ts";

/** Memory that is there, and how that is known. */
export interface AvailableMemory {
  bytes: number;
  /** As in "3.2GiB are free". */
  source: string;
  /** Where somebody has set a limit: what allows more, as in "raise --memory". */
  more?: string;
}

/** What is assumed if nothing says: the machine that the program is made for. */
export const ASSUMED_BYTES = 16 * 2 ** 30;

let limit: Required<AvailableMemory> | undefined;

/** Keeps this process from beginning work that takes more memory than so much, whatever the machine has. */
export function limitMemory(bytes: number): void {
  limit = { bytes, source: `${formatSize(bytes)} are allowed`, more: "raise --memory" };
}

/**
 * The memory that is free, or what is left of the limit of a container or a batch job, whichever is less. To ask takes the
 * permission `sys=systemMemoryInfo`; without it {@link ASSUMED_BYTES} are assumed.
 */
export function availableMemory(): AvailableMemory {
  const machine = ofMachine();
  if (!limit) return machine;
  // Below 0 where this process has more already: what it has and what is left are the limit together.
  const left = limit.bytes - process.memoryUsage().rss;
  return left < machine.bytes ? { ...limit, bytes: left } : machine;
}

function ofMachine(): AvailableMemory {
  if (Deno.permissions.querySync({ name: "sys", kind: "systemMemoryInfo" }).state !== "granted") {
    return { bytes: ASSUMED_BYTES, source: `${formatSize(ASSUMED_BYTES)} are assumed to be free` };
  }
  const free = Deno.systemMemoryInfo().available, constrained = process.constrainedMemory();
  // Other processes within the same limit are not seen.
  const left = Math.max(0, constrained - process.memoryUsage().rss);
  return constrained > 0 && left < free
    ? {
      bytes: left,
      source: `${formatSize(left)} are left of this process's limit, ${formatSize(constrained)}`,
    }
    : { bytes: free, source: `${formatSize(free)} are free` };
}
