/** What every command does with wrong use or bad input. */
import assert from "node:assert/strict";
import type { Ran } from "../../command.ts";

/** What a task that took a second and more leaves in a log, as on a busy machine. */
export const isDoneLine = (line: string): boolean => /^[a-z].* \((\d[\d.]* s|\d+:[\d:]+)\)$/.test(line);

/** One line that says what is the matter, nothing on stdout, exit code 2. Warnings and finished tasks may stand before it. */
export function assertRefused({ code, stdout, stderr }: Ran, says: RegExp): void {
  const errors = stderr.split("\n").filter((line) =>
    line !== "" && !line.startsWith("warning: ") && !isDoneLine(line)
  );
  assert.equal(errors.length, 1, `one line: ${stderr}`);
  assert.match(errors[0], /^error: /);
  assert.match(errors[0], says);
  assert.equal(code, 2, stderr);
  assert.equal(stdout, "");
}
