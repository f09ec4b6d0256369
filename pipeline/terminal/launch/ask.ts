/**
 * Information that a command needs from other programs: the launcher runs them, so that the command needs no permission to.
 *
 * @module
 */
import type { Asked, Launched } from "./commands.ts";
import { packagePath } from "../../contract/machine/package_folder.ts";
import { permitted } from "./flags.ts";

/** Returns the programs' outputs, by the environment variable in which the command finds them. */
export async function answersFor(command: Launched): Promise<Record<string, string>> {
  const entries = Object.entries(command.asks ?? {});
  return Object.fromEntries(
    await Promise.all(entries.map(async ([name, asked]) => [name, await answerOf(asked, command)] as const)),
  );
}

/** Returns what a program writes to stdout; empty if it is missing or crashes. */
export async function answerOf(asked: Asked, command: Launched): Promise<string> {
  const [program, args] = "program" in asked
    ? [asked.program, asked.args]
    : [Deno.execPath(), [...permitted(command), packagePath(asked.module), ...asked.args]];
  try {
    const { stdout } = await new Deno.Command(program, {
      args,
      env: { LC_ALL: "C" },
      stdin: "null",
      stderr: "null",
    }).output();
    return new TextDecoder().decode(stdout);
  } catch {
    return "";
  }
}
