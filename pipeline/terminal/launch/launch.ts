/**
 * Starts a command with the permissions that its command line requires: `prepare --out data/mine` may write only `data/mine`.
 *
 * Standard input and output belong to the command, and so do the exit code and the signals.
 *
 * @module
 */
import { asCalled, CALLED } from "../called.ts";
import { givenOptions } from "../config.ts";
import { ENGINE_FIRST, MAKES_ENGINE } from "../engine_first.ts";
import { again } from "../options.ts";
import type { CommandLine } from "../specs.ts";
import { LAUNCHER } from "../signals.ts";
import { type Command, type Given, permissionsOf } from "./permissions.ts";
import { runDeno } from "./process.ts";

/** How a command is started. */
export interface LaunchOptions {
  /** Its own arguments. */
  args: string[];
  /** The same as read. */
  line: CommandLine;
  /** Name by which the user calls the program, for its texts. Default: a task of a clone. */
  called?: string;
  /** The command that makes the native engine. */
  engine: Command;
}

/**
 * Runs a command and returns its exit code. If the command asks for the native engine, which is not there yet, that is made first. It does so
 * when it has checked its input, and if none can be made, it computes on another engine.
 *
 * @throws {InputError} if its configuration file cannot be read.
 */
export async function launch(
  command: Command,
  { args, line, called, engine }: LaunchOptions,
): Promise<number> {
  const given = await givenBy(line);
  const run = (makesEngine: string) =>
    runDeno({
      args: [...permissionsOf(command, given), ...args],
      env: {
        [LAUNCHER]: String(Deno.pid),
        [MAKES_ENGINE]: makesEngine,
        ...(called && { [CALLED]: called }),
      },
      remedy: asCalled(remedyOf(command), called),
      again: `to continue${again(line.spec)}`,
    });
  const code = await run(Deno.env.get(MAKES_ENGINE) ?? "yes");
  if (code !== ENGINE_FIRST) return code;
  const made = await runDeno({
    args: permissionsOf(engine, { values: {}, positional: [] }),
    env: called ? { [CALLED]: called } : {},
    quiet: true,
  });
  return made > 128 ? made : await run("no"); // beyond 128: stopped by a signal
}

/**
 * Returns the options and words of a command line and its configuration file.
 *
 * @throws {InputError} if the file cannot be read.
 */
export async function givenBy({ values: { config, ...flags }, positional }: CommandLine): Promise<Given> {
  const { values } = await givenOptions(config as string | undefined, flags);
  return { values: { ...values, config }, positional };
}

/** Advice if a command crashed, which can only happen in a library that is not ours. */
function remedyOf({ computes, runs }: Command): string {
  if (!computes) return "what was there before is untouched; if it does so again, please report it";
  const anew =
    "what it had finished is kept; if it does so again, make the engine anew (deno task engine --force)";
  // Training in separate processes computes with the existing engine.
  return runs ? anew : `${anew}, or compute without it (--engine wasm)`;
}
