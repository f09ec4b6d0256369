/**
 * Starts a command with the permissions that its command line asks for: `prepare --out data/mine` may write `data/mine` and nothing else. A set in
 * `deno.json` cannot say that, and a process cannot give up a part of what it may do.
 *
 * Standard input and output are the command's own; so are the exit code and the signals.
 *
 * @module
 */
import { STAGE_ID } from "../../contract/files/names.ts";
import { forStream } from "../../display/wrap.ts";
import { CALLED } from "../called.ts";
import { CHECKS } from "../checks.ts";
import { wantsHelp } from "../known_help.ts";
import { LAUNCHER, STOP_SIGNALS, stopCode } from "../stop_signals.ts";
import { answersFor } from "./ask.ts";
import { COMMANDS } from "./commands.ts";
import { commandArguments } from "./flags.ts";

/** How it is started beside its command line. */
export interface LaunchOptions {
  /** What the user calls the program, for its texts; left out: a task of a clone. */
  called?: string;
  /** Nothing of its standard output is shown. */
  quiet?: boolean;
  /** It only checks what it is given, and does nothing. */
  checks?: boolean;
}

/**
 * Runs a command and returns its exit code.
 *
 * @param name One of {@link COMMANDS}.
 */
export async function launch(
  name: string,
  args: string[],
  { called, quiet = false, checks = false }: LaunchOptions = {},
): Promise<number> {
  const command = COMMANDS[name], running: { child?: Deno.ChildProcess } = {};
  const listeners = STOP_SIGNALS.map((signal) => [signal, () => passOn(signal, running.child)] as const);
  for (const [signal, listener] of listeners) Deno.addSignalListener(signal, listener);
  const id = crypto.randomUUID(), answers = wantsHelp(args) ? {} : await answersFor(command);
  running.child = new Deno.Command(Deno.execPath(), {
    args: await commandArguments(name, args, id),
    env: {
      [STAGE_ID]: id,
      [LAUNCHER]: String(Deno.pid),
      ...(called && { [CALLED]: called }),
      ...(checks && { [CHECKS]: "1" }),
      ...answers,
    },
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
