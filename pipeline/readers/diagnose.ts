/**
 * Explains failures of Polars to the person who owns the file.
 *
 * @module
 */
import { AutoMLPError, InputError } from "../contract/errors.ts";
import { unreadable } from "../contract/files/readable.ts";
import { shorten } from "./roles.ts";

/**
 * Runs `read` on a file. A failure becomes a one-line error that names the file; bugs of this program stay as they are.
 *
 * @throws {InputError} if the file is damaged, cannot be read, or does not fit into memory.
 */
export async function reading<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw diagnose(path, error);
  }
}

/** Errors of JavaScript that no file causes, and of Deno's permissions, which have their own message. */
const OTHERS = [TypeError, ReferenceError, SyntaxError, Deno.errors.NotCapable];

/** Returns the error to show for a failure on a file, mostly of Polars. */
function diagnose(path: string, error: unknown): unknown {
  if (error instanceof AutoMLPError || OTHERS.some((kind) => error instanceof kind)) return error;
  const known = unreadable(path, error);
  if (known) return known;
  const reason = shorten((error as Error).message.split("\n")[0], 160);
  return new InputError(`Cannot read ${path}: ${reason}; check that the file is whole and of this format`);
}
