/**
 * Work that takes long, and what waits for it.
 *
 * @module
 */

/**
 * Lets the event loop run once: a notebook's stop button, a signal, a second client must get through, what was drawn must appear, and the
 * memory of frames that were collected is given back.
 */
export const yieldToEventLoop = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
