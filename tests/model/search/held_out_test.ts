import assert from "node:assert/strict";
import type { Evidence } from "../../../model/records/records.ts";
import { historiesBefore } from "../../../model/train/batch.ts";
import { ENOUGH_TARGETS, searchConcerns, worseThanGuessing } from "../../../model/search/concerns.ts";
import { HeldOut } from "../../../model/search/held_out.ts";
import { poolOf } from "../../../model/train/order.ts";
import { withFolder } from "../../folders.ts";
import { plantedDataset } from "../planted.ts";

const ONE = { longest: 5, seed: 1 };

Deno.test("held-out batches: every target once a round, in another order; a user is in one batch only", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 50 }), rows = dataset.targets("train");
    const held = new HeldOut(dataset, poolOf(rows), { ...ONE, size: 60 }),
      rounds = [0, 1].map(() => {
        return Array.from({ length: held.cursor.batches }, () => held.next());
      });
    const orders = rounds.map((round) => round.map(({ batch }) => batch));
    assert.notDeepEqual(orders[0], orders[1]);
    for (const round of rounds) {
      assert.deepEqual(round.flatMap(({ rows }) => [...rows]).sort((a, b) => a - b), [...rows]);
      const batchOf = new Map<number, number>();
      for (const { batch, rows } of round) {
        assert(rows.length <= 120, `${rows.length} targets`);
        for (const user of historiesBefore(dataset.sequences(), rows).users!) {
          assert.equal(batchOf.get(user) ?? batch, batch, `user ${user} is in two batches`);
          batchOf.set(user, batch);
        }
      }
    }
    // The same number is the same targets.
    for (const { batch, rows } of rounds[1]) {
      assert.deepEqual(rounds[0].find((other) => other.batch === batch)!.rows, rows);
    }
    // A place is enough to continue from.
    const other = new HeldOut(dataset, poolOf(rows), { ...ONE, size: 60 });
    other.cursor.seek(1, 3);
    assert.deepEqual(other.next(), rounds[1][3]);
  }));

Deno.test("held-out batches: small data are cut into 32 batches; a user of many targets is cut", () =>
  withFolder(async (dir) => {
    const few = await plantedDataset(dir, { users: 40, length: 20 });
    const held = new HeldOut(few, poolOf(few.targets("validation")), { ...ONE, size: 512 });
    assert.equal(held.cursor.batches, 20); // 40 users, ⌈40 / 32⌉ a batch
    const one = new HeldOut(few, poolOf(few.targets("train")), { ...ONE, size: 3 });
    for (let i = 0; i < one.cursor.batches; i++) assert(one.next().rows.length <= 6);
  }));

Deno.test("concerns of a search: few held-out targets; candidates that hardly any history fills; else none", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 20, length: 20 });
    const all = dataset.targets("train"), few = all.slice(0, 50);
    assert(all.length >= ENOUGH_TARGETS);
    const concerns = (rows: Uint32Array, candidates: number[]) =>
      searchConcerns(
        new HeldOut(dataset, poolOf(rows), { ...ONE, size: 60, longest: candidates.at(-1)! }).historyLengths,
        candidates,
      );
    assert.deepEqual(concerns(all, [2, 5]), []);
    const [scarce, ...others] = concerns(few, [2, 5]);
    assert.match(scarce, /judged by 50 held-out targets only.*alphaData/);
    assert.deepEqual(others, []);
    const [long] = concerns(all, [2, 18, 19]);
    assert.match(long, /100 % of the histories are shorter than 18, 19: .*leave it out of the candidates/);
  }));

Deno.test("candidates that all know the training part by heart are remarked on", () => {
  const evidence = (...losses: number[]): Evidence[] =>
    losses.map((loss) => ({ loss, difference: 0, standardError: 0, interval: [0, 0], judgements: 9 }));
  assert.equal(worseThanGuessing(undefined, 95, 2), undefined);
  assert.equal(worseThanGuessing(evidence(9.7, 4.5), 95, 2), undefined); // ln 95 = 4.554
  assert.match(
    worseThanGuessing(evidence(9.7, 4.6), 95, 2)!,
    /loss was below 4\.60, and guessing has 4\.55: .*--search-epochs/,
  );
  assert.match(
    worseThanGuessing(evidence(9.7, 8.6), 95, 7)!,
    /loss was below 8\.60, and guessing has 4\.55: the training loss was 7\.00, so they learnt nothing.*; lower --rate/,
  );
});
