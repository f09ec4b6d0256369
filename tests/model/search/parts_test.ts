/** A search on a dataset in parts: only the part that it learns from and the part that it judges by are in memory. */
import assert from "node:assert/strict";
import "../../../model/methods/registry.ts";
import { networkFor } from "../../../model/methods/automlp/method.ts";
import { openEngine } from "../../../model/backend/engine.ts";
import { packSearch, unpackSearch } from "../../../model/search/checkpoint.ts";
import { HeldOut, type HeldOutBatch, searchTargets } from "../../../model/search/held_out.ts";
import { resolveSearch } from "../../../model/search/options.ts";
import { Search } from "../../../model/search/search.ts";
import type { SearchOptions } from "../../../model/search/state.ts";
import { Trainer } from "../../../model/search/trainer.ts";
import { poolOf } from "../../../model/train/order.ts";
import type { SequenceDataset } from "../../../mod.ts";
import { withFolder } from "../../folders.ts";
import { both } from "../in_parts.ts";
import { SIZES } from "../train/planted_training.ts";

const engine = await openEngine();
const OPTIONS: Partial<SearchOptions> = {
  loss: "bce",
  trainNegatives: 2,
  rate: 5e-3,
  batchSize: 16,
  seed: 1,
};
const SHARING = { targetsPerHistory: 4 };
const BATCHES = { size: 16, longest: 5, seed: 1 };

const networkOn = (dataset: SequenceDataset, sizes: object = {}) =>
  networkFor(dataset, { ...SIZES, lengths: [2, 4], ...sizes });

/** More targets than any test's training part has. */
const ALL = 1_000_000;

Deno.test("targets of a search in parts: of each part its share is held out, the others are learnt from", () =>
  withFolder(async (dir) => {
    const { one, inParts } = await both(dir);
    for (const [alphaData, held] of [[0.3, [130, 130, 130, 97]], [0.001, [1, 1, 1, 1]]] as const) {
      const { train, heldOut } = searchTargets(inParts, { alphaData, targets: ALL, seed: 1 });
      assert.deepEqual(heldOut.sizes, held); // of 16 · 27 or 12 · 27 targets
      const all = inParts.parts.flatMap(({ firstRow }, part) => {
        const [own, others] = [heldOut.of(part), train.of(part)];
        assert.deepEqual([own.length, others.length], [heldOut.sizes[part], train.sizes[part]]);
        assert.deepEqual([own.toSorted(), others.toSorted()], [own, others]);
        assert.deepEqual(heldOut.of(part), own, "asked again, they are the same");
        return [...own, ...others].sort((a, b) => a - b).map((row) => row + firstRow);
      });
      assert.deepEqual(all, [...one.targets("train")]);
    }
    const { train, heldOut } = searchTargets(inParts, { alphaData: "validation", targets: ALL, seed: 1 });
    assert.deepEqual([train.sizes, heldOut.sizes], [[432, 432, 432, 324], [16, 16, 16, 12]]);
  }));

Deno.test("held-out batches in parts: every target once a round, users whole, in turns that mix the parts", () =>
  withFolder(async (dir) => {
    const { inParts } = await both(dir),
      { heldOut } = searchTargets(inParts, { alphaData: 0.9, targets: ALL, seed: 1 });
    const begin = () => new HeldOut(inParts, heldOut, BATCHES), held = begin();
    const rounds = [0, 1].map(() => Array.from({ length: held.cursor.batches }, () => held.next()));
    for (const round of rounds) {
      assert.equal(new Set(round.map(({ batch }) => batch)).size, round.length);
      for (const [part, { firstUser }] of inParts.parts.entries()) {
        const own = round.filter((batch) => batch.part === part);
        const rows = own.flatMap(({ rows }) => [...rows]).sort((a, b) => a - b);
        assert.deepEqual(rows, [...heldOut.of(part)]);
        // 30 interactions a user: a batch has the targets of one or two.
        const users = own.map(({ rows }) =>
          new Set(Array.from(rows, (row) => firstUser + Math.floor(row / 30)))
        );
        assert.equal(new Set(users.flatMap((some) => [...some])).size, inParts.parts[part].users);
        assert.equal(users.reduce((sum, some) => sum + some.size, 0), inParts.parts[part].users);
      }
      const changes = round.filter(({ part }, i) => i > 0 && part !== round[i - 1].part).length;
      assert(changes > 10, `${changes} changes from part to part`);
    }
    const numbers = ({ batch, part, rows }: HeldOutBatch) => [batch, part, ...rows];
    const sorted = (round: HeldOutBatch[]) => round.map(numbers).sort(([a], [b]) => a - b);
    assert.deepEqual(sorted(rounds[1]), sorted(rounds[0]), "the same number is the same targets");
    assert.notDeepEqual(rounds[1].map(numbers), rounds[0].map(numbers));
    const again = begin();
    again.cursor.seek(1, 7);
    assert.deepEqual(again.next(), rounds[1][7]);
    const lengths = new Uint32Array(6);
    for (const { rows } of rounds[0]) for (const row of rows) lengths[Math.min(row % 30, 5)]++;
    assert.deepEqual(held.historyLengths, lengths);
  }));

Deno.test("a candidate's loss on targets of a part is that on the same ones in one file", () =>
  withFolder(async (dir) => {
    const { one, inParts } = await both(dir), settings = resolveSearch(OPTIONS, one);
    const lossesOf = (dataset: SequenceDataset, part: number, rows: Uint32Array) => {
      const trainer = new Trainer(engine, dataset, networkOn(dataset), settings, poolOf(rows), "test");
      const losses = trainer.losses({ part, rows }, 7, [0, 1], false);
      trainer.dispose();
      return losses;
    };
    for (const [part, { firstRow }] of inParts.parts.entries()) {
      const rows = Uint32Array.of(5, 12, 31, 90);
      assert.deepEqual(lossesOf(inParts, part, rows), lossesOf(one, 0, rows.map((row) => row + firstRow)));
    }
  }));

Deno.test("in parts, too, a search continues from a saved state to the same result, wherever it was cut", () =>
  withFolder(async (dir) => {
    const { one, inParts } = await both(dir);
    for (
      const [kind, sizes, cuts] of [
        [{ search: "shared" }, {}, (steps: number) => [steps - 1, steps, steps + 5]],
        [{ search: "shared" }, SHARING, (steps: number) => [steps + 5]],
        [{ search: "darts2", alphaData: "validation" }, {}, (steps: number) => [steps + 5]],
      ] as const
    ) {
      const options = { ...OPTIONS, ...kind, epochs: 2, warmup: 0.1, elimination: false };
      const start = (dataset = inParts) => new Search(engine, dataset, networkOn(dataset, sizes), options);
      const whole = start(), { epoch: steps } = whole.steps;
      for (let i = 0; i < steps + 9; i++) whole.step();
      for (const cut of cuts(steps)) {
        const first = start(), second = start();
        for (let i = 0; i < cut; i++) first.step();
        const { tensors, state } = packSearch(first.state());
        second.restore(unpackSearch({ tensors, state: JSON.parse(JSON.stringify(state)) }));
        for (let i = cut; i < steps + 9; i++) second.step();
        assert.deepEqual(second.alpha, whole.alpha);
        assert.deepEqual(second.state().optimizer, whole.state().optimizer);
        first.dispose();
        second.dispose();
      }
      const other = start(one), state = whole.state();
      assert.throws(
        () => other.restore(state),
        /^InputError: Cannot resume from the checkpoint: it was written within an epoch, when the dataset was divided into other parts; prepare/,
      );
      const onward = whole.with(), elsewhere = whole.with({ dataset: one });
      assert.deepEqual([onward.steps.done, elsewhere.steps.done], [steps + 9, elsewhere.steps.epoch]);
      for (const search of [whole, other, onward, elsewhere]) search.dispose();
    }
  }));

Deno.test("a search in parts finds the planted distance", () =>
  withFolder(async (dir) => {
    const { inParts } = await both(dir, { distance: 4 });
    const network = networkOn(inParts, { longLayers: 0, dropout: 0, lengths: [1, 2, 4, 8] });
    const search = new Search(engine, inParts, network, {
      ...OPTIONS,
      loss: "ce",
      batchSize: 64,
      epochs: 16,
    });
    const { shortTermLength } = await search.run();
    assert(shortTermLength >= 4, `selected ${shortTermLength}`);
    search.dispose();
  }));
