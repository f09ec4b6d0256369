/** A server of one file that supports ranges, and everything that servers get wrong. */

/** The server's behavior; may be changed between requests. */
export interface Behaviour {
  body: Uint8Array<ArrayBuffer>;
  /** The entity tag, as in `"v1"`, with the quotes; undefined if the server sends none. */
  etag?: string;
  /** Whether it supports ranges. Default: yes. */
  ranges?: boolean;
  /** Number of bytes of an answer after which the connection breaks. */
  breakAfter?: number;
  /** Whether it falls silent after those bytes instead of breaking. */
  silent?: boolean;
  /** The status of an answer that is sent instead of the file. */
  status?: number;
  /** Whether it always sends a part, whatever was requested. */
  onlyParts?: boolean;
  /** What changes after the next answer. */
  then?: Partial<Behaviour>;
}

/** A request that was received. */
export interface Asked {
  path: string;
  range: string | null;
  ifRange: string | null;
}

export class FileServer implements AsyncDisposable {
  readonly asked: Asked[] = [];
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #pauses: Promise<void>[] = [];

  constructor(readonly behaviour: Behaviour) {
    const options = { port: 0, hostname: "127.0.0.1", onListen() {}, onError: () => new Response() };
    this.#server = Deno.serve(options, (request) => this.#answer(request));
  }

  get port(): number {
    return this.#server.addr.port;
  }

  get ranges(): (string | null)[] {
    return this.asked.map(({ range }) => range);
  }

  #answer({ url, headers }: Request): Response {
    const { body, etag, ranges = true, breakAfter, silent, status, onlyParts, then } = this.behaviour;
    Object.assign(this.behaviour, then && { then: undefined, ...then });
    const [range, ifRange] = ["range", "if-range"].map((name) => headers.get(name));
    this.asked.push({ path: new URL(url).pathname, range, ifRange });
    if (status !== undefined) return new Response("no", { status });
    const from = Number(range?.match(/^bytes=(\d+)-$/)?.[1] ?? NaN);
    const named: Record<string, string> = etag ? { etag } : {};
    if (onlyParts) {
      const headers = { "content-range": `bytes 7-${body.length - 1}/${body.length}` };
      return new Response(body.subarray(7), { status: 206, headers });
    }
    const isPart = ranges && !Number.isNaN(from) && (ifRange === null || ifRange === etag);
    if (isPart && from >= body.length) {
      return new Response(null, {
        status: 416,
        headers: { ...named, "content-range": `bytes */${body.length}` },
      });
    }
    const sent = isPart ? body.subarray(from) : body;
    return new Response(broken(sent, () => this.#pause(), breakAfter, silent), {
      status: isPart ? 206 : 200,
      headers: {
        ...named,
        "content-length": String(sent.length),
        ...(isPart && { "content-range": `bytes ${from}-${body.length - 1}/${body.length}` }),
      },
    });
  }

  /** Waits, so that what was sent arrives. */
  #pause(): Promise<void> {
    const pause = new Promise<void>((resolve) => setTimeout(resolve, 20));
    this.#pauses.push(pause);
    return pause;
  }

  /** Ends the server and its pauses, including those of answers that are no longer awaited. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
    await Promise.all(this.#pauses);
  }
}

/** Sends the bytes, or those before the break, and then ends the connection. */
function broken(
  bytes: Uint8Array<ArrayBuffer>,
  pause: () => Promise<void>,
  after = Infinity,
  silent = false,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  return new ReadableStream({
    async pull(controller) {
      if (at >= Math.min(after, bytes.length)) {
        if (silent && at < bytes.length) return; // until the client disconnects
        await pause();
        return at >= bytes.length ? controller.close() : controller.error(new Error("broken on purpose"));
      }
      const next = Math.min(at + 50_000, after, bytes.length);
      controller.enqueue(bytes.slice(at, next));
      at = next;
    },
  });
}
