/**
 * Random access to the bytes of a file or a buffer.
 *
 * @module
 */

/** Bytes of a known length that can be read in parts. */
export interface Bytes {
  length: number;
  /** Reads the bytes `start` … `end - 1`. */
  read(start: number, end: number): Uint8Array;
}

/** Gives access to the bytes of an open file. */
export const bytesOfFile = (file: Deno.FsFile): Bytes => ({
  length: file.statSync().size,
  read(start, end) {
    const bytes = new Uint8Array(end - start);
    file.seekSync(start, Deno.SeekMode.Start);
    let at = 0;
    for (let read: number | null = 0; at < bytes.length && read !== null; at += read ?? 0) {
      read = file.readSync(bytes.subarray(at));
    }
    return bytes.subarray(0, at);
  },
});

/** Gives access to the bytes of a buffer. */
export const bytesOfBuffer = (bytes: Uint8Array): Bytes => ({
  length: bytes.length,
  read: (start, end) => bytes.subarray(start, end),
});
