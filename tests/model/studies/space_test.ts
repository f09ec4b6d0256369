import assert from "node:assert/strict";
import { METHODS } from "../../../model/studies/plan.ts";
import { checkSpace, declaredSpace, drawPoint, gridOf, type Space } from "../../../model/studies/space.ts";

Deno.test("every method declares a space, and what is drawn from it is a configuration of the method", async () => {
  const { jobOfCell } = await import("../../../model/studies/cell.ts");
  for (const method of METHODS) {
    const space = declaredSpace(method);
    assert("rate" in space && "dropout" in space, method);
    for (let trial = 0; trial < 20; trial++) jobOfCell({ method, options: drawPoint(space, 1, trial) });
  }
});

Deno.test("a draw follows from seed, option and number alone, and fills its range", () => {
  const space: Space = {
    rate: { min: 1e-4, max: 1e-1, scale: "log", whole: false },
    hidden: { min: 1, max: 3, scale: "linear", whole: true },
    loss: ["ce", "bce"],
  };
  const points = Array.from({ length: 300 }, (_, trial) => drawPoint(space, 7, trial));
  assert.deepEqual(points[41], drawPoint(space, 7, 41));
  assert.deepEqual(points[41].rate, drawPoint({ rate: space.rate }, 7, 41).rate);
  assert.notDeepEqual(points[41], drawPoint(space, 8, 41));
  const rates = points.map(({ rate }) => rate as number);
  assert(rates.every((rate) => rate >= 1e-4 && rate <= 1e-1));
  const low = rates.filter((rate) => rate < 1e-3).length; // a third, by order of magnitude
  assert(low > 70 && low < 130, `${low} of 300`);
  assert.deepEqual([...new Set(points.map(({ hidden }) => hidden))].sort(), [1, 2, 3]);
  assert.deepEqual([...new Set(points.map(({ loss }) => loss))].sort(), ["bce", "ce"]);
});

Deno.test("a grid is every combination, the last option changing first", () => {
  assert.deepEqual(gridOf({ a: [1, 2], b: ["x", "y"] }), [
    { a: 1, b: "x" },
    { a: 1, b: "y" },
    { a: 2, b: "x" },
    { a: 2, b: "y" },
  ]);
});

Deno.test("a bad space is one line", () => {
  const refused = (work: () => unknown, message: RegExp) =>
    assert.throws(work, { name: "InputError", message });
  const check = (space: Record<string, unknown>) => checkSpace("gru4rec", space, "space.yaml");
  refused(() => check({}), /the space in space.yaml is empty; name options and their values/);
  refused(
    () => check({ hiden: [1] }),
    /space.yaml names hiden, which it has not \(did you mean "hidden"\?\)/,
  );
  for (const bad of [[], 3, { min: 2, max: 1 }, { min: 0, max: 1, scale: "log" }]) {
    refused(() => check({ hidden: bad }), /^Key "hidden.*" in space.yaml does not fit/);
  }
  refused(
    () => gridOf(check({ rate: { min: 0.1, max: 1 } })),
    /Cannot lay a grid over rate: it is a range; name its values/,
  );
});
