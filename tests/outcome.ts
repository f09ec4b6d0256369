/**
 * What a run of `deno test` came to, read from what it prints.
 *
 * @module
 */

/** Counts of tests, or of checks. */
export interface Outcome {
  passed: number;
  failed: number;
  skipped: number;
}

/** A run of `deno test`: what it came to, and the files of the tests that failed, where all of them are known. */
export interface TestOutcome extends Outcome {
  failedFiles: string[];
}

/** Where a run lists its failures; what fails may quote another run, so that the last list counts, as the last summary does. */
const failureList = (printed: string): string | undefined => /[^]*\n *FAILURES *\n([^]*)/.exec(printed)?.[1];

/** So many of the last lines of what a program printed say why it failed. */
const LAST_LINES = 30;

/**
 * Why a run failed, to be said at the very end: what `deno test` lists of its failures, else how the output of both kinds ends. A log of
 * everything is cut at its beginning where it is kept.
 */
export function whyItFailed(code: number, printed: string, errors: string): string {
  const list = failureList(printed);
  const lastLines = (text: string) => text.trim().split("\n").slice(-LAST_LINES).join("\n");
  const said = list === undefined ? [lastLines(printed), lastLines(errors)] : [lastLines(list)];
  return [`ended with ${code}`, ...said.filter((text) => text !== "")].join("\n");
}

/** Reads the end of what `deno test` printed, without colours. */
export function testOutcome(code: number, printed: string): TestOutcome {
  const summary = [...printed.matchAll(/(\d+) passed[^|\n]*\| (\d+) failed(?:[^|\n]*\| (\d+) ignored)?/g)].at(
    -1,
  );
  if (!summary) return { passed: 0, failed: 1, skipped: 0, failedFiles: [] };
  const [passed, failed, skipped] = summary.slice(1).map((n) => Number(n ?? 0));
  // A crash after the last test, or an error outside of tests, must not pass.
  if (code !== 0 && failed === 0) return { passed, failed: 1, skipped, failedFiles: [] };
  const failures = [...(failureList(printed) ?? "").matchAll(/ => (\S+):\d+:\d+\n/g)].map(([, file]) => file);
  const files = new Set(failures.filter((file) => file.endsWith("_test.ts")));
  const known = failures.length >= failed && failures.every((file) => files.has(file));
  return { passed, failed, skipped, failedFiles: known ? [...files].sort() : [] };
}
