import assert from "node:assert/strict";
import { AlphaAdam } from "../../../model/search/alpha.ts";

const near = (actual: ArrayLike<number>, expected: number[]) => {
  assert.equal(actual.length, expected.length);
  expected.forEach((value, i) => assert(Math.abs(actual[i] - value) < 1e-7, `${actual[i]}, not ${value}`));
};

Deno.test("α learns as Adam's, by hand: the mean of the gradients over the root of that of their squares, both without the bias of the beginning", () => {
  const alpha = new AlphaAdam(2, 0.1), [g, h] = [0.5, -0.2];
  assert.deepEqual([...alpha.values], [0, 0]);
  alpha.apply(Float64Array.of(g, -3));
  near(alpha.values, [-0.1, 0.1]);
  alpha.rate = 0.01;
  alpha.apply(Float64Array.of(h, 0));
  const step = (first: number, second: number) =>
    0.01 * ((0.09 * first + 0.1 * second) / 0.19) /
    Math.sqrt((0.000999 * first ** 2 + 0.001 * second ** 2) / 0.001999);
  near(alpha.values, [-0.1 - step(g, h), 0.1 - step(-3, 0)]);
  assert.equal(alpha.step, 2);
});

Deno.test("α: a candidate that no longer learns keeps its value and its moments; a saved state goes on to the same", () => {
  const alpha = new AlphaAdam(2, 0.1), other = new AlphaAdam(2, 0.1), alone = new AlphaAdam(1, 0.1);
  for (const gradient of [1, -0.5, 0.25]) {
    alpha.apply(Float64Array.of(gradient, 9), (place) => place === 0);
    alone.apply(Float64Array.of(gradient));
  }
  assert.deepEqual([...alpha.values], [alone.values[0], 0]);
  assert.deepEqual([alpha.state().first[1], alpha.state().second[1]], [0, 0]);
  other.restore(JSON.parse(JSON.stringify(alpha.state())));
  for (const one of [alpha, other]) one.apply(Float64Array.of(-1, 2));
  assert.deepEqual(other.state(), alpha.state());
});
