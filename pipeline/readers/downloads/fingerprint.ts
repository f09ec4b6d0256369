/**
 * Size and digest that identify a downloaded file.
 *
 * @module
 */
import { basename } from "node:path";
import { checkInterrupt } from "../../contract/errors.ts";
import { hashFile } from "../../contract/files/hash.ts";
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
  const { progress = silent, signal } = context, { size: bytes } = Deno.statSync(file);
  const task = progress.start(`checking ${basename(file)}`, bytes, "bytes");
  const onBytes = (read: number) => {
    checkInterrupt(signal, `checking ${file}`);
    task.advance(read);
  };
  try {
    return { bytes, sha256: await hashFile(file, { onBytes }) };
  } finally {
    task.end();
  }
}

/** Describes how a file differs from the expected one; undefined if it does not, or if no checksum is known. */
export function describeMismatch(found: Fingerprint, checksum: Checksum | undefined): string | undefined {
  if (!checksum || found.sha256 === checksum.sha256.toLowerCase()) return undefined;
  return `its SHA-256 is ${found.sha256}, that of ${checksum.publisher} is ${checksum.sha256}`;
}
