/** Downloads a file whole. */
import { createHash } from "node:crypto";
import { basename } from "node:path";
import { AutoMLPError, checkInterrupt, Interrupted, RunError } from "../../contract/errors.ts";
import { hashFile } from "../../contract/files/checksums.ts";
import { writeAll } from "../../contract/files/stage.ts";
import { silent } from "../../contract/progress.ts";
import type { StageContext } from "../../contract/stage.ts";
import type { Checksum } from "../known/entry.ts";

/** Size and digest of a file. */
export interface Fingerprint {
  bytes: number;
  sha256: string;
}

/** Options of {@link download}. */
export interface DownloadOptions extends StageContext {
  /** The checksum that the download must have. Undefined: anything is accepted. */
  checksum?: Checksum;
  /** Advice for a person if the download fails, as the end of a sentence. Default: try again later. */
  advice?: string;
  /** Seconds without data after which the connection counts as broken. Default: 60. */
  stallSeconds?: number;
}

/** How often a download is begun before a connection that breaks is an error. */
const TRIES = 3;

/**
 * Downloads `url` into a new file. If the connection breaks, it begins again, a few times.
 *
 * @throws {RunError} if the server, the connection or the disk fails, or if the checksum does not match.
 * @throws {Interrupted} if the signal is aborted.
 */
export async function download(
  url: string,
  path: string,
  options: DownloadOptions = {},
): Promise<Fingerprint> {
  const { checksum, advice = "try again later", signal } = options;
  let found: Fingerprint;
  try {
    found = await received(url, path, options);
  } catch (error) {
    if (signal?.aborted) {
      throw new Interrupted(`Stopped while downloading ${url}; nothing of it was kept`, {
        cause: signal.reason,
      });
    }
    if (error instanceof AutoMLPError) throw error;
    throw new RunError(`Cannot download ${url}: ${describeFailure(error)}; ${advice}`, { cause: error });
  }
  const mismatch = describeMismatch(found, checksum);
  if (mismatch === undefined) return found;
  throw new RunError(
    `Cannot use the download ${url}: ${mismatch}; it was deleted; try again, or ${advice}`,
  );
}

/** A connection that broke midway or went silent. */
class Broken extends Error {}

async function received(url: string, path: string, options: DownloadOptions): Promise<Fingerprint> {
  for (let attempt = 1;; attempt++) {
    try {
      return await receive(url, path, options);
    } catch (error) {
      if (!(error instanceof Broken) || options.signal?.aborted || attempt === TRIES) throw error;
      options.progress?.warn(`${nameOf(url)}: ${describeFailure(error)}; beginning again`);
    }
  }
}

async function receive(
  url: string,
  path: string,
  { progress = silent, signal, stallSeconds = 60 }: DownloadOptions,
): Promise<Fingerprint> {
  const stalled = new AbortController();
  const stall = () => stalled.abort(new Broken(`the server sent nothing for ${stallSeconds} seconds`));
  let timer = setTimeout(stall, 1000 * stallSeconds), task, bytes = 0;
  try {
    const response = await fetch(url, {
      headers: { "accept-encoding": "identity" }, // the length is that of the file itself
      signal: signal ? AbortSignal.any([signal, stalled.signal]) : stalled.signal,
    });
    if (response.status !== 200 || !response.body) {
      await response.body?.cancel();
      throw new Error(`the server answered ${`${response.status} ${response.statusText}`.trim()}`);
    }
    const total = lengthOf(response), hash = createHash("sha256");
    task = progress.start(`downloading ${nameOf(url)}`, total, "bytes");
    using file = Deno.openSync(path, { write: true, create: true, truncate: true });
    for await (const chunk of chunksOf(response.body)) {
      clearTimeout(timer);
      timer = setTimeout(stall, 1000 * stallSeconds);
      await writeAll(file, chunk);
      hash.update(chunk);
      bytes += chunk.length;
      task.advance(chunk.length);
    }
    if (total !== undefined && bytes !== total) {
      throw new Broken(`the connection ended after ${bytes} of ${total} bytes`);
    }
    await file.sync();
    return { bytes, sha256: hash.digest("hex") };
  } finally {
    clearTimeout(timer);
    task?.end();
  }
}

/** Number of bytes of the file, if the server says so; if it is compressed in transit all the same, the length is that of other bytes. */
function lengthOf({ headers }: Response): number | undefined {
  const length = headers.get("content-length");
  return length === null || headers.has("content-encoding") ? undefined : Number(length);
}

async function* chunksOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } catch (error) {
    throw error instanceof Broken ? error : new Broken("the connection broke", { cause: error });
  } finally {
    reader.cancel().catch(() => {}); // it broke already
  }
}

const nameOf = (url: string): string => basename(new URL(url).pathname);

/** Computes size and digest of an existing file in one pass. */
export async function fingerprintFile(
  file: string,
  { progress = silent, signal }: StageContext = {},
): Promise<Fingerprint> {
  const { size: bytes } = Deno.statSync(file),
    task = progress.start(`checking ${basename(file)}`, bytes, "bytes");
  const onBytes = (read: number) => {
    checkInterrupt(signal, `checking ${file}`);
    task.advance(read);
  };
  try {
    return { bytes, sha256: await hashFile(file, { onBytes }) };
  } finally {
    task.end();
  }
}

/** Describes how a file differs from the expected one; undefined if it does not, or if no checksum is known. */
export function describeMismatch(
  { sha256 }: Fingerprint,
  checksum: Checksum | undefined,
): string | undefined {
  if (!checksum || sha256 === checksum.sha256.toLowerCase()) return undefined;
  return `its SHA-256 is ${sha256}, that of ${checksum.publisher} is ${checksum.sha256}`;
}

/** Describes an error of the network or the file system in plain words. */
export function describeFailure(error: unknown): string {
  const chain = causes(error);
  if (chain.some(({ code }) => code === "ENOSPC" || code === "EDQUOT")) return "the disk is full";
  const denied = chain.find((error) => error instanceof Deno.errors.NotCapable);
  if (denied) return `this command has no permission for it (${denied.message.split(",")[0]})`;
  if (chain.some((error) => error instanceof Deno.errors.PermissionDenied)) {
    return "the folder is not writable";
  }
  // Each error repeats the ones beneath it in its message. From the innermost one, the system's own words before the error number
  // are used, or else the end of the message; in file errors, the file's name follows there.
  const { message } = chain.at(-1)!;
  const reason = /([^:]+) \(os error \d+\)/.exec(message)?.[1].trim() ?? message.split(": ").at(-1)!;
  if (!chain.some((error) => error instanceof TypeError)) return reason;
  return `${error instanceof Broken ? "the connection broke" : "no connection, or it broke"} (${reason})`;
}

/** Returns an error and the errors that caused it, innermost last. */
function causes(error: unknown): (Error & { code?: string })[] {
  return error instanceof Error ? [error, ...causes(error.cause)] : [];
}
