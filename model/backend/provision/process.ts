/**
 * Runs other programs.
 *
 * @module
 */
import { dirname } from "node:path";

/** The outcome of a program. */
export interface Outcome {
  ok: boolean;
  /** Its last line on stderr, or on stdout if stderr was empty. */
  last: string;
  stdout: string;
  stderr: string;
}

/** Options of {@link run}. */
export interface RunOptions {
  /** Default: the current folder. */
  cwd?: string;
  env?: Record<string, string>;
  signal?: AbortSignal;
  /** Called with each line on stdout while the program runs. */
  onLine?: (line: string) => void;
}

/** Runs a program to its end. A missing program counts as failed. */
export async function run(
  program: string,
  args: string[],
  { onLine, ...options }: RunOptions = {},
): Promise<Outcome> {
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command(program, {
      args,
      ...options,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  } catch (error) {
    return { ok: false, last: (error as Error).message.split("\n")[0], stdout: "", stderr: "" };
  }
  const read = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>, report?: (line: string) => void) => {
    let text = "", reported = 0;
    for await (const part of stream.pipeThrough(new TextDecoderStream())) {
      text += part;
      for (let end = text.indexOf("\n", reported); end >= 0; end = text.indexOf("\n", reported)) {
        report?.(text.slice(reported, end));
        reported = end + 1;
      }
    }
    return text;
  };
  const [stdout, stderr, { success }] = await Promise.all([
    read(child.stdout, onLine),
    read(child.stderr),
    child.status,
  ]);
  const last = (text: string) => text.trim().split("\n").at(-1)!.trim();
  return { ok: success, last: last(stderr) || last(stdout), stdout, stderr };
}

/**
 * Returns the folder in which to start Python with `-m` or `-c`: Python prefers modules in that folder to its own, and files in the current
 * folder may come from somebody else. Paths in its arguments must be absolute.
 */
export const pythonPlace = (): string => dirname(Deno.execPath());

/** Returns the first of some programs that runs with `--version`. */
export async function firstOf(programs: (string | undefined)[]): Promise<string | undefined> {
  for (const program of programs) {
    if (program && (await run(program, ["--version"])).ok) return program;
  }
}
