/**
 * The machine on which the figures were measured.
 *
 * @module
 */
import { availableParallelism, cpus, totalmem } from "node:os";

/** Facts of the machine that belong to every figure. */
export interface Machine {
  processor: string;
  cores: number;
  memoryBytes: number;
  system: string;
  deno: string;
}

export function describeMachine(): Machine {
  return {
    processor: cpus()[0]?.model.trim() ?? "unknown processor",
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    system: `${Deno.build.os} ${Deno.build.arch}`,
    deno: Deno.version.deno,
  };
}

/** The facts in one line. */
export function machineLine({ processor, cores, memoryBytes, system, deno }: Machine): string {
  return `${processor}, ${cores} cores, ${Math.round(memoryBytes / 2 ** 30)} GiB, ${system}, Deno ${deno}`;
}
