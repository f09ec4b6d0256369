import assert from "node:assert/strict";
import { testOutcome, whyItFailed } from "./outcome.ts";

const two = `
 ERRORS 

a => ./tests/a_test.ts:1:6
error: AssertionError

 FAILURES 

a => ./tests/a_test.ts:1:6
b ... a step => ./tests/b/b_test.ts:20:15

FAILED | 1905 passed (298 steps) | 2 failed (1 step) | 15 ignored (27m6s)

error: Test failed
`;

Deno.test("outcome of a run: counts, and the files of what failed", () => {
  assert.deepEqual(testOutcome(0, "ok | 3 passed | 0 failed (2s)\n"), {
    passed: 3,
    failed: 0,
    skipped: 0,
    failedFiles: [],
  });
  assert.deepEqual(testOutcome(1, two), {
    passed: 1905,
    failed: 2,
    skipped: 15,
    failedFiles: ["./tests/a_test.ts", "./tests/b/b_test.ts"],
  });
  // A failing test may quote the summary of another run.
  const quoting = "error: not equal: '\n FAILURES \n\nc => ./c.ts:1:1\n\nFAILED | 131 passed | 1 failed'\n" +
    two;
  assert.deepEqual(testOutcome(1, quoting), testOutcome(1, two));
});

Deno.test("outcome of a run: what fails outside of tests is a failure that no file stands for", () => {
  assert.deepEqual(testOutcome(1, "error: Module not found"), {
    passed: 0,
    failed: 1,
    skipped: 0,
    failedFiles: [],
  });
  assert.deepEqual(testOutcome(1, "ok | 3 passed | 0 failed | 1 ignored (2s)\n"), {
    passed: 3,
    failed: 1,
    skipped: 1,
    failedFiles: [],
  });
  // An example in a document, and a failure that is counted but not listed.
  assert.deepEqual(testOutcome(1, two.replaceAll("./tests/a_test.ts", "./mod.ts#1-9.ts")).failedFiles, []);
  assert.deepEqual(testOutcome(1, two.replace("2 failed", "3 failed")).failedFiles, []);
});

Deno.test("why a run failed: what deno test lists, else how both kinds of output end", () => {
  assert.equal(
    whyItFailed(1, two, "warning: 1\n"),
    "ended with 1\n" + two.slice(two.indexOf("a => ", two.indexOf("FAILURES"))).trimEnd(),
  );
  const passed = "ok | 131 passed | 0 failed (5m)\n";
  assert.equal(
    whyItFailed(1, "a test ... ok\n".repeat(100) + passed, "error: Too many open files (os error 24)\n"),
    `ended with 1\n${"a test ... ok\n".repeat(29)}${passed}error: Too many open files (os error 24)`,
  );
  assert.equal(whyItFailed(139, "", ""), "ended with 139");
});
