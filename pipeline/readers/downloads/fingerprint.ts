/**
 * Size and digest that identify a downloaded file.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { basename } from "node:path";
import { checkInterrupt } from "../../contract/errors.ts";
import { silent } from "../../contract/progress.ts";
import type { StageContext } from "../../contract/stage.ts";
import type { Checksum } from "../known/entry.ts";

/** Size and digest of a file. */
export interface Fingerprint {
  bytes: number;
  sha256: string;
}

/** Computes size and digest of an existing file in one pass. */
export async function fingerprintFile(file: string, context: StageContext = {}): Promise<Fingerprint> {
  const { progress = silent, signal } = context;
  using input = await Deno.open(file);
  const { size } = await input.stat(), digest = createHash("sha256"), buffer = new Uint8Array(1 << 20);
  const task = progress.start(`checking ${basename(file)}`, size, "bytes");
  let bytes = 0;
  try {
    for (let read; (read = await input.read(buffer)) !== null;) {
      checkInterrupt(signal, `checking ${file}`);
      digest.update(buffer.subarray(0, read));
      bytes += read;
      task.advance(read);
    }
  } finally {
    task.end();
  }
  return { bytes, sha256: digest.digest("hex") };
}

/** Describes how a file differs from the expected one; undefined if it does not, or if no checksum is known. */
export function describeMismatch(found: Fingerprint, checksum: Checksum | undefined): string | undefined {
  if (!checksum || found.sha256 === checksum.sha256.toLowerCase()) return undefined;
  return `its SHA-256 is ${found.sha256}, that of ${checksum.publisher} is ${checksum.sha256}`;
}
