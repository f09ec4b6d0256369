/**
 * What a cell shows of an error.
 *
 * @module
 */
import { type AutoMLPError, Interrupted } from "../contract/errors.ts";

/** Its message, and of an interruption what goes on when it is run again. */
export function cellMessage(error: AutoMLPError): string {
  const object = error instanceof Interrupted ? error.goesOn : undefined;
  return object === undefined ? error.message : `${error.message}; run ${object} again to go on`;
}
