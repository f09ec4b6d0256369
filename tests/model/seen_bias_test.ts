import assert from "node:assert/strict";
import { networkFor } from "../../mod.ts";
import { sasrec } from "../../model/methods/sasrec.ts";
import { addSeenBias, repeatShareOf, seenBiasOf } from "../../model/seen_bias.ts";
import { changed } from "../../model/train/warm_start.ts";
import { inFolder, makeDataset } from "../pipeline/export/dataset.ts";
import { withFolder } from "../folders.ts";
import { plantedDataset } from "./planted.ts";

const near = (actual: number, expected: number) =>
  assert(Math.abs(actual - expected) < 1e-12, `${actual} is not ${expected}`);

/** In training: a b a, and a b c. */
const SEQUENCES = { u: ["a", "b", "a", "a", "a"], v: ["a", "b", "c", "b", "b"] };

Deno.test("the bias is how much rarer repeats are than by popularity", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, { sequences: SEQUENCES });
    // Targets b, a, b, c, of which a is a repeat. Shares a ½, b ⅓, c ⅙: by chance ½ + ⅚ + ½ + ⅚ of them were.
    const chance = 1 / 2 + 5 / 6 + 1 / 2 + 5 / 6,
      bias = Math.log(1.5 / 3.5) - Math.log((chance + 0.5) / (4 - chance + 0.5));
    near(seenBiasOf(dataset), bias);
    near(networkFor(dataset, { lengths: [2] }).seenBias!, bias);
    assert.equal(networkFor(dataset, { lengths: [2], seenBias: 0 }).seenBias, 0);
    near(sasrec.configure(dataset, {}).seenBias!, bias);
  }));

Deno.test("an item that a user has had twice counts once in what repeats by chance would be; the share of repeats is told too", () =>
  inFolder(async (folder) => {
    // In training: a a b a, and c d. Shares a ½, b, c and d ⅙ each; targets a, b, a and d, of which two are repeats.
    const dataset = await makeDataset(folder, { sequences: { u: [..."aabacc"], v: [..."cdaa"] } });
    const chance = 1 / 2 + 1 / 2 + (1 / 2 + 1 / 6) + 1 / 6;
    near(seenBiasOf(dataset), Math.min(0, -Math.log((chance + 0.5) / (4 - chance + 0.5))));
    assert.equal(repeatShareOf(dataset), 2 / 4);
  }));

Deno.test("where repeats are as frequent as by chance, or more, there is no bias", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, {
      sequences: { u: ["a", "a", "a", "a", "a"], v: ["b", "b", "b", "b", "b"], w: ["c", "c", "d", "c", "c"] },
    });
    assert.equal(seenBiasOf(dataset), 0);
  }));

Deno.test("a dataset in parts has the bias of the whole", () =>
  withFolder(async (dir) => {
    const whole = await plantedDataset(dir, { users: 40, items: 12 });
    const parts = await plantedDataset(dir, { users: 40, items: 12 }, undefined, 300);
    assert(parts.parts.length > 1);
    assert.equal(seenBiasOf(parts), seenBiasOf(whole));
  }));

Deno.test("what is in a history gets the bias once, among all items and among some", () => {
  const histories = {
    items: Uint32Array.of(2, 3, 2, 1),
    starts: Uint32Array.of(0, 3, 4),
    ends: Uint32Array.of(3, 4, 4),
  };
  const all = Float32Array.of(-Infinity, 1, 2, 3, -Infinity, 4, 5, 6, -Infinity, 7, 8, 9);
  assert.deepEqual(
    [...addSeenBias(all, -10, histories, undefined, 3)],
    [-Infinity, 1, -8, -7, -Infinity, -6, 5, 6, -Infinity, 7, 8, 9],
  );
  // Two of each: of {2, 3}, {1} and nothing.
  const candidates = Uint32Array.of(1, 2, 2, 1, 3, 3), some = Float32Array.of(0, 1, 2, 3, 4, 5);
  assert.deepEqual([...addSeenBias(some, -10, histories, candidates, 3)], [0, -9, 2, -7, 4, 5]);
});

Deno.test("on other data a bias of the data's own is the other's, and one that was given stays", () =>
  inFolder(async (folder) => {
    const one = await makeDataset(`${folder}/one`, { sequences: SEQUENCES });
    const other = await makeDataset(`${folder}/other`, {
      sequences: { ...SEQUENCES, w: ["c", "c", "c", "a", "b"] },
    });
    const at = (seenBias?: number) => {
      const config = networkFor(one, { lengths: [2], seenBias });
      return changed({ dataset: one, config, options: {} }, { dataset: other }).config.seenBias;
    };
    assert.equal(at(), seenBiasOf(other));
    assert.notEqual(at(), seenBiasOf(one));
    assert.equal(at(-2), -2);
  }));
