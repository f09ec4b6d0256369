/**
 * How many interactions a user must have, and may have.
 *
 * @module
 */
import { InputError } from "../contract/errors.ts";

/** As in the paper. */
export const DEFAULT_MIN_USER = 10;

/**
 * Makes sure that there can be users with as many interactions as are asked for.
 *
 * @throws {InputError} if there cannot.
 */
export function checkLimits(
  { minUser = DEFAULT_MIN_USER, maxUser = Infinity }: { minUser?: number; maxUser?: number },
): void {
  if (maxUser >= minUser) return;
  throw new InputError(
    `Cannot filter: no user has at least ${minUser} interactions (--min-user) and no more than ${maxUser} (--max-user); raise --max-user, or lower --min-user`,
  );
}
