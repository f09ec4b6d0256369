/**
 * Starts a command with the permissions that its command line requires: `prepare --out data/mine` may write only `data/mine`. A set in
 * `deno.json` cannot express that, and a process cannot give up part of a permission.
 *
 * Standard input and output belong to the command, and so do the exit code and the signals.
 *
 * @module
 */
import { STAGE_ID } from "../../contract/files/names.ts";
import { asCalled, CALLED } from "../called.ts";
import { CHECKS } from "../checks.ts";
import { again } from "../again.ts";
import { knownSpecs, wantsHelp } from "../known_help.ts";
import { LAUNCHER } from "../stop_signals.ts";
import { answersFor } from "./ask.ts";
import { runDeno } from "./child.ts";
import { COMMANDS, type Launched } from "./commands.ts";
import { commandArguments } from "./flags.ts";

/** How a command is started, besides its command line. */
export interface LaunchOptions {
  /** Name by which the user calls the program, for its texts. Default: a task of a clone. */
  called?: string;
  /** Whether its standard output is hidden. */
  quiet?: boolean;
  /** Whether it only checks its input. */
  checks?: boolean;
}

/** Advice if a command crashed, which can only happen in a library that is not ours. */
function remedyOf({ engine, starts }: Launched): string {
  if (!engine) return "what was there before is untouched; if it does so again, please report it";
  const anew =
    "what it had finished is kept; if it does so again, make the engine anew (deno task engine --force)";
  // Training in separate processes computes with the existing engine.
  return starts ? anew : `${anew}, or compute without it (--engine wasm)`;
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
  const command = COMMANDS[name], id = crypto.randomUUID();
  return await runDeno(async () => {
    const answers = wantsHelp(args) ? {} : await answersFor(command);
    return {
      args: await commandArguments(name, args, id),
      env: {
        [STAGE_ID]: id,
        [LAUNCHER]: String(Deno.pid),
        ...(called && { [CALLED]: called }),
        ...(checks && { [CHECKS]: "1" }),
        ...answers,
      },
      quiet,
      remedy: asCalled(remedyOf(command), called),
      again: async () => `to continue${again((await knownSpecs())[name])}`,
    };
  });
}
