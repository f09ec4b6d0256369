/**
 * Lets other tasks run during long work.
 *
 * @module
 */

/**
 * Lets the event loop run once, so that a notebook's stop button, a signal or a second client gets through, what was drawn appears, and the
 * memory of collected frames is returned.
 */
export const yieldToEventLoop = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

/** Milliseconds that others can wait: a request to a server, a line of progress. Yielding to them takes some time too. */
const BEARABLE_MS = 15;

/** The clock of those who wait, even if `performance.now` is replaced to measure work. */
const now = performance.now.bind(performance);

/** When work was first reported since the event loop last ran. */
let busySince: number | undefined;

/**
 * Does the same if the event loop has not run for some milliseconds; shorter work goes on at once. It is called before each piece of work,
 * and measures the piece when it is next called, even if that is in another function call.
 */
export async function yieldWhereDue(): Promise<void> {
  if (busySince === undefined) {
    busySince = now();
    Deno.unrefTimer(setTimeout(() => busySince = undefined, 0)); // fires when the event loop runs, for any reason
  } else if (now() - busySince >= BEARABLE_MS) {
    await yieldToEventLoop();
  }
}
