/**
 * `deno task test`: packages, format, lint, types, and every test. Ends with a line `N passed, N failed, N skipped`.
 *
 * @module
 */

import { type Outcome, testOutcome, whyItFailed } from "./outcome.ts";

const SOURCES = ["mod.ts", "pipeline", "model", "notebooks", "fixtures", "tests", "bench"];

/** Folders of which each folder is run by itself. */
const ROOMS = ["tests", "tests/pipeline", "tests/model"];

/** The rooms that take longest begin first, so that none runs alone at the end. */
const LONGEST = ["tests/pipeline/scale", "tests/model/commands", "tests/notebooks", "tests/faults"];

/** Runs of `deno test` at the same time. Most of them use one core at a time. */
const LANES = 2;

/** What failed, and why; printed once more at the end. */
const failures: string[] = [];

/** Runs `deno ...args` and returns its exit code and its outputs, without colours. */
async function deno(args: string[], env: Record<string, string> = {}) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args, env }).output();
  // deno-lint-ignore no-control-regex -- colours
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).replace(/\x1b\[[0-9;]*m/g, "");
  return { code, printed: text(stdout), errors: text(stderr) };
}

/** Runs `deno ...args`, prints what it printed, and keeps why it failed. */
async function checked(
  name: string,
  args: string[],
  read: (code: number, printed: string) => Outcome,
  env?: Record<string, string>,
): Promise<Outcome> {
  const began = performance.now();
  const { code, printed, errors } = await deno(args, env);
  console.log(`\n── ${name}, ${Math.round((performance.now() - began) / 1000)} s\n${printed}${errors}`);
  if (code !== 0) failures.push(`${name} ${whyItFailed(code, printed, errors)}`);
  return read(code, printed);
}

const check = (name: string, ...args: string[]): Promise<Outcome> =>
  checked(name, args, (code) => ({ passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 }));

/** @param args Paths, and options of `deno test`. Temporary folders are removed afterwards: examples in documents leave theirs behind. */
async function tests(name: string, args: string[]): Promise<Outcome> {
  const folder = Deno.makeTempDirSync({ prefix: "automlp-tests-" });
  try {
    return await checked(name, ["test", "-P", ...args], testOutcome, {
      TMPDIR: folder,
      TMP: folder,
      TEMP: folder,
    });
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

/** Paths that are tested together, one list a run. */
function rooms(): string[][] {
  const list = ROOMS.flatMap((room) => {
    const entries = [...Deno.readDirSync(room)].map(({ name, isDirectory }) => ({
      path: `${room}/${name}`,
      isDirectory,
    })).sort((a, b) => a.path < b.path ? -1 : 1);
    const files = entries.filter(({ path }) => path.endsWith("_test.ts")).map(({ path }) => path);
    const folders = entries.filter(({ path, isDirectory }) => isDirectory && !ROOMS.includes(path));
    return [files, ...folders.map(({ path }) => [path])];
  });
  const rank = ([path]: string[]) => LONGEST.includes(path) ? LONGEST.indexOf(path) : LONGEST.length;
  return list.sort((a, b) => rank(a) - rank(b));
}

/** Runs every test, and every example of the documentation, {@link LANES} rooms at a time. Types have been checked by then. */
async function allTests(): Promise<Outcome[]> {
  const examples = ["--doc", ...SOURCES.filter((path) => path !== "tests")];
  const waiting = [...rooms().map((paths) => ["--permit-no-files", ...paths]), examples];
  const outcomes: Outcome[] = [];
  const lane = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      outcomes.push(await tests(next.slice(1).join(", "), ["--no-check", ...next]));
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return outcomes;
}

function total(outcomes: readonly Outcome[]): Outcome {
  const sum = (key: keyof Outcome) => outcomes.reduce((total, outcome) => total + outcome[key], 0);
  return { passed: sum("passed"), failed: sum("failed"), skipped: sum("skipped") };
}

// Tests compare the output of programs, which has no colours in a pipe unless this is set.
Deno.env.delete("FORCE_COLOR");

const filters = Deno.args;
const { passed, failed, skipped } = total(
  filters.length > 0 ? [await tests(filters.join(" "), ["--doc", ...filters])] : [
    // All at once: in a new clone the programs that tests start would otherwise put packages in place at the same time.
    await check("packages", "install"),
    await check("format", "fmt", "--check"),
    await check("lint", "lint"),
    await check("types", "check", "--doc", ...SOURCES),
    ...await allTests(),
  ],
);
for (const failure of failures) console.log(`\n── failed: ${failure}`);
console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
Deno.exit(failed > 0 ? 1 : 0);
