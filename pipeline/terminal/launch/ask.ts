/**
 * What a command needs to know from other programs: the launcher asks them, so that the command may start none.
 *
 * @module
 */
import type { Asked, Launched } from "./commands.ts";
import { packagePath } from "../published/package_folder.ts";
import { permitted } from "./flags.ts";

/** The programs' outputs, by the environment variable in which the command finds them. */
export async function answersFor(command: Launched): Promise<Record<string, string>> {
  const entries = Object.entries(command.asks ?? {});
  return Object.fromEntries(
    await Promise.all(entries.map(async ([name, asked]) => [name, await answerOf(asked, command)] as const)),
  );
}

/** What a program writes to its stdout; nothing if it is not there, or crashes. */
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
