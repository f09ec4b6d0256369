import assert from "node:assert/strict";
import { dense, initialValues, meanOfParts } from "../../../model/layers/parameters.ts";

Deno.test("a layer that begins as the mean of its input's parts gives that mean", () => {
  const spec = meanOfParts("w", 2, 3);
  assert.deepEqual(spec.shape, [2, 6]);
  const third = Math.fround(1 / 3);
  assert.deepEqual([...initialValues(spec, 1)], [
    ...[third, 0, third, 0, third, 0],
    ...[0, third, 0, third, 0, third],
  ]);
  assert.deepEqual([...initialValues(meanOfParts("w", 2, 1), 1)], [1, 0, 0, 1]);
});

Deno.test("numbers begin by seed and name; a mean of parts is added to them", () => {
  const spec = dense("w", 2, 4), values = initialValues(spec, 1);
  assert.deepEqual(initialValues(spec, 1), values);
  assert.notDeepEqual(initialValues(spec, 2), values);
  assert.notDeepEqual(initialValues({ ...spec, name: "v" }, 1), values);
  const mean = [0.5, 0, 0.5, 0, 0, 0.5, 0, 0.5];
  assert.deepEqual([...initialValues({ ...spec, parts: 2 }, 1)], [
    ...values.map((value, i) => value + mean[i]),
  ]);
});

Deno.test("the sign of a mean alternates along the rows or the columns", () => {
  const of = (alternates: 0 | 1) => [
    ...initialValues({ name: "w", shape: [3, 2], mean: 2, alternates, deviation: 0 }, 1),
  ];
  assert.deepEqual(of(0), [2, 2, -2, -2, 2, 2]);
  assert.deepEqual(of(1), [2, -2, 2, -2, 2, -2]);
});
