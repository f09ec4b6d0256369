/** Runs a document's command line as its reader would, with less training. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Ran, task } from "../command.ts";
import { root } from "../paths.ts";
import { wordsOf } from "./read.ts";

/**
 * Options added to a line here, in no document: the documented numbers of epochs and minutes, and the usual width, are for people. If an option is repeated, the
 * last value counts.
 */
const LESS: readonly (readonly [line: RegExp, words: string])[] = [
  [/ --(resume|help|help-all)$/, ""],
  [/^deno task pipeline\b/, "--epochs 1 --search-epochs 1 --dim 8"],
  [/^deno task search\b/, "--search-epochs 1 --dim 8"],
  [/^deno task (train|retrain)\b/, "--epochs 1"],
  [/^deno task tune\b/, "--trials 2 --epochs 2"],
  [/^deno task experiment\b/, "--epochs 1 --budget 10s"],
];

/**
 * Runs a line in a folder.
 *
 * @throws {Error} for a line that it does not know how to run.
 */
export async function runLine(line: string, dir: string): Promise<Ran> {
  const less = LESS.find(([known]) => known.test(line))?.[1] ?? "";
  const [program, first, ...rest] = wordsOf(`${line} ${less}`);
  const env = { JUPYTER_DATA_DIR: join(dir, "jupyter") };
  if (line.startsWith("deno task ")) return await task(rest[0], rest.slice(1), { cwd: dir, env });
  // Run from the clone's folder, with the program installed into this one.
  if (line.startsWith("deno install -g ")) {
    return await run(Deno.execPath(), [first, "--root", dir, "--force", "--quiet", ...rest], root);
  }
  if (/automlp completions (bash|zsh|fish)/.test(line)) return await sourced(line, dir);
  if (program === "automlp") return await run(join(dir, "bin/automlp"), [first, ...rest], dir);
  if (/^\/usr\/bin\/time -v deno run -A /.test(line)) {
    const [time, verbose, deno, ...args] = wordsOf(line.replace(" pipeline/", ` ${root}pipeline/`));
    assert.equal(deno, "deno");
    return existsSync(time)
      ? await run(time, [verbose, Deno.execPath(), ...args], dir)
      : await run(Deno.execPath(), args, dir);
  }
  throw new Error(`how it is run is not known, and it is not in tests/documents/unrun.ts: ${line}`);
}

async function run(program: string, args: string[], cwd: string, env: Record<string, string> = {}) {
  const ran = await new Deno.Command(program, { args, cwd, env: { NO_COLOR: "1", ...env }, stdin: "null" })
    .output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code: ran.code, stdout: text(ran.stdout), stderr: text(ran.stderr) };
}

/** Runs the line in the shell that it is for, if that is installed; otherwise runs only the command whose output the shell reads. */
async function sourced(line: string, dir: string): Promise<Ran> {
  const [, command, shell] = /automlp (completions (\w+))/.exec(line)!;
  const env = { PATH: `${join(dir, "bin")}:${Deno.env.get("PATH")}` };
  const before = shell === "zsh" ? "autoload -U compinit && compinit -D && " : "";
  try {
    return await run(shell, ["-c", before + line], dir, env);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return await run(join(dir, "bin/automlp"), wordsOf(command), dir);
  }
}
