/**
 * A page as server-sent events: one event with the whole page whenever it has changed.
 *
 * @module
 */

/**
 * Milliseconds between two checks of the run, and after which something is sent even if nothing has changed, to notice readers that are
 * gone.
 */
const LOOK = 500, WORD = 15_000;

/**
 * The events for one reader, until it leaves or `ending` is aborted. The first is the current page.
 *
 * @param html Returns the page's text.
 */
export function eventsOf(html: () => Promise<string>, ending: AbortSignal): ReadableStream<Uint8Array> {
  const gone = new AbortController(), over = AbortSignal.any([ending, gone.signal]);
  return new ReadableStream<string>({
    async start(controller) {
      let sent: string | undefined, spoken = performance.now();
      try {
        while (!over.aborted) {
          const now = await html();
          if (over.aborted) break;
          // A reader that has not taken the last event yet gets no other: they would only pile up.
          const takes = (controller.desiredSize ?? 0) > 0;
          if (takes && (now !== sent || performance.now() - spoken >= WORD)) {
            controller.enqueue(now === sent ? ":\n\n" : eventOf(now));
            [sent, spoken] = [now, performance.now()];
          }
          await pause(over);
        }
        if (!gone.signal.aborted) controller.close();
      } catch (error) {
        controller.error(error);
      }
    },
    cancel: () => gone.abort(),
  }).pipeThrough(new TextEncoderStream());
}

/** A text as the data of an event. */
const eventOf = (text: string) => `${text.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`).join("")}\n`;

/** Waits until the next check is due, or everything is over. */
function pause(over: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      over.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, LOOK);
    over.addEventListener("abort", done);
  });
}
