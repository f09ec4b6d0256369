/** A server of one file that can do ranges, and everything that servers do wrong. */

/** How it behaves; may be changed between requests. */
export interface Behaviour {
  body: Uint8Array<ArrayBuffer>;
  /** As in `"v1"`, with the quotes; undefined: it names no state of the file. */
  etag?: string;
  /** Whether it knows ranges. Default: yes. */
  ranges?: boolean;
  /** The connection breaks behind so many bytes of an answer. */
  breakAfter?: number;
  /** Behind those bytes it falls silent, and does not break. */
  silent?: boolean;
  /** An answer in place of the file. */
  status?: number;
  /** A part is sent, whatever was asked for. */
  onlyParts?: boolean;
  /** What changes behind the next answer. */
  then?: Partial<Behaviour>;
}

/** What was asked for. */
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

  /** What was sent is to arrive. */
  #pause(): Promise<void> {
    const pause = new Promise<void>((resolve) => setTimeout(resolve, 20));
    this.#pauses.push(pause);
    return pause;
  }

  /** Its pauses end with it, also those of answers that nobody waits for any more. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
    await Promise.all(this.#pauses);
  }
}

/** The bytes, or those before the break, and then the end of the connection. */
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
        if (silent && at < bytes.length) return; // until who asked goes away
        await pause();
        return at >= bytes.length ? controller.close() : controller.error(new Error("broken on purpose"));
      }
      const next = Math.min(at + 50_000, after, bytes.length);
      controller.enqueue(bytes.slice(at, next));
      at = next;
    },
  });
}
