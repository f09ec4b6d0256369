import assert from "node:assert/strict";
import { openEngine } from "../../../model/backend/engine.ts";
import type { Tensor2D } from "../../../model/backend/tensor.ts";
import type { ParameterSpec } from "../../../model/layers/parameters.ts";
import { Optimizer } from "../../../model/train/optimizer.ts";

const engine = await openEngine(), { tf } = engine;
const SPECS: ParameterSpec[] = [
  { name: "w", shape: [2], mean: 1, deviation: 0 },
  { name: "items", shape: [4, 2], deviation: 1, rows: "items" },
];

/** Adam as Kingma and Ba (2015) define it, algorithm 1, for one number. */
function adam(start: number, gradients: readonly [step: number, gradient: number][], rate: number): number {
  let value = start, m = 0, v = 0;
  for (const [step, gradient] of gradients) {
    m = 0.9 * m + 0.1 * gradient;
    v = 0.999 * v + 0.001 * gradient ** 2;
    value -= rate * (m / (1 - 0.9 ** step)) / (Math.sqrt(v / (1 - 0.999 ** step)) + 1e-8);
  }
  return value;
}

const near = (actual: ArrayLike<number>, expected: number[]) =>
  expected.forEach((value, i) => assert(Math.abs(actual[i] - value) < 1e-5, `${actual[i]} is not ${value}`));

/** Makes a step with a gradient of `w`, and one of some rows of the table. */
function step(optimizer: Optimizer, w: number[], ids: number[], rows: number[][]) {
  tf.tidy(() => {
    const gradient = tf.tensor2d(rows) as Tensor2D;
    optimizer.apply({ w: tf.tensor1d(w) }, [{ table: "items", rows: Int32Array.from(ids), gradient }]);
  });
}

/** Runs `test` with an optimizer, and checks that it leaves no tensor behind. */
function withOptimizer(test: (optimizer: Optimizer) => void, averaging?: number) {
  const before = engine.memory().tensors;
  const optimizer = new Optimizer(engine, SPECS, 1, { rate: 0.1, averaging });
  test(optimizer);
  optimizer.dispose();
  assert.equal(engine.memory().tensors, before);
}

Deno.test("parameters move as Adam has it; of a table, the rows that have a gradient, with the moments that they have", () =>
  withOptimizer((optimizer) => {
    assert.equal(optimizer.size, 10);
    const before = optimizer.values().get("items")!;
    assert.deepEqual([...before.subarray(0, 2)], [0, 0], "the padding");
    step(optimizer, [1, -2], [1, 3], [[1, 2], [3, 4]]);
    step(optimizer, [0.5, 0], [3], [[-1, 0.5]]);
    const { w, items } = Object.fromEntries(optimizer.values());
    near(w, [adam(1, [[1, 1], [2, 0.5]], 0.1), adam(1, [[1, -2], [2, 0]], 0.1)]);
    near(items, [
      ...[0, 0],
      ...[adam(before[2], [[1, 1]], 0.1), adam(before[3], [[1, 2]], 0.1)],
      ...[before[4], before[5]],
      ...[adam(before[6], [[1, 3], [2, -1]], 0.1), adam(before[7], [[1, 4], [2, 0.5]], 0.1)],
    ]);
    assert.equal(optimizer.step, 2);
  }));

Deno.test("where memory runs out while tensors are made, those made before are freed", () => {
  const before = engine.memory().tensors, huge = { name: "huge", shape: [2 ** 27, 2 ** 10], deviation: 0 };
  assert.throws(() => new Optimizer(engine, [...SPECS, huge], 1, { rate: 0.1 }), {
    name: "RunError",
    message: /^Cannot continue: out of memory/,
  });
  assert.equal(engine.memory().tensors, before);
});

Deno.test("the rate may change from step to step", () =>
  withOptimizer((optimizer) => {
    optimizer.rate = 0;
    step(optimizer, [1, 1], [1], [[1, 1]]);
    near(optimizer.values().get("w")!, [1, 1]);
    optimizer.rate = 0.1;
    step(optimizer, [1, 1], [1], [[1, 1]]);
    const moved = adam(1, [[1, 1], [2, 1]], 0.1) + 0.1; // without the first step's move, which was 0.1
    near(optimizer.values().get("w")!, [moved, moved]);
  }));

Deno.test("from a saved state the next step is the same", () =>
  withOptimizer((optimizer) => {
    step(optimizer, [1, -2], [1], [[1, 2]]);
    const saved = optimizer.state();
    step(optimizer, [0.5, 0], [1, 2], [[1, 1], [2, 2]]);
    const after = optimizer.state();
    optimizer.check(saved, "here");
    optimizer.restore(saved);
    assert.deepEqual(optimizer.state(), saved);
    step(optimizer, [0.5, 0], [1, 2], [[1, 1], [2, 2]]);
    assert.deepEqual(optimizer.state(), after);
  }));

Deno.test("values are set, and the moments stay", () =>
  withOptimizer((optimizer) => {
    step(optimizer, [1, -2], [1], [[1, 2]]);
    const { tensors } = optimizer.state(), values = new Map(optimizer.values());
    optimizer.setValues(values.set("w", Float32Array.of(7, 8)));
    const after = optimizer.state().tensors.get("w")!, { first, second } = tensors.get("w")!;
    assert.deepEqual(after, { shape: [2], values: Float32Array.of(7, 8), first, second });
  }));

Deno.test("a moving average forgets by its factor, and leans on the first steps no longer than it must", () =>
  withOptimizer((optimizer) => {
    const average = () => optimizer.averaged("items").dataSync();
    let expected = Array.from(average());
    const move = (times: number) => {
      for (let i = 0; i < times; i++) step(optimizer, [0, 0], [1, 3], [[1, 2], [3, 4]]);
    };
    const taken = (kept: number) => {
      const now = optimizer.weights("items").dataSync();
      expected = expected.map((value, i) => kept * value + (1 - kept) * now[i]);
    };
    for (let number = 1; number <= 8; number++) {
      move(1);
      taken(number / 8 / (number / 8 + 9)); // at first with every step: there may be no eight
    }
    near(average(), expected);
    move(7);
    near(average(), expected);
    move(1);
    taken(0.8 ** 8); // below 2 / 11
    near(average(), expected);
    assert.deepEqual([...average().subarray(0, 2)], [0, 0], "the padding");
    const saved = optimizer.state(), before = Array.from(average());
    move(8);
    optimizer.restore(saved);
    near(average(), before);
  }, 0.8));

Deno.test("without an average the parameters stand for it", () =>
  withOptimizer((optimizer) => {
    step(optimizer, [1, 1], [1], [[1, 1]]);
    assert.equal(optimizer.averaged("w"), optimizer.weights("w"));
    assert.equal(optimizer.state().average, undefined);
  }));
