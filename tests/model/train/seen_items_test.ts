import assert from "node:assert/strict";
import { makeExamples } from "../../../model/train/examples.ts";
import { SeenItems, shiftedBetween } from "../../../model/train/seen_items.ts";
import { withFolder } from "../../folders.ts";
import { plantedDataset } from "../planted.ts";

/** The shifted items, target by target. */
const lists = ({ items, ends }: { items: Int32Array; ends: Int32Array }) =>
  Array.from(ends, (end, i) => [...items.subarray(i > 0 ? ends[i - 1] : 0, end)]);

Deno.test("what was seen before each target, each item once, and where nothing was, nothing", () => {
  const seen = new SeenItems(7, -3), items = Uint32Array.of(5, 3, 5, 7, 2);
  for (const _again of [1, 2]) {
    const shifted = seen.before(items, { from: Uint32Array.of(0, 0, 4), to: Uint32Array.of(3, 2, 4) })!;
    assert.equal(shifted.by, -3);
    assert.deepEqual(lists(shifted), [[5, 3], [5, 3], []]);
    assert.deepEqual(lists(shiftedBetween(shifted, 0, 3)), [[5, 3], [5, 3], []]);
    assert.deepEqual(lists(shiftedBetween(shifted, 1, 3)), [[5, 3], []]);
    assert.deepEqual(lists(shiftedBetween(shifted, 1, 2)), [[5, 3]]);
    assert.deepEqual([...shiftedBetween(shifted, 1, 2).items], [5, 3]);
  }
  const [rest] = lists(
    seen.before(items, { from: Uint32Array.of(0), to: Uint32Array.of(5), but: Uint32Array.of(1) })!,
  );
  assert.deepEqual(rest, [5, 7, 2]);
  assert.equal(
    new SeenItems(7, 0).before(items, { from: Uint32Array.of(0), to: Uint32Array.of(3) }),
    undefined,
  );
});

Deno.test("seen is all of the training part before a target, beyond the window too; of hidden items the rest of it", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 20 }), sequences = dataset.sequences();
    const { items, offsets, splits } = sequences;
    for (const kind of ["last", "each", "masked"] as const) {
      const examples = makeExamples(kind, dataset, { length: 4, seed: 1 });
      const { targets, users, seen } = examples.questions(examples.pool.of(0), {
        number: 0,
        part: 0,
        epoch: 0,
      });
      const found = lists(new SeenItems(dataset.items, -1).before(items, seen)!);
      assert(found.length > 20);
      for (const [i, target] of targets.entries()) {
        const [first, end] = offsets.subarray(users[i], users[i] + 2);
        const training = Array.from({ length: end - first }, (_, r) => r + first).filter((row) =>
          splits[row] === 0
        );
        // An item that occurs twice may be the target at either place.
        const ways = training.filter((row) => items[row] === target).map((at) => {
          const seen = training.filter((row) => kind === "masked" ? row !== at : row < at);
          return [...new Set(seen.map((row) => items[row]))].join(" ");
        });
        assert(ways.includes(found[i].join(" ")), `${kind}: ${found[i]} before ${target} is none of ${ways}`);
      }
    }
  }));
