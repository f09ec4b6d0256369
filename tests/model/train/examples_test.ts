import assert from "node:assert/strict";
import { evaluate, openEngine, Training } from "../../../mod.ts";
import { gru4rec } from "../../../model/methods/gru4rec.ts";
import { makeExamples } from "../../../model/train/examples.ts";
import type { TensorBatch } from "../../../model/train/network.ts";
import { withFolder } from "../../folders.ts";
import { inFolder, makeDataset } from "../../pipeline/export/dataset.ts";
import { plantedDataset } from "../planted.ts";

const itemsOf = (letters: string) => Object.fromEntries(Array.from(letters, (id) => [id, {}]));

/** The number of histories in a batch. */
const sizeOf = ({ ids, length }: TensorBatch) => ids.length / length;

Deno.test("examples: each training target is asked for once an epoch, whether every place is asked or the last only", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 20 }), { items } = dataset.sequences();
    const wanted = Array.from(dataset.targets("train"), (row) => items[row]).sort((a, b) => a - b);
    for (const kind of ["each", "last"] as const) {
      const examples = makeExamples(kind, dataset, { length: 8, seed: 1 });
      const all = examples.pool.of(0),
        { targets, batch } = examples.questions(all, { number: 0, part: 0, epoch: 0 });
      assert.deepEqual([...targets].sort((a, b) => a - b), wanted);
      assert.equal(sizeOf(batch), kind === "last" ? wanted.length : all.length);
    }
  }));

/** Training parts abcde, which is more than a window, fg and h; a … h are 1 … 8. */
const sketch = { sequences: { u: [..."abcdeab"], v: [..."fgab"], w: [..."hab"] } };
const LETTERS = "-abcdefgh?";
/** The input of each example as text, from the first place to the last. */
const shown = (batch: TensorBatch) => {
  const { length, ids } = batch, size = sizeOf(batch);
  return Array.from(
    { length: size },
    (_, b) => Array.from({ length }, (_, t) => LETTERS[ids[t * size + b]]).join(""),
  );
};

Deno.test("examples, by hand: histories end at the last place; each place is asked for what comes next", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, { ...sketch, items: itemsOf(LETTERS.slice(1, -1)) });
    const asked = (kind: "last" | "each") => {
      const examples = makeExamples(kind, dataset, { length: 3, seed: 1 });
      const { batch, targets, users } = examples.questions(examples.pool.of(0), {
        number: 0,
        part: 0,
        epoch: 0,
      });
      const size = sizeOf(batch);
      const at = Array.from(batch.at, (place) => [place % size, Math.floor(place / size)]);
      return {
        shown: shown(batch),
        at,
        targets: Array.from(targets, (id) => LETTERS[id]).join(""),
        users: [...users],
      };
    };
    assert.deepEqual(asked("last"), {
      shown: ["--a", "-ab", "abc", "bcd", "--f"],
      at: [[0, 2], [1, 2], [2, 2], [3, 2], [4, 2]],
      targets: "bcdeg",
      users: [1, 1, 1, 1, 2],
    });
    // The newest window first: bcd with cde asked for, a with b, f with g.
    assert.deepEqual(asked("each"), {
      shown: ["bcd", "--a", "--f"],
      at: [[0, 0], [0, 1], [0, 2], [1, 2], [2, 2]],
      targets: "cdebg",
      users: [1, 1, 1, 1, 2],
    });
  }));

Deno.test("examples: hidden items are a fifth, one at least, and in one window of ten the last one alone", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, { ...sketch, items: itemsOf(LETTERS.slice(1, -1)) });
    const { pool, questions } = makeExamples("masked", dataset, { length: 4, seed: 1 });
    const whole = ["bcde", "--fg"], hidden = [0, 0], last = [0, 0], n = 4000;
    for (let number = 0; number < n; number++) {
      const { batch, targets, users, seen } = questions(pool.of(0), { number, part: 0, epoch: 0 });
      const found = shown(batch), rows = { u: [0, 5], v: [7, 9] };
      let i = 0;
      for (const [b, text] of found.entries()) {
        const places = Array.from(text, (_, t) => t).filter((t) => text[t] === "?");
        assert(places.length > 0, "one at least");
        hidden[b] += places.length;
        last[b] += Number(places.join() === "3");
        const all = Array.from(text);
        for (const t of places) {
          assert.equal(batch.at[i], t * sizeOf(batch) + b);
          all[t] = LETTERS[targets[i]];
          const [from, to] = b === 0 ? rows.u : rows.v;
          assert.deepEqual([users[i], seen.from[i], seen.to[i], seen.but![i]], [b + 1, from, to, to - 4 + t]);
          i++;
        }
        assert.equal(all.join(""), whole[b], "what is asked for is what was there");
      }
      assert.equal(i, targets.length);
    }
    // Nine of ten times each of four with a fifth, and one of them for sure: 4 · 0.2 + 0.8; of two 2 · 0.2 + 0.8.
    const near = (actual: number, expected: number) =>
      assert(Math.abs(actual / n - expected) < 0.05, `${actual / n}`);
    near(hidden[0], 0.1 + 0.9 * 1.6);
    near(hidden[1], 0.1 + 0.9 * 1.2);
    near(last[0], 0.1 + 0.9 * 0.8 ** 3 / 4);
    near(last[1], 0.1 + 0.9 * 0.8 / 2);
  }));

Deno.test("a causal method learns the same from one item at a time", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 100, distance: 2 });
    const sizes = { length: 8, dim: 16, hidden: 24, examples: "last" };
    const settings = {
      rate: 5e-3,
      batchSize: 64,
      seed: 1,
      epochs: 4,
      metric: "HR@1" as const,
      protocol: "recbole" as const,
    };
    const training = new Training(await openEngine(), dataset, gru4rec.configure(dataset, sizes), settings);
    const { metrics } = await evaluate(await training.run(), dataset, { protocols: ["recbole"], ks: [1] });
    assert(metrics.recbole["HR@1"] >= 0.8, `HR@1 ${metrics.recbole["HR@1"]}`);
    training.dispose();
  }));

Deno.test("a way to ask that there is not is refused", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 20 });
    assert.throws(() => gru4rec.configure(dataset, { examples: "masked" }), {
      name: "InputError",
      message: /^Cannot build gru4rec: examples: /,
    });
  }));
