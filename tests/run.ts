/**
 * `deno task test`: format, lint, types, and every test. Ends with a line `N passed, N failed, N skipped`.
 *
 * @module
 */

import { type Outcome, type TestOutcome, testOutcome, whyItFailed } from "./outcome.ts";

/**
 * Number of tests that may fail once in a full run and pass when their files are run by themselves: many run programs, kernels and browsers
 * against a clock, and a busy machine has bad moments. Each is named at the end, because it needs fixing all the same.
 */
const UNSTEADY = 3;

const SOURCES = ["mod.ts", "pipeline", "model", "notebooks", "fixtures", "tests", "bench"]
  .filter((path) => {
    try {
      return Deno.statSync(path) !== undefined;
    } catch {
      return false;
    }
  });

/**
 * Tests that do not depend on a clock: each list runs in parallel with the others, and with all tests that are in no list, which mostly run
 * one program at a time. The lists take about equally long. New tests belong to the rest until they are named here.
 */
const BESIDE: readonly (readonly string[])[] = [
  [
    "tests/pipeline/scale",
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

/**
 * The tests of a path without the named ones: the path itself, or what is in it. Deno 2.9.6 does not always respect --ignore if several
 * folders are named.
 */
function withoutNamed(path: string): string[] {
  if (NAMED.includes(path)) return [];
  if (!NAMED.some((named) => named.startsWith(`${path}/`))) return [path];
  return [...Deno.readDirSync(path)]
    .filter(({ name, isDirectory }) => isDirectory || name.endsWith("_test.ts"))
    .map(({ name }) => `${path}/${name}`).sort().flatMap(withoutNamed);
}

/** Receives output as it arrives. */
type Sink = (chunk: Uint8Array) => void;

const toStdout: Sink = (chunk) => {
  for (let done = 0; done < chunk.length;) done += Deno.stdout.writeSync(chunk.subarray(done));
};

/** What failed, and why; printed once more at the end. */
const failures: string[] = [];

/** Runs `deno ...args`, passes its output on, and returns the exit code and the end of its output, without colours. */
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

/** Provides a place for temporary folders that is removed afterwards: examples in documents leave theirs behind, as their readers do. */
async function withTemporary<T>(work: (env: Record<string, string>) => Promise<T>): Promise<T> {
  const folder = Deno.makeTempDirSync({ prefix: "automlp-tests-" });
  try {
    return await work({ TMPDIR: folder, TMP: folder, TEMP: folder });
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

/** @param args Paths, and options of `deno test`. */
async function tests(name: string, args: string[], sink?: Sink): Promise<TestOutcome> {
  const { code, tail } = await withTemporary((env) =>
    deno(name, ["test", "-P", "--doc", ...args], env, sink)
  );
  return testOutcome(code, tail);
}

/** Types have already been checked by then. */
const CHECKED = "--no-check";

/** Runs every test, in several parallel runs; the output of all but the first is printed when the first has ended. */
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
  // If one run does not say which files failed, the failed files of all runs are not known.
  const isKnown = outcomes.every(({ failed, failedFiles }) => failed === 0 || failedFiles.length > 0);
  return {
    ...total(outcomes),
    failedFiles: isKnown ? outcomes.flatMap(({ failedFiles }) => failedFiles) : [],
  };
}

/** Runs every test, and a few that failed a second time. */
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

// Tests compare the output of programs, which has no colours in a pipe unless this is set.
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
