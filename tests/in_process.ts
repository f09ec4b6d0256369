/** Runs the project's commands in this process: what they say and refuse, without their permissions. */
import { COMMANDS } from "../model/commands/mod.ts";
import type { Ran } from "./command.ts";
import { root } from "./paths.ts";

/** Runs a command in a folder; its output is as in a log. One at a time. */
export async function inProcess(name: string, args: string[], { cwd }: { cwd?: string } = {}): Promise<Ran> {
  const { main } = await import(`${root}${COMMANDS[name].program}`) as {
    main(args: string[]): Promise<number>;
  };
  const said = { stdout: "", stderr: "" }, decoder = new TextDecoder(), folder = Deno.cwd();
  const { log, error } = console, { writeSync } = Deno.stderr;
  console.log = (text) => said.stdout += `${text}\n`;
  console.error = (text) => said.stderr += `${text}\n`;
  Deno.stderr.writeSync = (bytes) => (said.stderr += decoder.decode(bytes), bytes.length);
  try {
    if (cwd !== undefined) Deno.chdir(cwd);
    return { code: await main(args), ...said };
  } finally {
    Deno.chdir(folder);
    Object.assign(console, { log, error });
    Deno.stderr.writeSync = writeSync;
  }
}
