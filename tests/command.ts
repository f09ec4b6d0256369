/** Runs the project's commands as a user does: in a separate process with its own permissions. */
import { existsSync } from "node:fs";
import { MAKES_ENGINE } from "../pipeline/terminal/engine_first.ts";
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
  ) as { tasks: Record<string, string | { command: string }> };
  const task = tasks[name], [, ...words] = (typeof task === "string" ? task : task.command).split(" ");
  const script = words.findIndex((word) => word.endsWith(".ts"));
  return [
    ...words.slice(0, script),
    ...["--config", `${root}deno.json`, root + words[script]],
    ...words.slice(script + 1),
    ...args,
  ];
}

interface TaskOptions {
  cwd?: string;
  env?: Record<string, string>;
}

const commandOf = (name: string, args: string[], { cwd, env }: TaskOptions) => ({
  args: taskArguments(name, ...args),
  cwd,
  env: { NO_COLOR: "1", [MAKES_ENGINE]: "no", ...env }, // tests use an existing engine or none
  stdin: "null" as const,
});

const ran = ({ code, stdout, stderr }: Deno.CommandOutput): Ran => ({
  code,
  stdout: text(stdout),
  stderr: text(stderr),
});

/** Runs `deno task NAME ...args` in a folder. */
export async function task(name: string, args: string[], options: TaskOptions = {}): Promise<Ran> {
  return ran(await new Deno.Command(Deno.execPath(), commandOf(name, args, options)).output());
}

/** A running task. */
export interface StartedTask {
  /** The process that was started, which then starts the command. */
  pid: number;
  /** Sends a signal to both, as a terminal does. */
  signal(signal: Deno.Signal): void;
  ended: Promise<Ran>;
  /** The first line of its standard output; fails if there is none. */
  line: Promise<string>;
}

/** Starts `deno task NAME ...args` in a folder as a separate job. */
export function startTask(name: string, args: string[], options: TaskOptions = {}): StartedTask {
  const child = new Deno.Command(Deno.execPath(), {
    ...commandOf(name, args, options),
    detached: true,
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let said = "";
  const { promise: line, resolve, reject } = Promise.withResolvers<string>();
  line.catch(() => {}); // most tests do not wait for it
  const stdout = (async () => {
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
      said += text;
      if (said.includes("\n")) resolve(said.slice(0, said.indexOf("\n")));
    }
    reject(new Error(`${name} said nothing`));
    return said;
  })();
  return {
    pid: child.pid,
    signal: (signal) => Deno.kill(-child.pid, signal),
    line,
    ended: Promise.all([child.status, stdout, new Response(child.stderr).text()])
      .then(([{ code }, stdout, stderr]) => ({ code, stdout, stderr })),
  };
}

/** Waits until a path exists. */
export async function appears(path: string): Promise<void> {
  for (const until = performance.now() + 60_000; performance.now() < until;) {
    if (existsSync(path)) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`nothing came to ${path} within a minute`);
}
