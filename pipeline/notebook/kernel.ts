/**
 * Undocumented behavior of Deno's Jupyter kernel, as observed in Deno 2.9.6.
 *
 * The kernel has two threads: one speaks to front ends, the other runs the cells. The first hands a cell's code to the
 * second, then its result to `broadcastResult` there; what the second broadcasts goes through a queue. The messages
 * "reply" and "idle", and errors, do not go through that queue and can overtake it: a front end that stops listening at
 * "idle", as nbclient does, then misses the end of a cell's output.
 *
 * @module
 */

/**
 * Number and length (in milliseconds) of the pauses in which the other thread empties the queue. One or two are enough; the rest is for
 * busy machines, where each pause lengthens as the other thread's work does.
 */
const PAUSES = 5, PAUSE = 8;

/** The environment variable in which our kernelspec passes on the folder in which Jupyter started the kernel. */
export const FOLDER_VARIABLE = "AUTOMLP_NOTEBOOK_FOLDER";

/** Whether this program is a Jupyter kernel. */
export function inKernel(): boolean {
  try {
    return Boolean(Deno.jupyter);
  } catch {
    return false; // Deno's getter throws everywhere else
  }
}

interface Internals {
  jupyter?: { broadcastResult?: (executionCount: number, result: unknown) => Promise<void> };
}

/**
 * Calls `ended` with the result of each cell that did not fail, and sends all of a cell's messages before it counts as idle. A kernel
 * without `broadcastResult` is left unchanged: {@link inKernel} does not depend on it.
 */
export function onCellEnd(ended: (result: unknown) => Promise<void>): void {
  const { internal } = Deno as unknown as { internal: symbol };
  const { jupyter } = (Deno as unknown as Record<symbol, Internals>)[internal] ?? {};
  const broadcastResult = jupyter?.broadcastResult;
  if (!broadcastResult) return;
  jupyter.broadcastResult = async (executionCount, result) => {
    await ended(result);
    await broadcastResult(executionCount, result);
    for (let i = 0; i < PAUSES; i++) await new Promise((resolve) => setTimeout(resolve, PAUSE));
  };
}

/** Does the same if nothing can be awaited: blocks this thread while the other one empties the queue. */
export function settle(): void {
  const never = new Int32Array(new SharedArrayBuffer(4));
  for (let i = 0; i < PAUSES; i++) Atomics.wait(never, 0, 0, PAUSE);
}

/**
 * Changes to the notebook's folder, unless that was done before the first cell. Deno's kernel finds `"automlp"` through the configuration
 * in the folder it is started in, which is a different one; paths in a notebook are nevertheless relative to the notebook's own folder.
 */
export function enterFolder(): void {
  const folder = Deno.env.get(FOLDER_VARIABLE);
  if (!folder) return;
  Deno.env.delete(FOLDER_VARIABLE); // programs started from here stay in their own folder
  Deno.chdir(folder);
}
