/**
 * How outputs reach a notebook.
 *
 * @module
 */

/**
 * Sends a message of the Jupyter protocol to the front end, as `Deno.jupyter.broadcast` does. {@link live} and {@link notebookProgress}
 * draw with it.
 */
export type Broadcast = (type: string, content: Record<string, unknown>) => void | Promise<void>;

/** Returns the kernel's function for sending; undefined outside a kernel, where accessing it throws. */
export function kernelBroadcast(): Broadcast | undefined {
  try {
    return Deno.jupyter.broadcast as Broadcast;
  } catch {
    return undefined;
  }
}
