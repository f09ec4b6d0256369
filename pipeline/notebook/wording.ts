/**
 * What a cell shows of an error.
 *
 * @module
 */
import { type AutoMLPError, Interrupted } from "../contract/errors.ts";

/** Its message, and of an interruption what resumes the work. */
export function cellMessage(error: AutoMLPError): string {
  const action = error instanceof Interrupted ? error.goesOn : undefined;
  return action === undefined ? error.message : `${error.message}; ${action} to resume`;
}
