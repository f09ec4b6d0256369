/**
 * Runs other programs.
 *
 * @module
 */
import { dirname } from "node:path";

/** What a program left. */
export interface Outcome {
  ok: boolean;
  /** Its last line on stderr, or on stdout where that was empty. */
  last: string;
  stdout: string;
  stderr: string;
}

/** How a program is run. */
export interface RunOptions {
  /** Default: the current folder. */
  cwd?: string;
  env?: Record<string, string>;
  signal?: AbortSignal;
  /** Told of each line on stdout while it runs. */
  onLine?: (line: string) => void;
}

/** Runs a program to its end. A program that is not there counts as failed. */
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
 * Where Python is started with `-m` or `-c`: modules that lie there it takes before its own, and what lies in the current folder may come from
 * somebody else. Paths in its arguments are absolute.
 */
export const pythonPlace = (): string => dirname(Deno.execPath());

/** The first of some programs that runs with `--version`. */
export async function firstOf(programs: (string | undefined)[]): Promise<string | undefined> {
  for (const program of programs) {
    if (program && (await run(program, ["--version"])).ok) return program;
  }
}
