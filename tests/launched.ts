/** Runs commands as the launcher starts them, with a preloaded module that acts within their process, with their permissions. */
import { commandArguments } from "../pipeline/terminal/launch/flags.ts";
import type { Ran } from "./command.ts";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

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
  const id = crypto.randomUUID();
  const [run, ...rest] = await commandArguments(name, args, id);
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      run,
      `--preload=${preload}`,
      ...rest.slice(0, -args.length - 1),
      ...flags,
      ...rest.slice(-args.length - 1),
    ],
    env: { NO_COLOR: "1", AUTOMLP_STAGE_ID: id, ...env },
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
