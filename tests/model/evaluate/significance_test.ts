import assert from "node:assert/strict";
import { evaluate, type EvaluateOptions } from "../../../model/evaluate/evaluate.ts";
import { holm } from "../../../model/evaluate/holm.ts";
import type { Ranked } from "../../../model/evaluate/ranked.ts";
import { compare, compareAll, pairedTest } from "../../../model/evaluate/significance.ts";
import { inFolder, makeDataset, type Sketch } from "../../pipeline/export/dataset.ts";
import { stepStub } from "../stub.ts";
import { walks } from "../support.ts";

const near = (actual: number, expected: number) =>
  assert.ok(
    Math.abs(actual - expected) < 1e-10 * Math.max(1, Math.abs(expected)),
    `${actual}, expected ${expected}`,
  );

Deno.test("a paired test as SciPy computes it", () => {
  // scipy.stats.ttest_rel(x, y) of SciPy 1.11.4
  const x = Float64Array.of(0.2, 0.5, 1, 0, 1 / 3, 0.25, 1, 0.5);
  const y = Float64Array.of(0.1, 0.5, 0.5, 0, 0.5, 0.2, 1 / 3, 0.25);
  const { difference, interval, t, degreesOfFreedom, p } = pairedTest(x, y);
  near(difference, 0.175);
  near(t, 1.7622808524230469);
  near(p, 0.12139734454489468);
  assert.equal(degreesOfFreedom, 7);
  near(interval[0], -0.059814583247520176);
  near(interval[1], 0.4098145832475202);
  near(pairedTest(x, y, 0.99).interval[1], 0.5225096357055152);
  near(pairedTest(y, x).p, p);
});

Deno.test("differences without any spread: p is that of the signs alone", () => {
  const x = Float64Array.of(1, 0, 0.5), y = Float64Array.of(0, -1, -0.5);
  assert.deepEqual(pairedTest(x, x), { difference: 0, interval: [0, 0], t: 0, degreesOfFreedom: 2, p: 1 });
  // scipy.stats.permutation_test((x, y), lambda x, y, axis: (x - y).mean(axis), permutation_type="samples", vectorized=True).pvalue of SciPy 1.17.1
  assert.deepEqual(pairedTest(x, y), {
    difference: 1,
    interval: [1, 1],
    t: Infinity,
    degreesOfFreedom: 2,
    p: 0.25,
  });
  const ten = new Float64Array(10);
  assert.equal(pairedTest(ten, ten.map(() => 1)).p, 0.001953125);
  assert.equal(pairedTest(ten, ten.map(() => 1)).t, -Infinity);
});

Deno.test("what differs by rounding alone has no spread", () => {
  // Hits of 100 users by two seeds: 3 more in both. 0.13 − 0.1 is not 0.58 − 0.55.
  const { t, p } = pairedTest(Float64Array.of(0.13, 0.58), Float64Array.of(0.1, 0.55));
  assert.deepEqual([t, p], [Infinity, 0.5]);
  const sum = 0.1 + 0.2, same = pairedTest(Float64Array.of(sum, 0.5), Float64Array.of(0.3, 0.5));
  assert.deepEqual([same.t, same.p], [0, 1]);
  // One user of a million who is one rank higher still gives a spread.
  const many = new Float64Array(1e6), one = many.slice();
  one[0] = 1 / Math.log2(11) - 1 / Math.log2(12);
  near(pairedTest(one, many).t, 1);
});

Deno.test("a test of less than two pairs, or at a level that is none, is refused", () => {
  const x = Float64Array.of(1, 2, 4), y = Float64Array.of(0, 2, 1);
  for (const none of [Float64Array.of(), Float64Array.of(1)]) {
    assert.throws(() => pairedTest(none, none.map(() => 0)), {
      name: "InputError",
      message: `Cannot test: it takes at least 2 pairs, found ${none.length}`,
    });
  }
  for (const strange of [NaN, Infinity, -Infinity]) {
    assert.throws(() => pairedTest(Float64Array.of(1, strange, 4), y), {
      name: "InputError",
      message: "Cannot test: some values are no numbers, or infinite; leave their pairs out",
    });
  }
  for (const confidence of [95, 1, 0, -0.5, NaN]) {
    assert.throws(() => pairedTest(x, y, confidence), {
      name: "InputError",
      message: `Cannot test with confidence ${confidence}: give a number between 0 and 1, 0.95 for 95 %`,
    });
  }
});

/** An evaluation with these values of users. */
const ranked = (values: number[], protocols: Ranked["protocols"] = ["full"]): Ranked => ({
  method: "Stub",
  split: "test",
  dataset: { name: "stub", hash: "0123456789" },
  keepSeen: false,
  users: values.length,
  protocols,
  userValues: () => Float64Array.from(values),
});

Deno.test("two users can be compared, one cannot, nor can values of others, nor without a protocol that both have", () => {
  const fails = (run: () => unknown, message: string) => assert.throws(run, { name: "InputError", message });
  const { difference, degreesOfFreedom } = compare(ranked([1, 0.5]), ranked([0.5, 0.25]), "NDCG@10");
  assert.deepEqual([difference, degreesOfFreedom], [0.375, 1]);
  fails(
    () => compare(ranked([1]), ranked([0.5]), "NDCG@10"),
    "Cannot compare Stub with Stub: a test needs at least 2 users",
  );
  fails(
    () => compareAll(ranked([1, 0]), [ranked([1, 0]), ranked([1, 0], ["strict"])], "NDCG@10"),
    "Cannot compare Stub: no protocol is common to all evaluations",
  );
  fails(
    () => pairedTest(Float64Array.of(1, 2), Float64Array.of(1, 2, 3)),
    "Cannot test: there are 2 and 3 values; give pairs",
  );
});

Deno.test("Holm's correction by hand: never falling, and at most 1", () => {
  assert.deepEqual(holm([0.25, 0.75, 0.5]), [0.75, 1, 1]);
  assert.deepEqual(holm([0.125, 0.0625, 0.125, 0.5]), [0.375, 0.25, 0.375, 0.5]);
  assert.deepEqual(holm([]), []);
});

const ITEMS = Array.from("abcdefghij");
const SKETCH: Sketch = {
  // 40 users; the letters go round, each user from another start and with another step.
  sequences: walks(40, 4, ITEMS),
  items: Object.fromEntries(ITEMS.map((id) => [id, {}])),
};

Deno.test("comparisons of evaluations, corrected by Holm", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, SKETCH);
    const run = (noise: number, options?: EvaluateOptions) => evaluate(stepStub(noise), dataset, options);
    const [good, same, fair, bad] = [await run(0), await run(0), await run(1), await run(20)];
    const { comparisons } = compareAll(good, [same, fair, bad], "ndcg@5" as "NDCG@5", { protocol: "full" });
    assert.deepEqual(
      comparisons.map(({ b, metric, protocol, split, users }) => [b, metric, protocol, split, users]),
      [
        ["Stub", "NDCG@5", "full", "test", 40],
        ["Stub", "NDCG@5", "full", "test", 40],
        ["Stub", "NDCG@5", "full", "test", 40],
      ],
    );
    assert.deepEqual([comparisons[0].p, comparisons[0].significant], [1, false]);
    assert.ok(comparisons[2].significant && comparisons[2].difference > 0);
    for (const { difference, meanA, meanB, interval } of comparisons) {
      near(difference, meanA - meanB);
      assert.ok(interval[0] <= difference && difference <= interval[1]);
    }
    // Holm: the smallest p times 3, the next times 2, the last times 1, never falling, at most 1.
    const sorted = [...comparisons].sort((a, b) => a.p - b.p);
    let floor = 0;
    sorted.forEach(({ p, adjustedP }, i) =>
      near(adjustedP, floor = Math.max(floor, Math.min(1, (3 - i) * p)))
    );
    const single = compare(good, bad, "NDCG@5", { protocol: "full" });
    assert.equal(single.adjustedP, single.p);
    assert.equal(compare(good, bad, "HR@3").protocol, "recbole", "the first that both have");

    const text = String(compareAll(good, [same, bad], "NDCG@5", { protocol: "full", confidence: 0.99 }));
    assert.match(
      text,
      /^Stub: NDCG@5 \d\.\d{4} on test by protocol full; paired t-test over 40 users: each interval by itself, p by Holm for all rows together, \* p < 0\.01\n/,
    );
    assert.match(text, /99 % interval/);
    assert.match(text, /\*$/);
  }));

Deno.test("what cannot be compared is said in one line", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, SKETCH);
    const test = await evaluate(stepStub(0), dataset);
    const fails = (run: () => unknown, message: RegExp) =>
      assert.throws(run, { name: "InputError", message });
    const validation = await evaluate(stepStub(0), dataset, { split: "validation" });
    fails(
      () => compare(test, validation, "HR@5"),
      /different parts \(test and validation\); evaluate both alike$/,
    );
    const kept = await evaluate(stepStub(0), dataset, { keepSeen: true });
    fails(() => compare(test, kept, "HR@5", { protocol: "full" }), /different rankings/);
    assert.equal(compare(test, kept, "HR@5", { protocol: "recbole" }).difference, 0);
    const { u0: _, ...others } = SKETCH.sequences;
    const other = await evaluate(
      stepStub(0),
      await makeDataset(`${folder}/other`, { ...SKETCH, sequences: others }),
    );
    fails(() => compare(test, other, "HR@5"), /different datasets \([0-9a-f]{8} and [0-9a-f]{8}\)/);
    fails(() => compare(test, test, "HR5" as "HR@5"), /^Cannot read the metric "HR5"/);
    fails(
      () => compare(test, test, "HR@5", { protocol: "uniform" }),
      /^Cannot give the ranks by protocol "uniform"/,
    );
    fails(() => compare(test, test, "HR@5", { confidence: 95 }), /^Cannot compare with confidence 95/);
    fails(() => compareAll(test, [], "HR@5"), /no other evaluation is given$/);
  }));
