import assert from "node:assert/strict";
import { shortened } from "../../../../pipeline/display/text/shortened.ts";

Deno.test("shortened: of a long text the beginning, and no half of a character", () => {
  assert.equal(shortened("a".repeat(80)), "a".repeat(80));
  assert.equal(shortened("a".repeat(81)), `${"a".repeat(79)}…`);
  assert.equal(shortened(`${"a".repeat(78)}🦊🦊`), `${"a".repeat(78)}…`);
});
