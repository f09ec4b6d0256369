/**
 * The text that a cell shows for an error.
 *
 * @module
 */
import { type AutoMLPError, Interrupted } from "../contract/errors.ts";

/** Returns the error's message, and for an interruption also how to resume the work. */
export function cellMessage(error: AutoMLPError): string {
  const action = error instanceof Interrupted ? error.goesOn : undefined;
  return action === undefined ? error.message : `${error.message}; ${action} to resume`;
}
