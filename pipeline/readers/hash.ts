/**
 * SHA-256 of files.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { silent } from "../contract/progress.ts";
import type { StageContext } from "../contract/stage.ts";
import type { Source } from "./source.ts";
import type { SourceFile } from "./types.ts";

/**
 * SHA-256 of a file as it lies on disk, in hexadecimal.
 *
 * @param onBytes Told of every piece that was read.
 */
export async function hashFile(
  path: string,
  options: { signal?: AbortSignal; onBytes?: (bytes: number) => void } = {},
): Promise<string> {
  const hash = createHash("sha256");
  const file = createReadStream(path, { highWaterMark: 1 << 20 });
  for await (const chunk of file) {
    options.signal?.throwIfAborted();
    hash.update(chunk);
    options.onBytes?.(chunk.length);
  }
  return hash.digest("hex");
}

/**
 * Hashes a file while `read` reads it, and shows the progress.
 *
 * @returns What `read` returns, and the facts about the file.
 */
export async function hashWhile<T>(
  source: Source,
  { progress = silent }: StageContext,
  read: () => Promise<T>,
): Promise<{ result: T; file: Omit<SourceFile, "rows"> }> {
  const { path, bytes } = source;
  const task = progress.start(`reading ${source.name}`, bytes, "bytes");
  const abort = new AbortController();
  const hash = hashFile(path, { signal: abort.signal, onBytes: (n) => task.advance(n) });
  // When reading fails, its error is the one to show.
  hash.catch(() => {});
  try {
    const result = await read();
    return { result, file: { path, bytes, sha256: await hash } };
  } finally {
    abort.abort();
    await hash.catch(() => {});
    task.end();
  }
}
