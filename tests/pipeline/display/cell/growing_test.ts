import assert from "node:assert/strict";
import type { Growing } from "../../../../pipeline/contract/progress.ts";
import { GrowingOutput } from "../../../../pipeline/display/cell/growing.ts";
import { lineView, withDisplay } from "../../../../pipeline/display/with_display.ts";

/** A notebook that records what was sent, with a clock set by hand; drawing takes `drawing.ms`. */
function notebook() {
  const sent: string[] = [], warned: string[] = [], clock = { ms: 0 }, drawing = { ms: 10 };
  const output = new GrowingOutput(
    (type, content) => {
      const { data, transient } = content as {
        data: Record<string, string>;
        transient: { display_id: string };
      };
      assert.equal(transient.display_id, "one");
      sent.push(`${type === "display_data" ? "new " : ""}${data["text/html"]}`);
    },
    "one",
    () => clock.ms,
    (message) => warned.push(message),
  );
  const thing = { epochs: 0 };
  const growing: Growing = {
    of: thing,
    draw: (ended: boolean) => {
      clock.ms += drawing.ms;
      return Promise.resolve(
        thing.epochs > 0
          ? { "text/html": `${thing.epochs}${ended ? " whole" : ""}`, "text/plain": "" }
          : undefined,
      );
    },
  };
  const epoch = (ms: number) => {
    clock.ms += ms;
    thing.epochs++;
    return output.show(growing, "grown");
  };
  return { output, sent, warned, clock, drawing, thing, growing, epoch };
}

Deno.test("what grows is one output: curves on the way, the whole of it at the end", async () => {
  const { output, sent, growing, epoch } = notebook();
  for (let i = 0; i < 3; i++) await epoch(2000);
  await output.show(growing, "ended");
  assert.deepEqual(sent, ["new 2", "3"], "just drawn: the end is due when the cell ends, or in a moment");
  await output.close();
  assert.deepEqual(sent, ["new 2", "3", "3 whole"]);
  await output.close();
  assert.equal(sent.length, 3, "nothing is due any more");
});

Deno.test("where there is nothing to be seen yet, nothing is sent; one epoch is no curve, but where it was stopped", async () => {
  const { output, sent, growing, thing } = notebook();
  await output.show(growing, "stopped");
  for (let i = 0; i < 2; i++) await output.show(growing, "grown");
  await output.show(growing, "stopped");
  await output.close();
  assert.deepEqual([sent, thing.epochs], [[], 0]);
  for (const growth of ["ended", "stopped"] as const) {
    const one = notebook();
    await one.epoch(2000);
    await one.output.show(one.growing, growth);
    await one.output.close();
    assert.deepEqual(one.sent, growth === "ended" ? [] : ["new 1 whole"]);
  }
});

Deno.test("a result that never grew is shown when it is there, in the place of what led to it", async () => {
  const { output, sent, epoch, clock } = notebook();
  for (let i = 0; i < 2; i++) await epoch(2000);
  clock.ms += 1000;
  const result = { of: {}, draw: () => Promise.resolve({ "text/html": "result", "text/plain": "" }) };
  await output.show(result, "ended");
  assert.deepEqual(sent, ["new 2", "result"]);
});

Deno.test("short epochs are drawn once a second, slow drawings and long trainings less often", async () => {
  const { sent, drawing, epoch, clock } = notebook();
  for (let i = 0; i < 100; i++) await epoch(100);
  assert(sent.length >= 9 && sent.length <= 11, `${sent.length} in ${clock.ms} ms`);
  drawing.ms = 500;
  const before = sent.length;
  for (let i = 0; i < 400; i++) await epoch(100);
  assert(sent.length - before <= 5, "a twentieth of the time at most");
  drawing.ms = 1;
  for (let i = 0; i < 24 * 60; i++) await epoch(60_000);
  assert(sent.length < 500, `${sent.length} in a day`);
});

Deno.test("what was stopped is drawn at once; trainings that end one after the other are not all drawn", async () => {
  const { output, sent, growing, epoch, thing, clock } = notebook();
  for (const ms of [2000, 2000, 10]) await epoch(ms);
  await output.show(growing, "stopped");
  assert.deepEqual(sent, ["new 2", "3 whole"]);
  for (let i = 0; i < 50; i++) {
    clock.ms += 5;
    thing.epochs++;
    await output.show(growing, "ended");
  }
  assert(sent.length <= 5, `${sent.length} pictures`);
  await output.close();
  assert.equal(sent.at(-1), "53 whole");
});

Deno.test("where the cell ends with what grew, that shows itself, and the output gives way", async () => {
  const { output, sent, thing, epoch } = notebook();
  for (let i = 0; i < 2; i++) await epoch(2000);
  await output.close(thing);
  assert.deepEqual(sent, ["new 2", ""]);
  await output.close(thing);
  assert.equal(sent.length, 2);

  const other = notebook();
  for (let i = 0; i < 2; i++) await other.epoch(2000);
  await other.output.close({});
  assert.deepEqual(other.sent, ["new 2", "2 whole"]);

  const ended = notebook();
  for (let i = 0; i < 2; i++) await ended.epoch(2000);
  ended.clock.ms += 1000;
  await ended.output.show(ended.growing, "ended");
  await ended.output.close(ended.thing);
  assert.deepEqual(ended.sent, ["new 2", "2 whole", ""]);
});

Deno.test("a result that shows the run in which something grew takes its place; another's does not", async () => {
  const run = (path: string | undefined) => withDisplay({}, { ...lineView("run"), grown: () => path });
  for (
    const [result, last] of [[run("runs/a"), ""], [run("runs/b"), "2 whole"], [
      run(undefined),
      "2 whole",
    ]] as const
  ) {
    for (const isDrawn of [false, true]) {
      const { output, sent, growing, epoch } = notebook();
      growing.within = "runs/a";
      for (let i = 0; i < 2; i++) await epoch(2000);
      if (isDrawn) await output.show(growing, "stopped");
      await output.close(result);
      assert.equal(sent.at(-1), last);
    }
  }
});

Deno.test("a result that nothing led to waits for the end of the cell, which may end with it", async () => {
  const result = {
    of: {},
    within: "runs/a",
    draw: () => Promise.resolve({ "text/html": "result", "text/plain": "" }),
  };
  const { output, sent } = notebook();
  await output.show(result, "ended");
  assert.deepEqual(sent, []);
  await output.close(withDisplay({}, { ...lineView("run"), grown: () => "runs/a" }));
  assert.deepEqual(sent, []);
  await output.show(result, "ended");
  await output.close();
  assert.deepEqual(sent, ["new result"]);
});

Deno.test("what cannot be drawn does not stop the work: it is said once", async () => {
  const { sent, warned, growing, epoch } = notebook();
  growing.draw = () => Promise.reject(new Error("no room"));
  for (let i = 0; i < 4; i++) await epoch(2000);
  assert.deepEqual([sent, warned], [[], ["The curves cannot be drawn: no room"]]);
});
