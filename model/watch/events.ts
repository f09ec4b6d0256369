/**
 * A page as server-sent events: one with the whole page whenever it has changed.
 *
 * @module
 */

/** Milliseconds between two looks at the run, and after which a word goes out although nothing has changed: who is gone is noticed so. */
const LOOK = 500, WORD = 15_000;

/**
 * The events that one reader gets, until it goes or `ending` is aborted. The first is the page as it is.
 *
 * @param html The page's text.
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
          // Who does not take the last one yet gets no other: they would only pile up.
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

/** A text as an event's data. */
const eventOf = (text: string) => `${text.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`).join("")}\n`;

/** Until it is time for another look, or all is over. */
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
