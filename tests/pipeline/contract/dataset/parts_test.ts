/** A dataset in parts equals the dataset in one file, read one range of users at a time. */
import assert from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import pl from "nodejs-polars";
import { prepare, type SequenceDataset, TABLES } from "../../../../mod.ts";
import { FolderRecord, hashFileSync } from "../../../../pipeline/contract/files/checksums.ts";
import { walk } from "../../../../pipeline/contract/files/readable.ts";
import { planParts } from "../../../../pipeline/contract/dataset/parts.ts";
import { readDataset, writeDataset } from "../../../../pipeline/contract/dataset/store.ts";
import { withFolder } from "../../../folders.ts";
import { tinyFacts, tinyTables } from "../tiny.ts";

Deno.test("parts: users stay whole and in order, within the most of interactions and of negatives", () => {
  const plan = (partRows: number, negatives: number) =>
    planParts({
      interactions: Uint32Array.of(3, 3, 9, 2, 2, 2),
      positives: Uint32Array.of(2, 2, 2, 0, 2, 2),
      partRows,
      negatives,
    }).map(({ users, rows, positives }) => [...users, rows, positives]);
  assert.deepEqual(plan(6, 1), [[1, 2, 6, 4], [3, 3, 9, 2], [4, 6, 6, 4]]);
  assert.deepEqual(plan(6, 10), [[1, 1, 3, 2], [2, 2, 3, 2], [3, 3, 9, 2], [4, 5, 4, 2], [6, 6, 2, 2]]);
  assert.deepEqual(plan(21, 1), [[1, 6, 21, 10]]);
});

const filesIn = (folder: string) =>
  [...walk(folder)].filter(({ entry }) => entry.isFile).map(({ path }) => path);

Deno.test("parts: two users in two parts, by hand", () =>
  withFolder(async (dir) => {
    const one = await writeDataset(join(dir, "one"), tinyTables(), tinyFacts);
    const written = await writeDataset(join(dir, "two"), tinyTables(), tinyFacts, { partRows: 4 });
    assert.equal(written.manifest.hash, one.manifest.hash);
    assert.deepEqual(filesIn(join(dir, "two")), [
      ...["checksums.json", "features.parquet"],
      ...["interactions/part=00000/data.parquet", "interactions/part=00001/data.parquet"],
      ...["items.parquet", "manifest.json", "negatives/protocol=recbole/part=00000/data.parquet"],
      "users.parquet",
    ]);
    const dataset = await readDataset(join(dir, "two"));
    assert.deepEqual(dataset.manifest, written.manifest);
    assert.match(String(dataset), /in parts +2/);
    assert.deepEqual(dataset.sequences(), one.sequences());
    assert.deepEqual(dataset.targets("test"), one.targets("test"));
    assert.deepEqual(dataset.negatives("recbole", "test"), one.negatives("recbole", "test"));
    const [first, second, ...more] = dataset.parts;
    assert.equal(more.length, 0);
    const place = ({ firstUser, users, firstRow, rows }: typeof first) => [firstUser, users, firstRow, rows];
    assert.deepEqual([place(first), place(second)], [[1, 1, 0, 3], [2, 1, 3, 3]]);
    assert.deepEqual(second.sequences(), {
      offsets: Uint32Array.of(0, 0, 3),
      items: Uint32Array.of(3, 1, 2),
      timestamps: Float64Array.of(20, 21, 22),
      splits: Uint8Array.of(0, 1, 2),
      ratings: Float32Array.of(4, 5, 4),
    });
    assert.deepEqual(second.targets("test"), Uint32Array.of(2));
    assert.deepEqual(first.negatives("recbole", "test"), {
      count: 2,
      rows: Uint32Array.of(2),
      items: Uint32Array.of(1, 1),
    });
    assert.equal(second.negatives("recbole", "test").rows.length, 0);
    assert.throws(() => second.negatives("recbol" as "recbole", "test"), /has negatives for recbole/);
    assert.deepEqual(one.parts.map(place), [[1, 2, 0, 6]]);
    assert.deepEqual(one.parts[0].sequences(), one.sequences());
    const rows = (
      start: number,
      n: number,
    ) => [...dataset.slice("interactions", start, n).collectSync().getColumn("item")];
    assert.deepEqual([rows(0, 9), rows(2, 2), rows(4, 1), rows(6, 1)], [[1, 2, 3, 3, 1, 2], [3, 3], [1], []]);
  }));

Deno.test("parts: rows that are not in order are not divided, and nothing is left", () =>
  withFolder(async (dir) => {
    const tables = tinyTables(), out = join(dir, "two");
    tables.interactions = tables.interactions.withColumn(pl.Series("user", Uint32Array.of(1, 2, 1, 2, 1, 2)));
    await assert.rejects(
      writeDataset(out, tables, tinyFacts, { partRows: 4 }),
      /Cannot divide the table interactions into parts: its rows are not ordered by user/,
    );
    assert.deepEqual([...Deno.readDirSync(dir)], []);
  }));

/** Changes a manifest as somebody who makes a dataset for others could. */
function rewrite(folder: string, change: (manifest: SequenceDataset["manifest"]) => void): void {
  const path = join(folder, "manifest.json"), manifest = JSON.parse(Deno.readTextFileSync(path));
  change(manifest);
  Deno.writeTextFileSync(path, JSON.stringify(manifest));
  const record = FolderRecord.read(folder)!;
  record.enter("manifest.json");
  Deno.removeSync(join(folder, "checksums.json"));
  record.saveNew();
}

Deno.test("parts: a manifest whose parts do not fit each other is refused", async (t) => {
  const apart = "the users of its parts do not follow each other";
  const faults: [problem: string, change: (manifest: SequenceDataset["manifest"]) => void][] = [
    [
      "the files of interactions have 9 rows, the table 6",
      ({ tables }) => tables.interactions.files[0].rows += 3,
    ],
    [
      "it counts 2 users, and 1 rows of them",
      ({ tables }) => tables.users.rows = tables.users.files[0].rows = 1,
    ],
    [apart, ({ tables }) => tables.interactions.files.reverse()],
    [apart, ({ tables }) => tables.interactions.files.at(-1)!.users![0]++],
    [apart, ({ tables }) => tables.interactions.files[0].users![0]++],
    [apart, ({ tables, counts }) => counts.users = tables.users.rows = tables.users.files[0].rows = 3],
    ["which users are in which is not said", ({ tables }) => delete tables.negatives.files[0].users],
    ["which users are in which is not said", ({ tables }) => delete tables.interactions.files[1].users],
  ];
  for (const [i, [problem, change]] of faults.entries()) {
    await t.step(`${i}: ${problem}`, () =>
      withFolder(async (dir) => {
        const folder = join(dir, "two");
        await writeDataset(folder, tinyTables(), tinyFacts, { partRows: 4 });
        rewrite(folder, change);
        await assert.rejects(readDataset(folder), new RegExp(`it is damaged: .*${problem}`));
      }));
  }
});

Deno.test("parts: a folder within the dataset that is a link is not followed", () =>
  withFolder(async (dir) => {
    const folder = join(dir, "two"), place = join(folder, "interactions", "part=00001");
    await writeDataset(folder, tinyTables(), tinyFacts, { partRows: 4 });
    Deno.renameSync(place, join(dir, "elsewhere"));
    Deno.symlinkSync(join(dir, "elsewhere"), place);
    await assert.rejects(readDataset(folder), /interactions\/part=00001\/data\.parquet is missing/);
  }));

Deno.test("parts: a flipped bit in one part is found when that part is read", () =>
  withFolder(async (dir) => {
    const folder = join(dir, "two"), path = join(folder, "interactions/part=00001/data.parquet");
    await writeDataset(folder, tinyTables(), tinyFacts, { partRows: 4 });
    const bytes = Deno.readFileSync(path);
    bytes[bytes.length >> 1] ^= 4;
    Deno.writeFileSync(path, bytes);
    const [first, second] = (await readDataset(folder)).parts;
    assert.equal(first.sequences().items.length, 3);
    assert.throws(
      () => second.sequences(),
      /the checksum of interactions\/part=00001\/data\.parquet does not match/,
    );
  }));

Deno.test("parts: rows beyond 2³² are numbered", () =>
  withFolder(async (dir) => {
    const folder = join(dir, "two"), before = 2 ** 32 + 1000;
    const tables = tinyTables();
    tables.negatives = tables.negatives.withColumns(
      pl.Series("user", Uint32Array.of(2, 2)),
      pl.Series("row", Uint32Array.of(4, 5)),
    );
    await writeDataset(folder, tables, tinyFacts, { partRows: 4 });
    // As if the first user had that many more rows: only the second part is read.
    const file = "negatives/protocol=recbole/part=00001/data.parquet", path = join(folder, file);
    const shifted = pl.readParquet(path).withColumn(
      pl.col("row").cast(pl.UInt64).add(pl.lit(before).cast(pl.UInt64)).alias("row"),
    );
    shifted.writeParquet(path);
    rewrite(folder, ({ counts, tables: { interactions, negatives } }) => {
      counts.interactions += before;
      counts.train += before;
      for (const table of [interactions, interactions.files[0]]) table.rows += before;
      Object.assign(negatives.files[0], { bytes: Deno.statSync(path).size, sha256: hashFileSync(path) });
    });
    const dataset = await readDataset(folder), [, second] = dataset.parts;
    assert.equal(second.firstRow, 2 ** 32 + 1003);
    assert.deepEqual(second.sequences().items, Uint32Array.of(3, 1, 2));
    assert.deepEqual(second.negatives("recbole", "test"), {
      count: 2,
      rows: Uint32Array.of(2),
      items: Uint32Array.of(1, 1),
    });
    assert.throws(
      () => dataset.sequences(),
      /Cannot hold the 4,294,968,302 interactions of .* at once: go through/,
    );
  }));

Deno.test("parts: generated data in one file and in several are equal", () =>
  withFolder(async (dir) => {
    const some = fc.record({
      users: fc.array(fc.integer({ min: 10, max: 24 }), { minLength: 5, maxLength: 12 }),
      partRows: fc.integer({ min: 1, max: 90 }),
      split: fc.constantFrom("leave-one-out" as const, "ratio" as const),
      evalNegatives: fc.constantFrom(0, 2),
    });
    await fc.assert(
      fc.asyncProperty(some, async ({ users, partRows, split, evalNegatives }) => {
        const rows = users.flatMap((n, u) =>
          Array.from({ length: n }, (_, i) => `u${u},i${(u * 7 + i * 3) % 61},${i}`)
        );
        const data = join(dir, "log.csv");
        Deno.writeTextFileSync(data, ["user,item,timestamp", ...rows].join("\n"));
        const made = async (out: string, more: object) => {
          const options = { data, minUser: 1, split, evalNegatives, force: true, ...more };
          return (await prepare({ ...options, out: join(dir, out) })).dataset;
        };
        assertEqual(await made("one", {}), await made("parts", { partRows }), partRows);
      }),
      { numRuns: 12, seed: 5 },
    );
  }));

/** Asserts the same rows and the same content hash, and that the parts in sequence are the whole. */
function assertEqual(one: SequenceDataset, dataset: SequenceDataset, partRows: number): void {
  assert.equal(dataset.manifest.hash, one.manifest.hash);
  for (const name of TABLES) {
    const [a, b] = [one, dataset].map((of) => {
      const table = of.table(name);
      return name === "negatives" ? table.explode("negatives") : table;
    });
    assert(a.frameEqual(b), name);
  }
  const whole = one.sequences(), items: number[] = [], rows: number[] = [], lists: number[] = [];
  for (const part of dataset.parts) {
    const own = part.sequences(), shift = (row: number) => row + part.firstRow;
    assert(part.rows <= partRows || part.users === 1);
    own.offsets.forEach((offset, u) =>
      u > 0 && assert.equal(shift(offset), whole.offsets[part.firstUser + u - 1])
    );
    items.push(...own.items);
    rows.push(...Array.from(part.targets("validation"), shift));
    for (const protocol of one.manifest.negatives.protocols) {
      const { rows, items } = part.negatives(protocol, "test");
      const all = one.negatives(protocol, "test"), start = all.rows.indexOf(shift(rows[0] ?? -1));
      assert.deepEqual(Array.from(rows, shift), [...all.rows.subarray(start, start + rows.length)]);
      lists.push(items.length);
    }
  }
  assert.deepEqual(items, [...whole.items]);
  assert.deepEqual(rows, [...one.targets("validation")]);
}
