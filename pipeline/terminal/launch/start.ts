/**
 * Starts Deno as another process.
 *
 * @module
 */
import { InputError, RunError } from "../../contract/errors/classes.ts";

/**
 * Starts a process.
 *
 * @param what Its name in messages: "the command".
 * @throws {InputError} if it may not work in the current folder.
 * @throws {RunError} if the system does not allow it to be started.
 */
export function start(command: Deno.Command, what: string): Deno.ChildProcess {
  try {
    return command.spawn();
  } catch (error) {
    // That the program exists and may be run is plain: it is the one that runs here. A folder above may be closed as well.
    if (error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotFound) {
      throw new InputError(
        `Cannot start ${what} in ${Deno.cwd()}: no permission to enter this folder or one above it; check their owners and modes, or go to another one`,
        { cause: error },
      );
    }
    const [first] = (error as Error).message.split("\n"),
      reason = first.replace(/^Failed to spawn '.*': /, "");
    throw new RunError(
      `Cannot start ${what}: ${reason}; end other programs, or raise the limits that ulimit -a shows`,
      { cause: error },
    );
  }
}
