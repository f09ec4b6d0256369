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

Deno.test("outcome of a run: its last summary, and what fails outside of tests is a failure", () => {
  const quoting = "error: not equal: '\nFAILED | 131 passed | 1 failed'\n" + two;
  const cases = [
    [0, "ok | 3 passed | 0 failed (2s)\n", 3, 0, 0],
    [1, two, 1905, 2, 15],
    [1, quoting, 1905, 2, 15],
    [1, "error: Module not found", 0, 1, 0],
    [1, "ok | 3 passed | 0 failed | 1 ignored (2s)\n", 3, 1, 1],
  ] as const;
  for (const [code, printed, passed, failed, skipped] of cases) {
    assert.deepEqual(testOutcome(code, printed), { passed, failed, skipped }, printed);
  }
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
