import assert from "node:assert/strict";
import { shortened } from "../../../../pipeline/display/text/shortened.ts";

Deno.test("shortened: of a long text the beginning, and no half of a character", () => {
  assert.equal(shortened("a".repeat(80)), "a".repeat(80));
  assert.equal(shortened("a".repeat(81)), `${"a".repeat(79)}…`);
  assert.equal(shortened(`${"a".repeat(78)}🦊🦊`), `${"a".repeat(78)}…`);
  const family = "👨\u200d👩\u200d👧";
  assert.equal(shortened(`${"a".repeat(76)}${family}${family}`), `${"a".repeat(76)}${family}${family}`);
  assert.equal(shortened(`${"a".repeat(77)}${family}${family}`), `${"a".repeat(77)}${family}…`);
  assert.equal(shortened("e\u0301".repeat(81)), `${"e\u0301".repeat(79)}…`);
  assert.equal(shortened("電".repeat(41)), `${"電".repeat(39)}…`, "columns of a terminal are counted");
});
