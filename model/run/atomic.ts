/**
 * Files that are written whole or not at all.
 *
 * @module
 */
import { dirname } from "node:path";
import { InputError } from "../../pipeline/contract/errors.ts";

/** The text of an error, without what follows its first line. */
export const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split("\n")[0];

/**
 * Puts a file in place in one step: a kill at any moment leaves the old one or the new one. What a killed run left half-written
 * (`PATH.part`) is overwritten by the next.
 *
 * @param write Writes the content.
 * @throws {InputError} where there is no room or no right to write.
 */
export async function replaceFile(path: string, write: (file: Deno.FsFile) => Promise<void>): Promise<void> {
  const part = `${path}.part`;
  try {
    Deno.mkdirSync(dirname(path), { recursive: true });
    using file = Deno.openSync(part, { write: true, create: true, truncate: true });
    await write(file);
    await file.syncData(); // else a power cut could leave the new name on an empty file
    Deno.renameSync(part, path);
  } catch (error) {
    dropQuietly(part);
    throw cannotWrite(path, error);
  }
}

/** Writes bytes to the end, which one call of the system need not do. */
export async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  while (bytes.length > 0) bytes = bytes.subarray(await file.write(bytes));
}

/** One line for a file that could not be written: no room, no right. Programming errors go through as they are. */
export function cannotWrite(path: string, error: unknown): unknown {
  if (error instanceof InputError || !isSystemError(error)) return error;
  return new InputError(
    `Cannot write ${path}: ${firstLine(error)}; free some space or choose another folder with --out`,
  );
}

/** Whether the error came from the file system. */
export const isSystemError = (error: unknown): boolean =>
  Object.values(Deno.errors).some((kind) => error instanceof kind) ||
  error instanceof Error && "code" in error;

function dropQuietly(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // It was never made, or cannot be removed either; what went wrong first is the error to report.
  }
}
