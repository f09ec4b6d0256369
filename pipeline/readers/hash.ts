/**
 * Computes the SHA-256 of a file while it is read.
 *
 * @module
 */
import { hashFile } from "../contract/files/checksums.ts";
import { silent } from "../contract/progress.ts";
import type { StageContext } from "../contract/stage.ts";
import type { Source } from "./source.ts";
import type { SourceFile } from "./types.ts";

/**
 * Hashes a file while `read` reads it, and shows the progress.
 *
 * @returns The result of `read`, and the facts about the file.
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
  // If reading fails, its error is the one to show.
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
