import assert from "node:assert/strict";
import { jobOfCell } from "../../../model/studies/cell.ts";
import {
  drawPoint,
  firstPoint,
  gridOf,
  pointsOf,
  sizeOf,
  withDefaultsIn,
} from "../../../model/studies/points.ts";
import { declaredSpace, type Space } from "../../../model/studies/space.ts";

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

Deno.test("of a range of whole numbers each is as likely as the other, its ends too", () => {
  const shares = (scale: "linear" | "log", min: number, max: number) => {
    const space: Space = { layers: { min, max, scale, whole: true } }, counts = new Map<unknown, number>();
    for (let trial = 0; trial < 3000; trial++) {
      const { layers } = drawPoint(space, 1, trial);
      counts.set(layers, (counts.get(layers) ?? 0) + 1 / 3000);
    }
    return counts;
  };
  const even = shares("linear", 1, 4);
  assert.deepEqual([...even.keys()].sort(), [1, 2, 3, 4]);
  for (const share of even.values()) assert(Math.abs(share - 0.25) < 0.03, String(share));
  // By order of magnitude: log(1.5 / 0.5), log(2.5 / 1.5) of log(2.5 / 0.5).
  const log = shares("log", 1, 2);
  assert(Math.abs(log.get(1)! - Math.log(3) / Math.log(5)) < 0.03, String(log.get(1)));
});

Deno.test("no configuration is tried twice: a small space has as many as it has", () => {
  const space: Space = {
    rate: [0.1, 0.2],
    layers: { min: 1, max: 3, scale: "linear", whole: true },
    loss: ["ce"],
  };
  assert.equal(sizeOf(space), 6);
  assert.equal(sizeOf({ ...space, dropout: { min: 0, max: 0.5, scale: "linear", whole: false } }), Infinity);
  const first = { rate: 0.2, layers: 3, loss: "ce" }, point = pointsOf(space, 7, first);
  const all = Array.from({ length: 6 }, (_, i) => point(i));
  assert.deepEqual(all[0], first);
  assert.equal(new Set(all.map((one) => JSON.stringify(one))).size, 6);
  // A configuration depends only on its number, not on the order of the calls.
  assert.deepEqual(pointsOf(space, 7, first)(5), all[5]);
  assert.notDeepEqual(Array.from({ length: 6 }, (_, i) => pointsOf(space, 8, first)(i)), all);
});

Deno.test("a tuning begins with the defaults, or with what the space has nearest to them", () => {
  const space: Space = {
    dim: [32, 64],
    heads: [4, 2, 3],
    rate: [1e-4, 3e-3],
    dropout: { min: 0.3, max: 0.6, scale: "linear", whole: false },
    hidden: [16, 8],
    layers: { min: 3, max: 5, scale: "linear", whole: true },
    loss: ["bpr", "bce"],
    keepSeen: [true],
  };
  const defaults = { dim: 64, heads: 1, rate: 1e-3, dropout: 0.2, layers: 2, loss: "ce", keepSeen: false };
  const first = { ...defaults, heads: 2, dropout: 0.3, hidden: 16, layers: 3, loss: "bpr", keepSeen: true };
  // By order of magnitude, as the method declares it, .001 is nearer to .003 than to .0001; by difference it is not.
  const { rate } = declaredSpace("sasrec");
  assert.deepEqual(firstPoint(space, defaults, { rate }), { ...first, rate: 3e-3 });
  assert.deepEqual(firstPoint(space, defaults), { ...first, rate: 1e-4 });
  for (const method of ["automlp", "sasrec", "gru4rec", "fpmc", "fdsa"]) {
    const { sizes, ...job } = jobOfCell({ method, options: {} }),
      own: Record<string, unknown> = { ...job, ...sizes, dropout: 0.4, batchSize: 128 };
    const point = firstPoint(declaredSpace(method), own);
    for (const [key, value] of Object.entries(point)) assert.equal(value, own[key], `${method}, ${key}`);
  }
});

Deno.test("a declared space takes in a default that it lacks, in its place", () => {
  const space = { batchSize: [64, 128], dim: [32], loss: ["ce", "bce"], rate: declaredSpace("sasrec").rate };
  const defaults = { batchSize: 16, dim: 32, loss: "bpr", rate: 1, heads: 2 };
  assert.deepEqual(withDefaultsIn(space, defaults), { ...space, batchSize: [16, 64, 128] });
});

Deno.test("of a narrow range numbers have as many digits as make them different, and drawing ends", () => {
  const drawn = (min: number, max: number) => {
    const point = pointsOf({ rate: { min, max, scale: "linear", whole: false } }, 1, { rate: min });
    return Array.from({ length: 30 }, (_, i) => point(i).rate as number);
  };
  const rates = drawn(0.1, 0.1001);
  assert.equal(new Set(rates).size, 30);
  assert(rates.every((rate) => rate >= 0.1 && rate <= 0.1001), String(rates));
  assert.equal(drawn(1, 1 + Number.EPSILON).length, 30);
});
