/**
 * Refuses work that does not fit into memory before it begins: later the system would kill the process without a message.
 *
 * @module
 */
import process from "node:process";
import { InputError } from "../../pipeline/contract/errors.ts";
import { formatSize } from "../../pipeline/contract/options/shapes.ts";
import { WASM_BYTES } from "../backend/out_of_memory.ts";
import type { Engine } from "../backend/types.ts";
import { type AvailableMemory, availableMemory } from "../../pipeline/contract/machine/available_memory.ts";
import { type MemoryEstimate, type Part, PARTS, totalOf } from "./estimate.ts";

const WISHES: Record<Part, string> = {
  "program and data": "take a machine with more memory",
  "weights": "lower --dim, or drop rare items with --min-item",
  "Adam's moments": "lower --dim, or drop rare items with --min-item",
  "copies of weights": "lower --dim, or drop rare items with --min-item",
  "activations of a step": "lower --batch-size, --length or --dim",
  "scores of a step": "lower --batch-size or trainNegatives",
  "item vectors of a step": "lower --dim, or take --loss sampled-softmax",
  "evaluation": "lower --length or --dim in the training",
};

/** Error for work whose estimate does not fit into memory. */
export class TooLarge extends InputError {}

/** The memory that is available for the work. */
export interface Room extends AvailableMemory {
  /** Bytes that this process already uses; the estimate includes them. */
  held: number;
}

/** Returns the room on this machine and, if it is limited, within the engine, each with the parts of an estimate that must fit into it. */
function roomsFor({ name }: Pick<Engine, "name">): { room: Room; parts: readonly Part[] }[] {
  const machine = { ...availableMemory(), held: process.memoryUsage().rss };
  if (name !== "wasm") return [{ room: machine, parts: PARTS }];
  const heap = { bytes: WASM_BYTES, held: 0, source: `WebAssembly holds ${formatSize(WASM_BYTES)}` };
  const inHeap = PARTS.filter((part) => part !== "program and data" && part !== "copies of weights");
  return [{ room: machine, parts: PARTS }, { room: heap, parts: inHeap }];
}

/**
 * Refuses work that is expected not to fit. AutoMLP's estimates were between 4/5 and 5/4 of the measured memory, those of other methods
 * on the native engine between 2/3 and twice as much.
 *
 * @param doing The work, as in "train".
 * @param parts Parts of the estimate that must fit into the room.
 * @param networks Number of networks that are trained, or score, side by side.
 * @throws {TooLarge} with the numbers, the largest part and the options that make it smaller.
 */
export function refuseIfTooLarge(
  doing: string,
  estimate: MemoryEstimate,
  { bytes, held, source, more }: Room,
  parts: readonly Part[] = PARTS,
  networks = 1,
): void {
  const total = totalOf(estimate, parts);
  if (total <= bytes + held) return;
  // Only more memory helps against the size of the program.
  const wishes = { ...WISHES, ...(more !== undefined && { "program and data": more }) };
  const largest = parts.reduce((a, b) => estimate[b] > estimate[a] ? b : a);
  throw new TooLarge(
    `Cannot ${doing}: it takes about ${formatSize(total)} of memory, and ${source}; ` +
      `${formatSize(estimate[largest])} of it are ${largest}: ${wishes[largest]}${
        networks > 1 ? `; fewer networks than --ensemble ${networks} take less, too` : ""
      }`,
  );
}

/**
 * Refuses work whose estimate does not fit into the memory of this machine.
 *
 * @param doing The work, as in "train".
 * @throws {TooLarge} See {@link refuseIfTooLarge}.
 */
export function checkMemory(
  doing: string,
  estimate: MemoryEstimate,
  engine: Pick<Engine, "name">,
  networks?: number,
): void {
  for (const { room, parts } of roomsFor(engine)) refuseIfTooLarge(doing, estimate, room, parts, networks);
}
