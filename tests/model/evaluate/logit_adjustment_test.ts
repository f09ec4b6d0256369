import assert from "node:assert/strict";
import { evaluate } from "../../../model/evaluate/evaluate.ts";
import { chooseLogitAdjustment } from "../../../model/evaluate/logit_adjustment.ts";
import { inFolder, makeDataset, type Sketch } from "../../pipeline/export/dataset.ts";
import { Stub } from "../stub.ts";

/** In training a occurs 6 times, b 4, c 2, d and e once, f never; the last two of each user are held out. */
const SKETCH: Sketch = {
  sequences: {
    u: ["a", "a", "a", "b", "b", "c", "d", /**/ "c", "c"],
    v: ["a", "a", "a", "b", "b", "c", "e", /**/ "d", "d"],
  },
  items: { a: {}, b: {}, c: {}, d: {}, e: {}, f: {} },
  protocols: ["recbole"],
};
/** 14 interactions and 6 items, with one added to each count. */
const LOG_SHARES = [7, 5, 3, 2, 2, 1].map((count) => Math.log(count / 20));
/** What each user takes next. */
const NEXT = [0, 3, 4];

/** A stub that knows what comes next and how popular items are: `share` times the logarithm of popularity is in its scores. */
const knowing = (share: number) =>
  new Stub(6, (_, item, user) => share * LOG_SHARES[item - 1] + (item === NEXT[user] ? 0.01 : 0));

const FULL = { protocols: ["full"], keepSeen: true } as const;

Deno.test("what a method knows of popularity is found on validation, and taken out", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, SKETCH);
    for (const share of [1, 0.5, -0.75]) {
      assert.deepEqual(await chooseLogitAdjustment(knowing(share), dataset, FULL), { full: share });
      const evaluation = await evaluate(knowing(share), dataset, { ...FULL, ks: [1] });
      assert.deepEqual(evaluation.logitAdjustment, { full: share });
      assert.deepEqual([...evaluation.ranks("full")], [1, 1]);
      assert.equal(evaluation.metrics.full["HR@1"], 1);
      assert.equal(evaluation.unadjusted.full?.["HR@1"], 0, "both figures");
      assert.match(`${evaluation}`, new RegExp(`full, τ = ${share}`.replace("-", "−")));
    }
  }));

Deno.test("nothing is taken out where that gains nothing, or no more than chance", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, SKETCH);
    assert.deepEqual(await chooseLogitAdjustment(knowing(0), dataset, FULL), { full: 0 });
    // It helps one of two users, by as much as the standard error.
    const half = new Stub(
      6,
      (_, item, user) => (user === 1 ? LOG_SHARES[item - 1] : 0) + (item === NEXT[user] ? 0.01 : 0),
    );
    assert.deepEqual(await chooseLogitAdjustment(half, dataset, FULL), { full: 0 });
    const evaluation = await evaluate(half, dataset, FULL);
    assert.deepEqual(evaluation.unadjusted, {}, "one figure says it all");
  }));

Deno.test("it is taken out where that helps three of six users, whose lead is more than two standard errors, not where it helps two", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, {
      ...SKETCH,
      sequences: Object.fromEntries(Array.from("uvwxyz", (user) => [user, SKETCH.sequences.v])),
    });
    const helping = (users: number) =>
      new Stub(6, (_, item, user) => {
        const next = item === NEXT[2] ? 1 : 0; // of all
        return user <= users ? LOG_SHARES[item - 1] + 0.01 * next : 99 * next;
      });
    assert((await chooseLogitAdjustment(helping(3), dataset, FULL)).full > 0);
    assert.deepEqual(await chooseLogitAdjustment(helping(2), dataset, FULL), { full: 0 });
  }));

Deno.test("by one user nothing is taken out: what is chance cannot be told", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, { ...SKETCH, sequences: { u: SKETCH.sequences.u } });
    // If it helps two users in the same way, popularity is removed.
    assert.deepEqual(await chooseLogitAdjustment(knowing(1), dataset, FULL), { full: 0 });
  }));

Deno.test("users count, not their positives: one with three of five is a third of all", () =>
  inFolder(async (folder) => {
    const t = Array.from("aaaaaaaaaaaabbbbbbccccde"), few = ["a", "d"];
    const sequences = { t, u: ["a", "d", "d", "d"], v: few, w: few, x: Array.from("abcdefab") };
    const dataset = await makeDataset(folder, { ...SKETCH, sequences, split: "global-time" });
    const helping = (helped: number[]) =>
      new Stub(6, (_, item, user) => {
        const next = item === 4 ? 1 : 0; // of all
        return helped.includes(user) ? LOG_SHARES[item - 1] + 0.01 * next : 99 * next;
      });
    assert.deepEqual(await chooseLogitAdjustment(helping([2]), dataset, FULL), { full: 0 });
    assert((await chooseLogitAdjustment(helping([2, 3, 4]), dataset, FULL)).full > 0);
  }));

Deno.test("of several τ that are as good the one nearest to 0 is taken", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, SKETCH);
    // d is behind a by log 0.35 − log 0.1 = 1.25 and comes first with any τ above 1 − 0.5 / 1.25.
    const method = new Stub(6, (_, item, user) => LOG_SHARES[item - 1] + (item === NEXT[user] ? 0.5 : 0));
    assert.deepEqual(await chooseLogitAdjustment(method, dataset, FULL), { full: 0.75 });
  }));

Deno.test("where there are no validation targets nothing is taken out; where some parts have none, what the others say", () =>
  inFolder(async (folder) => {
    const { u, v } = SKETCH.sequences, short = ["a", "b"];
    const without = await makeDataset(`${folder}/without`, { ...SKETCH, sequences: { u: short, v: short } });
    assert.deepEqual(await chooseLogitAdjustment(knowing(1), without, FULL), { full: 0 });
    const sketch = { ...SKETCH, sequences: { u, v, w: short }, partRows: 9 };
    const parts = await makeDataset(`${folder}/parts`, sketch);
    assert.equal(parts.parts.length, 3);
    assert.deepEqual(await chooseLogitAdjustment(knowing(1), parts, FULL), { full: 1 });
    await assert.rejects(chooseLogitAdjustment(new Stub(5, () => 0), parts, FULL), {
      name: "InputError",
      message: /^Cannot score the items of .* it was trained on 5 items, the dataset has 6;/,
    });
  }));

Deno.test("a given τ is taken, for all protocols or one", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, SKETCH), method = knowing(1);
    const one = await evaluate(method, dataset, { keepSeen: true, logitAdjustment: { full: 1 } });
    assert.deepEqual(one.logitAdjustment, { recbole: 0, full: 1 });
    assert.equal(method.asked.length, 2, "each history once, among negatives and among all items");
    const all = await evaluate(method, dataset, { keepSeen: true, logitAdjustment: 1 });
    assert.deepEqual(all.logitAdjustment, { recbole: 1, full: 1 });
    assert.deepEqual(all.metrics.full, one.metrics.full);
    assert.equal(all.figures()[0].logitAdjustment, 1);
    assert.match(String(all), /; τ: ranked by score − τ log popularity, τ given\n/);
    const chosen = await evaluate(method, dataset, { keepSeen: true });
    assert.match(String(chosen), /; τ: ranked by score − τ log popularity, τ chosen on validation\n/);
    await assert.rejects(evaluate(method, dataset, { logitAdjustment: NaN }), {
      name: "InputError",
      message:
        'Cannot evaluate with logitAdjustment NaN: give "validation", a number, or a number for each protocol',
    });
  }));

Deno.test("a τ for a protocol that there is not is refused, and a batch of no histories", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, SKETCH), method = knowing(1);
    // @ts-expect-error: the compiler reports it, too
    await assert.rejects(evaluate(method, dataset, { logitAdjustment: { recbol: 1 } }), {
      name: "InputError",
      message: /^Cannot evaluate by protocol "recbol": .* has recbole, full \(did you mean "recbole"\?\)/,
    });
    await assert.rejects(evaluate(method, dataset, { batchSize: 0 }), {
      name: "InputError",
      message: /batchSize/,
    });
  }));

Deno.test("lists are those of adjusted scores", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, SKETCH);
    const options = { ...FULL, ks: [1] };
    const [plain, without] = await Promise.all(
      [0, 1].map((logitAdjustment) => evaluate(knowing(1), dataset, { ...options, logitAdjustment })),
    );
    assert.equal(plain.exposure?.lists[0].averagePopularity, 6, "a, whoever it is");
    assert.equal(without.exposure?.lists[0].averagePopularity, 1.5, "c and d");
  }));
