import assert from "node:assert/strict";
import { Loop } from "../../../model/train/loop.ts";

Deno.test("one loop runs at a time: another is refused, unless the first was asked to pause, which is waited for", async () => {
  const loop = new Loop("the search"), first = Promise.withResolvers<string>(), seen: string[] = [];
  using one = loop.lease(), two = loop.lease();
  const running = loop.run(one, () => first.promise);
  await assert.rejects(loop.run(two, () => Promise.resolve("too early")), {
    name: "InputError",
    message: "Cannot resume the search: it is running already; wait for it, or stop it with pause()",
  });
  loop.pause();
  assert.deepEqual([one.paused, two.paused], [true, true]);
  using three = loop.lease();
  const next = loop.run(three, () => {
    seen.push("next");
    return Promise.resolve("second");
  });
  await Promise.resolve();
  assert.deepEqual(seen, [], "it waits");
  first.resolve("first");
  assert.deepEqual(await Promise.all([running, next]), ["first", "second"]);
  assert.equal(three.paused, false, "who begins later does not hear of it");
});

Deno.test("an error of one loop is heard by who began it, and not by the next", async () => {
  const loop = new Loop("the training"), first = Promise.withResolvers<void>();
  using one = loop.lease();
  const running = loop.run(one, () => first.promise);
  loop.pause();
  using two = loop.lease();
  const next = loop.run(two, () => Promise.resolve(2));
  first.reject(new Error("diverged"));
  await assert.rejects(running, /diverged/);
  assert.equal(await next, 2);
  await assert.rejects(loop.run(two, () => Promise.reject(new Error("again"))), /again/);
  assert.equal(await loop.run(two, () => Promise.resolve(3)), 3);
});

Deno.test("a lease that has ended is not paused", () => {
  const loop = new Loop("the search"), lease = loop.lease();
  lease[Symbol.dispose]();
  loop.pause();
  assert.equal(lease.paused, false);
});
