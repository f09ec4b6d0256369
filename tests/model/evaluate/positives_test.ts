import assert from "node:assert/strict";
import { pickPositives, positivesOf } from "../../../model/evaluate/positives.ts";
import { inFolder, makeDataset } from "../../pipeline/export/dataset.ts";

const SEQUENCES = { u: Array.from("abcd"), v: Array.from("bb"), w: Array.from("cadb"), x: Array.from("dac") };
/** The expected positives of validation and test: [user, history, target]. */
const EXPECTED = {
  validation: [[1, "ab", "c"], [3, "ca", "d"], [4, "d", "a"]],
  test: [[1, "abc", "d"], [2, "b", "b"], [3, "cad", "b"], [4, "da", "c"]],
} as const;

Deno.test("each held-out interaction with a history is a positive, all together or picked by their places, in one part or several", () =>
  inFolder(async (folder) => {
    for (const partRows of [99, 4]) {
      const dataset = await makeDataset(`${folder}/${partRows}`, { sequences: SEQUENCES, partRows });
      assert.equal(dataset.parts.length, partRows === 99 ? 1 : 4);
      const name = (item: number) => " abcd"[item];
      for (const split of ["validation", "test"] as const) {
        const expected = EXPECTED[split], n = expected.length;
        const { users, targets, lengths, groups } = await positivesOf(dataset, split);
        assert.deepEqual([...users], expected.map(([user]) => user));
        assert.deepEqual(Array.from(targets, name), expected.map(([, , target]) => target));
        assert.deepEqual([...lengths], expected.map(([, history]) => history.length));
        assert.deepEqual([...groups], Array.from({ length: n + 1 }, (_, i) => i));
        for (const places of [[0], [n - 1], [0, 2], Array.from({ length: n }, (_, i) => i)]) {
          const picked = await pickPositives(dataset, split, places);
          assert.deepEqual(picked.map(({ at }) => at), places);
          const found = picked.map(({ user, target, history }) => [
            user,
            Array.from(history, name).join(""),
            name(target),
          ]);
          assert.deepEqual(found, places.map((place) => expected[place]));
        }
      }
    }
  }));
