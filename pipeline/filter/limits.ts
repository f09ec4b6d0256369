/**
 * The minimum and maximum number of interactions of a user.
 *
 * @module
 */
import { InputError } from "../contract/errors.ts";

/** The default minimum, as in the paper. */
export const DEFAULT_MIN_USER = 10;

/**
 * Checks that users with the requested number of interactions can exist.
 *
 * @throws {InputError} if they cannot.
 */
export function checkLimits(
  { minUser = DEFAULT_MIN_USER, maxUser = Infinity }: { minUser?: number; maxUser?: number },
): void {
  if (maxUser >= minUser) return;
  throw new InputError(
    `Cannot filter: no user has at least ${minUser} interactions (--min-user) and no more than ${maxUser} (--max-user); raise --max-user, or lower --min-user`,
  );
}
