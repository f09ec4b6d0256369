/**
 * What every program of ours has: words on standard output and error, and an end in one line.
 *
 * @module
 */
import { AutoMLPError, RunError, shownMessage } from "../contract/errors/classes.ts";
import { withoutSecrets } from "../display/text/secrets.ts";
import { forStream } from "../display/text/wrap.ts";

/**
 * Writes a line to standard output. Who has closed a pipe has heard enough: that is no error.
 *
 * @throws {RunError} if it is not taken, as by a file on a full disk.
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

/** Writes a line to standard error, where somebody still hears it: without the secrets of addresses, for it is kept in logs. */
export function complain(line: string): void {
  try {
    console.error(forStream(withoutSecrets(line), Deno.stderr));
  } catch {
    // The terminal was closed, or who read the log has ended.
  }
}

/** The exit code of a program; an error of ours is its one line. */
export async function exitCodeOf(main: () => Promise<number>): Promise<number> {
  try {
    return await main();
  } catch (error) {
    if (!(error instanceof AutoMLPError)) throw error;
    complain(`error: ${shownMessage(error)}`);
    return error.exitCode;
  }
}
