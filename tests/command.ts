/** Runs the project's commands as a user does: a process of its own, under its own permissions. */
import { root } from "./paths.ts";

export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** The argument list that `deno task NAME ...args` runs. */
export function taskArguments(name: string, ...args: string[]): string[] {
  const { tasks } = JSON.parse(
    Deno.readTextFileSync(`${root}deno.json`).replace(/^\s*\/\/.*$/gm, ""),
  ) as { tasks: Record<string, { command: string }> };
  const [, ...words] = tasks[name].command.split(" ");
  const script = words.findIndex((word) => word.endsWith(".ts"));
  return [
    ...words.slice(0, script),
    ...["--config", `${root}deno.json`, root + words[script]],
    ...words.slice(script + 1),
    ...args,
  ];
}

/** Runs `deno task NAME ...args` in a folder. */
export async function task(
  name: string,
  args: string[],
  { cwd, env }: { cwd?: string; env?: Record<string, string> } = {},
): Promise<Ran> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: taskArguments(name, ...args),
    cwd,
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
  }).output();
  return { code, stdout: text(stdout), stderr: text(stderr) };
}
