/**
 * Deno's language server, asked over its standard streams (microsoft.github.io/language-server-protocol).
 *
 * @module
 */
import { pathToFileURL } from "node:url";
import { join } from "node:path";

const HEADER = /^(?:[^\r\n]+\r\n)*?Content-Length: (\d+)\r\n(?:[^\r\n]+\r\n)*\r\n/;
/** Bytes in which a message's header ends. */
const HEADER_BYTES = 256;

/** What the client understands: no snippets, Markdown, and no diagnostics that it did not ask for, which take time. */
const CAPABILITIES = {
  textDocument: {
    diagnostic: {},
    completion: { completionItem: { snippetSupport: false, documentationFormat: ["markdown"] } },
    hover: { contentFormat: ["markdown"] },
    signatureHelp: { signatureInformation: { documentationFormat: ["markdown"] } },
  },
  workspace: { configuration: false, workspaceFolders: true },
};

/** Names are offered of what there is, and not of what could be imported; no registry is asked. */
const SETTINGS = {
  enable: true,
  documentPreloadLimit: 0,
  suggest: { completeFunctionCalls: false, autoImports: false, imports: { autoDiscover: false, hosts: {} } },
};

interface Message {
  id?: number;
  method?: string;
  result?: unknown;
}

/** A server that knows one document, which need not be a file. It ends with this process. */
export class LanguageServer {
  readonly #child: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #waiting = new Map<number, (result: unknown) => void>();
  readonly #document: string;
  readonly #ready: Promise<void>;
  #version = 0;
  #asked = 0;
  #ended = false;

  /**
   * Starts a server.
   *
   * @param folder The folder that the document's imports are relative to.
   * @param configuration Path of the `deno.json` that it is read with.
   */
  constructor(folder: string, configuration: string) {
    this.#document = pathToFileURL(join(folder, "cells-at-the-cursor.ts")).href;
    this.#child = new Deno.Command(Deno.execPath(), {
      args: ["lsp"],
      env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
      // The stop button interrupts the kernel's group.
      detached: true,
    }).spawn();
    this.#writer = this.#child.stdin.getWriter();
    this.#listen().catch(() => {}).finally(() => this.#end());
    this.#ready = this.#begin(pathToFileURL(folder).href, configuration);
  }

  async #begin(folder: string, configuration: string): Promise<void> {
    await this.#ask("initialize", {
      processId: Deno.pid,
      rootUri: folder,
      workspaceFolders: [{ uri: folder, name: "notebook" }],
      initializationOptions: { ...SETTINGS, config: configuration },
      capabilities: CAPABILITIES,
    });
    this.#send({ method: "initialized", params: {} });
    const textDocument = { uri: this.#document, languageId: "typescript", version: 0, text: "" };
    this.#send({ method: "textDocument/didOpen", params: { textDocument } });
  }

  /**
   * Asks about a place in a text, which becomes the document's.
   *
   * @returns Undefined if the server knows nothing of it, or has ended.
   */
  async at<T>(question: string, text: string, offset: number): Promise<T | undefined> {
    await this.#ready;
    const textDocument = { uri: this.#document };
    this.#send({
      method: "textDocument/didChange",
      params: { textDocument: { ...textDocument, version: ++this.#version }, contentChanges: [{ text }] },
    });
    const before = text.slice(0, offset).split("\n");
    const position = { line: before.length - 1, character: before.at(-1)!.length };
    return await this.#ask(`textDocument/${question}`, { textDocument, position });
  }

  /** Asks for what else is known of an item of its answer. */
  resolve<T>(item: T): Promise<T | undefined> {
    return this.#ask("completionItem/resolve", item);
  }

  #ask<T>(method: string, params: unknown): Promise<T | undefined> {
    if (this.#ended) return Promise.resolve(undefined);
    const id = ++this.#asked, { promise, resolve } = Promise.withResolvers<unknown>();
    this.#waiting.set(id, resolve);
    this.#send({ id, method, params });
    return promise.then((result) => result as T ?? undefined);
  }

  #send(message: object): void {
    const body = JSON.stringify({ jsonrpc: "2.0", ...message }), bytes = new TextEncoder().encode(body);
    const header = new TextEncoder().encode(`Content-Length: ${bytes.length}\r\n\r\n`);
    this.#writer.write(Uint8Array.of(...header, ...bytes)).catch(() => this.#end());
  }

  async #listen(): Promise<void> {
    for await (const { id, method, result } of messagesIn(this.#child.stdout)) {
      if (id === undefined) continue;
      // What the server asks of its client has the answer that there is none.
      if (method !== undefined) this.#send({ id, result: null });
      else this.#waiting.get(id)?.(result);
      this.#waiting.delete(id);
    }
  }

  #end(): void {
    this.#ended = true;
    for (const answer of this.#waiting.values()) answer(undefined);
    this.#waiting.clear();
  }

  /** Ends the server. */
  [Symbol.dispose](): void {
    if (!this.#ended) this.#child.kill("SIGKILL");
    this.#end();
  }
}

async function* messagesIn(stream: ReadableStream<Uint8Array>): AsyncGenerator<Message> {
  let rest = Uint8Array.of();
  for await (const part of stream) {
    rest = new Uint8Array(await new Blob([rest, part as Uint8Array<ArrayBuffer>]).arrayBuffer());
    for (;;) {
      const header = HEADER.exec(new TextDecoder("latin1").decode(rest.subarray(0, HEADER_BYTES)));
      if (!header || rest.length < header[0].length + Number(header[1])) break;
      const begin = header[0].length, end = begin + Number(header[1]);
      yield JSON.parse(new TextDecoder().decode(rest.subarray(begin, end)));
      rest = rest.slice(end);
    }
  }
}
