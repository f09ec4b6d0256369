/**
 * The outcome of a run of `deno test`, read from what it prints.
 *
 * @module
 */

/** Counts of tests, or of checks. */
export interface Outcome {
  passed: number;
  failed: number;
  skipped: number;
}

/** The outcome of a run of `deno test`, and the files of the tests that failed, if all of them are known. */
export interface TestOutcome extends Outcome {
  failedFiles: string[];
}

/** The part in which a run lists its failures. A failing test may quote another run, so the last list counts, like the last summary. */
const failureList = (printed: string): string | undefined => /[^]*\n *FAILURES *\n([^]*)/.exec(printed)?.[1];

/** Number of last lines of a program's output that are shown to say why it failed. */
const LAST_LINES = 30;

/**
 * Why a run failed, to be printed at the very end: the failures that `deno test` lists, or else the last lines of both outputs. Where logs
 * are kept, they may be cut at the beginning.
 */
export function whyItFailed(code: number, printed: string, errors: string): string {
  const list = failureList(printed);
  const lastLines = (text: string) => text.trim().split("\n").slice(-LAST_LINES).join("\n");
  const said = list === undefined ? [lastLines(printed), lastLines(errors)] : [lastLines(list)];
  return [`ended with ${code}`, ...said.filter((text) => text !== "")].join("\n");
}

/** Reads the end of the output of `deno test`, without colours. */
export function testOutcome(code: number, printed: string): TestOutcome {
  const summary = [...printed.matchAll(/(\d+) passed[^|\n]*\| (\d+) failed(?:[^|\n]*\| (\d+) ignored)?/g)].at(
    -1,
  );
  if (!summary) return { passed: 0, failed: 1, skipped: 0, failedFiles: [] };
  const [passed, failed, skipped] = summary.slice(1).map((n) => Number(n ?? 0));
  // A crash after the last test, or an error outside of tests, must count as a failure.
  if (code !== 0 && failed === 0) return { passed, failed: 1, skipped, failedFiles: [] };
  const failures = [...(failureList(printed) ?? "").matchAll(/ => (\S+):\d+:\d+\n/g)].map(([, file]) => file);
  const files = new Set(failures.filter((file) => file.endsWith("_test.ts")));
  const known = failures.length >= failed && failures.every((file) => files.has(file));
  return { passed, failed, skipped, failedFiles: known ? [...files].sort() : [] };
}
