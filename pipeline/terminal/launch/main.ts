/**
 * Starts a command with the permissions that its command line asks for: `deno task prepare --out data/mine` may write `data/mine`
 * and nothing else. A set in `deno.json` cannot say that, and a process cannot give up a part of what it may do.
 *
 * Standard input and output are the command's own; so are the exit code and the signals.
 *
 * @module
 */
import { STAGE_ID } from "../../contract/files/names.ts";
import { LAUNCHER, STOP_SIGNALS, stopCode } from "../stop_signals.ts";
import { answersFor } from "./ask.ts";
import { COMMANDS, type Launched } from "./commands.ts";
import { commandArguments } from "./flags.ts";

/** Runs a command and returns its exit code. */
async function launch(name: string, command: Launched, args: string[]): Promise<number> {
  const running: { child?: Deno.ChildProcess } = {};
  for (const signal of STOP_SIGNALS) Deno.addSignalListener(signal, () => passOn(signal, running.child));
  const id = crypto.randomUUID(), wantsHelp = args.some((arg) => arg === "--help" || arg === "-h");
  const answers = wantsHelp ? {} : await answersFor(command);
  running.child = new Deno.Command(Deno.execPath(), {
    args: await commandArguments(name, args, id),
    env: { [STAGE_ID]: id, [LAUNCHER]: String(Deno.pid), ...answers },
    stdin: "inherit",
    stdout: "inherit",
    stderr: "inherit",
  }).spawn();
  const { code, signal } = await running.child.status;
  if (signal === "SIGKILL") {
    console.error("error: The command was killed (SIGKILL), perhaps because there was not enough memory");
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

const [name, ...args] = Deno.args;
if (Object.hasOwn(COMMANDS, name ?? "")) Deno.exit(await launch(name, COMMANDS[name], args));
console.error(`error: Cannot launch "${name ?? ""}": the commands are ${Object.keys(COMMANDS).join(", ")}`);
Deno.exit(2);
