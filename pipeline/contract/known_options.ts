/**
 * Options that somebody gives in a program or a notebook, where no compiler has looked at them.
 *
 * @module
 */
import { didYouMean, InputError } from "./errors.ts";

/** What every work takes beside its own options. */
const CONTEXT = ["progress", "signal"];

/**
 * Refuses options that there are not.
 *
 * @param work As in `recommend`.
 * @param known Those that there are, beside progress and signal.
 * @throws {InputError} naming the nearest.
 */
export function checkKnown(work: string, options: object, known: readonly string[]): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new InputError(`Cannot ${work}: options are an object, as in { ${known[0]}: … }`);
  }
  const all = [...known, ...CONTEXT], wrong = Object.keys(options).find((key) => !all.includes(key));
  if (wrong !== undefined) {
    throw new InputError(
      `Cannot ${work}: there is no option ${wrong}${didYouMean(wrong, all)}; the options are ${
        known.join(", ")
      }`,
    );
  }
}
