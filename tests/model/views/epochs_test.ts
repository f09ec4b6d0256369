import assert from "node:assert/strict";
import { epochsDone, placeAfter } from "../../../model/records/epochs.ts";
import { epochName, epochsOf, epochsUpTo, roundedEpochs } from "../../../model/views/epochs.ts";
import { trainTable } from "../../../model/views/training.ts";
import { trainRecords } from "../runs/example.ts";

Deno.test("a part of an epoch is counted as the part that it is", () => {
  assert.equal(epochsDone({ epoch: 3, share: 0.2 }), 2.2);
  assert.deepEqual([400, 412, 12].map((steps) => placeAfter(steps, 200)), [
    { epoch: 2 },
    { epoch: 3, share: 0.06 },
    { epoch: 1, share: 0.06 },
  ]);
  assert.equal(epochsOf(1), "1 epoch");
  assert.equal(epochsOf(0.4), "0.4 epochs");
  assert.equal(epochsOf(2.2, 3), "2.2 of 3 epochs");
  assert.equal(epochsOf(0.6, 1), "0.6 of 1 epoch");
  assert.equal(epochsOf(1000, 1000), "1,000 of 1,000 epochs");
  assert.deepEqual([2.01, 2.99, 3 - 1e-12, 0.001].map(roundedEpochs), [2.1, 2.9, 3, 0.1]);
  assert.equal(epochsUpTo({ epoch: 8 }, 20), "8 epochs", "it ended by itself");
  assert.equal(epochsUpTo({ epoch: 3, share: 0.2 }, 3), "2.2 of 3 epochs");
  assert.deepEqual([epochName({ epoch: 3 }), epochName({ epoch: 3, share: 0.2 })], ["3", "3 (20 % of it)"]);
});

Deno.test("of many epochs the table has the first, the best and the last ten, and says so", () => {
  const shown = (count: number, best: number) => {
    const records = Array.from({ length: count }, (_, i) => ({
      ...trainRecords[0],
      epoch: i + 1,
      step: 400 * (i + 1),
      best: i < best,
    }));
    const { caption, rows } = trainTable(records, { metric: "NDCG@10" });
    return {
      caption,
      epochs: rows.map(([epoch]) => epoch),
      best: rows.find((row) => row.at(-1) === "best")?.[0],
    };
  };
  const from = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => first + i);
  assert.deepEqual(shown(12, 3), { caption: undefined, epochs: from(1, 12), best: 3 });
  assert.deepEqual(shown(30, 6), { caption: "12 of 30 rows", epochs: [1, 6, ...from(21, 30)], best: 6 });
  assert.deepEqual(shown(13, 13), { caption: "11 of 13 rows", epochs: [1, ...from(4, 13)], best: 13 });
});
