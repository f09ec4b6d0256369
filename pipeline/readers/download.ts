/**
 * Downloads a file: to a temporary name first, which becomes the real one when the checksum agrees.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { basename } from "node:path";
import { AutoMLPError, checkInterrupt, Interrupted, RunError } from "../contract/errors.ts";
import { silent } from "../contract/progress.ts";
import type { StageContext } from "../contract/stage.ts";
import type { Checksum } from "./known/entry.ts";

/** Options of {@link download}. */
export interface DownloadOptions extends StageContext {
  /** What the download must have. Undefined: anything is taken. */
  checksum?: Checksum;
  /** What a person is to do where it fails, as the end of a sentence. Default: try again later. */
  advice?: string;
  /** Seconds without a byte after which it counts as broken. Default 60. */
  stallSeconds?: number;
}

/** Size and digest of a file. */
export interface Fingerprint {
  bytes: number;
  sha256: string;
}

/**
 * Downloads `url` to `file`. Whatever ends it before its time (an error, an abort, a wrong checksum), no file is left.
 *
 * @throws {RunError} if the server, the connection or the disk fails, or the checksum does not match.
 * @throws {Interrupted} if the signal is aborted.
 */
export async function download(
  url: string,
  file: string,
  options: DownloadOptions = {},
): Promise<Fingerprint> {
  const { checksum, advice = "try again later" } = options;
  const partial = `${file}.partial`;
  try {
    const fingerprint = await receive(url, partial, options);
    const mismatch = describeMismatch(fingerprint, checksum);
    if (mismatch) {
      throw new RunError(
        `Cannot use the download ${url}: ${mismatch}; it was deleted; try again, or ${advice}`,
      );
    }
    await Deno.rename(partial, file);
    return fingerprint;
  } catch (error) {
    await Deno.remove(partial).catch(() => {});
    if (options.signal?.aborted) {
      throw new Interrupted(`Stopped while downloading ${url}; nothing of it was kept`);
    }
    if (error instanceof AutoMLPError) throw error;
    throw new RunError(`Cannot download ${url}: ${describeFailure(error)}; ${advice}`);
  }
}

async function receive(url: string, file: string, options: DownloadOptions): Promise<Fingerprint> {
  const { progress = silent, signal, advice = "try again later", stallSeconds = 60 } = options;
  const stalled = new AbortController();
  const stall = () => stalled.abort(new Error(`the server sent nothing for ${stallSeconds} seconds`));
  let timer = setTimeout(stall, 1000 * stallSeconds);
  let task;
  try {
    const response = await fetch(url, {
      signal: signal ? AbortSignal.any([signal, stalled.signal]) : stalled.signal,
    });
    if (!response.ok || !response.body) {
      await response.body?.cancel();
      const answer = `${response.status} ${response.statusText}`.trim();
      throw new RunError(`Cannot download ${url}: the server answered ${answer}; ${advice}`);
    }
    // With a content encoding, the length counts other bytes than those that arrive here.
    const length = response.headers.has("content-encoding") ? null : response.headers.get("content-length");
    const total = length === null ? undefined : Number(length);
    task = progress.start(`downloading ${basename(new URL(url).pathname)}`, total, "bytes");
    using out = await Deno.open(file, { write: true, create: true, truncate: true });
    const digest = new Digest();
    for await (const chunk of response.body) {
      clearTimeout(timer);
      timer = setTimeout(stall, 1000 * stallSeconds);
      for (let done = 0; done < chunk.length;) done += await out.write(chunk.subarray(done));
      digest.add(chunk);
      task.advance(chunk.length);
    }
    const fingerprint = digest.end();
    if (total !== undefined && fingerprint.bytes !== total) {
      throw new Error(`the connection ended after ${fingerprint.bytes} of ${total} bytes`);
    }
    await out.sync();
    return fingerprint;
  } finally {
    clearTimeout(timer);
    task?.end();
  }
}

/** Size and digest of a file that is there, read in one pass. */
export async function fingerprintFile(file: string, context: StageContext = {}): Promise<Fingerprint> {
  const { progress = silent, signal } = context;
  using input = await Deno.open(file);
  const task = progress.start(`checking ${basename(file)}`, (await input.stat()).size, "bytes");
  const digest = new Digest();
  const buffer = new Uint8Array(1 << 20);
  try {
    for (let read; (read = await input.read(buffer)) !== null;) {
      checkInterrupt(signal, `checking ${file}`);
      digest.add(buffer.subarray(0, read));
      task.advance(read);
    }
  } finally {
    task.end();
  }
  return digest.end();
}

class Digest {
  readonly #sha256 = createHash("sha256");
  #bytes = 0;

  add(chunk: Uint8Array): void {
    this.#sha256.update(chunk);
    this.#bytes += chunk.length;
  }

  end(): Fingerprint {
    return { bytes: this.#bytes, sha256: this.#sha256.digest("hex") };
  }
}

/** How a file differs from what it should be, in words; undefined where it does not, or where that is not known. */
export function describeMismatch(found: Fingerprint, checksum: Checksum | undefined): string | undefined {
  if (!checksum || found.sha256 === checksum.sha256.toLowerCase()) return undefined;
  return `its SHA-256 is ${found.sha256}, that of ${checksum.publisher} is ${checksum.sha256}`;
}

/** An error of the network or the file system in a person's words. */
export function describeFailure(error: unknown): string {
  const chain = causes(error);
  if (chain.some(({ code }) => code === "ENOSPC" || code === "EDQUOT")) return "the disk is full";
  const denied = chain.find((error) => error instanceof Deno.errors.NotCapable);
  if (denied) return `this command has no permission for it (${denied.message.split(",")[0]})`;
  if (chain.some((error) => error instanceof Deno.errors.PermissionDenied)) {
    return "the folder is not writable";
  }
  // Each error nests those beneath it in its message: the end of the innermost says what happened.
  const reason = chain.at(-1)!.message.replace(/ \(os error \d+\)/, "").split(": ").at(-1)!;
  return error instanceof TypeError ? `no connection, or it broke (${reason})` : reason;
}

/** An error and the errors that caused it, innermost last. */
function causes(error: unknown): (Error & { code?: string })[] {
  return error instanceof Error ? [error, ...causes(error.cause)] : [];
}
