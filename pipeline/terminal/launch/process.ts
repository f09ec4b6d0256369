/** Deno as a child process. */
import { InputError, RunError } from "../../contract/errors/classes.ts";
import { complain } from "../program.ts";
import { STOP_SIGNALS, type StopSignal } from "../signals.ts";

/** How Deno is started. */
export interface ChildOptions {
  args: string[];
  env?: Record<string, string>;
  /** Whether its standard output is hidden. */
  quiet?: boolean;
  /** Advice if it crashed; follows a semicolon. */
  remedy?: string;
  /** Advice if it was killed; follows a semicolon. */
  again?: string;
}

/**
 * Runs Deno in place of this process: it has the standard input and output, the signals and the exit code, which is returned. An end by a
 * signal that does not only stop it is reported, because it could not do so itself.
 *
 * @throws {RunError} if the system does not allow it to be started.
 */
export async function runDeno({ args, env, quiet = false, ...advice }: ChildOptions): Promise<number> {
  const child = start(
    new Deno.Command(Deno.execPath(), {
      args,
      env,
      stdin: "inherit",
      stdout: quiet ? "null" : "inherit",
      stderr: "inherit",
    }),
    "the command",
  );
  const { code, signal } = await endOf(child);
  const end = signal === null ? undefined : unsaidEnd(signal, advice);
  if (end !== undefined) complain(`error: The command ${end}`);
  return code;
}

/** Waits for a child's end. Until then signals are passed on to it. */
async function endOf(child: Deno.ChildProcess): Promise<Deno.CommandStatus> {
  using listening = new DisposableStack();
  for (const signal of STOP_SIGNALS) {
    const listener = () => passOn(signal, child);
    Deno.addSignalListener(signal, listener);
    listening.defer(() => Deno.removeSignalListener(signal, listener));
  }
  return await child.status;
}

/** Passes on a signal. Ctrl-C also reaches the command directly, which counts signals that arrive together as one. */
function passOn(signal: StopSignal, child: Deno.ChildProcess): void {
  if (Deno.build.os === "windows") return; // there, a signal from here would end it at once
  try {
    child.kill(signal);
  } catch {
    // It has just ended.
  }
}

/** Signals by which an error in a library ends a process. */
const CRASHES: readonly string[] = ["SIGABRT", "SIGBUS", "SIGFPE", "SIGILL", "SIGSEGV", "SIGSYS", "SIGTRAP"];

/** Describes the end of a process that a signal gave no time for a message; undefined if it had time. */
function unsaidEnd(
  signal: Deno.Signal,
  { remedy = "give it again", again = "give it again" }: Pick<ChildOptions, "remedy" | "again">,
): string | undefined {
  if (STOP_SIGNALS.includes(signal as StopSignal)) return undefined;
  if (CRASHES.includes(signal)) return `crashed (${signal}); ${remedy}`;
  const how = signal === "SIGKILL"
    ? "was killed (SIGKILL), perhaps because there was not enough memory"
    : `was ended by ${signal}`;
  return `${how}; ${again}`;
}

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
