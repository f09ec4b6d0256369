/**
 * Downloads a file into the folder of an unfinished download, where it stays until it is used.
 *
 * @module
 */
import { basename } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { AutoMLPError, Interrupted, RunError } from "../../contract/errors.ts";
import { silent } from "../../contract/progress.ts";
import type { StageContext } from "../../contract/stage.ts";
import { formatBytes } from "../../display/text/units.ts";
import type { Checksum } from "../known/entry.ts";
import { describeMismatch, type Fingerprint, fingerprintFile } from "./fingerprint.ts";
import type { PartialDownload } from "./partial.ts";
import { begunOf, continues, requestHeaders, whyAgain } from "./ranges.ts";

/** Options of {@link download}. */
export interface DownloadOptions extends StageContext {
  /** The checksum that the download must have. Undefined: anything is accepted. */
  checksum?: Checksum;
  /** Advice for a person if the download fails, as the end of a sentence. Default: try again later. */
  advice?: string;
  /** Seconds without data after which the connection counts as broken. Default: 60. */
  stallSeconds?: number;
  /** Seconds to wait before reconnecting after a connection broke. Default: 1. */
  pauseSeconds?: number;
}

/**
 * Downloads `url`, resuming an earlier interrupted download if the server supports that and still has the same file; if it has to
 * start over, it says so. A broken connection is re-established as long as each one brings more data than before. What was received
 * stays for the next try, unless it is not the expected file.
 *
 * @throws {RunError} if the server, the connection or the disk fails, or if the checksum does not match.
 * @throws {Interrupted} if the signal is aborted.
 */
export async function download(
  url: string,
  partial: PartialDownload,
  options: DownloadOptions = {},
): Promise<Fingerprint> {
  const { checksum, advice = "try again later", progress = silent, signal } = options;
  try {
    let found = await receiveAll(url, partial, options), mismatch = describeMismatch(found, checksum);
    if (mismatch && partial.isPieced) {
      progress.warn(`The parts of ${nameOf(url)} do not fit together (${mismatch}): beginning again`);
      await partial.begin({ url });
      found = await receiveAll(url, partial, options);
      mismatch = describeMismatch(found, checksum);
    }
    if (!mismatch) return found;
    partial.remove();
    throw new RunError(
      `Cannot use the download ${url}: ${mismatch}; it was deleted; try again, or ${advice}`,
    );
  } catch (error) {
    const kept = isWorthKeeping(partial, checksum) ? formatBytes(partial.bytes) : undefined;
    if (!kept) partial.remove();
    if (signal?.aborted) {
      throw new Interrupted(
        `Stopped while downloading ${url}; ${kept ? `${kept} of it are` : "nothing of it was"} kept`,
        { cause: signal.reason },
      );
    }
    if (error instanceof AutoMLPError) throw error;
    const next = kept
      ? `${kept} of it are kept, and the same command resumes from there; or ${advice}`
      : advice;
    throw new RunError(`Cannot download ${url}: ${describeFailure(error)}; ${next}`, { cause: error });
  }
}

/** Whether the next try can resume: the server has identified this version of the file, or the whole can be checked. */
const isWorthKeeping = ({ bytes, begun }: PartialDownload, checksum: Checksum | undefined): boolean =>
  bytes > 0 && begun !== undefined && (begun.validator ?? checksum) !== undefined;

/** A connection that broke midway or went silent. */
class Broken extends Error {}

async function receiveAll(
  url: string,
  partial: PartialDownload,
  options: DownloadOptions,
): Promise<Fingerprint> {
  const { progress = silent, signal, pauseSeconds = 1 } = options;
  for (let most = partial.bytes;;) {
    try {
      await receive(url, partial, options);
      return await fingerprintFile(partial.path, { signal });
    } catch (error) {
      // A server that cannot resume and breaks off at the same place each time is not asked forever.
      if (!(error instanceof Broken) || signal?.aborted || partial.bytes <= most) throw error;
      most = partial.bytes;
      progress.warn(`${nameOf(url)}: ${describeFailure(error)} after ${formatBytes(most)}; trying to resume`);
      await pause(1000 * pauseSeconds, undefined, { signal });
    }
  }
}

async function receive(url: string, partial: PartialDownload, options: DownloadOptions): Promise<void> {
  const { progress = silent, signal, stallSeconds = 60 } = options;
  const stalled = new AbortController();
  const stall = () => stalled.abort(new Error(`the server sent nothing for ${stallSeconds} seconds`));
  let timer = setTimeout(stall, 1000 * stallSeconds);
  let task;
  try {
    const rest = isWorthKeeping(partial, options.checksum) && partial.begun?.url === url;
    if (rest && partial.bytes === partial.begun?.total) return;
    const response = await fetch(url, {
      headers: requestHeaders(partial, rest),
      signal: signal ? AbortSignal.any([signal, stalled.signal]) : stalled.signal,
    });
    const goesOn = response.status === 206 && continues(response, partial);
    if (rest && !goesOn && (response.ok || response.status === 416)) {
      progress.warn(`${whyAgain(response, partial)}: beginning again`);
    }
    if (rest && (response.status === 416 || response.status === 206 && !goesOn)) {
      await response.body?.cancel();
      await partial.begin({ url });
      return await receive(url, partial, options);
    }
    if (!response.ok || !response.body || response.status === 206 && !goesOn) {
      await response.body?.cancel();
      const answer = `${response.status} ${response.statusText}`.trim();
      throw new Error(`the server answered ${answer}`);
    }
    if (goesOn) partial.isPieced = true;
    else await partial.begin(begunOf(url, response));
    const { total } = partial.begun!;
    task = progress.start(
      `downloading ${goesOn ? "the rest of " : ""}${nameOf(url)}`,
      total === undefined ? undefined : total - partial.bytes,
      "bytes",
    );
    for await (const chunk of chunksOf(response.body)) {
      clearTimeout(timer);
      timer = setTimeout(stall, 1000 * stallSeconds);
      await partial.add(chunk);
      task.advance(chunk.length);
    }
    if (total !== undefined && partial.bytes !== total) {
      throw new Broken(`the connection ended after ${partial.bytes} of ${total} bytes`);
    }
    await partial.file.sync();
  } finally {
    clearTimeout(timer);
    task?.end();
  }
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
    throw new Broken("the connection broke", { cause: error });
  } finally {
    reader.cancel().catch(() => {}); // it broke already
  }
}

const nameOf = (url: string): string => basename(new URL(url).pathname);

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
