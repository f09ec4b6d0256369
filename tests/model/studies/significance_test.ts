import assert from "node:assert/strict";
import type { Ranked } from "../../../model/evaluate/ranked.ts";
import { holm } from "../../../model/evaluate/holm.ts";
import { pairedTest } from "../../../model/evaluate/significance.ts";
import type { CellResult } from "../../../model/records/experiment.ts";
import { type RankedRow, significanceOf } from "../../../model/studies/significance.ts";

/** A cell: its seed, its figure, and the users' values, if they are kept. */
type Cell = [seed: number, figure?: number, users?: number[]];

const rowOf = (label: string, cells: Cell[], protocols: Ranked["protocols"] = ["full"]): RankedRow => ({
  label,
  method: "automlp",
  failures: [],
  missing: 0,
  cells: cells.map(([seed, figure]) =>
    ({
      seed,
      metrics: figure === undefined ? {} : { full: { "NDCG@10": figure } },
    }) as unknown as CellResult
  ),
  ranks: cells.map(([, , values]): Ranked | undefined =>
    values && {
      method: label,
      split: "test",
      dataset: { name: "stub", hash: "0123" },
      keepSeen: false,
      users: values.length,
      protocols,
      userValues: () => Float64Array.from(values),
    }
  ),
});
const significance = (...rows: RankedRow[]) => significanceOf(rows, "full", "NDCG@10");
const p = (x: number[], y: number[]) => pairedTest(Float64Array.from(x), Float64Array.from(y)).p;

const FIRST: Cell[] = [[1, 0.5, [0.5, 0.25, 0.75]], [2, 0.6, [1, 0.5, 0.25]], [3, 0.9, [1, 1, 0.5]]];

Deno.test("rows are compared by the seeds that both have, over seeds and over the users' means over these seeds", () => {
  const other: Cell[] = [[2, 0.5, [0.5, 0, 0.5]], [3, 0.7, [0.5, 1, 0]], [4, 0.1, [0, 0, 0]]];
  const [found, ...none] = significance(rowOf("first", FIRST), rowOf("other", other));
  assert.deepEqual(none, []);
  assert.deepEqual(found, {
    protocol: "full",
    metric: "NDCG@10",
    label: "other",
    pSeeds: p([0.6, 0.9], [0.5, 0.7]),
    pUsers: p([1, 0.75, 0.375], [0.5, 0.5, 0.25]),
  });
  const [, [seed, figure], last] = other;
  const [partly] = significance(rowOf("first", FIRST), rowOf("other", [other[0], [seed, figure], last]));
  assert.equal(partly.pUsers, p([1, 0.5, 0.25], [0.5, 0, 0.5]), "of a seed whose ranks only one has none");
});

Deno.test("all rows' p-values are corrected together, those of each test by themselves", () => {
  const moved = (by: number[]): Cell[] =>
    FIRST.map(([seed, figure, users], i) => [seed, figure! - by[i], users!.map((value, u) => value - by[u])]);
  const [a, b] = [[0.1, 0.11, 0.1], [0.1, 0.3, 0.2]];
  const alone: Cell[] = [[3, 0.8, [0.9, 0.6, 0.4]]]; // one seed
  const found = significance(
    rowOf("first", FIRST),
    rowOf("b", moved(b)),
    rowOf("alone", alone),
    rowOf("a", moved(a)),
  );
  assert.deepEqual(found.map(({ label }) => label), ["b", "alone", "a"]);
  const [pB, pA] = [b, a].map((by) => {
    const [seeds, means] = [
      FIRST.map(([, figure]) => figure!),
      [0, 1, 2].map((u) => FIRST.reduce((sum, [, , users]) => sum + users![u], 0) / 3),
    ];
    return [
      p(seeds, seeds.map((value, i) => value - by[i])),
      p(means, means.map((value, u) => value - by[u])),
    ];
  });
  const close = (actual: (number | undefined)[], expected: (number | undefined)[]) =>
    actual.forEach((value, i) =>
      expected[i] === undefined
        ? assert.equal(value, undefined)
        : assert(Math.abs(value! - expected[i]) < 1e-9, `${actual}, not ${expected}`)
    );
  const [seedsB, seedsA] = holm([pB[0], pA[0]]);
  close(found.map(({ pSeeds }) => pSeeds), [seedsB, undefined, seedsA]);
  close(found.map(({ pUsers }) => pUsers), holm([pB[1], p([1, 1, 0.5], [0.9, 0.6, 0.4]), pA[1]]));
  assert(seedsA > pA[0], "corrected");
});
