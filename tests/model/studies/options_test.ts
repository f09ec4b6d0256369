/** The limits of a study in a program: as on the command line, or in seconds and bytes. */
import assert from "node:assert/strict";
import { limitsOf } from "../../../model/studies/options.ts";

Deno.test("a budget and the memory of a training are given as texts or as numbers; what is neither is refused", () => {
  assert.deepEqual(limitsOf({ budget: "2m", memory: "2GiB" }), { budget: 120, memory: 2 ** 31 });
  assert.deepEqual(limitsOf({ budget: 90, memory: 2 ** 31 }), { budget: 90, memory: 2 ** 31 });
  assert.deepEqual(limitsOf({}), { budget: undefined, memory: undefined });
  assert.throws(
    () => limitsOf({ budget: "soon" }),
    /^InputError: Option budget does not fit: give a time such as "30m"/,
  );
  assert.throws(
    () => limitsOf({ memory: "much" }),
    /^InputError: Option memory does not fit: must be a size such as "2GiB"/,
  );
});
