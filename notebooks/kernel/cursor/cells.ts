/**
 * Cells that wait behind one that fails are not run, as the protocol says (`stop_on_error`): Deno's kernel would run them on what the
 * failed or stopped cell has left half done.
 *
 * @module
 */
import type { Message } from "./messages.ts";

/** Content of a request that runs nothing. */
const NOTHING = { code: "", silent: true, store_history: false, user_expressions: {}, allow_stdin: false };
const ABORTED = { status: "aborted" };

/** A message, and the content to send in place of its own. */
export interface Passed<Frames> {
  frames: Frames;
  content?: Record<string, unknown>;
}

/**
 * The cells of one connection, which go to the kernel one at a time. A cell that is not to run goes there, too, with empty code: the kernel then
 * says to all front ends that it is done.
 */
export class Cells<Frames = Uint8Array[]> {
  /** The cell that runs, and whether its error stops those that wait. */
  #running?: { id: string; stops: boolean };
  readonly #waiting: { frames: Frames; message: Message }[] = [];
  /** Cells that are not run. */
  readonly #aborted = new Set<string>();

  /** Takes a front end's request; returns what the kernel gets now. */
  asked(frames: Frames, message: Message | undefined): Passed<Frames>[] {
    if (message?.type !== "execute_request") return [{ frames }];
    if (this.#running) {
      this.#waiting.push({ frames, message });
      return [];
    }
    return [this.#run(frames, message)];
  }

  /** Takes a kernel's reply; returns the content that replaces its own, if any, and what the kernel gets next. */
  answered(
    { type, parent = "", content }: Message,
  ): { content?: Record<string, unknown>; next: Passed<Frames>[] } {
    if (type !== "execute_reply") return { next: [] };
    if (this.#aborted.delete(parent)) return { content: ABORTED, next: [] };
    if (parent !== this.#running?.id) return { next: [] };
    const { stops } = this.#running;
    this.#running = undefined;
    if (content.status === "error" && stops) {
      return {
        next: this.#waiting.splice(0).map(({ frames, message }) => {
          this.#aborted.add(message.id);
          return { frames, content: NOTHING };
        }),
      };
    }
    const next = this.#waiting.shift();
    return { next: next ? [this.#run(next.frames, next.message)] : [] };
  }

  #run(frames: Frames, { id, content }: Message): Passed<Frames> {
    this.#running = { id, stops: content.stop_on_error !== false };
    return { frames };
  }
}
