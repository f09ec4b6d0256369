import assert from "node:assert/strict";
import fc from "fast-check";
import pl from "nodejs-polars";
import { peel } from "../../../pipeline/filter/peeling.ts";

/** A pair of a user and an item, and its number of interactions. */
type Pair = [user: number, item: number, n: number];

const frameOf = (pairs: Pair[]) =>
  pl.DataFrame([
    ...["user", "item"].map((name, i) => pl.Series(name, pairs.map((pair) => pair[i]), pl.UInt32)),
    pl.Series("n", pairs.map(([, , n]) => n), pl.UInt32),
  ]);

Deno.test("peeling: a row that stands for several interactions is as many rows", () => {
  const pair = fc.tuple(fc.nat(9), fc.nat(9), fc.integer({ min: 1, max: 3 }));
  const minimum = fc.record({ user: fc.integer({ min: 1, max: 7 }), item: fc.integer({ min: 1, max: 7 }) });
  fc.assert(fc.property(fc.array(pair, { minLength: 1, maxLength: 40 }), minimum, (pairs, minimum) => {
    const once = pairs.filter(([user, item], i) =>
      pairs.findIndex(([u, t]) => u === user && t === item) === i
    );
    const whole = once.flatMap(([user, item, n]) => Array.from({ length: n }, (): Pair => [user, item, 1]));
    const { kept, ...found } = peel(frameOf(once), minimum);
    const { kept: all, ...expected } = peel(frameOf(whole).drop("n"), minimum);
    assert.deepEqual(found, expected);
    const left = (pairs: Pair[], kept: unknown[]) =>
      pairs.filter((_, i) => kept[i]).map(([u, t]) => `${u} ${t}`);
    assert.deepEqual(new Set(left(once, kept.toArray())), new Set(left(whole, all.toArray())));
  }));
});
