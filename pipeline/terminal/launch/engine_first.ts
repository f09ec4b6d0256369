/**
 * Building the native engine before a command that computes.
 *
 * @module
 */
import { cachePlace } from "../../contract/machine/cache_place.ts";
import { wantsHelp } from "../known_help.ts";
import { answerOf } from "./ask.ts";
import { COMMANDS } from "./commands.ts";
import { readGiven } from "./given.ts";
import { isFile } from "./places.ts";
import { launch } from "./launch.ts";

const MISSING = { module: "model/backend/engine_missing.ts", args: [] };

/**
 * Builds the engine if it is missing and the command computes, once the command has checked its input. If the engine cannot be
 * built, the command says so and continues. A command told to compute with another engine does not need it.
 *
 * @param called Name by which the user calls the program.
 * @returns The exit code if the command was refused or a signal stopped it: then it must not begin.
 */
export async function engineFirst(
  name: string,
  args: string[],
  called?: string,
): Promise<number | undefined> {
  if (!COMMANDS[name].engine || name === "doctor" || wantsHelp(args)) return undefined;
  if (!cachePlace() || await doesWithout(name, args)) return undefined; // without a cache the command says so
  if (JSON.parse(await answerOf(MISSING, COMMANDS.engine) || "true") === false) return undefined;
  const refused = await launch(name, args, { called, checks: true });
  if (refused !== 0) return refused;
  const code = await launch("engine", [], { called, quiet: true });
  return code > 128 ? code : undefined;
}

/** Whether the command does not compute this time, or is told to compute with a different engine. */
async function doesWithout(name: string, args: string[]): Promise<boolean> {
  const given = await readGiven(args), plan = name === "experiment" ? given.words.find(isFile) : undefined;
  if (COMMANDS[name].computes?.(given) === false) return true;
  const { value } = plan === undefined ? given : await readGiven(["--config", plan, ...args]),
    engine = value("engine");
  return engine !== undefined && engine !== "native";
}
