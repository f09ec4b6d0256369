import assert from "node:assert/strict";
import { evaluate } from "../../../model/evaluate/evaluate.ts";
import { evaluateHeldOut } from "../../../model/evaluate/held_out.ts";
import { chooseLogitAdjustment } from "../../../model/evaluate/logit_adjustment.ts";
import { inFolder, makeDataset, type Sketch } from "../../pipeline/export/dataset.ts";
import { Stub } from "../stub.ts";

/**
 * Nine users who each take a three times, b twice, c once and one of d and e once. The last two of each user are held out, and are the same
 * item, except for the first user.
 */
const SKETCH: Sketch = {
  sequences: Object.fromEntries(
    [
      "aaabbcecd",
      "aaabbcddd",
      "aaabbcecc",
      "aaabbcddd",
      "aaabbcecc",
      "aaabbcddd",
      "aaabbcecc",
      "aaabbcddd",
      "aaabbcecc",
    ]
      .map((items, i) => [`user${i}`, Array.from(items)]),
  ),
  items: { a: {}, b: {}, c: {}, d: {}, e: {}, f: {} },
  protocols: ["recbole", "uniform"],
};
const LOG_SHARES = [28, 19, 10, 5, 6, 1].map((count) => Math.log(count / 69));

/** A stub that knows how popular items are, that c or d comes next, and for most users which of them. */
const method = () =>
  new Stub(
    6,
    (_, item, user) => LOG_SHARES[item - 1] + (item === 4 - user % 2 ? 0.01 : 0) - (user === 5 ? item : 0),
  );

for (const partRows of [undefined, 30]) {
  Deno.test(`what is found on both parts is what is found on each, ${partRows ? "part by part" : "of one file"}`, () =>
    inFolder(async (folder) => {
      const dataset = await makeDataset(folder, { ...SKETCH, partRows }),
        options = { ks: [3, 1], seed: 7, keepSeen: true };
      const both = method(), found = await evaluateHeldOut(both, dataset, options);
      const logitAdjustment = await chooseLogitAdjustment(method(), dataset, { keepSeen: true });
      assert(logitAdjustment.full > 0, "some popularity is taken out");
      for (const split of ["validation", "test"] as const) {
        const [evaluation, alone] = [
          found[split],
          await evaluate(method(), dataset, { ...options, split, logitAdjustment }),
        ];
        for (
          const key of ["split", "ks", "seed", "users", "positives", "parameters", "logitAdjustment"] as const
        ) {
          assert.deepEqual(evaluation[key], alone[key], key);
        }
        for (const key of ["metrics", "standardErrors", "unadjusted"] as const) {
          assert.deepEqual(evaluation[key], alone[key], `${split}: ${key}`);
        }
        for (const protocol of alone.protocols) {
          assert.deepEqual(evaluation.ranks(protocol), alone.ranks(protocol), `${split}: ${protocol}`);
        }
      }
      assert.notDeepEqual(found.validation.metrics, found.test.metrics);
      const { validation, test } = found;
      assert.equal(both.asked.length, validation.positives + test.positives, "each history once");
    }));
}

Deno.test("where nothing is held out for validation it is refused", () =>
  inFolder(async (folder) => {
    const short = { sequences: { u: ["a", "b"], v: ["b", "a"] } }, two = new Stub(2, (_, item) => item);
    await assert.rejects(evaluateHeldOut(two, await makeDataset(folder, short)), {
      name: "InputError",
      message: /^Cannot evaluate on the validation part of .*: it has no interactions with a history; /,
    });
  }));
