/** A dataset of which all is learnt. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { readDataset, writeDataset } from "../../../../pipeline/contract/dataset/store.ts";
import { withoutHoldOut } from "../../../../pipeline/contract/dataset/without_hold_out.ts";
import { trainingCounts } from "../../../../model/popularity.ts";
import { targetsOf, trainingLengths } from "../../../../model/train/open_part.ts";
import { SafeDataset } from "../../../../pipeline/export/safe_dataset.ts";
import { withFolder } from "../../../folders.ts";
import { tinyFacts, tinyTables } from "../tiny.ts";

Deno.test("all interactions are training interactions, in one part and in several; nothing else differs", () =>
  withFolder(async (dir) => {
    for (const partRows of [undefined, 4]) {
      const out = join(dir, `${partRows}`);
      await writeDataset(out, tinyTables(), tinyFacts, { partRows });
      const dataset = await readDataset(out), all = withoutHoldOut(dataset);
      assert(dataset.holdsOut && !all.holdsOut);
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
      assert.throws(() => all.negatives("recbole", "test"), /nothing is held out/);
      assert.throws(() => all.parts[0].negatives("recbole", "test"), /nothing is held out/);
      const safe = new SafeDataset(all);
      assert.deepEqual([safe.holdsOut, safe.sequences().splits, safe.parts.length], [
        false,
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
