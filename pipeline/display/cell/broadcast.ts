/**
 * How outputs reach a notebook.
 *
 * @module
 */

/**
 * Sends a message of the Jupyter protocol to the front end; `Deno.jupyter.broadcast` is one. What {@link live} and {@link notebookProgress} draw by.
 */
export type Broadcast = (type: string, content: Record<string, unknown>) => void | Promise<void>;

/** The kernel's way to send; undefined where this is no kernel: there, asking for it throws. */
export function kernelBroadcast(): Broadcast | undefined {
  try {
    return Deno.jupyter.broadcast as Broadcast;
  } catch {
    return undefined;
  }
}
