/**
 * Versions of our file formats: the one place where the version of a file is compared with what this program knows.
 *
 * @module
 */
import { InputError } from "../errors.ts";

/** Advice for a file of a newer version. */
export const USE_NEWER = "use a newer automlp";

/** The error for a file that is not damaged but has a newer version. */
export class NewerFormat extends InputError {}

/**
 * Refuses a file that a newer version wrote, because its content may have another meaning.
 *
 * @param path The file's path, for messages.
 * @param what What the file describes, as in `the run`.
 * @param version The version in the file; anything but a number is left to the file's schema.
 * @param known The newest version that this program reads.
 * @param otherwise What else can be done about it, as in `prepare the dataset again`.
 * @throws {NewerFormat} if the version is above the newest known one.
 */
export function refuseNewer(
  path: string,
  what: string,
  version: unknown,
  known: number,
  otherwise?: string,
): void {
  if (typeof version !== "number" || version <= known) return;
  throw new NewerFormat(
    `Cannot read ${path}: ${what} has format version ${version}, this program knows up to ${known}; ` +
      [USE_NEWER, otherwise].filter((part) => part !== undefined).join(", or "),
  );
}
