/**
 * What all measurements share: whole processes with their peak memory, medians of calls in this process, and taking
 * turns so that a slow minute of the machine hits both sides of a ratio.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { checkInterrupt, RunError } from "../pipeline/contract/errors.ts";

/** A command to measure. */
export interface ProcessRequest {
  /** Program and arguments. */
  command: string[];
  cwd?: string;
  /** Added to the environment. */
  env?: Record<string, string>;
}

/** Resources that a finished process used, including its children. */
export interface ProcessRun {
  wallSeconds: number;
  /** Processor time in the program, over all threads. */
  userSeconds: number;
  /** Processor time in the system. */
  systemSeconds: number;
  /** Largest resident memory of any one process of the command; never below that of the helper, about 35 MiB. */
  peakBytes: number;
  code: number;
  stdout: string;
  stderr: string;
}

/**
 * Runs a command to its end and measures it.
 *
 * @throws {RunError} if it cannot be started or does not end with exit code 0; the message holds its last words.
 */
export async function runProcess(request: ProcessRequest): Promise<ProcessRun> {
  const helper = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-config",
      "--quiet",
      "--allow-run",
      "--allow-read",
      "--allow-ffi",
      fileURLToPath(new URL("./child.ts", import.meta.url)),
      JSON.stringify(request),
    ],
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
  const { success, stdout, stderr } = await helper.output();
  const name = request.command.join(" ");
  if (!success) throw new RunError(`Cannot run ${name}: ${lastLine(new TextDecoder().decode(stderr))}`);
  const run: ProcessRun = JSON.parse(new TextDecoder().decode(stdout));
  if (run.code !== 0) {
    throw new RunError(
      `Cannot measure ${name}: it ended with exit code ${run.code} (${lastLine(run.stderr || run.stdout)})`,
    );
  }
  return run;
}

/**
 * The same within a bench: Ctrl-C, which reaches the measured process too, is an interruption and no failure.
 *
 * @throws {Interrupted} if `signal` is aborted.
 */
export function runMeasured(request: ProcessRequest, signal?: AbortSignal): Promise<ProcessRun> {
  checkInterrupt(signal, "measuring");
  return runProcess(request).catch((error) => {
    checkInterrupt(signal, "measuring");
    throw error;
  });
}

const lastLine = (text: string): string => text.trim().split("\n").at(-1) || "it said nothing";

/** Rounds a figure for a table to at most this many decimals. */
export const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));

/** Returns the middle value, or the mean of the two middle ones if the number of values is even. */
export function median(values: number[]): number {
  if (values.length === 0) throw new RangeError("The median of nothing is not defined");
  const sorted = [...values].sort((a, b) => a - b), middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The median of each figure over several runs of the same command. */
export function medianRun(
  runs: ProcessRun[],
): Pick<ProcessRun, "wallSeconds" | "peakBytes"> & { cpuSeconds: number } {
  return {
    wallSeconds: median(runs.map((run) => run.wallSeconds)),
    cpuSeconds: median(runs.map((run) => run.userSeconds + run.systemSeconds)),
    peakBytes: median(runs.map((run) => run.peakBytes)),
  };
}

/** Calls all parties in turn, A B A B …, and returns the results of each in order. */
export async function inTurn<T, K extends string>(
  runs: number,
  parties: Record<K, (run: number) => T | Promise<T>>,
): Promise<Record<K, T[]>> {
  const names = Object.keys(parties) as K[];
  const results = Object.fromEntries(names.map((name) => [name, [] as T[]])) as Record<K, T[]>;
  for (let run = 0; run < runs; run++) {
    for (const name of names) results[name].push(await parties[name](run));
  }
  return results;
}

/**
 * Looks for what a peer's script needs.
 *
 * @param module What the script imports, as in "torch".
 * @param name Its name for people, as in "PyTorch".
 */
export async function findPython(
  script: string,
  module: string,
  name: string,
): Promise<{ python: string } | { absent: string }> {
  const python = Deno.env.get("AUTOMLP_PYTHON") ?? "python3";
  const there = await Deno.stat(script).then((entry) => entry.isFile, () => false);
  if (!there) return { absent: `there is no script at ${script}` };
  try {
    const { success } = await new Deno.Command(python, {
      args: ["-c", `import importlib.util as u, sys; sys.exit(u.find_spec('${module}') is None)`],
      stdout: "null",
      stderr: "null",
    }).output();
    if (!success) return { absent: `${python} has no ${name} (AUTOMLP_PYTHON names another Python)` };
  } catch {
    return { absent: `there is no Python at ${python} (AUTOMLP_PYTHON names another)` };
  }
  return { python };
}
