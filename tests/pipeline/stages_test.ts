import assert from "node:assert/strict";
import { join } from "node:path";
import { prepare, type PrepareInput, resolvePrepareConfig } from "../../mod.ts";
import { runPreparation } from "../../pipeline/run.ts";
import { withFolder } from "../folders.ts";
import { randomRows } from "./frames.ts";

/** Rows with ratings from 1 to 5, including a repeated one, a bad one and two at the same time. */
function log(): string {
  const rows = randomRows(21, 60, 40).map((row, i) => [...row, String(1 + i % 5)]);
  const [user, item, time] = rows.find(([, item]) => item !== "i1")!;
  const more = [rows[0], [user, "i1", time, "5"], [user, item, "soon", "5"]];
  return "user,item,timestamp,rating\n" + [...rows, ...more].map((row) => row.join() + "\n").join("");
}

const namesIn = (folder: string) => Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();

/** Prepares the log with some options besides those that all tests share. */
async function prepared(dir: string, options: Partial<PrepareInput>) {
  const data = join(dir, "log.csv");
  Deno.writeTextFileSync(data, log());
  const shared: Partial<PrepareInput> = {
    onBadRow: "skip",
    minUser: 5,
    evalNegatives: 4,
    protocols: ["strict"],
  };
  const { dataset, reports } = await prepare({ data, out: join(dir, "made"), ...shared, ...options });
  return {
    dataset,
    manifest: dataset.manifest,
    reportOf: (name: string) => reports.find(({ stage }) => stage === name)!,
  };
}

Deno.test("each option of a preparation comes to its stage", () =>
  withFolder(async (dir) => {
    const { dataset, manifest, reportOf } = await prepared(dir, {
      duplicates: "last",
      minRating: 2,
      minUser: 6,
      minItem: 9,
      filter: "k-core",
      split: "ratio",
      ratios: [0.6, 0.2, 0.2],
    });
    const dropped = (stage: string) => reportOf(stage).dropped.map(({ reason }) => reason);
    assert.deepEqual(dropped("schema"), [
      "timestamp neither a number nor a date",
      "rating below 2",
      "duplicate interaction (kept the last)",
    ]);
    const [rare, seldom] = dropped("filter");
    assert.match(rare, /^users with fewer than 6 interactions$/);
    assert.match(seldom, /^items with fewer than 9 interactions$/);
    assert(reportOf("filter").counts.rounds > 1, "again until both limits hold");
    assert.deepEqual(manifest.split, { kind: "ratio", ratios: [0.6, 0.2, 0.2] });
    assert.deepEqual(manifest.negatives, { protocols: ["strict"], count: 4, exponent: 1 });
    const { count, items } = dataset.negatives("strict", "test");
    assert.equal(items.length, count * manifest.counts.test);
  }));

Deno.test("negatives that are drawn to disk are those that are drawn in memory, and what fails leaves nothing", () =>
  withFolder(async (dir) => {
    const here = await prepared(dir, { protocols: ["uniform", "recbole"] });
    const input: PrepareInput = {
      data: join(dir, "log.csv"),
      out: join(dir, "on-disk"),
      onBadRow: "skip",
      minUser: 5,
      evalNegatives: 4,
      protocols: ["uniform", "recbole"],
    };
    const toDisk = (more: Partial<PrepareInput> = {}) =>
      runPreparation(resolvePrepareConfig({ ...input, ...more }), { negativesInMemory: 10 });
    const { dataset, reports } = await toDisk();
    assert.equal(dataset.manifest.hash, here.manifest.hash);
    assert.deepEqual(reports.at(-1)!.counts, here.reportOf("negatives").counts);
    assert.deepEqual(namesIn(join(dir, "on-disk")), namesIn(join(dir, "made")));
    const tooMany = { out: join(dir, "none"), evalNegatives: 39 };
    await assert.rejects(toDisk({ ...tooMany, protocols: ["strict"] }), /Cannot draw 39 strict negatives/);
    assert.deepEqual(namesIn(dir), ["log.csv", "made", "on-disk"]);
  }));

Deno.test("a protocol that is named twice is drawn once, and in which order they are named makes no difference", () =>
  withFolder(async (dir) => {
    const once = await prepared(dir, { protocols: ["strict", "recbole"] });
    const twice = await prepared(dir, { protocols: ["strict", "recbole", "strict"], force: true });
    assert.equal(twice.manifest.hash, once.manifest.hash);
    const turned = await prepared(dir, { protocols: ["recbole", "strict"], force: true });
    assert.equal(turned.manifest.hash, once.manifest.hash);
    assert.equal(twice.dataset.negatives("strict", "test").rows.length, twice.manifest.counts.test);
  }));

Deno.test("points in time, seed, exponent and order of ties come to their stages, too", () =>
  withFolder(async (dir) => {
    const times = { split: "global-time", validFrom: 1_010_000, testFrom: 1_018_000 } as const;
    assert.deepEqual((await prepared(dir, times)).manifest.split, {
      kind: "global-time",
      validFrom: 1_010_000,
      testFrom: 1_018_000,
    });
    const tables = async (options: Partial<PrepareInput>) => {
      const { tables: { interactions, negatives } } = (await prepared(dir, options)).manifest;
      return { interactions: interactions.sha256, negatives: negatives.sha256 };
    };
    const standard = await tables({});
    for (const options of [{ seed: 5 }, { exponent: 0 }]) {
      const other = await tables(options);
      assert.equal(other.interactions, standard.interactions);
      assert.notEqual(other.negatives, standard.negatives, JSON.stringify(options));
    }
    assert.notEqual((await tables({ ties: "item" })).interactions, standard.interactions);
  }));
