import fc from "fast-check";
import assert from "node:assert/strict";
import { ItemSet } from "../../../model/evaluate/item_set.ts";
import { ranksAmongAll, ranksAmongNegatives } from "../../../model/evaluate/ranks.ts";
import type { Histories } from "../../../model/recommender.ts";

const N = -Infinity;

Deno.test("among negatives, by hand", () => {
  const rank = (scores: number[], candidates: number[]) =>
    ranksAmongNegatives(
      Float32Array.from(scores),
      Uint32Array.from(candidates),
      { width: scores.length, from: 1, to: scores.length },
      new ItemSet(9),
    )[0][0];
  assert.equal(rank([5, 1, 2, 3], [1, 2, 3, 4]), 1);
  assert.equal(rank([2, 1, 5, 3], [1, 2, 3, 4]), 3);
  assert.equal(rank([2, 2, 2, 1], [1, 2, 3, 4]), 3, "ties rank against the target");
  assert.equal(rank([2, 5, 5, 5, 4], [1, 2, 2, 2, 3]), 3, "an item that was drawn three times counts once");
  assert.equal(rank([2, 2, 5], [1, 1, 2]), 2, "the target among its negatives does not count");
  assert.equal(rank([N, N, N], [1, 2, 3]), 3);
});

Deno.test("among negatives: each protocol has its own columns, each history its own row", () => {
  const scores = Float32Array.of(3, 4, 1, 5, 6, /**/ 3, 1, 1, 1, 9);
  const candidates = Uint32Array.of(1, 2, 3, 2, 4, /**/ 5, 1, 2, 3, 4);
  const ranks = (
    from: number,
    to: number,
  ) => [...ranksAmongNegatives(scores, candidates, { width: 5, from, to }, new ItemSet(9))[0]];
  assert.deepEqual(ranks(1, 3), [2, 1]);
  assert.deepEqual(ranks(3, 5), [3, 2]);
});

Deno.test("among all items, by hand", () => {
  const scores = Float32Array.of(99, 9, 7, 8, 7, 1, /**/ 99, 1, 2, 3, 4, 5); // two histories, items 1 … 5
  const targets = Uint32Array.of(4, 5);
  const seen: Histories = {
    items: Uint32Array.of(1, 1, 5, 4, 2, 5),
    starts: Uint32Array.of(0, 4),
    ends: Uint32Array.of(4, 6),
  };
  const itemSet = new ItemSet(5);
  assert.deepEqual([...ranksAmongAll(scores, targets, itemSet)[0]], [4, 1], "the padding never counts");
  // The first history holds 1 (twice), 5 and the target itself: 3 and, by the tie, 2 rank before the target.
  assert.deepEqual([...ranksAmongAll(scores, targets, itemSet, seen)[0]], [3, 1]);
});

Deno.test("ranks are those of a sorted list without doubles and seen items", () => {
  const scores = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 6, maxLength: 20 });
  fc.assert(fc.property(scores, fc.array(fc.nat(), { maxLength: 30 }), fc.nat(), (byItem, draws, t) => {
    const items = byItem.length, target = 1 + t % items, drawn = draws.map((draw) => 1 + draw % items);
    const score = (item: number) => byItem[item - 1];
    const before = (others: number[]) =>
      1 + new Set(others.filter((item) => item !== target && score(item) >= score(target))).size;
    const itemSet = new ItemSet(items), candidates = [target, ...drawn];
    assert.equal(
      ranksAmongNegatives(
        Float32Array.from(candidates, score),
        Uint32Array.from(candidates),
        { width: candidates.length, from: 1, to: candidates.length },
        itemSet,
      )[0][0],
      before(drawn),
    );
    const unseen = byItem.map((_, i) => i + 1).filter((item) => !drawn.includes(item));
    const seen = {
      items: Uint32Array.from(drawn),
      starts: Uint32Array.of(0),
      ends: Uint32Array.of(drawn.length),
    };
    assert.equal(
      ranksAmongAll(Float32Array.of(N, ...byItem), Uint32Array.of(target), itemSet, seen)[0][0],
      before(unseen),
    );
  }));
});

Deno.test("with logit adjustments, too, what has no score at all ties with what has none", () => {
  const adjustments = { taus: [0, 0.5], logPopularity: new Float32Array(4) };
  const ranks = ranksAmongAll(
    Float32Array.of(N, N, N, N),
    Uint32Array.of(2),
    new ItemSet(3),
    undefined,
    adjustments,
  );
  assert.deepEqual(ranks.map(([rank]) => rank), [3, 3]);
});

Deno.test("items are counted as one by one, however many there are, also where some have no score or one without end", () => {
  const taus = [-1, -0.5, 0, 0.25, 1.5];
  for (const items of [70_001, 1, 2, 30_000, 9]) { // memory grows, and holds what was there before
    const logPopularity = Float32Array.from({ length: items + 1 }, (_, item) => Math.sin(3 * item));
    const scores = Float32Array.from({ length: items + 1 }, (_, item) => item ? Math.sin(7 * item) : N);
    for (const [place, score] of [N, Infinity].entries()) if (items > 5) scores[3 + place] = score;
    for (const target of new Set([1, Math.ceil(items / 2), items])) {
      const lead = (item: number) => scores[item] - scores[target];
      const more = (item: number) => logPopularity[item] - logPopularity[target];
      const expected = taus.map((tau) => {
        let ahead = 0;
        for (let item = 1; item <= items; item++) if (lead(item) >= tau * more(item)) ahead++;
        return ahead;
      });
      const ranks = ranksAmongAll(scores, Uint32Array.of(target), new ItemSet(items), undefined, {
        taus,
        logPopularity,
      });
      assert.deepEqual(ranks.map(([rank]) => rank), expected, `${items} items, target ${target}`);
    }
  }
});

Deno.test("ranks with logit adjustments are those of adjusted scores, for all τ at once", () => {
  const taus = [-1, -0.25, 0, 0.5, 1.5];
  // Sixteenths: products and differences are exact.
  const sixteenths = fc.integer({ min: -32, max: 32 }).map((value) => value / 16);
  const row = fc.array(fc.tuple(sixteenths, sixteenths), { minLength: 3, maxLength: 20 });
  fc.assert(fc.property(row, fc.array(fc.nat(), { maxLength: 20 }), fc.nat(), (byItem, draws, t) => {
    const items = byItem.length, target = 1 + t % items, drawn = draws.map((draw) => 1 + draw % items);
    const logPopularity = Float32Array.from([0, ...byItem.map(([, log]) => log)]),
      itemSet = new ItemSet(items);
    const adjustments = { taus, logPopularity }, targets = Uint32Array.of(target);
    const candidates = Uint32Array.from([target, ...drawn]);
    const columns = { width: candidates.length, from: 1, to: candidates.length };
    const seen = {
      items: candidates.subarray(1),
      starts: Uint32Array.of(0),
      ends: Uint32Array.of(drawn.length),
    };
    const plain = Float32Array.from([N, ...byItem.map(([score]) => score)]);
    const among = Float32Array.from(candidates, (item) => plain[item]);
    const all = ranksAmongAll(plain, targets, itemSet, seen, adjustments);
    const some = ranksAmongNegatives(among, candidates, columns, itemSet, adjustments);
    for (const [i, tau] of taus.entries()) {
      const adjusted = plain.map((score, item) => item ? score - tau * logPopularity[item] : N);
      const ofThese = Float32Array.from(candidates, (item) => adjusted[item]);
      assert.deepEqual(all[i], ranksAmongAll(adjusted, targets, itemSet, seen)[0]);
      assert.deepEqual(some[i], ranksAmongNegatives(ofThese, candidates, columns, itemSet)[0]);
    }
  }));
});
