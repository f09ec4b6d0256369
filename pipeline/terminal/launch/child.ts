/**
 * Deno as a child that stands for us: standard input and output are its own, and so are the exit code and the signals.
 *
 * @module
 */
import { forStream } from "../../display/text/wrap.ts";
import { STOP_SIGNALS, stopCode } from "../stop_signals.ts";

/** What Deno is started with. */
export interface ChildOptions {
  args: string[];
  env?: Record<string, string>;
  /** Nothing of its standard output is shown. */
  quiet?: boolean;
}

/**
 * Runs Deno and returns its exit code.
 *
 * @param options Finds out what it is started with; a signal that comes meanwhile ends this process.
 */
export async function runDeno(options: () => Promise<ChildOptions>): Promise<number> {
  const running: { child?: Deno.ChildProcess } = {};
  const listeners = STOP_SIGNALS.map((signal) => [signal, () => passOn(signal, running.child)] as const);
  for (const [signal, listener] of listeners) Deno.addSignalListener(signal, listener);
  const { args, env, quiet = false } = await options();
  running.child = new Deno.Command(Deno.execPath(), {
    args,
    env,
    stdin: "inherit",
    stdout: quiet ? "null" : "inherit",
    stderr: "inherit",
  }).spawn();
  const { code, signal } = await running.child.status;
  for (const [signal, listener] of listeners) Deno.removeSignalListener(signal, listener);
  if (signal === "SIGKILL") {
    const problem = "error: The command was killed (SIGKILL), perhaps because there was not enough memory";
    console.error(forStream(problem, Deno.stderr));
  }
  return code;
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
