/** Runs commands as the program starts them, with a preloaded module that acts within their process, with their permissions. */
import { COMMANDS } from "../model/commands/mod.ts";
import { givenBy } from "../pipeline/terminal/launch/launch.ts";
import { permissionsOf } from "../pipeline/terminal/launch/permissions.ts";
import { knownSpecs, readCommandLine } from "../pipeline/terminal/specs.ts";
import type { Ran } from "./command.ts";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** Returns the arguments with which `deno` runs a command, without the command's own. */
export const permitted = async (name: string, args: string[]): Promise<string[]> =>
  permissionsOf(COMMANDS[name], await givenBy(readCommandLine(name, args, await knownSpecs())));

/** A module to preload into a command. */
export interface Preloaded {
  /** The module's path. */
  preload: string;
  env: Record<string, string>;
  /** More arguments for `deno run`, before the command's own. */
  flags?: string[];
  /** Called with the process as soon as it has written to stderr. */
  onWord?: (child: Deno.ChildProcess) => void;
}

/** Runs a command to its end. */
export async function launched(
  name: string,
  args: string[],
  { preload, env, flags = [], onWord }: Preloaded,
): Promise<Ran> {
  const own = await permitted(name, args), program = own.pop()!, [run, ...rest] = own;
  const child = new Deno.Command(Deno.execPath(), {
    args: [run, `--preload=${preload}`, ...rest, ...flags, program, ...args],
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let stderr = "";
  const reading = (async () => {
    for await (const chunk of child.stderr) {
      if (stderr === "") onWord?.(child);
      stderr += text(chunk);
    }
  })();
  const [{ code }, stdout] = await Promise.all([child.status, new Response(child.stdout).text(), reading]);
  return { code, stdout, stderr };
}
