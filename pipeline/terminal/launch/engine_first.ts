/**
 * The native engine, made before a command that computes.
 *
 * @module
 */
import { wantsHelp } from "../known_help.ts";
import { COMMANDS } from "./commands.ts";
import { launch } from "./launch.ts";

/**
 * Makes the engine where it is not there and the command computes. Where it cannot be had, the command says so, and goes on.
 *
 * @param called What the user calls the program.
 * @returns The exit code if a signal stopped it: then the command is not to begin.
 */
export async function engineFirst(
  name: string,
  args: string[],
  called?: string,
): Promise<number | undefined> {
  if (!COMMANDS[name].engine || name === "doctor" || wantsHelp(args)) return undefined;
  const code = await launch("engine", [], { called, quiet: true });
  return code > 128 ? code : undefined;
}
