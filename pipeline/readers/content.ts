/**
 * What is in a file, decompressed where it is gzip, piece by piece.
 *
 * @module
 */
import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { InputError } from "../contract/errors.ts";
import type { Encoding } from "./types.ts";

/** A file by path, and whether it is compressed. */
export interface Content {
  path: string;
  gzip: boolean;
}

/** @throws {InputError} where the gzip stream is cut short or damaged. */
export async function* content({ path, gzip }: Content): AsyncGenerator<Uint8Array> {
  const file = createReadStream(path, { highWaterMark: 1 << 18 });
  if (!gzip) return yield* file;
  const gunzip = createGunzip();
  file.on("error", (error) => gunzip.destroy(error));
  try {
    yield* file.pipe(gunzip);
  } catch (error) {
    throw gzipError(path, error) ?? error;
  } finally {
    file.destroy();
    gunzip.destroy();
  }
}

/** What a gzip failure of zlib or of Polars means to the user; undefined for any other error. */
export function gzipError(path: string, error: unknown): InputError | undefined {
  const { code, message } = error as { code?: string; message: string };
  if (code === "Z_BUF_ERROR" || /unexpected end of file/i.test(message)) {
    return new InputError(`Cannot read ${path}: the gzip file is cut short; copy or download it again`);
  }
  if (code?.startsWith("Z_") || /corrupt (deflate|gzip)|invalid gzip/i.test(message)) {
    return new InputError(`Cannot read ${path}: the gzip file is damaged; copy or download it again`);
  }
}

/** The content as text, without a byte-order mark. */
export async function* text(source: Content, encoding: Encoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of content(source)) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

/** The content line by line, without line ends. Line 1 is the first that is given. */
export async function* lines(source: Content, encoding: Encoding): AsyncGenerator<string> {
  let rest = "";
  for await (const piece of text(source, encoding)) {
    const parts = (rest + piece).split("\n");
    rest = parts.pop()!;
    for (const part of parts) yield part.endsWith("\r") ? part.slice(0, -1) : part;
  }
  if (rest !== "") yield rest;
}

/** All of the content in one buffer; Latin-1 turned into UTF-8. */
export async function wholeContent(source: Content, encoding: Encoding = "utf-8"): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  if (encoding === "utf-8") { for await (const chunk of content(source)) chunks.push(chunk); }
  else {
    const encoder = new TextEncoder();
    for await (const piece of text(source, encoding)) chunks.push(encoder.encode(piece));
  }
  const whole = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}
