/** A finished run, and commands that continue from it. */
import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { type Ran, task } from "../../command.ts";
import { withFolder } from "../../folders.ts";
import { inProcess } from "../../in_process.ts";
import { SMALL, writeLog } from "./small.ts";

/** The arguments that made the run. */
export const MADE_BY = ["--data", "log.csv", "--out", "run", ...SMALL];

/** Commands as lines; further words may contain spaces. */
export interface Commands {
  call(line: string, ...words: string[]): Promise<Ran>;
  /** The same for a command that must succeed. */
  ran(line: string, ...words: string[]): Promise<Ran>;
  /** The same for one that must be refused, in one line that matches. */
  refused(line: string, says: RegExp, ...words: string[]): Promise<void>;
}

/** Commands that run in this process in a folder, without their permissions; or as processes with them. */
export function commandsIn(cwd: string, run: typeof task = inProcess): Commands {
  const call: Commands["call"] = (line, ...words) => {
    const [name, ...args] = line.split(" ");
    return run(name, [...args, ...words], { cwd });
  };
  return {
    call,
    async ran(line, ...words) {
      const ran = await call(line, ...words);
      assert.equal(ran.code, 0, `${line}: ${ran.stderr}`);
      return ran;
    },
    refused: async (line, says, ...words) => refusedInOneLine(await call(line, ...words), says),
  };
}

/** Runs `test` in an empty folder with `log.csv`. */
export const withLog = (
  test: (dir: string, commands: Commands) => Promise<void>,
  users?: number,
): Promise<void> =>
  withFolder(async (dir) => {
    writeLog(join(dir, "log.csv"), users);
    await test(dir, commandsIn(dir));
  });

let made: Promise<{ folder: string; ran: Ran }> | undefined;

/** Runs `test` in a folder with `log.csv` and `run`, which `deno task pipeline` made: once per process, and each test gets a copy. */
export const withRun = (
  test: (dir: string, commands: Commands, made: Ran) => Promise<void>,
): Promise<void> =>
  withFolder(async (dir) => {
    const { folder, ran } = await (made ??= make());
    cpSync(folder, dir, { recursive: true, preserveTimestamps: true });
    await test(dir, commandsIn(dir), ran);
  });

async function make() {
  const folder = Deno.makeTempDirSync({ prefix: "automlp-test-" });
  addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
  writeLog(join(folder, "log.csv"));
  const ran = await task("pipeline", [...MADE_BY, "--json"], { cwd: folder });
  assert.equal(ran.code, 0, ran.stderr);
  return { folder, ran };
}

/** Asserts that a command was refused: one line, exit code 2, nothing on stdout. */
export function refusedInOneLine({ code, stdout, stderr }: Ran, says: RegExp): void {
  const errors = stderr.split("\n").filter((line) => line.startsWith("error"));
  assert.equal(errors.length, 1, stderr);
  assert.match(errors[0], says);
  assert.equal(code, 2, stderr);
  assert.equal(stdout, "");
}
