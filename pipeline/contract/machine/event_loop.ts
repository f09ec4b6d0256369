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

/** Milliseconds that others can wait for: a request that a server got, a line of progress. To let them takes some, too. */
const BEARABLE_MS = 15;

/** The clock as it goes for those who wait, whatever measures work by one of its own. */
const now = performance.now.bind(performance);

/** When work was first heard of since the event loop ran last. */
let busySince: number | undefined;

/**
 * The same where the event loop has not run for some milliseconds: what takes less goes on at once. Called before a piece of work it knows how long that
 * took when it is called the next time, also where that is in another call of a function.
 */
export async function yieldWhereDue(): Promise<void> {
  if (busySince === undefined) {
    busySince = now();
    Deno.unrefTimer(setTimeout(() => busySince = undefined, 0)); // fires where the event loop runs, whoever lets it
  } else if (now() - busySince >= BEARABLE_MS) {
    await yieldToEventLoop();
  }
}
