import assert from "node:assert/strict";
import type { SequenceDataset } from "../../../mod.ts";
import { openEngine } from "../../../model/backend/engine.ts";
import { networkFor } from "../../../model/methods/automlp/method.ts";
import { ofDrawnUsers } from "../../../model/search/held_out.ts";
import { Search } from "../../../model/search/search.ts";
import { partOffsets, sizeOf, targetsOf } from "../../../model/train/open_part.ts";
import { withFolder } from "../../folders.ts";
import { both } from "../in_parts.ts";
import { plantedDataset } from "../planted.ts";

/** Users of a part with targets among some rows, and how many each has. */
function byUser(dataset: SequenceDataset, part: number, rows: Uint32Array): Map<number, number> {
  const offsets = partOffsets(dataset, part), counts = new Map<number, number>();
  for (const row of rows) {
    const user = offsets.findLastIndex((start) => start <= row);
    counts.set(user, (counts.get(user) ?? 0) + 1);
  }
  return counts;
}

Deno.test("drawn users come with all of their targets, about as many as are wanted, from each part its share", () =>
  withFolder(async (dir) => {
    const { one, inParts } = await both(dir); // 60 users with 27 targets each, in parts of 16, 16, 16, 12 users
    for (const [dataset, users] of [[one, [20]], [inParts, [6, 6, 6, 4]]] as const) {
      const all = targetsOf(dataset, "train"), wanted = 540, drawn = ofDrawnUsers(dataset, all, wanted, 1);
      assert.deepEqual(drawn.sizes, users.map((count) => 27 * count));
      for (const [part, count] of users.entries()) {
        const rows = drawn.of(part);
        assert.deepEqual([rows.length, rows.toSorted()], [drawn.sizes[part], rows]);
        assert.deepEqual(drawn.of(part), rows, "asked again, they are the same");
        assert.deepEqual([...byUser(dataset, part, rows).values()], Array(count).fill(27));
        assert(rows.every((row) => all.of(part).includes(row)));
      }
      const others = ofDrawnUsers(dataset, all, wanted, 2);
      assert.notDeepEqual(others.of(0), drawn.of(0), "another seed, other users");
      assert.equal(ofDrawnUsers(dataset, all, sizeOf(all), 1), all, "where all are wanted, they are all");
    }
  }));

Deno.test("a search on drawn users says so, learns from them alone, and judges by them", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 60 }); // 27 targets each
    const config = networkFor(dataset, { lengths: [2, 4], length: 6, dim: 4, layers: 1, longLayers: 0 });
    const remarks: string[] = [];
    const progress = { remark: (text: string) => void remarks.push(text), warn: () => {} };
    const options = { batchSize: 10, epochs: 1, targets: 270, progress: progress as never };
    using search = new Search(await openEngine(), dataset, config, options);
    assert.equal(search.steps.epoch, 19); // 270 less the 81 held out
    search.step();
    search.step();
    assert.deepEqual(remarks, [
      "The search takes 270 of 1,620 training targets, those of users drawn by chance (searchTargets, in code targets)",
    ]);
  }));
