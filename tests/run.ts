/**
 * `deno task test`: format, lint, types, and every test. Closes with a line `N passed, N failed, N skipped`.
 *
 * @module
 */

interface Outcome {
  passed: number;
  failed: number;
  skipped: number;
}

const SOURCES = ["mod.ts", "pipeline", "model", "notebooks", "fixtures", "tests", "bench", "docs/site"]
  .filter((path) => {
    try {
      return Deno.statSync(path) !== undefined;
    } catch {
      return false;
    }
  });

/** Runs `deno ...args`, its output passed on, and returns the exit code and the last lines. */
async function deno(
  args: string[],
  env: Record<string, string> = {},
): Promise<{ code: number; tail: string }> {
  const child = new Deno.Command(Deno.execPath(), { args, env, stdout: "piped", stderr: "inherit" }).spawn();
  let tail = "";
  const decoder = new TextDecoder();
  for await (const chunk of child.stdout) {
    await Deno.stdout.write(chunk);
    tail = (tail + decoder.decode(chunk, { stream: true })).slice(-4000);
  }
  return { code: (await child.status).code, tail };
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

async function tests(...args: string[]): Promise<Outcome> {
  console.log("\n── tests");
  const { code, tail } = await withTemporary((env) => deno(["test", "-P", "--doc", ...args], env));
  // deno-lint-ignore no-control-regex -- colours
  const plain = tail.replace(/\x1b\[[0-9;]*m/g, "");
  const summary = plain.match(/(\d+) passed[^|]*\| (\d+) failed(?:[^|]*\| (\d+) ignored)?/);
  if (!summary) return { passed: 0, failed: 1, skipped: 0 };
  const [passed, failed, skipped] = summary.slice(1).map((n) => Number(n ?? 0));
  // A crash after the last test, or an error outside of tests, must not pass.
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed, skipped };
}

const filters = Deno.args;
const outcomes = filters.length > 0 ? [await tests(...filters)] : [
  await check("format", "fmt", "--check"),
  await check("lint", "lint"),
  await check("types", "check", ...SOURCES),
  await tests(...SOURCES),
];
const sum = (key: keyof Outcome) => outcomes.reduce((total, outcome) => total + outcome[key], 0);
console.log(`\n${sum("passed")} passed, ${sum("failed")} failed, ${sum("skipped")} skipped`);
Deno.exit(sum("failed") > 0 ? 1 : 0);
