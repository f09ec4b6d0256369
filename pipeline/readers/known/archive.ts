/**
 * Extracts single members of a zip archive as a stream: neither the archive nor a member is held in memory.
 *
 * @module
 */
import { createReadStream } from "node:fs";
import { basename, join } from "node:path";
import { Unzip, UnzipInflate } from "fflate";
import { AutoMLPError, checkInterrupt, InputError } from "../../contract/errors.ts";
import { regularFile } from "../../contract/files/readable.ts";
import { silent } from "../../contract/progress.ts";
import type { StageContext } from "../../contract/stage.ts";

/** Checks whether a file name is that of an archive with several files. */
export const isArchive = (name: string): boolean => name.toLowerCase().endsWith(".zip");

const BROKEN = "it is cut short, damaged or no zip archive";

/**
 * Unpacks `members` of a zip archive into `folder`, under their base names, which must not exist there yet.
 *
 * @throws {InputError} if the file is not a zip archive, is damaged, or lacks a member.
 */
export async function unzipMembers(
  archive: string,
  members: string[],
  folder: string,
  { progress = silent, signal }: StageContext = {},
): Promise<void> {
  const wrong = (state: string) => new InputError(`Cannot unpack ${archive}: ${state}; download it again`);
  const open = new Map<string, Deno.FsFile>(), missing = new Set(members);
  let found = 0;
  const unzip = new Unzip((member) => {
    const { name, originalSize } = member;
    found++;
    if (!missing.has(name)) return;
    const out = Deno.openSync(join(folder, basename(name)), { write: true, createNew: true });
    open.set(name, out);
    let size = 0;
    member.ondata = (error, chunk, isLast) => {
      size += chunk?.length ?? 0;
      const isWrong = originalSize !== undefined && (size > originalSize || isLast && size < originalSize);
      if (error || isWrong) throw wrong(`its member ${name} is damaged`);
      for (let written = 0; written < chunk.length;) written += out.writeSync(chunk.subarray(written));
      if (!isLast) return;
      out.close();
      open.delete(name);
      missing.delete(name);
    };
    member.start();
  });
  unzip.register(UnzipInflate);
  const task = progress.start(`unpacking ${basename(archive)}`, regularFile(archive).size, "bytes");
  try {
    for await (const chunk of createReadStream(archive, { highWaterMark: 1 << 18 })) {
      checkInterrupt(signal, `unpacking ${archive}`);
      unzip.push(chunk as Uint8Array);
      task.advance(chunk.length);
    }
    unzip.push(new Uint8Array(0), true);
  } catch (error) {
    // Errors that fflate finds in the data; all other errors come from the system.
    const { code } = error as { code?: unknown };
    throw error instanceof AutoMLPError || typeof code !== "number" ? error : wrong(BROKEN);
  } finally {
    task.end();
    open.forEach((out) => out.close());
  }
  if (found === 0 || open.size > 0) throw wrong(BROKEN);
  if (missing.size > 0) throw wrong(`it has no member ${[...missing][0]}`);
}
