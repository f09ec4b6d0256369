import assert from "node:assert/strict";
import { yieldToEventLoop, yieldWhereDue } from "../../../../pipeline/contract/machine/event_loop.ts";

/** Computes for this many milliseconds. */
function compute(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

Deno.test("what takes long lets a timer through, in however short pieces it comes", async () => {
  await yieldToEventLoop();
  let fired = false, pieces = 0;
  setTimeout(() => fired = true, 0);
  const began = performance.now(), since = () => performance.now() - began;
  for (; !fired && since() < 2000; pieces++) {
    await yieldWhereDue();
    compute(1);
  }
  const each = since() / pieces; // more than 1 ms if the machine does something else in between
  assert(fired, "a loop of short pieces does not keep everything else waiting");
  assert(pieces > 5 || each > 3, `it does not wait after each of them: ${pieces} of ${each} ms`);
});

Deno.test("what is short goes on at once, and the next may wait as long again", async () => {
  for (let turn = 0; turn < 3; turn++) {
    await yieldToEventLoop();
    await yieldToEventLoop(); // now it is known that the loop ran
    let fired = false;
    const timer = setTimeout(() => fired = true, 0);
    const began = performance.now();
    for (let call = 0; call < 3; call++) await yieldWhereDue();
    assert(!fired || performance.now() - began >= 15, "unless the machine made it long");
    compute(20);
    await yieldWhereDue();
    assert(fired, "20 ms are long");
    clearTimeout(timer);
  }
});
