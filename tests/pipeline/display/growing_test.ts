import assert from "node:assert/strict";
import { GrowingOutput } from "../../../pipeline/display/growing.ts";

/** A notebook that remembers what was sent, with a clock set by hand; drawing takes `drawing.ms`. */
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
  const growing = {
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
  assert.deepEqual(
    sent,
    ["new 1", "2", "3"],
    "just drawn: the end is due when the cell ends, or in a moment",
  );
  await output.close();
  assert.deepEqual(sent, ["new 1", "2", "3", "3 whole"]);
  await output.close();
  assert.equal(sent.length, 4, "nothing is due any more");
});

Deno.test("where there is nothing to be seen yet, nothing is sent", async () => {
  const { output, sent, growing } = notebook();
  await output.show(growing, "grown");
  await output.show(growing, "stopped");
  await output.close();
  assert.deepEqual(sent, []);
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
  await epoch(2000);
  await epoch(10);
  await output.show(growing, "stopped");
  assert.deepEqual(sent, ["new 1", "2 whole"]);
  for (let i = 0; i < 50; i++) {
    clock.ms += 5;
    thing.epochs++;
    await output.show(growing, "ended");
  }
  assert(sent.length <= 5, `${sent.length} pictures`);
  await output.close();
  assert.equal(sent.at(-1), "52 whole");
});

Deno.test("where the cell ends with what grew, that shows itself, and the output gives way", async () => {
  const { output, sent, thing, epoch } = notebook();
  await epoch(2000);
  await output.close(thing);
  assert.deepEqual(sent, ["new 1", ""]);
  await output.close(thing);
  assert.equal(sent.length, 2);

  const other = notebook();
  await other.epoch(2000);
  await other.output.close({});
  assert.deepEqual(other.sent, ["new 1", "1 whole"]);

  const late = notebook();
  late.thing.epochs = 1;
  await late.output.show(late.growing, "grown");
  await late.output.show(late.growing, "ended");
  await late.output.close(late.thing);
  assert.deepEqual(late.sent.at(-1), "");
});

Deno.test("what cannot be drawn does not stop the work: it is said once", async () => {
  const { output, sent, warned, growing } = notebook();
  const broken = { ...growing, draw: () => Promise.reject(new Error("no room")) };
  for (let i = 0; i < 3; i++) await output.show(broken, "stopped");
  assert.deepEqual([sent, warned], [[], ["The curves cannot be drawn: no room"]]);
});
