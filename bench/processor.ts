/**
 * Processor time, which other work on the machine affects less than wall time.
 *
 * @module
 */
import process from "node:process";

/** Returns the processor seconds that this process has used, over all its threads. */
export function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
