/**
 * Copies the package of a registry into a folder.
 *
 * @module
 */
import { join } from "node:path";
import { hashFileSync } from "../../contract/files/hash.ts";
import { entryAt } from "../../contract/files/system.ts";
import { replaceFile, writeAll, writeText } from "../../contract/files/write.ts";
import { fetchFile, fetchManifest, type PublishedFile } from "./registry.ts";

/** Number of files that are fetched at once. */
const AT_ONCE = 16;

/**
 * Writes all files of a published version. After a kill the next call continues, and two processes that begin at once write the same.
 *
 * @param base The version's address, with a slash at the end.
 * @param whole The name of the file that is written when all others are there.
 * @throws {InputError} if they cannot be written; {@link RunError} if the registry does not provide them.
 */
export async function layDown(base: URL, folder: string, whole: string): Promise<void> {
  const files = await fetchManifest(base), queue = [...files];
  const worker = async () => {
    for (let file = queue.pop(); file; file = queue.pop()) await layFile(base, folder, file);
  };
  const stop = (error: unknown) => {
    queue.length = 0;
    throw error;
  };
  // All run to their end: nothing is still being written when the first error is reported.
  const ended = await Promise.allSettled(Array.from({ length: AT_ONCE }, () => worker().catch(stop)));
  const failed = ended.find((one) => one.status === "rejected");
  if (failed) throw failed.reason;
  await writeText(join(folder, whole), JSON.stringify({ from: base.href, files: files.length }) + "\n");
}

async function layFile(base: URL, folder: string, file: PublishedFile): Promise<void> {
  const path = join(folder, file.path);
  if (entryAt(path)?.isFile && hashFileSync(path) === file.sha256) return;
  const bytes = await fetchFile(base, file);
  await replaceFile(path, (open) => writeAll(open, bytes));
}
