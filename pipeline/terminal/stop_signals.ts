/**
 * Which signals stop a command.
 *
 * @module
 */

const NUMBERS = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 };

/** Ctrl-C, a request to terminate, a terminal that closes. */
export type StopSignal = keyof typeof NUMBERS;

/** The stop signals that the system supports. */
export const STOP_SIGNALS: readonly StopSignal[] = Deno.build.os === "windows"
  ? ["SIGINT"]
  : ["SIGINT", "SIGTERM", "SIGHUP"];

/** Returns the exit code of a process stopped by a signal: 128 plus the signal's number, as in shells. */
export const stopCode = (signal: StopSignal): number => 128 + NUMBERS[signal];

/** The environment variable in which a command finds the process id of the launcher that started it. */
export const LAUNCHER = "AUTOMLP_LAUNCHER";
