/**
 * Runs a command's program in the folder of a trial until it ends or is killed.
 *
 * @module
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { RunError } from "../../pipeline/contract/errors.ts";
import type { Confinement } from "./confine.ts";
import { changeIn } from "./said.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const HOOK = new URL("./hook.ts", import.meta.url).href;

/** A command's program below the repository's root, and its arguments. */
export interface Command {
  program: string;
  args: string[];
}

/** Where commands run, and how. */
export interface Place {
  folder: string;
  confine: Confinement;
}

/** When to kill: before a change, counted from 1, or a number of milliseconds after the start. */
export type Moment = { change: number } | { afterMs: number };

/** How a program ended. */
export interface Ended {
  killed: boolean;
  /** The changes that were announced. */
  changes: string[];
  /** Time from the start to the end. */
  milliseconds: number;
  /** Other output on stderr. */
  said: string;
}

/**
 * Starts a program and kills it at a moment, if it has not ended before.
 *
 * @throws {RunError} if it fails by itself.
 */
export async function runCommand(
  { folder, confine }: Place,
  { program, args }: Command,
  moment?: Moment,
): Promise<Ended> {
  const at = moment && "change" in moment ? moment.change : 0;
  const [first, ...rest] = confine(folder, [
    ...[Deno.execPath(), "run", "--quiet", "--no-prompt", "--unstable-webgpu"],
    ...["--config", join(ROOT, "deno.json"), "--preload", `${HOOK}?at=${at}`],
    ...["read", "ffi", "env", "sys", "run"].map((what) => `--allow-${what}`), // run: to kill itself
    ...[`--allow-write=${folder}`, join(ROOT, program), ...args],
  ]);
  const child = new Deno.Command(first, {
    args: rest,
    cwd: folder,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const started = performance.now(), changes: string[] = [], said: string[] = [];
  const timer = moment && "afterMs" in moment ? setTimeout(() => kill(child), moment.afterMs) : undefined;
  for await (const line of linesOf(child.stderr)) {
    const change = changeIn(line);
    if (change === undefined) said.push(line);
    else changes.push(change);
  }
  const { signal, code } = await child.status;
  clearTimeout(timer);
  const ended = { changes, milliseconds: performance.now() - started, said: said.join("\n") };
  if (signal === "SIGKILL" && moment) return { ...ended, killed: true };
  if (code === 0) return { ...ended, killed: false };
  throw new RunError(
    `Cannot run ${program} ${args.join(" ")}: exit code ${code} (${
      said.find((line) => line.startsWith("error")) ?? said.at(-1) ?? "it said nothing"
    })`,
  );
}

function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch {
    // It has just ended.
  }
}

async function* linesOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest) yield rest;
}
