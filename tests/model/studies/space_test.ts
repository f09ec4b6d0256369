import assert from "node:assert/strict";
import { jobOfCell } from "../../../model/studies/cell.ts";
import { METHODS } from "../../../model/studies/plan.ts";
import {
  checkSpace,
  declaredSpace,
  drawPoint,
  firstPoint,
  gridOf,
  type Space,
  withDefaultsIn,
} from "../../../model/studies/space.ts";

Deno.test("every method declares a space, and what is drawn from it is a configuration of the method", () => {
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
    () => check({ dim: [16, -4] }),
    /space.yaml has -4 for dim, which does not fit: give a number from 1/,
  );
  refused(() => check({ dropout: { min: 0.1, max: 1 } }), /space.yaml has 1 for dropout, which does not fit/);
  refused(
    () => gridOf(check({ rate: { min: 0.1, max: 1 } })),
    /Cannot lay a grid over rate: it is a range; name its values/,
  );
});

Deno.test("a tuning begins with the defaults where the space has them; else with what is drawn", () => {
  const space: Space = {
    dim: [32, 64],
    heads: [2, 4],
    rate: { min: 1e-4, max: 1e-2, scale: "log", whole: false },
    dropout: { min: 0.3, max: 0.6, scale: "linear", whole: false },
    hidden: [16],
  };
  const defaults = { dim: 64, heads: 1, rate: 1e-3, dropout: 0.2, layers: 2 }, drawn = drawPoint(space, 7, 0);
  assert.deepEqual(firstPoint(space, 7, defaults), { ...drawn, dim: 64, rate: 1e-3 });
  for (const method of ["automlp", "sasrec", "gru4rec", "fpmc", "fdsa"]) {
    const { sizes, ...job } = jobOfCell({ method, options: {} }),
      own: Record<string, unknown> = { ...job, ...sizes, dropout: 0.4, batchSize: 128 };
    const point = firstPoint(declaredSpace(method), 1, own);
    for (const [key, value] of Object.entries(point)) assert.equal(value, own[key], `${method}, ${key}`);
  }
});

Deno.test("a declared space takes in a default that it lacks, in its place", () => {
  const space = { batchSize: [64, 128], dim: [32], loss: ["ce", "bce"], rate: declaredSpace("sasrec").rate };
  const defaults = { batchSize: 16, dim: 32, loss: "bpr", rate: 1, heads: 2 };
  assert.deepEqual(withDefaultsIn(space, defaults), { ...space, batchSize: [16, 64, 128] });
});
