/**
 * Starts a process.
 *
 * @module
 */
import { RunError } from "../../contract/errors/classes.ts";

/**
 * Starts it.
 *
 * @param what For the message: "the command".
 * @throws {RunError} if the system does not let it be started.
 */
export function start(command: Deno.Command, what: string): Deno.ChildProcess {
  try {
    return command.spawn();
  } catch (error) {
    const [first] = (error as Error).message.split("\n"),
      reason = first.replace(/^Failed to spawn '.*': /, "");
    throw new RunError(
      `Cannot start ${what}: ${reason}; end other programs, or raise the limits that ulimit -a shows`,
      { cause: error },
    );
  }
}
