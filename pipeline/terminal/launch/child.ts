/**
 * Deno as a child that stands for us: standard input and output are its own, and so are the exit code and the signals.
 *
 * @module
 */
import { complain } from "../program.ts";
import { start } from "./start.ts";
import { STOP_SIGNALS, stopCode, type StopSignal } from "../stop_signals.ts";

/** What Deno is started with. */
export interface ChildOptions {
  args: string[];
  env?: Record<string, string>;
  /** Nothing of its standard output is shown. */
  quiet?: boolean;
  /** What helps where it crashed, after a semicolon. */
  remedy?: string;
  /** The same where it was killed. */
  again?: () => Promise<string>;
}

/**
 * Runs Deno and returns its exit code. Where it ended by a signal that nobody stops it by, that is said: it had no words left.
 *
 * @param options Finds out what it is started with; a signal that comes meanwhile ends this process.
 * @throws {RunError} if the system does not let it be started.
 */
export async function runDeno(options: () => Promise<ChildOptions>): Promise<number> {
  const { code, signal, ...ends } = await runToEnd(options);
  const end = signal === null ? undefined : await unsaidEnd(signal, ends);
  if (end !== undefined) complain(`error: The command ${end}`);
  return code;
}

/** How it ended. Until then signals are passed on to it, and to nobody afterwards, also where it could not be started. */
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

/** What a library's fault ends a process by. */
const CRASHES: readonly string[] = ["SIGABRT", "SIGBUS", "SIGFPE", "SIGILL", "SIGSEGV", "SIGSYS", "SIGTRAP"];

/** How a process ended that a signal gave no time for words; undefined where it had that. */
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

/** Ctrl-C reaches the command by itself as well: it takes what arrives at once for one signal. */
function passOn(signal: typeof STOP_SIGNALS[number], child: Deno.ChildProcess | undefined): void {
  if (!child) Deno.exit(stopCode(signal));
  if (Deno.build.os === "windows") return; // there, a signal from here would end it at once
  try {
    child.kill(signal);
  } catch {
    // It has just ended.
  }
}
