/** How every command responds to wrong use or bad input. */
import assert from "node:assert/strict";
import type { Ran } from "../../command.ts";

/** Whether a line is one that a task of a second or more leaves in a log, as on a busy machine. */
export const isDoneLine = (line: string): boolean => /^[a-z].* \((\d[\d.]* s|\d+:[\d:]+)\)$/.test(line);

/** Asserts one line that says what is wrong, nothing on stdout, and exit code 2. Warnings and finished tasks may come before it. */
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
