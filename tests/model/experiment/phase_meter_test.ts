import assert from "node:assert/strict";
import { PhaseMeter } from "../../../model/experiment/cost.ts";

Deno.test.sanitizer({ ops: true, resources: true });

/** A process whose memory and clock are set by hand. */
function staged(resident: number, highest: number) {
  const state = { now: 5000, resident, highest };
  return {
    state,
    readings: { now: () => state.now, resident: () => state.resident, highest: () => state.highest },
  };
}

Deno.test("a phase that raised the high-water mark has it as its peak, also between two samples", () => {
  const { state, readings } = staged(100, 120);
  using meter = new PhaseMeter(readings);
  Object.assign(state, { now: 7500, highest: 300 });
  assert.deepEqual(meter.cost, { seconds: 2.5, peakMemoryBytes: 300 });
});

Deno.test("a phase below an earlier one has the largest of its samples, and not what the earlier one took", () => {
  const { state, readings } = staged(100, 900);
  using meter = new PhaseMeter(readings);
  state.resident = 400;
  meter.sample();
  state.resident = 250;
  assert.equal(meter.cost.peakMemoryBytes, 400);
});

Deno.test("samples are taken while the work waits, and end with it", async () => {
  const { state, readings } = staged(100, 900);
  const meter = new PhaseMeter(readings);
  let samples = 0;
  readings.resident = () => (samples++, state.resident);
  const until = (enough: number) =>
    new Promise<void>((done) => {
      const look = setInterval(() => samples < enough || (clearInterval(look), done()), 10);
    });
  state.resident = 500;
  await until(1);
  state.resident = 200;
  meter[Symbol.dispose](); // otherwise Deno reports a leaked timer
  assert.equal(meter.cost.peakMemoryBytes, 500);
});

Deno.test("this process has a resident set, and its high-water mark is in bytes", () => {
  using meter = new PhaseMeter();
  const { peakMemoryBytes, seconds } = meter.cost;
  assert(peakMemoryBytes > 10e6 && peakMemoryBytes < 1e12 && seconds >= 0);
});
