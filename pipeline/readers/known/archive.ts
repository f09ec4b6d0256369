/**
 * Extracts single members of a zip archive as a stream: neither the archive nor a member is held in memory.
 *
 * @module
 */
import { createReadStream } from "node:fs";
import { basename, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { crc32, createInflateRaw } from "node:zlib";
import { checkInterrupt, InputError } from "../../contract/errors.ts";
import { silent } from "../../contract/progress.ts";
import { openRegular } from "../../contract/files/readable.ts";
import type { StageContext } from "../../contract/stage.ts";
import { bytesOfFile } from "../bytes.ts";
import { findMembers, ZipError, type ZipMember } from "./zip_directory.ts";

/** Checks whether a file name is that of an archive with several files. */
export const isArchive = (name: string): boolean => name.toLowerCase().endsWith(".zip");

/**
 * Unpacks `members` of a zip archive into `folder`, under their base names, which must not exist there yet. No member becomes
 * larger than the archive states, which is less than 4 GiB: larger ones need Zip64, which is not supported.
 *
 * @throws {InputError} if the file is not a zip archive, is damaged, or lacks a member.
 */
export async function unzipMembers(
  archive: string,
  members: string[],
  folder: string,
  context: StageContext = {},
): Promise<void> {
  const { progress = silent, signal } = context;
  try {
    using file = openRegular(archive);
    const found = findMembers(bytesOfFile(file), members);
    const bytes = found.reduce((sum, { start, end }) => sum + end - start, 0);
    const task = progress.start(`unpacking ${basename(archive)}`, bytes, "bytes");
    try {
      for (const member of found) {
        using out = Deno.openSync(join(folder, basename(member.name)), { write: true, createNew: true });
        await unpack(archive, member, out, (packed) => {
          checkInterrupt(signal, `unpacking ${archive}`);
          task.advance(packed);
        });
      }
    } finally {
      task.end();
    }
  } catch (error) {
    if (error instanceof ZipError) {
      throw new InputError(`Cannot unpack ${archive}: ${error.message}; download it again`);
    }
    throw error;
  }
}

async function unpack(
  archive: string,
  { name, method, crc32: expected, size, start, end }: ZipMember,
  out: Deno.FsFile,
  onPacked: (bytes: number) => void,
): Promise<void> {
  let bytes = 0, sum = 0;
  const write = async (chunks: AsyncIterable<Uint8Array>) => {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > size) throw new ZipError(`its member ${name} is larger than it says`);
      sum = crc32(chunk, sum);
      for (let written = 0; written < chunk.length;) written += out.writeSync(chunk.subarray(written));
    }
  };
  const packed = packedBytes(archive, start, end, onPacked);
  try {
    await (method === 0 ? write(packed) : pipeline(packed, createInflateRaw(), write));
  } catch (error) {
    // Errors that zlib finds in the data, including an early end of the input; all other errors come from the system.
    const { code, name: kind } = error as { code?: string; name?: string };
    if (!code?.startsWith("Z_") && kind !== "AbortError") throw error;
    throw new ZipError(`its member ${name} is damaged`);
  }
  if (bytes !== size || sum !== expected) throw new ZipError(`its member ${name} is damaged`);
}

async function* packedBytes(archive: string, start: number, end: number, onPacked: (bytes: number) => void) {
  if (start === end) return;
  for await (const chunk of createReadStream(archive, { start, end: end - 1, highWaterMark: 1 << 18 })) {
    onPacked(chunk.length);
    yield chunk as Uint8Array;
  }
}
