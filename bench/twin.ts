/**
 * Twins of our steps in PyTorch, as commands.
 *
 * @module
 */
import { findPython } from "./python.ts";
import type { StepPlan, Twin } from "./step_plan.ts";

/** The command that runs a script, or why it cannot be run. */
export async function twinCommand({ threads }: StepPlan, script: string, args: string[]): Promise<Twin> {
  const found = await findPython(script, "torch", "PyTorch");
  if ("absent" in found) return found;
  return {
    command: [found.python, script, ...args],
    env: threads ? { OMP_NUM_THREADS: String(threads) } : {},
  };
}
