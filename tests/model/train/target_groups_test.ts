import assert from "node:assert/strict";
import { targetsOf } from "../../../model/train/open_part.ts";
import { poolOf } from "../../../model/train/order.ts";
import { TargetGroups } from "../../../model/train/target_groups.ts";
import type { SequenceDataset } from "../../../mod.ts";
import { withFolder } from "../../folders.ts";
import { plantedDataset } from "../planted.ts";

function groupsOf(dataset: SequenceDataset, size: number, seed = 1): TargetGroups {
  return new TargetGroups(dataset, targetsOf(dataset, "train"), size, seed);
}

/** Of each group its rows, in the order of the groups. */
function rowsOfGroups(groups: TargetGroups, part: number, epoch: number): number[][] {
  const { rows, firsts, groupOf } = groups.grouped(groups.pool.of(part), part, epoch);
  const found: number[][] = Array.from(firsts, () => []);
  rows.forEach((row, i) => found[groupOf[i]].push(row));
  assert.deepEqual(found.map(([first]) => first), [...firsts]);
  return found;
}

/** 20 users with 30 interactions each: of them 28 are for training, and 27 of these are targets. */
const withDataset = (test: (dataset: SequenceDataset, dir: string) => void | Promise<void>) =>
  withFolder(async (dir) => test(await plantedDataset(dir, { users: 20 }), dir));

Deno.test("in each epoch every training target is in one group, with those around it", () =>
  withDataset((dataset) => {
    for (const [size, count] of [[1, 27], [2, 14], [4, 7], [9, 4], [13, 3], [26, 2], [27, 2], [100, 2]]) {
      const groups = groupsOf(dataset, size), begins = new Set<number>();
      assert.deepEqual(groups.pool.sizes, [20 * count]);
      for (let epoch = 0; epoch < 40; epoch++) {
        const found = rowsOfGroups(groups, 0, epoch);
        assert.deepEqual(found.flat(), [...dataset.targets("train")]);
        for (const rows of found) {
          assert(rows.length >= 1 && rows.length <= size);
          assert(rows.every((row, i) => row === rows[0] + i));
        }
        // The seventh user's groups: the rows from 180.
        const own = found.slice(6 * count, 7 * count);
        assert.deepEqual([own[0][0], own.at(-1)!.at(-1)], [181, 207]);
        begins.add(own[1][0]);
      }
      // So that the long-term module sees short histories, and the longest.
      assert.equal(begins.size > 1, size > 1, `${size}: ${[...begins]}`);
      if (size >= 27) assert(Math.min(...begins) < 185 && Math.max(...begins) === 207, `${[...begins]}`);
    }
  }));

Deno.test("an epoch's groups follow from the seed, whatever was asked before, and some of them can be asked for", () =>
  withDataset((dataset) => {
    const groups = (seed: number) => groupsOf(dataset, 6, seed), first = groups(1);
    const epochs = [0, 1].map((epoch) => rowsOfGroups(first, 0, epoch));
    assert.deepEqual(rowsOfGroups(groups(1), 0, 1), epochs[1]);
    assert.notDeepEqual(epochs[1], epochs[0]);
    assert.notDeepEqual(rowsOfGroups(groups(2), 0, 1), epochs[1]);
    const { rows, firsts, groupOf } = first.grouped(Uint32Array.of(13, 2), 0, 1);
    assert.deepEqual([...rows], [...epochs[1][13], ...epochs[1][2]]);
    assert.deepEqual([...firsts], [epochs[1][13][0], epochs[1][2][0]]);
    assert.deepEqual(groupOf.lastIndexOf(0) + 1, epochs[1][13].length);
  }));

Deno.test("a dataset in parts has the groups that it has in one file", () =>
  withDataset(async (dataset, dir) => {
    const inParts = await plantedDataset(dir, { users: 20 }, undefined, 200);
    assert(inParts.parts.length > 1);
    const whole = groupsOf(dataset, 6);
    const parts = groupsOf(inParts, 6);
    const found = inParts.parts.flatMap(({ firstRow }, part) =>
      rowsOfGroups(parts, part, 3).map((rows) => rows.map((row) => row + firstRow))
    );
    assert.deepEqual(found, rowsOfGroups(whole, 0, 3));
    // And so of some of them, counted part by part.
    const some = (dataset: SequenceDataset) => {
      const groups = new TargetGroups(dataset, targetsOf(dataset, "train"), 6, 1, "some");
      return dataset.parts.flatMap(({ firstRow }, part) =>
        rowsOfGroups(groups, part, 0).map((rows) => rows.map((row) => row + firstRow))
      );
    };
    assert.deepEqual(some(inParts), some(dataset));
  }));

Deno.test("of some targets only these are in groups, none of which has more rows behind its first; a user who has none has no group", () =>
  withDataset((dataset) => {
    // The first user has none, the second 3, the third all but every third one, the fourth one.
    const third = Array.from({ length: 27 }, (_, i) => 61 + i).filter((row) => row % 3 > 0);
    const rows = Uint32Array.of(31, 40, 57, ...third, 92), size = 4;
    const lengths = new Set<number>();
    for (let seed = 1; seed < 20; seed++) {
      const groups = new TargetGroups(dataset, poolOf(rows), size, seed, "some");
      const found = rowsOfGroups(groups, 0, 0);
      assert.equal(groups.pool.sizes[0], found.length);
      assert.deepEqual(found.flat(), [...rows]);
      assert.deepEqual([found.slice(0, 3), found.at(-1)], [[[31], [40], [57]], [92]]);
      for (const group of found) assert(group.at(-1)! - group[0] < size, `${group}`);
      // A group ends where the next target does not fit, but the first, which ends somewhere.
      const own = found.slice(3, -1);
      for (let i = 2; i < own.length; i++) assert(own[i][0] - own[i - 1][0] >= size, `${own}`);
      lengths.add(found[3].length);
      assert.deepEqual(rowsOfGroups(groups, 0, 5), found); // they do not move
    }
    assert.deepEqual([...lengths].sort(), [1, 2, 3]); // of up to four rows
  }));
