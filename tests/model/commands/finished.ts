/** A finished run, and checks of the commands that continue from it. */
import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { type Ran, task } from "../../command.ts";
import { withFolder } from "../../folders.ts";
import { SMALL, writeLog } from "./small.ts";

/** The arguments that made the run. */
export const MADE_BY = ["--data", "log.csv", "--out", "run", ...SMALL];

let made: Promise<{ folder: string; ran: Ran }> | undefined;

/** Runs `test` in a folder with `log.csv` and `run`, which `deno task pipeline` made: once per process, and each test gets a copy. */
export const withRun = (test: (dir: string, ran: Ran) => Promise<void>): Promise<void> =>
  withFolder(async (dir) => {
    const { folder, ran } = await (made ??= make());
    cpSync(folder, dir, { recursive: true, preserveTimestamps: true });
    await test(dir, ran);
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
