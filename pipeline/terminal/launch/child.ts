/**
 * Deno as a child process in place of this one: it has the standard input and output, the exit code and the signals.
 *
 * @module
 */
import { complain } from "../program.ts";
import { start } from "./start.ts";
import { STOP_SIGNALS, stopCode, type StopSignal } from "../stop_signals.ts";

/** How Deno is started. */
export interface ChildOptions {
  args: string[];
  env?: Record<string, string>;
  /** Whether its standard output is hidden. */
  quiet?: boolean;
  /** Advice if it crashed; follows a semicolon. */
  remedy?: string;
  /** Advice if it was killed. */
  again?: () => Promise<string>;
}

/**
 * Runs Deno and returns its exit code. An end by a signal other than those that stop it is reported, because it could not do so itself.
 *
 * @param options Determines how it is started; a signal that arrives meanwhile ends this process.
 * @throws {RunError} if the system does not allow it to be started.
 */
export async function runDeno(options: () => Promise<ChildOptions>): Promise<number> {
  const { code, signal, ...ends } = await runToEnd(options);
  const end = signal === null ? undefined : await unsaidEnd(signal, ends);
  if (end !== undefined) complain(`error: The command ${end}`);
  return code;
}

/** Runs Deno to its end. Until then signals are passed on to it, but not afterwards, or if it could not be started. */
async function runToEnd(
  options: () => Promise<ChildOptions>,
): Promise<Deno.CommandStatus & Pick<ChildOptions, "remedy" | "again">> {
  const running: { child?: Deno.ChildProcess } = {};
  using listening = new DisposableStack();
  for (const signal of STOP_SIGNALS) {
    const listener = () => passOn(signal, running.child);
    Deno.addSignalListener(signal, listener);
    listening.defer(() => Deno.removeSignalListener(signal, listener));
  }
  const { args, env, quiet = false, ...ends } = await options();
  running.child = start(
    new Deno.Command(Deno.execPath(), {
      args,
      env,
      stdin: "inherit",
      stdout: quiet ? "null" : "inherit",
      stderr: "inherit",
    }),
    "the command",
  );
  return { ...await running.child.status, ...ends };
}

/** Signals by which an error in a library ends a process. */
const CRASHES: readonly string[] = ["SIGABRT", "SIGBUS", "SIGFPE", "SIGILL", "SIGSEGV", "SIGSYS", "SIGTRAP"];

/** Describes the end of a process that a signal gave no time for a message; undefined if it had time. */
async function unsaidEnd(
  signal: Deno.Signal,
  { remedy = "give it again", again = () => Promise.resolve("give it again") }: Omit<ChildOptions, "args">,
): Promise<string | undefined> {
  if (STOP_SIGNALS.includes(signal as StopSignal)) return undefined;
  if (CRASHES.includes(signal)) return `crashed (${signal}); ${remedy}`;
  const how = signal === "SIGKILL"
    ? "was killed (SIGKILL), perhaps because there was not enough memory"
    : `was ended by ${signal}`;
  return `${how}; ${await again()}`;
}

/** Passes on a signal. Ctrl-C also reaches the command directly, which counts signals that arrive together as one. */
function passOn(signal: typeof STOP_SIGNALS[number], child: Deno.ChildProcess | undefined): void {
  if (!child) Deno.exit(stopCode(signal));
  if (Deno.build.os === "windows") return; // there, a signal from here would end it at once
  try {
    child.kill(signal);
  } catch {
    // It has just ended.
  }
}
