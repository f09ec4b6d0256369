import assert from "node:assert/strict";
import { contextOf, offerContext } from "../../../pipeline/contract/context.ts";
import { type Progress, silent } from "../../../pipeline/contract/progress.ts";

Deno.test("work takes what it is passed, else what the surroundings offer, else it is silent", () => {
  assert.deepEqual(contextOf({}), { progress: silent, signal: undefined });
  const offered: Progress = { ...silent }, passed: Progress = { ...silent };
  const stop = new AbortController(), own = new AbortController();
  try {
    offerContext(() => ({ progress: offered, signal: stop.signal }));
    assert.equal(contextOf({}).progress, offered);
    assert.equal(contextOf({}).signal, stop.signal);
    assert.equal(contextOf({ progress: passed }).progress, passed);
    assert.equal(contextOf({ progress: passed }).signal, stop.signal);
    assert.equal(contextOf({ signal: own.signal }).signal, own.signal);
  } finally {
    offerContext(() => ({}));
  }
  assert.equal(contextOf({}).progress, silent);
});
