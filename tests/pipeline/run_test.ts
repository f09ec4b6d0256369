import assert from "node:assert/strict";
import { join } from "node:path";
import pl from "nodejs-polars";
import { prepare, type PrepareInput, readDataset } from "../../mod.ts";
import { silent } from "../../pipeline/contract/progress.ts";
import { withFolder } from "../folders.ts";
import { hasShared, root, sharedData } from "../paths.ts";
import { randomRows, shuffled } from "./frames.ts";

const csv = (rows: string[][]) => "user,item,timestamp\n" + rows.map((row) => row.join(",") + "\n").join("");

Deno.test("prepare: the dataset depends neither on the order of rows nor on how they are cut into files", () =>
  withFolder(async (dir) => {
    const rows = randomRows(11, 120, 80);
    const hash = async (name: string, ...files: string[][][]) => {
      const paths = files.map((_, i) => join(dir, `${name}-${i}.csv`));
      paths.forEach((path, i) => Deno.writeTextFileSync(path, csv(files[i])));
      const { dataset } = await prepare({ data: paths, out: join(dir, name), evalNegatives: 10, seed: 3 });
      return dataset.manifest.hash;
    };
    const whole = await hash("whole", rows);
    assert.equal(await hash("shuffled", shuffled(rows, 1)), whole);
    assert.equal(await hash("cut", rows.slice(0, 300), rows.slice(300, 301), rows.slice(301)), whole);
    const other = shuffled(rows, 2);
    assert.equal(await hash("both", other.slice(0, 500), other.slice(500)), whole);
    assert.notEqual(await hash("fewer", rows.slice(1)), whole, "the test can fail");
  }));

Deno.test("prepare: the demonstration data make the dataset that README names, in this version as in the last", () =>
  withFolder(async (dir) => {
    const { dataset } = await prepare({ dataset: "demo", out: dir });
    const [, named] = /AutoMLP on demo \(([0-9a-f]{8})\)/.exec(Deno.readTextFileSync(`${root}README.md`))!;
    assert.equal(dataset.manifest.hash.slice(0, 8), named);
  }));

Deno.test("prepare: a copy of a known data set in another format is read as that format is, by the columns' names", () =>
  withFolder(async (dir) => {
    const rows = randomRows(11, 120, 80), data = join(dir, "interactions.csv"); // named like the known data set
    Deno.writeTextFileSync(
      data,
      rows.map(([user, item, timestamp]) => JSON.stringify({ user, item, timestamp: +timestamp }) + "\n")
        .join(""),
    );
    const { dataset } = await prepare({
      ...{ dataset: "demo", data, format: "jsonl", out: join(dir, "data"), evalNegatives: 10, seed: 3 },
    });
    Deno.writeTextFileSync(join(dir, "log.csv"), csv(rows));
    const same = { data: join(dir, "log.csv"), out: join(dir, "same"), evalNegatives: 10, seed: 3 };
    assert.deepEqual(dataset.manifest.counts, (await prepare(same)).dataset.manifest.counts);
  }));

Deno.test("prepare: with --ties item rows that differ in their rating alone make the same dataset in any order", () =>
  withFolder(async (dir) => {
    // Few times and ratings, so that many rows are equal except for the rating, and some entirely.
    const rows = randomRows(12, 40, 30).map(([user, item], i) => [user, item, String(i % 3), String(i % 2)]);
    const hash = async (order: number, options: Partial<PrepareInput>) => {
      const path = join(dir, `${order}.csv`);
      const lines = (order ? shuffled(rows, order) : rows).map((row) => row.join() + "\n");
      Deno.writeTextFileSync(path, "user,item,rating,timestamp\n" + lines.join(""));
      const made = await prepare({
        data: path,
        out: join(dir, "made"),
        minUser: 3,
        evalNegatives: 3,
        ...options,
      });
      return made.dataset.manifest.hash;
    };
    for (const duplicates of ["keep", "first", "last", "same-time"] as const) {
      const whole = await hash(0, { ties: "item", duplicates });
      for (const order of [1, 2, 3]) {
        assert.equal(await hash(order, { ties: "item", duplicates }), whole, duplicates);
      }
    }
    assert.notEqual(
      await hash(1, { duplicates: "first" }),
      await hash(0, { duplicates: "first" }),
      "the test can fail",
    );
  }));

Deno.test("prepare: the counts of every stage add up from raw to kept rows", () =>
  withFolder(async (dir) => {
    const bad = [["u1", "i1", "soon"], ["", "i1", "5"], ["u1", "i2", "-inf"]];
    Deno.writeTextFileSync(join(dir, "x.csv"), csv(shuffled([...randomRows(5, 60), ...bad], 4)));
    const { dataset, reports } = await prepare({
      data: join(dir, "x.csv"),
      out: join(dir, "made"),
      onBadRow: "skip",
      duplicates: "last",
      minItem: 5,
      filter: "k-core",
      evalNegatives: 5,
    });
    let rows = reports[0].rowsIn;
    for (const { rowsIn, rowsOut, dropped } of reports) {
      assert.equal(rowsIn, rows, "what one stage gives is what the next one gets");
      rows = rowsIn - dropped.reduce((sum, { rows }) => sum + rows, 0);
      assert.equal(rowsOut, rows);
    }
    assert.equal(dataset.manifest.counts.interactions, rows);
    assert.equal(reports[1].dropped.filter(({ reason }) => !reason.startsWith("duplicate")).length, 3);
  }));

Deno.test("prepare: a remark about a table beside the interactions is reported, and is in the manifest", () =>
  withFolder(async (dir) => {
    const [data, items] = ["log.csv", "items.csv"].map((name) => join(dir, name));
    Deno.writeTextFileSync(data, csv(randomRows(7)));
    const ids = new Set(randomRows(7).map(([, item]) => item));
    Deno.writeTextFileSync(items, "id,height\n" + [...ids].map((id) => `${id},5\n`).join(""));
    const reported: string[] = [];
    const progress = { ...silent, warn: (text: string) => void reported.push(text) };
    const { dataset } = await prepare({ data, items, out: join(dir, "made"), evalNegatives: 2 }, {
      progress,
    });
    assert.match(reported.join("\n"), /column "height" is called "height_" here/);
    assert.deepEqual(dataset.manifest.stages[0].warnings, reported);
  }));

Deno.test("prepare: options that are named as they are anyway leave a dataset up to date", () =>
  withFolder(async (dir) => {
    const data = join(dir, "log.csv"), input = { data, out: join(dir, "made"), evalNegatives: 5 };
    Deno.writeTextFileSync(data, csv(randomRows(8)));
    const { dataset } = await prepare({ ...input, split: "ratio" });
    const named = { split: "ratio", ratios: [0.8, 0.1, 0.1], encoding: "utf-8", decimal: "point" } as const;
    assert.equal((await prepare({ ...input, ...named, ratios: [...named.ratios] })).status, "unchanged");
    const other = await prepare({ ...input, ...named, ratios: [0.6, 0.2, 0.2] });
    assert.notEqual(other.dataset.manifest.hash, dataset.manifest.hash);
  }));

/** Known figures of real data sets. */
const REAL: {
  title: string;
  needs: string[];
  input: (data: string) => Partial<PrepareInput>;
  counts: number[];
}[] = [
  {
    title: "MovieLens-1M, order only, with titles and genres",
    needs: ["ml-1m/interactions.csv.gz", "ml-1m/movies.dat.gz", "ml-1m/users.dat.gz"],
    input: (data) => ({
      data: `${data}ml-1m/interactions.csv.gz`,
      items: `${data}ml-1m/movies.dat.gz`,
      users: `${data}ml-1m/users.dat.gz`,
    }),
    counts: [6040, 3706, 1_000_209, 982_089],
  },
  {
    title: "MovieLens-1M as sequences",
    needs: ["ml-1m/sequences.txt.gz"],
    input: (data) => ({ data: `${data}ml-1m/sequences.txt.gz` }),
    counts: [6040, 3706, 1_000_209, 982_089],
  },
  {
    title: "MovieLens-100K by name",
    needs: ["ml-100k/u.data.gz", "ml-100k/u.item.gz", "ml-100k/u.user.gz"],
    input: (data) => ({
      dataset: "ml-100k",
      data: ["u.data.gz", "u.item.gz", "u.user.gz"].map((f) => `${data}ml-100k/${f}`),
    }),
    counts: [943, 1682, 100_000, 97_171],
  },
];

for (const { title, needs, input, counts } of REAL) {
  Deno.test({
    name: `prepare: ${title}`,
    ignore: !needs.every(hasShared),
    fn: () =>
      withFolder(async (dir) => {
        const { dataset, reports } = await prepare({ ...input(sharedData), out: join(dir, "made") });
        const { users, items, interactions } = dataset.manifest.counts;
        const targets = reports.find(({ stage }) => stage === "split")!.counts["training targets"];
        assert.deepEqual([users, items, interactions, targets], counts);
        assert.equal(dataset.targets("train").length, targets);
        if (needs.length > 1) {
          const titled = dataset.table("items").filter(pl.col("title").isNotNull());
          assert.equal(titled.height, items, "every item has its title");
          assert(dataset.manifest.features.some(({ name, kind }) => name === "genres" && kind === "multi"));
        }
      }),
  });
}

Deno.test("prepare: of two at once into one folder one is done; the other is refused in a line", () =>
  withFolder(async (dir) => {
    const data = join(dir, "log.csv"), out = join(dir, "data");
    Deno.writeTextFileSync(data, csv(randomRows(13, 60, 40)));
    for (const round of ["a new place", "one of before"]) {
      const both = [1, 2].map((seed) => prepare({ data, out, evalNegatives: 5, seed, force: true }));
      const settled = await Promise.allSettled(both);
      const refused = settled.flatMap((one) => one.status === "rejected" ? [one.reason] : []);
      assert.equal(refused.length, 1, round);
      assert.equal(refused[0].name, "InputError");
      assert.match(
        refused[0].message,
        /^Cannot write .+data: another command is at work for it; wait for its end, or choose another folder with out$/,
      );
      const [done] = settled.flatMap((one) => one.status === "fulfilled" ? [one.value.dataset] : []);
      assert.equal((await readDataset(out)).manifest.hash, done.manifest.hash);
      assert.deepEqual([...Deno.readDirSync(dir)].map(({ name }) => name).sort(), ["data", "log.csv"]);
    }
  }));
