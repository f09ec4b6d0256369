import assert from "node:assert/strict";
import type { Evidence } from "../../../model/records/records.ts";
import { historiesBefore } from "../../../model/train/batch.ts";
import { ENOUGH_TARGETS, searchConcerns, worseThanGuessing } from "../../../model/search/concerns.ts";
import { HeldOut, searchTargets } from "../../../model/search/held_out.ts";
import { poolOf } from "../../../model/train/order.ts";
import { join } from "node:path";
import type { SequenceDataset } from "../../../mod.ts";
import { withFolder } from "../../folders.ts";
import { inFolder, makeDataset } from "../../pipeline/export/dataset.ts";
import { plantedDataset } from "../planted.ts";

const ONE = { longest: 5, seed: 1 };

/** More targets than any test's training part has. */
const ALL = 1_000_000;

Deno.test("targets of a search: a share is held out, by the seed, and the others are learnt from; or the validation part is", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 10 }), all = [...dataset.targets("train")];
    const divided = (alphaData: number | "validation", seed = 1) => {
      const { train, heldOut } = searchTargets(dataset, { alphaData, targets: ALL, seed });
      for (const { sizes, of } of [train, heldOut]) assert.deepEqual(sizes, [of(0).length]);
      return [[...train.of(0)], [...heldOut.of(0)]];
    };
    for (const [alphaData, held] of [[0.3, 81], [0.998, 269], [0.0001, 1]] as const) { // of 270
      const [train, heldOut] = divided(alphaData);
      assert.equal(heldOut.length, held);
      assert.deepEqual([...train, ...heldOut].toSorted((a, b) => a - b), all);
      for (const rows of [train, heldOut]) assert.deepEqual(rows.toSorted((a, b) => a - b), rows);
    }
    assert.deepEqual(divided(0.3), divided(0.3));
    assert.notDeepEqual(divided(0.3), divided(0.3, 2));
    assert.deepEqual(divided("validation"), [all, [...dataset.targets("validation")]]);
    assert.throws(() => divided(0.9999), {
      name: "InputError",
      message: /^Cannot search on .*: of the 270 targets of its training part none is left to learn from/,
    });
  }));

Deno.test("targets of a search: one validation target suffices, none does not; parts of one target do not matter beside others", () =>
  inFolder(async (folder) => {
    const make = (name: string, ...sequences: string[]) =>
      makeDataset(join(folder, name), {
        sequences: Object.fromEntries(sequences.map((items, user) => [`u${user}`, Array.from(items)])),
        partRows: 5,
      });
    const sizes = (dataset: SequenceDataset, alphaData: number | "validation") => {
      const { train, heldOut } = searchTargets(dataset, { alphaData, targets: ALL, seed: 1 });
      return [train.sizes, heldOut.sizes];
    };
    assert.deepEqual(sizes(await make("some", "abcd", "abcde"), 0.3), [[0, 1], [1, 1]]);
    // The first user's validation item has no history; the second user is in training and test only as far as there are targets.
    assert.deepEqual(sizes(await make("one", "abcd"), "validation"), [[1], [1]]);
    const time = (user: number, n: number) => 10 * user + n;
    const none = await makeDataset(join(folder, "none"), {
      sequences: { u: Array.from("abcdef"), v: ["a"], w: ["b"], x: ["b", "c"] },
      split: "global-time",
      time,
    });
    assert.equal(none.targets("validation").length, 0);
    assert.throws(() => sizes(none, "validation"), {
      name: "InputError",
      message: /^Cannot search by the validation part of .*: it has no targets; hold out a share/,
    });
  }));

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
    // The same number gives the same targets.
    for (const { batch, rows } of rounds[1]) {
      assert.deepEqual(rounds[0].find((other) => other.batch === batch)!.rows, rows);
    }
    // A cursor is enough to continue from.
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
    assert.match(scarce, /judged by 50 held-out targets only.*a larger share \(alphaData\)/);
    assert.deepEqual(others, []);
    assert.match(concerns(all, [2, 19])[0], /100 % of the histories are shorter than 19: such a length/);
    const [long] = concerns(all, [2, 18, 19]);
    assert.match(long, /100 % of the histories are shorter than 18, 19: .*leave it out of the candidates/);
  }));

Deno.test("candidates that all know the training part by heart are remarked on", () => {
  const evidence = (...losses: number[]): Evidence[] =>
    losses.map((loss) => ({ loss, difference: 0, standardError: 0, judgements: 9 }));
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
