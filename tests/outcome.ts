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

/** Number of last lines of a program's output that are shown to say why it failed. */
const LAST_LINES = 30;

/**
 * Why a run failed, to be printed at the very end: the failures that `deno test` lists, or else the last lines of both outputs. A failing
 * test may quote another run, so the last list counts.
 */
export function whyItFailed(code: number, printed: string, errors: string): string {
  const list = /[^]*\n *FAILURES *\n([^]*)/.exec(printed)?.[1];
  const lastLines = (text: string) => text.trim().split("\n").slice(-LAST_LINES).join("\n");
  const said = list === undefined ? [lastLines(printed), lastLines(errors)] : [lastLines(list)];
  return [`ended with ${code}`, ...said.filter((text) => text !== "")].join("\n");
}

/** Reads the end of the output of `deno test`, without colours: its last summary counts. */
export function testOutcome(code: number, printed: string): Outcome {
  const summary = [...printed.matchAll(/(\d+) passed[^|\n]*\| (\d+) failed(?:[^|\n]*\| (\d+) ignored)?/g)].at(
    -1,
  );
  if (!summary) return { passed: 0, failed: 1, skipped: 0 };
  const [passed, failed, skipped] = summary.slice(1).map((n) => Number(n ?? 0));
  // A crash after the last test, or an error outside of tests, must count as a failure.
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed, skipped };
}
