/**
 * `deno task test`: format, lint, types, and every test. Closes with a line `N passed, N failed, N skipped`.
 *
 * @module
 */

import { type Outcome, testOutcome } from "./outcome.ts";

/**
 * In a run of everything so many tests may fail once and pass when their files are run by themselves: many run programs, kernels
 * and browsers against a clock, and a busy machine has bad moments. Each is named at the end: it wants mending all the same.
 */
const UNSTEADY = 3;

const SOURCES = ["mod.ts", "pipeline", "model", "notebooks", "fixtures", "tests", "bench", "docs/site"]
  .filter((path) => {
    try {
      return Deno.statSync(path) !== undefined;
    } catch {
      return false;
    }
  });

/** Runs `deno ...args`, its output passed on, and returns the exit code and the last lines, without colours. */
async function deno(
  args: string[],
  env: Record<string, string> = {},
): Promise<{ code: number; tail: string }> {
  const child = new Deno.Command(Deno.execPath(), { args, env, stdout: "piped", stderr: "inherit" }).spawn();
  let tail = "";
  const decoder = new TextDecoder();
  for await (const chunk of child.stdout) {
    await Deno.stdout.write(chunk);
    tail = (tail + decoder.decode(chunk, { stream: true })).slice(-20_000);
  }
  // deno-lint-ignore no-control-regex -- colours
  return { code: (await child.status).code, tail: tail.replace(/\x1b\[[0-9;]*m/g, "") };
}

async function check(name: string, ...args: string[]): Promise<Outcome> {
  console.log(`\n── ${name}`);
  const { code } = await deno(args);
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
}

/** A place for temporary folders that is gone afterwards: examples in documents leave theirs behind, as their readers do. */
async function withTemporary<T>(work: (env: Record<string, string>) => Promise<T>): Promise<T> {
  const folder = Deno.makeTempDirSync({ prefix: "automlp-tests-" });
  try {
    return await work({ TMPDIR: folder, TMP: folder, TEMP: folder });
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

async function tests(...args: string[]) {
  const { code, tail } = await withTemporary((env) => deno(["test", "-P", "--doc", ...args], env));
  return testOutcome(code, tail);
}

/** Every test. */
async function allTests(): Promise<Outcome> {
  console.log("\n── tests");
  const { failedFiles, ...first } = await tests(...SOURCES);
  if (failedFiles.length === 0 || first.failed > UNSTEADY) return first;
  console.log(`\n── once more, by themselves: ${failedFiles.join(", ")}`);
  if ((await tests(...failedFiles)).failed > 0) return first;
  console.log(`\nUnsteady: ${first.failed} failed, and passed by themselves, in ${failedFiles.join(", ")}`);
  return { ...first, passed: first.passed + first.failed, failed: 0 };
}

const filters = Deno.args;
const outcomes = filters.length > 0 ? [await tests(...filters)] : [
  await check("format", "fmt", "--check"),
  await check("lint", "lint"),
  await check("types", "check", ...SOURCES),
  await allTests(),
];
const sum = (key: keyof Outcome) => outcomes.reduce((total, outcome) => total + outcome[key], 0);
console.log(`\n${sum("passed")} passed, ${sum("failed")} failed, ${sum("skipped")} skipped`);
Deno.exit(sum("failed") > 0 ? 1 : 0);
