/**
 * Versions of the formats of our files: the one place where that of a file is compared with what this program knows.
 *
 * @module
 */
import { InputError } from "../errors.ts";

/** What to do about a file of a newer version. */
export const USE_NEWER = "use a newer automlp";

/** A file is of a newer version: it is not damaged. */
export class NewerFormat extends InputError {}

/**
 * Refuses a file that a newer version wrote. Whatever else it says may mean something else.
 *
 * @param path For messages.
 * @param what As in `the run`.
 * @param version As the file has it; what is no number is left to the file's schema.
 * @param known The newest that this program reads.
 * @param otherwise What else can be done about it, as in `prepare the dataset again`.
 * @throws {NewerFormat} if its version is above the newest that is known.
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
