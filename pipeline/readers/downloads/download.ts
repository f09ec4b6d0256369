/**
 * Downloads a file into the folder of a download under way, where it stays until it is put to use.
 *
 * @module
 */
import { basename } from "node:path";
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
  /** What the download must have. Undefined: anything is taken. */
  checksum?: Checksum;
  /** What a person is to do where it fails, as the end of a sentence. Default: try again later. */
  advice?: string;
  /** Seconds without a byte after which it counts as broken. Default 60. */
  stallSeconds?: number;
  /** Seconds between a connection that broke and the next. Default 1. */
  pauseSeconds?: number;
}

/**
 * Downloads `url`: from where an earlier try was broken off, where the server can do that and has the same file still, and says so
 * where it has to begin again. A connection that breaks is made again as long as each brings more than those before. What came stays for
 * the next try, unless it is not what it should be.
 *
 * @throws {RunError} if the server, the connection or the disk fails, or the checksum does not match.
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

/** Whether the next try can go on: the server has a name for this state of the file, or the whole can be checked. */
const isWorthKeeping = ({ bytes, begun }: PartialDownload, checksum: Checksum | undefined): boolean =>
  bytes > 0 && begun !== undefined && (begun.validator ?? checksum) !== undefined;

/** A connection that broke in the middle, or fell silent. */
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
      // A server that cannot continue, and breaks off at the same place each time, is not asked for ever.
      if (!(error instanceof Broken) || signal?.aborted || partial.bytes <= most) throw error;
      most = partial.bytes;
      progress.warn(`${nameOf(url)}: ${describeFailure(error)} after ${formatBytes(most)}; trying to resume`);
      await new Promise((resolve) => setTimeout(resolve, 1000 * pauseSeconds));
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

/** An error of the network or the file system in a person's words. */
export function describeFailure(error: unknown): string {
  const chain = causes(error);
  if (chain.some(({ code }) => code === "ENOSPC" || code === "EDQUOT")) return "the disk is full";
  const denied = chain.find((error) => error instanceof Deno.errors.NotCapable);
  if (denied) return `this command has no permission for it (${denied.message.split(",")[0]})`;
  if (chain.some((error) => error instanceof Deno.errors.PermissionDenied)) {
    return "the folder is not writable";
  }
  // Each error nests those beneath it in its message. Of the innermost the system's own words say what happened, or its end; of a file there follows which.
  const { message } = chain.at(-1)!;
  const reason = /([^:]+) \(os error \d+\)/.exec(message)?.[1].trim() ?? message.split(": ").at(-1)!;
  if (!chain.some((error) => error instanceof TypeError)) return reason;
  return `${error instanceof Broken ? "the connection broke" : "no connection, or it broke"} (${reason})`;
}

/** An error and the errors that caused it, innermost last. */
function causes(error: unknown): (Error & { code?: string })[] {
  return error instanceof Error ? [error, ...causes(error.cause)] : [];
}
