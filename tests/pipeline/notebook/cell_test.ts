import assert from "node:assert/strict";
import { silent } from "../../../pipeline/contract/progress.ts";
import { Cell } from "../../../pipeline/notebook/session.ts";

function cell() {
  const clock = { ms: 0 }, said: string[] = [];
  const output = {
    ...silent,
    flush() {},
    stop: () => said.push(`stop, aborted: ${one.context.signal.aborted}`),
    close() {},
    grow: () => Promise.resolve(),
    ended: () => Promise.resolve(),
  };
  const one: Cell = new Cell(output, () => clock.ms);
  return { one, clock, said };
}

Deno.test("a cell that nobody ended is over when nothing has run for two seconds", () => {
  const { one, clock } = cell();
  clock.ms = 2000;
  assert(!one.over);
  clock.ms = 2001;
  assert(one.over);
  const task = one.context.progress.start("work");
  assert(!one.over);
  clock.ms += 50_000;
  assert(!one.over, "work may block for long");
  task.advance(1);
  clock.ms += 50_000;
  assert(!one.over);
  task.end();
  task.end();
  clock.ms += 2001;
  assert(one.over);
});

Deno.test("a cell works while something in it has not ended, and hands on what grows", async () => {
  const { one } = cell(), grown: string[] = [];
  one.output.grow = (_, growth) => Promise.resolve(void grown.push(growth));
  assert(!one.working);
  const task = one.context.progress.start("work");
  assert(one.working);
  await one.context.progress.grow!({ of: one, draw: () => Promise.resolve(undefined) }, "grown");
  task.end();
  assert(!one.working);
  assert.deepEqual(grown, ["grown"]);
});

Deno.test("work that was begun and never ended does not keep a cell for ever", () => {
  const { one, clock } = cell();
  one.context.progress.start("lost");
  clock.ms = 60_001;
  assert(one.over);
});

Deno.test("stop: the output knows before the work does, and all that begins later is stopped as well", () => {
  const { one, said } = cell();
  one.stop();
  assert.deepEqual(said, ["stop, aborted: false"]);
  assert(one.context.signal.aborted);
});
