/**
 * How outputs reach a notebook.
 *
 * @module
 */

/** Sends a message of the Jupyter protocol to the front end; `Deno.jupyter.broadcast` is one. */
export type Broadcast = (type: string, content: Record<string, unknown>) => void | Promise<void>;
