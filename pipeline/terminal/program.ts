/**
 * What all our programs share: writing to standard output and error, and errors as one line.
 *
 * @module
 */
import { AutoMLPError, RunError, shownMessage } from "../contract/errors/classes.ts";
import { asCalled } from "./called.ts";
import { withoutSecrets } from "../display/text/secrets.ts";
import { forStream } from "../display/text/wrap.ts";

/**
 * Writes a line to standard output. A pipe that the reader has closed is not an error.
 *
 * @throws {RunError} if it cannot be written, for example to a file on a full disk.
 */
export function say(line: string): void {
  try {
    console.log(line);
  } catch (error) {
    const [reason] = (error as Error).message.split("\n");
    throw new RunError(
      `Cannot write to standard output: ${reason}; free some space there, or send it elsewhere`,
      { cause: error },
    );
  }
}

/** Writes a line to standard error if it is still open, without secrets in addresses, because it may be kept in logs. */
export function complain(line: string): void {
  try {
    console.error(forStream(withoutSecrets(line), Deno.stderr));
  } catch {
    // The terminal was closed, or the reader of the log has ended.
  }
}

/**
 * Runs a program and returns its exit code; an error of ours is printed as one line.
 *
 * @param called Name by which the user calls the program.
 */
export async function exitCodeOf(main: () => Promise<number>, called?: string): Promise<number> {
  try {
    return await main();
  } catch (error) {
    if (!(error instanceof AutoMLPError)) throw error;
    complain(`error: ${asCalled(shownMessage(error), called)}`);
    return error.exitCode;
  }
}
