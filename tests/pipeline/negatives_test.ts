import assert from "node:assert/strict";
import fc from "fast-check";
import pl, { type DataFrame } from "nodejs-polars";
import { type NegativesOptions, sampleNegatives } from "../../pipeline/negatives.ts";
import { type Protocol, PROTOCOLS } from "../../pipeline/contract/dataset/protocols.ts";
import { type Progress, silent } from "../../pipeline/contract/progress.ts";
import { DEFAULT_SEED } from "../../pipeline/contract/random.ts";
import { checkSchema } from "../../pipeline/schema.ts";
import { filterInteractions } from "../../pipeline/filter.ts";
import { splitInteractions, type SplitOptions } from "../../pipeline/split.ts";
import { buildVocabulary } from "../../pipeline/vocabulary.ts";
import { chiSquaredScore } from "../statistics.ts";
import { columnsOf, handExpected, handFrame, randomRows, rawFrame, shuffled } from "./frames.ts";

async function sample(
  raw: DataFrame,
  options: Partial<NegativesOptions> = {},
  split: SplitOptions = {},
  minUser = 5,
) {
  const kept = filterInteractions((await checkSchema(raw)).frame, { minUser }).frame;
  const { frame, users, items } = buildVocabulary(kept);
  const parted = splitInteractions(frame, { users, ...split }).frame;
  const result = await sampleNegatives(parted, { items, users, ...options });
  const lists = result.frame.height === 0 ? [] : result.frame.rows().map((row) => ({
    protocol: row[0] as Protocol,
    split: row[1] as string,
    user: row[2] as number,
    row: row[3] as number,
    target: row[4] as number,
    negatives: [...row[5] as Iterable<number>],
  }));
  const own = Map.groupBy(parted.rows(), (row) => row[0] as number);
  return {
    ...result,
    lists,
    items,
    interactions: parted,
    own: (user: number) => new Set(own.get(user)!.map((row) => row[1])),
  };
}

Deno.test("negatives: popularity is the number of target interactions", async () => {
  const { popularity, items } = await sample(handFrame(), { evalNegatives: 2 }, {}, 10);
  const ids = columnsOf(items).id as string[];
  assert.deepEqual(Object.fromEntries(ids.map((id, i) => [id, popularity[i + 1]])), handExpected.popularity);
  assert.equal(popularity[0], 0);
});

Deno.test("negatives: each positive has its list in each protocol, and each protocol keeps its promise", async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(500), async (seed) => {
      const { lists, interactions, own, popularity } = await sample(rawFrame(randomRows(seed)), {
        evalNegatives: 12,
        seed,
      });
      const positives = interactions.filter(pl.col("split").neq(pl.lit("train"))).height;
      assert.equal(lists.length, PROTOCOLS.length * positives);
      for (const { protocol, split, user, row, target, negatives } of lists) {
        const at = interactions.row(row);
        assert.deepEqual([at[0], at[1], at[3]], [user, target, split], "row points at the positive");
        assert.equal(negatives.length, 12);
        assert(negatives.every((item) => item >= 1 && item < popularity.length && item !== target));
        if (protocol === "recbole") continue;
        assert.equal(new Set(negatives).size, 12, "distinct");
        assert(negatives.every((item) => !own(user).has(item)), "none of the user's own");
      }
    }),
    { numRuns: 10 },
  );
});

Deno.test("negatives: the same seed gives the same lists whatever the order of rows; another seed gives others", async () => {
  const rows = randomRows(2);
  const one = await sample(rawFrame(rows), { evalNegatives: 5, seed: 9 });
  const two = await sample(rawFrame(shuffled(rows, 1)), { evalNegatives: 5, seed: 9 });
  assert.deepEqual(one.lists, two.lists);
  const other = await sample(rawFrame(rows), { evalNegatives: 5, seed: 10 });
  assert.notDeepEqual(one.lists, other.lists);
  const fewer = await sample(rawFrame(rows), { evalNegatives: 5, seed: 9, protocols: ["strict"] });
  assert.deepEqual(
    fewer.lists,
    one.lists.filter(({ protocol }) => protocol === "strict"),
    "protocols are independent",
  );
  const unsaid = await sample(rawFrame(rows), { evalNegatives: 5 });
  const usual = await sample(rawFrame(rows), { evalNegatives: 5, seed: DEFAULT_SEED });
  assert.deepEqual(unsaid.lists, usual.lists);
});

Deno.test("negatives: a list depends on the place in its user's sequence, not on what others have", async () => {
  const u32 = (name: string, values: number[]) => pl.Series(name, values, pl.UInt32);
  const items = pl.DataFrame([u32("item", Array.from({ length: 30 }, (_, i) => i + 1))]);
  const users = pl.DataFrame([u32("user", [1, 2, 3]), pl.Series("id", ["ann", "ben", "cid"])]);
  const listsOf = async (lengths: number[]) => {
    const user = lengths.flatMap((n, i) => new Array<number>(n).fill(i + 1));
    const place = lengths.flatMap((n) => Array.from({ length: n }, (_, i) => i));
    const log = pl.DataFrame([
      u32("user", user),
      u32("item", place.map((i) => i + 1)),
      pl.Series("split", place.map((i) => i < 2 ? "train" : "test")),
    ]);
    const { frame, report } = await sampleNegatives(log, {
      items,
      users,
      evalNegatives: 9,
      protocols: ["uniform"],
    });
    const positives = lengths.reduce((sum, n) => sum + n - 2, 0);
    assert.deepEqual(report.counts, { positives, "negatives each": 9, "drawn in all": 9 * positives });
    return frame.rows().map((row) => ({
      user: row[2],
      target: row[4],
      list: [...row[5] as Iterable<number>],
    }));
  };
  const [few, many] = [await listsOf([3, 5, 5]), await listsOf([12, 5, 5])];
  const notAnn = ({ user }: { user: number }) => user !== 1;
  assert.deepEqual(many.filter(notAnn), few.filter(notAnn));
  assert.equal(
    new Set(few.map(({ list }) => list.join())).size,
    few.length,
    "each place and each user has its own",
  );
});

/** Compares the counts of drawn items with the weights, over the lists of one protocol. */
async function frequencies(
  protocol: Protocol,
  weight: (popularity: number) => number,
  options: Partial<NegativesOptions> = {},
) {
  const { lists, popularity, own } = await sample(rawFrame(randomRows(4, 60)), {
    evalNegatives: 400,
    protocols: [protocol],
    ...options,
  });
  const observed = new Float64Array(popularity.length), expected = new Float64Array(popularity.length);
  for (const { user, target, negatives } of lists) {
    negatives.forEach((item) => observed[item]++);
    const left = Array.from(popularity, (n, item) => item === 0 || item === target ? 0 : weight(n));
    if (protocol !== "recbole") own(user).forEach((item) => left[item as number] = 0);
    const sum = left.reduce((a, b) => a + b, 0);
    left.forEach((w, item) => expected[item] += negatives.length * w / sum);
  }
  return chiSquaredScore(observed, expected);
}

Deno.test("negatives: frequencies follow popularity (chi-squared)", async () => {
  assert(Math.abs(await frequencies("recbole", (n) => n)) < 4);
  assert(Math.abs(await frequencies("recbole", (n) => n > 0 ? n ** 0.5 : 0, { exponent: 0.5 })) < 4);
  // One draw for each list, since only the first draw without replacement follows the weights.
  assert(Math.abs(await frequencies("strict", (n) => n, { evalNegatives: 1 })) < 4);
  assert(Math.abs(await frequencies("uniform", () => 1, { evalNegatives: 1 })) < 4);
  assert(Math.abs(await frequencies("recbole", () => 1)) > 10, "the test can fail");
});

Deno.test("negatives: an exponent may prefer what few chose", async () => {
  const rare = (n: number) => n > 0 ? 1 / n : 0;
  assert(Math.abs(await frequencies("recbole", rare, { exponent: -1 })) < 4);
  for (const exponent of [10, -10]) {
    const { lists } = await sample(rawFrame(randomRows(4, 60)), { evalNegatives: 3, exponent });
    assert(lists.every(({ negatives, target }) => negatives.every((item) => item > 0 && item !== target)));
  }
});

Deno.test("negatives: too few items for distinct ones name the user and the way out", async () => {
  await assert.rejects(
    sample(handFrame(), { evalNegatives: 100 }, {}, 10),
    /Cannot draw 100 strict negatives for user "O'Neil, "Pat"": only 6 items .*leave strict and uniform out of --protocols/,
  );
  // Of six items, each a target: ann has had 1 to 4, ben 1 and 2, and cid, who is not evaluated, all.
  const u32 = (name: string, values: number[]) => pl.Series(name, values, pl.UInt32);
  const user = [1, 1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3, 3], item = [1, 2, 3, 4, 1, 2, 1, 1, 2, 3, 4, 5, 6];
  const split = user.map((u, i) =>
    u === 3 || user[i - 1] !== u ? "train" : user[i + 1] === u ? "validation" : "test"
  );
  const log = pl.DataFrame([u32("user", user), u32("item", item), pl.Series("split", split)]);
  const tables = {
    items: pl.DataFrame([u32("item", [1, 2, 3, 4, 5, 6, 7])]),
    users: pl.DataFrame([u32("user", [1, 2, 3]), pl.Series("id", ["ann", "ben", "cid"])]),
  };
  const draw = (evalNegatives: number, protocols?: readonly Protocol[]) =>
    sampleNegatives(log, { ...tables, evalNegatives, protocols });
  // Item 7 is nobody's target: only uniform can draw it.
  await assert.rejects(draw(4), {
    message:
      'Cannot draw 4 strict negatives for user "ann": only 2 items that others chose are not already theirs; ' +
      "lower --eval-negatives to 2, the most that all users leave, or leave strict and uniform out of --protocols",
  });
  await assert.rejects(draw(3), /lower --eval-negatives to 2, .* or leave strict out of --protocols$/);
  await assert.rejects(draw(9, ["uniform"]), /lower --eval-negatives to 3, .* or leave uniform out/);
  const all = log.filter(pl.col("user").eq(pl.lit(3))).withColumns(
    pl.lit(1).cast(pl.UInt32).alias("user"),
    pl.when(pl.col("item").eq(pl.lit(6))).then(pl.lit("test")).otherwise(pl.lit("train")).alias("split"),
  );
  await assert.rejects(
    sampleNegatives(all, { items: tables.items, users: tables.users.head(1), evalNegatives: 1 }),
    /lower --eval-negatives to 0, as some user leaves none, or leave strict out of --protocols$/,
  );
  assert.equal((await draw(2)).frame.height, 3 * 5, "the number that is named suffices");
  const { lists } = await sample(handFrame(), { protocols: ["recbole"] }, {}, 10);
  assert.equal(lists.length, handExpected.rows.negatives);
});

Deno.test("negatives: one item only, and none wanted", async () => {
  const one = rawFrame([["u", "i", "1"], ["u", "i", "2"], ["u", "i", "3"]]);
  await assert.rejects(
    sample(one, { evalNegatives: 100, protocols: ["recbole"] }, {}, 1),
    /every target is the same one item/,
  );
  const two = rawFrame([["u", "i", "1"], ["u", "j", "2"], ["u", "i", "3"]]);
  const { lists } = await sample(two, { evalNegatives: 2, protocols: ["recbole"] }, {}, 1);
  assert.deepEqual(
    lists.map(({ negatives }) => negatives),
    [[1, 1], [2, 2]],
    "the other one, again and again",
  );
  // If no number is given, there are none for the same reason.
  for (const evalNegatives of [0, undefined]) {
    const { frame, report, count, lowered } = await sample(one, { evalNegatives }, {}, 1);
    assert.deepEqual([frame.height, frame.columns.length], [0, 6]);
    assert.deepEqual([count, lowered], [0, evalNegatives === undefined]);
    assert.match(report.warnings[0], /only be evaluated against all items/);
  }
});

Deno.test("negatives: positives without a history have no list", async () => {
  const rows = Array.from({ length: 20 }, (_, i) => ["u", `i${i}`, String(i)]).concat([["late", "i1", "19"], [
    "late",
    "i2",
    "20",
  ]]);
  const { lists } = await sample(rawFrame(rows), { evalNegatives: 2, protocols: ["recbole"] }, {
    split: "global-time",
  }, 1);
  assert.equal(
    lists.filter(({ user }) => user === 1).length,
    1,
    "of late's two test rows, the second has a history",
  );
});

Deno.test("negatives: stop on request", async (t) => {
  const drawn = (signal: AbortSignal, progress?: Progress) => {
    const rows = rawFrame(randomRows(1, 400, 5000));
    return sample(rows, { evalNegatives: 400, signal, progress, protocols: ["recbole"] });
  };
  await t.step("asked for before it begins, however fast the draw", async () => {
    await assert.rejects(drawn(AbortSignal.abort()), /Stopped while drawing negatives/);
  });
  await t.step("asked for while it draws", async () => {
    const stop = new AbortController(), told: number[] = [];
    const progress: Progress = {
      ...silent,
      start: () => ({ advance: (by) => (told.push(by), stop.abort()), end() {} }),
    };
    using _slow = slowClock();
    await assert.rejects(drawn(stop.signal, progress), /Stopped while drawing negatives/);
    assert.equal(told.length, 1, "what was drawn before is all that was");
  });
});

/** A clock on which every piece of work takes long. */
function slowClock(): Disposable {
  const now = performance.now;
  let time = 0;
  performance.now = () => time += 1000;
  return { [Symbol.dispose]: () => void (performance.now = now) };
}
