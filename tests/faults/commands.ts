/** Runs the project's commands in this process, which makes thousands of runs possible, or in a separate process. */
import { type Ran, task } from "../command.ts";
import { root } from "../paths.ts";

const FILES = {
  prepare: "pipeline/commands/prepare.ts",
  inspect: "pipeline/commands/inspect.ts",
  export: "model/commands/export.ts",
  pipeline: "model/commands/pipeline.ts",
  search: "model/commands/search.ts",
  retrain: "model/commands/retrain.ts",
  evaluate: "model/commands/evaluate.ts",
  recommend: "model/commands/recommend.ts",
  fixtures: "fixtures/main.ts",
  kernel: "notebooks/commands/kernel.ts",
};
export type CommandName = keyof typeof FILES;

/** Where a command runs. */
export interface Surroundings {
  cwd: string;
  home: string;
}

/** Runs a command in this process and captures its output; only one at a time. */
export async function runHere(name: CommandName, args: string[], { cwd, home }: Surroundings): Promise<Ran> {
  const { main } = await import(root + FILES[name]) as { main(args: string[]): Promise<number> };
  const printed = { log: [] as string[], error: [] as string[] };
  const { log, error } = console, before = { cwd: Deno.cwd(), home: Deno.env.get("HOME")! };
  console.log = (...values) => void printed.log.push(values.join(" ") + "\n");
  console.error = (...values) => void printed.error.push(values.join(" ") + "\n");
  try {
    Deno.chdir(cwd);
    Deno.env.set("HOME", home);
    // With --json, progress, which bypasses the console on its way to the terminal, prints nothing but warnings.
    const code = await main(["--json", ...args]);
    return { code, stdout: printed.log.join(""), stderr: printed.error.join("") };
  } finally {
    Object.assign(console, { log, error });
    Deno.chdir(before.cwd);
    Deno.env.set("HOME", before.home);
  }
}

/** Runs a command as `deno task` does. */
export async function runApart(name: CommandName, args: string[], { cwd, home }: Surroundings): Promise<Ran> {
  const ran = await task(name, args, { cwd, env: { HOME: home } });
  // Deno reads node_modules before it starts a program, and a process outside of the sandbox may be changing it right then.
  return /node_modules\/\.deno/.test(ran.stderr) ? await task(name, args, { cwd, env: { HOME: home } }) : ran;
}

/** What is wrong with how a command ended, if it was neither done nor refused in one line. */
export function wrongEnd({ code, stderr }: Ran): string | undefined {
  const lines = stderr.split("\n").filter((line) => line !== "" && !line.startsWith("warning: "));
  const errors = lines.filter((line) => line.startsWith("error: "));
  if (code === 0 && errors.length === 0) return undefined;
  if (code === 2 && lines.length === 1 && errors.length === 1) return undefined;
  return `ended with ${code}: ${JSON.stringify(stderr)}`;
}

/** A command as a user would type it. */
export const typed = (name: string, args: string[]): string =>
  ["deno task", name, ...args.map((arg) => /^[\w./=,:-]+$/.test(arg) ? arg : JSON.stringify(arg))].join(" ");
