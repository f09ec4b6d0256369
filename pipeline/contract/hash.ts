/**
 * SHA-256 of files.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";

/**
 * SHA-256 of a file as it lies on disk, in hexadecimal.
 *
 * @param options.onBytes Told of every piece that was read.
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
