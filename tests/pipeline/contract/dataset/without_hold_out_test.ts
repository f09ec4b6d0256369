/** A dataset without held-out interactions: everything is learnt. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { readDataset, writeDataset } from "../../../../pipeline/contract/dataset/store.ts";
import { withoutHoldOut } from "../../../../pipeline/contract/dataset/without_hold_out.ts";
import { trainingCounts } from "../../../../model/popularity.ts";
import { targetsOf, trainingLengths } from "../../../../model/train/open_part.ts";
import { SPLITS } from "../../../../pipeline/contract/stage.ts";
import { SafeDataset } from "../../../../pipeline/export/safe_dataset.ts";
import { withFolder } from "../../../folders.ts";
import { tinyFacts, tinyTables } from "../tiny.ts";

Deno.test("all interactions are training interactions, in one part and in several; nothing else differs", () =>
  withFolder(async (dir) => {
    for (const partRows of [undefined, 4]) {
      const out = join(dir, `${partRows}`);
      await writeDataset(out, tinyTables(), tinyFacts, { partRows });
      const dataset = await readDataset(out), all = withoutHoldOut(dataset);
      assert.deepEqual([dataset.heldOut, all.heldOut], [["validation", "test"], []]);
      assert.equal(withoutHoldOut(dataset), all, "what is computed of it is computed once");
      assert.equal(withoutHoldOut(all), all);
      const { splits, ...sequences } = all.sequences(), { splits: _, ...before } = dataset.sequences();
      assert.deepEqual(sequences, before);
      assert.deepEqual(splits, new Uint8Array(6));
      assert.deepEqual(all.targets("train"), Uint32Array.of(1, 2, 4, 5));
      assert.equal(all.targets("validation").length + all.targets("test").length, 0);
      const { train, validation, test, interactions } = all.manifest.counts;
      assert.deepEqual([train, validation, test, interactions], [6, 0, 0, 6]);
      assert.equal(all.manifest.hash, dataset.manifest.hash);
      assert.deepEqual(all.table("interactions").getColumn("split").toArray(), Array(6).fill("train"));
      assert.deepEqual(
        all.table("interactions").drop("split").rows(),
        dataset.table("interactions").drop("split").rows(),
      );
      assert.deepEqual(all.table("items").rows(), dataset.table("items").rows());
      assert.deepEqual([all.itemId(1), all.userIndex(all.userId(2))], [dataset.itemId(1), 2]);
      assert.throws(() => all.negatives("recbole", "test"), /it is not held out/);
      assert.throws(() => all.parts[0].negatives("recbole", "test"), /it is not held out/);
      const safe = new SafeDataset(all);
      assert.deepEqual([safe.heldOut, safe.sequences().splits, safe.parts.length], [
        [],
        splits,
        all.parts.length,
      ]);
      // As models read it.
      assert.deepEqual(trainingCounts(all).reduce((a, b) => a + b), 6);
      const pool = targetsOf(all, "train");
      assert.deepEqual(pool.sizes, all.parts.map(() => 4 / all.parts.length));
      assert.deepEqual([...pool.of(all.parts.length - 1)], partRows === 4 ? [1, 2] : [1, 2, 4, 5]);
      assert.equal(all.parts.length, partRows === 4 ? 2 : 1);
      assert.deepEqual(all.parts.at(-1)!.sequences().splits, new Uint8Array(6 / all.parts.length));
      assert.deepEqual(
        trainingLengths(all).flatMap((lengths) => [...lengths]),
        partRows === 4 ? [[3, 1], [3, 1]] : [[3, 2]],
      );
    }
  }));

Deno.test("all but the test part is learnt, which stays as it is", () =>
  withFolder(async (dir) => {
    for (const partRows of [undefined, 4]) {
      const out = join(dir, `${partRows}`);
      await writeDataset(out, tinyTables(), tinyFacts, { partRows });
      const dataset = await readDataset(out), learnt = withoutHoldOut(dataset, { keep: "test" });
      assert.deepEqual(learnt.heldOut, ["test"]);
      assert.equal(
        withoutHoldOut(dataset, { keep: "test" }),
        learnt,
        "what is computed of it is computed once",
      );
      assert.equal(withoutHoldOut(learnt, { keep: "test" }), learnt);
      assert.deepEqual(learnt.sequences().splits, Uint8Array.of(0, 0, 2, 0, 0, 2));
      assert.deepEqual(
        SPLITS.map((split) => [...learnt.targets(split)]),
        [[1, 4], [], [2, 5]],
      );
      assert.deepEqual(learnt.targets("test"), dataset.targets("test"));
      assert.deepEqual(SPLITS.map((split) => learnt.manifest.counts[split]), [4, 0, 2]);
      assert.deepEqual(
        learnt.table("interactions").getColumn("split").toArray(),
        ["train", "train", "test", "train", "train", "test"],
      );
      assert.deepEqual(learnt.negatives("recbole", "test"), dataset.negatives("recbole", "test"));
      const [part] = learnt.parts;
      assert.deepEqual(part.negatives("recbole", "test"), dataset.parts[0].negatives("recbole", "test"));
      assert.throws(
        () => learnt.negatives("recbole", "validation"),
        /the validation part of .* it is not held out/,
      );
      // From there, everything is learnt; what is learnt cannot be held out again.
      const all = withoutHoldOut(learnt);
      assert.deepEqual([all.heldOut, all.sequences().splits], [[], new Uint8Array(6)]);
      assert.throws(
        () => withoutHoldOut(all, { keep: "test" }),
        /Cannot keep the test part of .*: it is learnt already/,
      );
    }
  }));
