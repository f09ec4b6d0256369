/**
 * A relay between front ends and a kernel on the shell channel. Messages pass unchanged, but for two things: questions about code at the
 * cursor are answered here, and cells wait for each other here.
 *
 * @module
 */
import {
  type Content,
  encodeMessage,
  FrameReader,
  type Message,
  newMessage,
  readMessage,
  withContent,
} from "./wire.ts";

/** Who answers questions about code at the cursor. */
export interface Helper {
  /** Learns what a cell declares. */
  ran(cell: Message): void;
  /** The answer to a question; undefined to leave it to the kernel. */
  answer(question: Message): Promise<Content | undefined>;
  /** The kernel's own answer to a question as it is to be shown; undefined: as it is. */
  tidied(answer: Message): Content | undefined;
}

/** Where a channel is, and how its messages are signed. */
export interface RelayOptions {
  /** Where front ends come to. */
  listener: Deno.Listener;
  /** The kernel's own place. */
  kernel: Deno.ConnectOptions;
  key?: CryptoKey;
  helper: Helper;
  /** Code that runs before the first cell; no front end gets its reply. */
  first: string;
}

/** A message, and the content to send in place of its own. */
interface Passed {
  frames: Uint8Array[];
  content?: Content;
}

/** How long a kernel that was just started may take to listen, and how often to look, in milliseconds. */
const PATIENCE = 30_000, PAUSE = 50;

/** Requests with empty code, after which the kernel tells all front ends that it is done. */
const NO_CELL = { code: "", silent: true, store_history: false, user_expressions: {}, allow_stdin: false };
const NO_QUESTION = { code: "", cursor_pos: 0 };
const FIRST = "automlp-first", ABORTED = { status: "aborted" };

/** Relays every connection that comes, until the listener is closed. */
export async function relay({ listener, kernel, key, helper, first }: RelayOptions): Promise<void> {
  const begin = [await newMessage(FIRST, "execute_request", { ...NO_CELL, code: first }, key)];
  for await (const front of listener) {
    const cells = new Cells(() => begin.pop());
    // A front end that goes away ends its own connection and no other.
    relayOne(front, kernel, { key, helper, cells }).catch(() => {}).finally(() => close(front));
  }
}

interface Means {
  key?: CryptoKey;
  helper: Helper;
  cells: Cells;
}

async function relayOne(front: Deno.Conn, kernel: Deno.ConnectOptions, means: Means): Promise<void> {
  const back = await connected(kernel);
  try {
    const toFront = sender(front, means.key), toKernel = sender(back, means.key);
    const answers = new Map<string, Content>();
    await Promise.race([
      each(front, toKernel, async (message, frames) => {
        if (message.type === "execute_request") {
          means.helper.ran(message);
          for (const passed of means.cells.asked(frames, message)) await toKernel(passed);
        } else if (message.type === "complete_request" || message.type === "inspect_request") {
          // Nothing waits for an answer.
          means.helper.answer(message).then((answer) => {
            if (answer) answers.set(message.id, answer);
            return toKernel({ frames, content: answer && { ...message.content, ...NO_QUESTION } });
          }).catch(() => close(front));
        } else await toKernel({ frames });
      }),
      each(back, toFront, async (message, frames) => {
        const { parent = "" } = message, { content, isOurs, next } = means.cells.answered(message);
        const answer = answers.get(parent);
        answers.delete(parent);
        if (!isOurs) await toFront({ frames, content: content ?? answer ?? means.helper.tidied(message) });
        for (const passed of next) await toKernel(passed);
      }),
    ]);
  } finally {
    close(back);
  }
}

/** Calls `take` with each message of one side, and passes on what is none. */
async function each(
  side: Deno.Conn,
  pass: Sender,
  take: (message: Message, frames: Uint8Array[]) => Promise<void>,
): Promise<void> {
  const reader = new FrameReader();
  for await (const bytes of side.readable) {
    for (const part of reader.read(bytes)) {
      const message = "raw" in part ? undefined : readMessage(part.message);
      if ("raw" in part) await pass(part.raw);
      else if (message) await take(message, part.message);
      else await pass({ frames: part.message });
    }
  }
}

type Sender = (what: Passed | Uint8Array) => Promise<void>;

/** Returns what writes to one side of a connection, each message as a whole. */
function sender(side: Deno.Conn, key: CryptoKey | undefined): Sender {
  const writer = side.writable.getWriter();
  return async (what) => {
    const bytes = what instanceof Uint8Array
      ? what
      : encodeMessage(what.content ? await withContent(what.frames, what.content, key) : what.frames);
    await writer.write(bytes as Uint8Array<ArrayBuffer>);
  };
}

/**
 * The cells of one connection, which go to the kernel one at a time. Cells that wait behind one that fails are not run, as the protocol says
 * (`stop_on_error`): Deno's kernel would run them on what the failed or stopped cell has left half done. They go there with empty code.
 */
class Cells {
  /** The cell that runs, and whether its error stops those that wait. */
  #running?: { id: string; stops: boolean };
  readonly #waiting: { frames: Uint8Array[]; message: Message }[] = [];
  /** Cells that are not run. */
  readonly #aborted = new Set<string>();

  /** @param first Returns a cell of ours that is to run before the next one, if there is one. */
  constructor(readonly first: () => Uint8Array[] | undefined) {}

  /** Takes a front end's cell; returns what the kernel gets now. */
  asked(frames: Uint8Array[], message: Message): Passed[] {
    this.#waiting.push({ frames, message });
    if (this.#running) return [];
    const first = this.first();
    if (!first) return this.#next();
    this.#running = { id: FIRST, stops: false };
    return [{ frames: first }];
  }

  /** Takes a kernel's reply; returns the content that replaces its own, if any, whether it is to our own cell, and what the kernel gets next. */
  answered({ type, parent = "", content }: Message): { content?: Content; isOurs?: boolean; next: Passed[] } {
    if (type !== "execute_reply") return { next: [] };
    if (this.#aborted.delete(parent)) return { content: ABORTED, next: [] };
    if (parent !== this.#running?.id) return { next: [] };
    const { stops } = this.#running;
    this.#running = undefined;
    if (content.status !== "error" || !stops) return { isOurs: parent === FIRST, next: this.#next() };
    return {
      next: this.#waiting.splice(0).map(({ frames, message }) => {
        this.#aborted.add(message.id);
        return { frames, content: NO_CELL };
      }),
    };
  }

  #next(): Passed[] {
    const next = this.#waiting.shift();
    if (!next) return [];
    const { id, content } = next.message;
    this.#running = { id, stops: content.stop_on_error !== false };
    return [{ frames: next.frames }];
  }
}

/** A connection to a kernel, also to one that does not listen yet. */
async function connected(place: Deno.ConnectOptions): Promise<Deno.Conn> {
  for (const end = performance.now() + PATIENCE;;) {
    try {
      return await Deno.connect(place);
    } catch (error) {
      if (!(error instanceof Deno.errors.ConnectionRefused) || performance.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }
}

function close(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch {
    // The other side has closed it.
  }
}
