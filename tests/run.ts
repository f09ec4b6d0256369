/**
 * `deno task test`: format, lint, types, and every test. Closes with a line `N passed, N failed, N skipped`.
 *
 * @module
 */

import { type Outcome, type TestOutcome, testOutcome, whyItFailed } from "./outcome.ts";

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

/**
 * Tests that look at no clock: each list runs beside the others, and beside all tests that are in none, which are mostly one program at a time.
 * The lists take about equally long. Anything new is among the rest until it is named here.
 */
const BESIDE: readonly (readonly string[])[] = [
  [
    "tests/pipeline/sql",
    "tests/notebooks/execute_test.ts",
    "tests/model/automlp",
    "tests/model/methods",
    "tests/model/onnx",
    "tests/model/studies",
    "tests/model/commands/warnings_test.ts",
    "tests/faults",
  ],
  [
    "tests/documents_test.ts",
    "tests/documents",
    "tests/model/backend",
    "tests/model/evaluate",
    "tests/model/experiment",
    "tests/model/search",
    "tests/model/train",
    "tests/model/views",
    "tests/pipeline/contract",
    "tests/pipeline/export",
    "tests/pipeline/readers",
  ],
];
const NAMED = BESIDE.flat();

/** A path's tests but for those: itself, or what is in it. Deno 2.9.6 does not always heed --ignore where several folders are named. */
function withoutNamed(path: string): string[] {
  if (NAMED.includes(path)) return [];
  if (!NAMED.some((named) => named.startsWith(`${path}/`))) return [path];
  return [...Deno.readDirSync(path)]
    .filter(({ name, isDirectory }) => isDirectory || name.endsWith("_test.ts"))
    .map(({ name }) => `${path}/${name}`).sort().flatMap(withoutNamed);
}

/** Where output goes as it comes. */
type Sink = (chunk: Uint8Array) => void;

const toStdout: Sink = (chunk) => {
  for (let done = 0; done < chunk.length;) done += Deno.stdout.writeSync(chunk.subarray(done));
};

/** What failed, and why: it is said once more at the end. */
const failures: string[] = [];

/** Runs `deno ...args`, its output passed on, and returns the exit code and the last of what it printed, without colours. */
async function deno(
  name: string,
  args: string[],
  env: Record<string, string> = {},
  sink: Sink = toStdout,
): Promise<{ code: number; tail: string }> {
  const child = new Deno.Command(Deno.execPath(), { args, env, stdout: "piped", stderr: "piped" }).spawn();
  const read = async (stream: ReadableStream<Uint8Array>) => {
    const decoder = new TextDecoder();
    let tail = "";
    for await (const chunk of stream) {
      sink(chunk);
      tail = (tail + decoder.decode(chunk, { stream: true })).slice(-20_000);
    }
    // deno-lint-ignore no-control-regex -- colours
    return tail.replace(/\x1b\[[0-9;]*m/g, "");
  };
  const [tail, errors] = await Promise.all([read(child.stdout), read(child.stderr)]);
  const { code } = await child.status;
  if (code !== 0) failures.push(`${name} ${whyItFailed(code, tail, errors)}`);
  return { code, tail };
}

async function check(name: string, ...args: string[]): Promise<Outcome> {
  console.log(`\n── ${name}`);
  const { code } = await deno(name, args);
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

/** @param args Beside paths, options of `deno test`. */
async function tests(name: string, args: string[], sink?: Sink): Promise<TestOutcome> {
  const { code, tail } = await withTemporary((env) =>
    deno(name, ["test", "-P", "--doc", ...args], env, sink)
  );
  return testOutcome(code, tail);
}

/** Types have been checked by then. */
const CHECKED = "--no-check";

/** Every test, in several runs at a time; those beside the first are printed when it has ended. */
async function sideBySide(): Promise<TestOutcome> {
  const beside = BESIDE.map((paths) => {
    const held: Uint8Array[] = [], name = `tests that ran beside them: ${paths.join(", ")}`;
    return { name, held, outcome: tests(name, [CHECKED, ...paths], (chunk) => held.push(chunk)) };
  });
  const mainName = "tests, but for those that run beside them";
  console.log(`\n── ${mainName}`);
  const outcomes = [await tests(mainName, [CHECKED, ...SOURCES.flatMap(withoutNamed)])];
  for (const { name, held, outcome } of beside) {
    outcomes.push(await outcome);
    console.log(`\n── ${name}`);
    held.forEach(toStdout);
  }
  // Where a run does not say which files failed, nothing can be said of both together.
  const isKnown = outcomes.every(({ failed, failedFiles }) => failed === 0 || failedFiles.length > 0);
  return {
    ...total(outcomes),
    failedFiles: isKnown ? outcomes.flatMap(({ failedFiles }) => failedFiles) : [],
  };
}

/** Every test; a few that failed once more. */
async function allTests(): Promise<Outcome> {
  const { failedFiles, ...first } = await sideBySide();
  if (failedFiles.length === 0 || first.failed > UNSTEADY) return first;
  const again = `once more, by themselves: ${failedFiles.join(", ")}`;
  console.log(`\n── ${again}`);
  if ((await tests(again, [CHECKED, ...failedFiles])).failed > 0) return first;
  console.log(`\nUnsteady: ${first.failed} failed, and passed by themselves, in ${failedFiles.join(", ")}`);
  return { ...first, passed: first.passed + first.failed, failed: 0 };
}

function total(outcomes: readonly Outcome[]): Outcome {
  const sum = (key: keyof Outcome) => outcomes.reduce((total, outcome) => total + outcome[key], 0);
  return { passed: sum("passed"), failed: sum("failed"), skipped: sum("skipped") };
}

// What programs say is compared, and has no colours where that goes to a pipe, unless this is there.
Deno.env.delete("FORCE_COLOR");

const filters = Deno.args;
const { passed, failed, skipped } = total(
  filters.length > 0 ? [await tests("tests", filters)] : [
    await check("format", "fmt", "--check"),
    await check("lint", "lint"),
    await check("types", "check", "--doc", ...SOURCES),
    await allTests(),
  ],
);
for (const failure of failures) console.log(`\n── failed: ${failure}`);
console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
Deno.exit(failed > 0 ? 1 : 0);
