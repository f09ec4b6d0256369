/**
 * Time of the processor, which other work on the machine does not lengthen as it does that of the clock.
 *
 * @module
 */
import process from "node:process";

/** Seconds that this process has had of the processor, over all its threads. */
export function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
