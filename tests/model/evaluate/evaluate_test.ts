import assert from "node:assert/strict";
import pl from "nodejs-polars";
import { evaluate } from "../../../model/evaluate/evaluate.ts";
import { insightsOf } from "../../../model/evaluate/insights/insights.ts";
import { chooseLogitAdjustment } from "../../../model/evaluate/logit_adjustment.ts";
import { itemKnn, markov } from "../../../model/methods/baselines.ts";
import { trainingCounts } from "../../../model/popularity.ts";
import { recommend } from "../../../model/recommend/recommend.ts";
import { historiesAtOnce } from "../../../model/evaluate/scores.ts";
import type { Progress } from "../../../pipeline/contract/progress.ts";
import { inFolder, makeDataset, type Sketch } from "../../pipeline/export/dataset.ts";
import { Stub } from "../stub.ts";

/** Items a … h are 1 … 8. The frozen negatives of target t are t + 1, t + 2, t + 3 (around the end). */
const LETTERS = { a: {}, b: {}, c: {}, d: {}, e: {}, f: {}, g: {}, h: {} };
const SKETCH: Sketch = {
  sequences: { ann: ["a", "b", "c", "d"], ben: ["h", "g", "f", "e"], cid: ["b", "a", "d", "h"] },
  items: LETTERS,
  protocols: ["recbole", "strict"],
};

/** Item j has the score j. */
const ascending = () => new Stub(8, (_, item) => item);

/** Ranks by unadjusted scores. */
const PLAIN = { logitAdjustment: 0 };

const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 1e-12, `${actual}`);

Deno.test("of a single user there are means, and no standard errors: they would be said to be 0", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, { ...SKETCH, sequences: { ann: ["a", "b", "c", "d"] } });
    const evaluation = await evaluate(ascending(), dataset, { ks: [3], protocols: ["full"], ...PLAIN });
    assert.equal(evaluation.users, 1);
    assert.deepEqual(evaluation.standardErrors, { full: {} });
    assert("HR@3" in evaluation.metrics.full);
    assert(evaluation.figures().every((figure) => !("standardError" in figure)));
    assert.doesNotMatch(evaluation.toString(), /\d ±/);
  }));

Deno.test("known ranks and metrics, and histories up to the target", () =>
  inFolder(async (folder) => {
    const stub = ascending();
    const evaluation = await evaluate(stub, await makeDataset(folder, SKETCH), { ks: [3, 1], ...PLAIN });
    // Targets d, e, h = 4, 5, 8 with the negatives 5 6 7, 6 7 8, 1 2 3.
    assert.deepEqual(evaluation.protocols, ["recbole", "strict", "full"]);
    assert.deepEqual([...evaluation.ranks("recbole")], [4, 4, 1]);
    assert.deepEqual([...evaluation.ranks("full")], [5, 1, 1], "8, 7 and 6 are in the second user's history");
    assert.equal(evaluation.metrics.recbole["HR@3"], 1 / 3);
    assert.equal(evaluation.metrics.full["HR@1"], 2 / 3);
    near(evaluation.standardErrors.full["HR@1"], 1 / 3); // √(1/3 / 3)
    assert.deepEqual(evaluation.ks, [1, 3]);
    assert.deepEqual(
      stub.asked.slice(0, 3),
      [[1, 1, 2, 3], [2, 8, 7, 6], [3, 2, 1, 4]],
      "with the validation item",
    );
    assert.deepEqual([evaluation.users, evaluation.positives], [3, 3]);

    const validation = await evaluate(stub, await makeDataset(folder, SKETCH), {
      split: "validation",
      ks: [1],
      ...PLAIN,
    });
    assert.deepEqual([...validation.ranks("full")], [6, 1, 5]); // c, f and d, ranked with what comes later
  }));

Deno.test("full: seen items can be kept, and a target that was seen before stays in", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, SKETCH);
    const kept = await evaluate(ascending(), dataset, { protocols: ["full"], keepSeen: true });
    assert.deepEqual([...kept.ranks("full")], [5, 4, 1]);
    assert.equal(kept.keepSeen, true);

    const repeats = await makeDataset(`${folder}/repeats`, {
      ...SKETCH,
      sequences: { ann: ["h", "a", "b", "h"] },
    });
    assert.deepEqual([...(await evaluate(ascending(), repeats)).ranks("full")], [1]);
    const flat = new Stub(8, () => 0);
    assert.deepEqual(
      [...(await evaluate(flat, repeats)).ranks("full")],
      [6],
      "6 of 8 are unseen or the target",
    );
  }));

Deno.test("a method that scores all items alike is the worst", () =>
  inFolder(async (folder) => {
    const evaluation = await evaluate(new Stub(8, () => 1), await makeDataset(folder, SKETCH), {
      ks: [3],
      ...PLAIN,
    });
    assert.deepEqual([...evaluation.ranks("recbole")], [4, 4, 4]);
    assert.deepEqual([...evaluation.ranks("full")], [5, 5, 5]);
    assert.equal(evaluation.metrics.recbole["NDCG@3"], 0);
  }));

Deno.test("several positives of a user are averaged first", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, {
      ...SKETCH,
      split: "global-time", // the test part: the newest of ben, and all of cid, whose first has no history
      sequences: { ann: ["a", "b", "c", "d", "e", "f"], ben: ["a", "b", "c", "d"], cid: ["f", "h", "a"] },
    });
    const evaluation = await evaluate(ascending(), dataset, { protocols: ["full"], ks: [2] });
    assert.deepEqual([evaluation.users, evaluation.positives], [1, 2]);
    assert.deepEqual([...evaluation.ranks("full")], [1, 6]); // h after f; a after f h
    assert.equal(evaluation.metrics.full["HR@2"], 0.5);
    assert.deepEqual([...evaluation.userValues("full", "MRR@7")], [(1 + 1 / 6) / 2]);
  }));

Deno.test("the size of batches changes nothing; progress is reported in users", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, SKETCH);
    const reported: string[] = [];
    const progress: Progress = {
      start(label, total, unit) {
        reported.push(`${label} ${total} ${unit}`);
        return { advance: (n) => reported.push(`+${n}`), end: () => reported.push("end") };
      },
      warn() {},
    };
    const scatter = () =>
      new Stub(8, (history, item, user) => Math.sin(item * (history.length + user) + history[0]));
    const one = await evaluate(scatter(), dataset, { batchSize: 1, ...PLAIN });
    const two = await evaluate(scatter(), dataset, { batchSize: 2, progress, ...PLAIN });
    assert.deepEqual(two.metrics, one.metrics);
    assert.deepEqual(two.exposure, one.exposure);
    assert.deepEqual(reported, ["evaluating Stub on test 3 users", "+2", "+1", "end"]);
  }));

Deno.test("methods that look at long histories score fewer at once", () => {
  assert.deepEqual([50, 200, 1000].map((length) => historiesAtOnce(3707, length)), [1024, 1024, 262]);
  assert.equal(historiesAtOnce(3707), 1024);
  assert.deepEqual([14, 16, 18, 20, 22].map((bits) => historiesAtOnce(2 ** bits, 50)), [256, 64, 64, 16, 4]);
  assert.equal(historiesAtOnce(2 ** 30, 2 ** 30), 1);
});

Deno.test("per-user results in original ids, as a frame and as Parquet", () =>
  inFolder(async (folder) => {
    const evaluation = await evaluate(ascending(), await makeDataset(folder, SKETCH), {
      protocols: ["full", "recbole"],
      ks: [1],
    });
    const path = `${folder}/per_user.parquet`;
    await evaluation.writePerUser(path);
    const frame = pl.readParquet(path);
    assert.deepEqual(frame.columns.slice(0, 7), [
      "user",
      "target",
      "split",
      "protocol",
      "rank",
      "HR@1",
      "NDCG@1",
    ]);
    assert.deepEqual(frame.select("user", "target", "split", "protocol", "rank", "HR@1").rows(), [
      ["ann", "d", "test", "full", 5, 0],
      ["ben", "e", "test", "full", 1, 1],
      ["cid", "h", "test", "full", 1, 1],
      ["ann", "d", "test", "recbole", 4, 0],
      ["ben", "e", "test", "recbole", 4, 0],
      ["cid", "h", "test", "recbole", 1, 1],
    ]);
    await assert.rejects(evaluation.writePerUser(`${folder}/missing/x.parquet`), {
      name: "InputError",
      message: /^Cannot write .*x\.parquet: [^\n]+$/,
    });
    assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), [
      "dataset",
      "per_user.parquet",
    ]);
  }));

Deno.test("figures have what they must not be reported without; everything shows itself", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, SKETCH);
    const evaluation = await evaluate(ascending(), dataset, { ks: [1], seed: 5, ...PLAIN });
    const [{ standardError, ...figure }] = evaluation.figures();
    near(standardError!, 1 / 3);
    assert.deepEqual(figure, {
      method: "Stub",
      protocol: "recbole",
      split: "test",
      metric: "HR@1",
      logitAdjustment: 0,
      mean: 1 / 3,
      users: 3,
      datasetHash: dataset.manifest.hash,
      datasetSeed: 7,
      seed: 5,
    });
    assert.deepEqual(JSON.parse(JSON.stringify(evaluation)).metrics, evaluation.metrics);
    assert.match(
      String(evaluation),
      /^Stub on test of toy \([0-9a-f]{8}, seed 7\), 3 users, trained with seed 5/,
    );
    assert.match(String(evaluation), /^HR@1 +0\.3333 ± 0\.3333 +0\.3333 ± 0\.3333 +0\.6667 ± 0\.3333$/m);
    assert.match(evaluation.toHtml(), /<table/);
    const popularity =
      /average popularity: how often an item of a list occurs in training; popularity percentile: the share of items that occur less often in training, those that occur as often counted half/;
    assert.match(String(evaluation), popularity);
    assert.match(evaluation.toHtml(), popularity);
    // Best unseen: h, e, h. Two of eight items; how often they occur in training (a h, h g, b a): h 1, e 0, h 1.
    const { k, coverage, averagePopularity } = evaluation.exposure!.lists[0];
    assert.deepEqual([k, coverage, averagePopularity], [1, 2 / 8, 2 / 3]);
    assert.equal((await evaluate(ascending(), dataset, { protocols: ["recbole"] })).exposure, undefined);
  }));

Deno.test("what cannot be evaluated is said in one line", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, SKETCH), stub = ascending();
    const fails = (options: Parameters<typeof evaluate>[2], message: RegExp, name = "InputError") =>
      assert.rejects(evaluate(stub, dataset, options), { name, message });
    await fails(
      { protocols: ["strct" as "strict"] },
      /^Cannot evaluate by protocol "strct": .* has recbole, strict, full \(did you mean "strict"\?\)/,
    );
    await fails({ protocols: [] }, /^Cannot evaluate: no protocol/);
    await fails(
      { ks: [5, 0] },
      /the option ks is a list whose value 2 is 0; give a list of whole numbers from 1, as \[5, 10\]$/,
    );
    await fails({ ks: [] }, /^Cannot evaluate: no cut-off/);
    await fails(
      { batchSize: 1.5 },
      /^Cannot evaluate: the option batchSize is 1.5; give a whole number from 1$/,
    );
    await fails(
      { split: "train" as "test" },
      /^Cannot evaluate on the part "train": choose validation or test$/,
    );
    await fails({ signal: AbortSignal.abort(), ...PLAIN }, /^Stopped while evaluating Stub/, "Interrupted");
    await assert.rejects(evaluate(new Stub(9, () => 0), dataset), {
      name: "InputError",
      message:
        /it was trained on 9 items, the dataset has 8; use the dataset that it was trained on, or take it to this one: forDataset/,
    });
    const giving = (scores: unknown) =>
      ({ name: "Own", items: 8, parameters: 0, score: () => scores }) as never;
    for (
      const [scores, what] of [[undefined, "nothing"], [[1, 2], "2 scores"], [{ 1: 2 }, "another object"]]
    ) {
      await assert.rejects(evaluate(giving(scores), dataset, { protocols: ["full"] }), {
        name: "RunError",
        message: new RegExp(`^Cannot rank by Own: it gave ${what} for \\d+ histories, expected \\d+ scores$`),
      });
    }
    for (const protocols of [["recbole"], ["full"]] as const) {
      await assert.rejects(evaluate(new Stub(8, (_, item) => item === 8 ? NaN : 0), dataset, { protocols }), {
        name: "RunError",
        message:
          /^Cannot rank by Stub: its score of item 8 is not a number \(NaN\); where it was trained, training has diverged/,
      });
    }
    const few = new Stub(8, () => 0);
    few.score = () => Promise.resolve(new Float32Array(5));
    await assert.rejects(evaluate(few, dataset, { protocols: ["full"] }), {
      name: "RunError",
      message: "Cannot rank by Stub: it gave 5 scores for 3 histories, expected 27 scores",
    });
    const evaluation = await evaluate(stub, dataset, { protocols: ["strict"] });
    assert.throws(() => evaluation.ranks("full"), { name: "InputError", message: /was evaluated by strict/ });
    const short = await makeDataset(`${folder}/short`, { ...SKETCH, sequences: { ann: ["a", "b"] } });
    await assert.rejects(evaluate(stub, short, { split: "validation" }), {
      name: "InputError",
      message: /^Cannot evaluate on the validation part of .*: it has no interactions with a history/,
    });
  }));

Deno.test("a dataset in parts is evaluated, looked into and recommended from as in one file", () =>
  inFolder(async (folder) => {
    const users = Array.from({ length: 30 }, (_, u) => `u${String(u).padStart(2, "0")}`);
    const sequences = Object.fromEntries(
      users.map((
        user,
        u,
      ) => [user, Array.from({ length: 3 + u % 7 }, (_, i) => "abcdefgh"[(u * 5 + i * (1 + u % 3)) % 8])]),
    );
    for (const split of ["leave-one-out", "global-time"] as const) {
      const found = [];
      for (const partRows of [undefined, 40, 1]) {
        const dataset = await makeDataset(`${folder}/${split} ${partRows}`, {
          ...SKETCH,
          sequences,
          split,
          partRows,
        });
        assert.equal(dataset.parts.length > 1, partRows !== undefined);
        if (partRows !== undefined) dataset.sequences = () => assert.fail("all sequences are held at once");
        const method = await markov.fit(dataset, {});
        const { seconds: _, ...evaluation } = await evaluate(method, dataset, { batchSize: 7 });
        const { metrics: neighbours } = await evaluate(await itemKnn.fit(dataset, {}), dataset, PLAIN);
        const whole = await evaluate(method, dataset);
        const ranks = whole.protocols.map((protocol) => [...whole.ranks(protocol)]);
        const { millisecondsPerHistory: __, ...insights } = await insightsOf(method, dataset, whole);
        const adjusted = await chooseLogitAdjustment(method, dataset);
        const some = [users[20], users[3], users[20]], histories = [["a", "b"]];
        const lists = [
          await recommend(method, dataset, { k: 3 }),
          await recommend(method, dataset, { users: some, histories, k: 2 }),
        ];
        found.push({
          evaluation: { ...evaluation },
          neighbours,
          ranks,
          insights,
          adjusted,
          perUser: whole.perUser.toRecords(),
          lists: lists.map((list) => list.toRecords()),
          counts: [...trainingCounts(dataset)],
        });
      }
      assert.equal(found[0].perUser.length > 20, true);
      assert.deepEqual(found[1], found[0]);
      assert.deepEqual(found[2], found[0]);
    }
  }));
