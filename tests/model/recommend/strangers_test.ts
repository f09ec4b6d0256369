import assert from "node:assert/strict";
import pl from "nodejs-polars";
import { InputError, UnknownIdError } from "../../../pipeline/contract/errors.ts";
import { recommend, type RecommendOptions } from "../../../model/recommend/recommend.ts";
import { listener } from "../../listener.ts";
import { inFolder, makeDataset } from "../../pipeline/export/dataset.ts";
import { Stub } from "../stub.ts";
import { ascending, NO_OPTIONS, SKETCH } from "./lists.ts";

Deno.test("users of whom nothing is known get popular items, if that is asked for; histories may have names", () =>
  inFolder(async (folder) => {
    // In training a, a, and a b: the last two of each are held out.
    const dataset = await makeDataset(folder, SKETCH), { progress, warnings } = listener();
    const frame = await recommend(ascending(), dataset, {
      users: ["new", "ann"],
      onUnknown: "popular" as const,
      k: 1,
      progress,
      histories: new Map([["9", ["e"]], ["1", ["d", "e"]]]),
    });
    assert.deepEqual(frame.select("user", "item").rows(), [["new", "a"], ["ann", "d"], ["9", "d"], [
      "1",
      "c",
    ]]);
    assert.deepEqual(warnings, [
      `Recommended popular items to 1 user (new) who is not in ${dataset.folder}: it may have dropped users, and its source files were ` +
      `not searched (${NO_OPTIONS})`,
    ]);
    assert.deepEqual(
      (await recommend(ascending(), dataset, { histories: { bob: ["e"] }, k: 1 })).select("user", "item")
        .rows(),
      [["bob", "d"]],
    );
  }));

Deno.test("an empty history gets popular items, whatever the method and the weight of popularity, and it is said", () =>
  inFolder(async (folder) => {
    // In training d three times, b twice, a once: 6, and 5 items, one more each. c and e are only held out.
    const sequences = { u: ["d", "b", "d", /**/ "c", "e"], v: ["b", "a", "d", /**/ "e", "c"] };
    const dataset = await makeDataset(folder, { sequences }), { progress, warnings } = listener();
    const histories = { ann: [], bob: ["a"], cid: [], dan: ["b", "c"], eve: ["e"] };
    for (const popularity of [1, 0.5, 0]) {
      const options = { histories, k: 5, popularity, keepSeen: true, progress };
      const frame = await recommend(ascending(), dataset, options);
      for (const name of ["ann", "cid"]) {
        const own = frame.filter(pl.col("user").eq(pl.lit(name)));
        assert.equal(own.getColumn("item").toArray().join(""), "dbace", "of equal ones the first");
        const shares = [4, 3, 2, 1, 1].map((n) => Math.log(n / 11));
        (own.getColumn("score").toArray() as number[]).forEach((score, i) =>
          assert.ok(Math.abs(score - shares[i]) < 1e-6)
        );
      }
      assert.equal(
        frame.filter(pl.col("user").eq(pl.lit("bob"))).getColumn("item").get(0),
        "a",
        "by the scores",
      );
    }
    assert.deepEqual(
      warnings,
      Array(3).fill("2 of 5 histories are empty (ann, cid): they get popular items"),
    );
    const allowed = await recommend(ascending(), dataset, { histories: [[]], only: ["a", "c"] });
    assert.deepEqual(allowed.getColumn("item").toArray(), ["a", "c"], "only what may be recommended");
  }));

Deno.test("unknown ids end the work, or are left out with a warning", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, {
      ...SKETCH,
      sequences: { user17: ["a", "b", "e"], user18: ["e", "a", "b"] },
    });
    const fails = (options: RecommendOptions, message: RegExp, name = "InputError") =>
      assert.rejects(recommend(ascending(), dataset, options), { name, message });
    const finds = (options: RecommendOptions, ids: string[], message: RegExp) =>
      assert.rejects(recommend(ascending(), dataset, options), (error) => {
        assert(error instanceof UnknownIdError && error instanceof InputError);
        assert.deepEqual([error.name, error.kind, error.ids], [
          "UnknownIdError",
          options.users ? "user" : "item",
          ids,
        ]);
        assert.match(error.message, message);
        return true;
      });
    await finds(
      { users: ["usr17", "user17", "x"] },
      ["usr17", "x"],
      /^Cannot find user "usr17" in the dataset .*: it may have dropped users, and .* that no longer exist: [^"]*\); its users have ids such as "user17"; recommend by a history [^"]*$/, // and nobody is meant: usr17 may have been dropped
    );
    await finds(
      { histories: [["a", "zzzzz"], ["yyyyy", "zzzzz"]] },
      ["zzzzz", "yyyyy"],
      /^Cannot find item "zzzzz" in the dataset .*; its items have ids such as "a"; --on-unknown skip leaves out others$/,
    );
    await finds({ exclude: ["a", "zzzzz"] }, ["zzzzz"], /^Cannot find item "zzzzz" in the dataset /);
    await fails({ k: 0 }, /^Cannot recommend: the option k is 0; give a whole number from 1$/);
    await fails(
      { batchSize: 0 },
      /^Cannot recommend: the option batchSize is 0; give a whole number from 1$/,
    );
    await fails({ signal: AbortSignal.abort() }, /^Stopped while recommending/, "Interrupted");
    await assert.rejects(recommend(new Stub(4, () => 0), dataset), {
      name: "InputError",
      message: /trained on 4 items/,
    });
    await assert.rejects(recommend(new Stub(5, () => NaN), dataset), {
      name: "RunError",
      message: /not a number/,
    });

    const { progress, warnings } = listener();
    const frame = await recommend(ascending(), dataset, {
      users: ["nobody", "user18"],
      histories: [["x", "e", "y"], ["z"]],
      onUnknown: "skip",
      k: 1,
      progress,
    });
    assert.deepEqual(frame.select("user", "item").rows(), [["user18", "d"], ["#1", "d"], ["#2", "a"]]);
    assert.deepEqual(warnings.map((text) => text.replace(folder, "")), [
      "Left out 3 ids that no item of /dataset has",
      "1 of 2 histories is empty (#2): it gets popular items",
      "Left out 1 user (nobody) who is not in /dataset: it may have dropped users, and its source files were not searched " +
      `(${NO_OPTIONS})`,
    ]);
  }));

Deno.test("where nobody is named nobody gets anything, and it is said", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, SKETCH), { progress, warnings } = listener();
    for (const whom of [{ users: [] }, { histories: [] }]) {
      assert.equal((await recommend(ascending(), dataset, { ...whom, k: 1, progress })).height, 0);
    }
    const said = "Nobody is recommended anything: no user and no history was named";
    assert.deepEqual(warnings, [said, said]);
    assert.equal(
      (await recommend(ascending(), dataset, { users: ["x"], onUnknown: "skip", progress })).height,
      0,
    );
    assert.equal(warnings.length, 3);
    assert.match(warnings[2], /^Left out 1 user \(x\) who is not in /);
  }));
