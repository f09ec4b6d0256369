import assert from "node:assert/strict";
import { join } from "node:path";
import pl from "nodejs-polars";
import type { SequenceDataset } from "../../../../pipeline/contract/dataset.ts";
import { hashFileSync } from "../../../../pipeline/contract/files/checksums.ts";
import { stageFolder } from "../../../../pipeline/contract/files/swap.ts";
import type { TableName } from "../../../../pipeline/contract/dataset/manifest.ts";
import {
  claimDataset,
  fillDataset,
  readDataset,
  writeDataset,
} from "../../../../pipeline/contract/dataset/store.ts";
import { withFolder } from "../../../folders.ts";
import { withSmallFiles } from "../../../small_files.ts";
import { tinyFacts as facts, tinyTables } from "../tiny.ts";

Deno.test("store: what is written is read again, as tables and as typed arrays", () =>
  withFolder(async (dir) => {
    const folder = join(dir, "deep", "tiny");
    const written = await writeDataset(folder, tinyTables(), facts);
    const dataset = await readDataset(folder);
    assert.deepEqual(dataset.manifest, written.manifest);
    assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), [
      "checksums.json",
      "features.parquet",
      "interactions.parquet",
      "items.parquet",
      "manifest.json",
      "negatives.parquet",
      "users.parquet",
    ]);
    const { offsets, items, timestamps, splits, ratings } = dataset.sequences();
    assert.deepEqual([...offsets], [0, 0, 3, 6]);
    assert.deepEqual([...items], [1, 2, 3, 3, 1, 2]);
    assert.deepEqual([...timestamps], [10, 11, 12, 20, 21, 22]);
    assert.deepEqual([...splits], [0, 1, 2, 0, 1, 2]);
    assert.deepEqual([...ratings!], [1, 2, 3, 4, 5, 4]);
    assert.deepEqual([...dataset.targets("train")], [], "a first interaction has no history");
    assert.deepEqual([...dataset.targets("test")], [2, 5]);
    const { count, rows, items: drawn } = dataset.negatives("recbole", "test");
    assert.deepEqual([count, [...rows], [...drawn]], [2, [2], [1, 1]]);
    assert.throws(
      () => dataset.negatives("recbol" as "recbole", "test"),
      /has negatives for recbole \(did you mean "recbole"\?\)/,
    );
    assert.deepEqual(dataset.features(), [
      { name: "brand", values: 2, kind: "categorical", codes: Uint32Array.of(0, 2, 0, 1) },
      {
        name: "tags",
        values: 2,
        kind: "multi",
        offsets: Uint32Array.of(0, 0, 2, 2, 3),
        codes: Uint32Array.of(1, 2, 2),
      },
      { name: "price", values: 0, kind: "numeric", numbers: Float32Array.of(0, -1, 0, 1) },
    ]);
    assert.deepEqual(
      [dataset.itemId(3), dataset.itemIndex("c"), dataset.userId(1), dataset.userIndex("bob")],
      ["c", 3, "ann", 2],
    );
    for (const item of [0, -1, 1.5, NaN, 99999, "2", undefined, [1]]) {
      assert.throws(() => dataset.itemId(item as number), {
        name: "InputError",
        message:
          /^Cannot give the id of the item .* of the dataset .*: its items are numbered from 1 to 3; give a number of these, as itemIndex returns it for an id$/,
      });
    }
    assert.throws(
      () => dataset.userId("nobody" as unknown as number),
      /the user "nobody" of the dataset .*: its users are numbered from 1 to 2; .* userIndex/,
    );
    assert.throws(
      () => dataset.itemIndex("zz"),
      /Cannot find item "zz" in the dataset .+; its items have ids such as "a"$/,
    );
    assert.throws(
      () => dataset.userIndex("Ann"),
      /Cannot find user "Ann" \(did you mean "ann"\?\) in the dataset/,
    );
    assert.match(String(dataset), /interactions +6/);
  }));

Deno.test("store: the same data has the same hash; other data another", () =>
  withFolder(async (dir) => {
    const hash = async (name: string, tables: ReturnType<typeof tinyTables>) =>
      (await writeDataset(join(dir, name), tables, facts)).manifest.hash;
    const one = await hash("one", tinyTables());
    assert.equal(one, await hash("two", tinyTables()));
    const other = tinyTables();
    other.users = other.users.withColumn(pl.Series("id", ["ann", "eve"]));
    assert.notEqual(one, await hash("three", other));
  }));

Deno.test("store: folders that are no dataset say what they are", () =>
  withFolder(async (dir) => {
    const folder = join(dir, "tiny");
    await assert.rejects(readDataset(folder), /there is no such folder; make one with deno task prepare/);
    Deno.mkdirSync(folder);
    await assert.rejects(
      readDataset(folder),
      /there is no manifest\.json in it; make one with deno task prepare/,
    );
    Deno.removeSync(folder);
    await writeDataset(folder, tinyTables(), facts);
    const manifest = JSON.parse(Deno.readTextFileSync(join(folder, "manifest.json")));
    Deno.writeTextFileSync(join(folder, "manifest.json"), JSON.stringify({ ...manifest, name: "other" }));
    await assert.rejects(readDataset(folder), /manifest\.json: its checksum does not match/);
    Deno.removeSync(join(folder, "checksums.json"));
    const rewrite = (change: Record<string, unknown>) =>
      Deno.writeTextFileSync(join(folder, "manifest.json"), JSON.stringify({ ...manifest, ...change }));
    rewrite({ version: 99 });
    await assert.rejects(
      readDataset(folder),
      /format version 99, this program reads 2; use a newer automlp/,
    );
    rewrite({ format: "other" });
    await assert.rejects(readDataset(folder), /not a dataset's manifest \(format: /);
    rewrite({ counts: { ...manifest.counts, users: -1 } });
    await assert.rejects(readDataset(folder), /not a dataset's manifest \(counts\.users: /);
    rewrite({ counts: { ...manifest.counts, users: 3 } });
    await assert.rejects(readDataset(folder), /it counts 3 users, and 2 rows of them/);
    const { users } = manifest.tables;
    for (const file of ["../users.parquet", "/users.parquet", "a/../../users.parquet", "a//b", "a/./b"]) {
      rewrite({ tables: { ...manifest.tables, users: { ...users, files: [{ ...users.files[0], file }] } } });
      await assert.rejects(readDataset(folder), /tables\.users\.files\.0\.file: is not a plain file name/);
    }
    Deno.writeTextFileSync(join(folder, "manifest.json"), "{");
    await assert.rejects(readDataset(folder), /not valid JSON/);
    rewrite({});
    Deno.truncateSync(join(folder, "items.parquet"), 10);
    await assert.rejects(
      readDataset(folder),
      /items\.parquet has 10 bytes, the manifest says \d+; prepare it again/,
    );
    Deno.removeSync(join(folder, "items.parquet"));
    await assert.rejects(readDataset(folder), /items\.parquet is missing/);
  }));

Deno.test("store: a folder that cannot be written is one clear error, and nothing stays behind", () =>
  withFolder(async (dir) => {
    Deno.writeTextFileSync(join(dir, "file"), "");
    await assert.rejects(
      writeDataset(join(dir, "file", "tiny"), tinyTables(), facts),
      /Cannot write the dataset .*--out/,
    );
    const controller = new AbortController();
    controller.abort();
    await assert.rejects(
      writeDataset(join(dir, "tiny"), tinyTables(), facts, { signal: controller.signal }),
      /Stopped while writing the dataset/,
    );
    assert.deepEqual([...Deno.readDirSync(dir)].map(({ name }) => name), ["file"]);
  }));

/** Writes other bytes into a file and adapts the manifest, as an attacker would. */
function forge(folder: string, name: TableName, frame: ReturnType<typeof pl.DataFrame>): void {
  const path = join(folder, `${name}.parquet`), manifestPath = join(folder, "manifest.json");
  frame.writeParquet(path);
  const manifest = JSON.parse(Deno.readTextFileSync(manifestPath));
  const [file] = manifest.tables[name].files;
  Object.assign(file, { bytes: Deno.statSync(path).size, sha256: hashFileSync(path) });
  Deno.writeTextFileSync(manifestPath, JSON.stringify(manifest));
  Deno.removeSync(join(folder, "checksums.json"));
}

Deno.test("store: a flipped bit in a table is found when it is read", () =>
  withFolder(async (dir) => {
    const folder = join(dir, "tiny");
    await writeDataset(folder, tinyTables(), facts);
    const path = join(folder, "items.parquet"), bytes = Deno.readFileSync(path);
    bytes[bytes.length >> 1] ^= 4;
    Deno.writeFileSync(path, bytes);
    const dataset = await readDataset(folder);
    assert.equal(dataset.sequences().items.length, 6, "other tables are not affected");
    assert.throws(
      () => dataset.table("items"),
      /InputError: Cannot read the dataset .*the checksum of items\.parquet does not match: it was damaged/,
    );
  }));

Deno.test("store: a table that is not what it must be is refused, though its checksum matches", async (t) => {
  const tables = tinyTables();
  const forged: Record<
    string,
    [TableName, ReturnType<typeof pl.DataFrame>, (d: SequenceDataset) => unknown]
  > = {
    "2 rows, the manifest says 6": ["interactions", tables.interactions.head(2), (d) => d.sequences()],
    'no column "split"': ["interactions", tables.interactions.drop("split"), (d) => d.sequences()],
    "the item 9, which cannot be": [
      "interactions",
      tables.interactions.withColumn(pl.Series("item", Uint32Array.of(1, 2, 3, 9, 1, 2))),
      (d) => d.sequences(),
    ],
    "users' interactions do not add up": [
      "users",
      tables.users.withColumn(pl.Series("interactions", Uint32Array.of(3, 4))),
      (d) => d.sequences(),
    ],
    'a code of "brand", 7, which cannot be': [
      "items",
      tables.items.withColumn(pl.Series("brand_code", Uint32Array.of(2, 7, 1))),
      (d) => d.features(),
    ],
    'a number of its column "brand_code" is missing': [
      "items",
      tables.items.withColumn(pl.Series("brand_code", [2, null, 1]).cast(pl.UInt32)),
      (d) => d.features(),
    ],
    "the row 70, which cannot be": [
      "negatives",
      tables.negatives.withColumn(pl.Series("row", Uint32Array.of(1, 70))),
      (d) => d.negatives("recbole", "test"),
    ],
    "a number of negatives, 1, which cannot be": [
      "negatives",
      tables.negatives.withColumn(pl.Series("negatives", [[3, 1], [1]]).cast(pl.List(pl.UInt32))),
      (d) => d.negatives("recbole", "test"),
    ],
  };
  for (const [problem, [name, frame, read]] of Object.entries(forged)) {
    await t.step(problem, () =>
      withFolder(async (dir) => {
        const folder = join(dir, "tiny");
        await writeDataset(folder, tinyTables(), facts);
        forge(folder, name, frame);
        const dataset = await readDataset(folder);
        assert.throws(() => read(dataset), (error: Error) => {
          assert.equal(error.name, "InputError", String(error));
          assert(error.message.includes(problem), error.message);
          return true;
        });
      }));
  }
});

Deno.test("store: a folder whose name is a pattern is read, and no other that it matches", () =>
  withFolder(async (dir) => {
    const other = tinyTables();
    other.users = other.users.withColumn(pl.Series("id", ["eve", "eve2"]));
    await writeDataset(join(dir, "exp1"), other, facts);
    for (const name of ["exp[1]", "exp?", "exp*", "{exp1,exp2}", "~", "s3:", "a\nb"]) {
      const dataset = await writeDataset(join(dir, name), tinyTables(), facts);
      assert.equal(dataset.userId(1), "ann", name);
      assert.equal((await readDataset(join(dir, name))).sequences().items.length, 6, name);
    }
  }));

Deno.test("store: equal lists are equal files, whether they were one frame or come from a file", () =>
  withFolder(async (dir) => {
    const rows = 150_000, count = 20, tables = tinyTables();
    const whole = Uint32Array.from({ length: rows }, (_, i) => i);
    const lists = pl.DataFrame([
      pl.Series("negatives", Uint32Array.from({ length: rows * count }, (_, i) => i * 7919 % 4001)),
    ]).select(pl.col("negatives").reshape([rows, count]).cast(pl.List(pl.UInt32)));
    tables.negatives = pl.concat([
      pl.DataFrame(["user", "row", "target"].map((name) => pl.Series(name, whole))).select(
        ...["recbole", "test"].map((value, i) =>
          pl.lit(value).cast(pl.Categorical).alias(["protocol", "split"][i])
        ),
        ...["user", "row", "target"].map((name) => pl.col(name)),
      ),
      lists,
    ], { how: "horizontal" });
    const { manifest } = await writeDataset(join(dir, "one"), tables, facts);
    const file = pl.scanParquet(join(dir, "one", "negatives.parquet"));
    const place = claimDataset(join(dir, "two"));
    const copy = await fillDataset(place.path, () => stageFolder(place), {
      ...tables,
      negatives: { height: rows, columns: file.columns, lazy: () => file },
    }, facts);
    assert.equal(copy.manifest.hash, manifest.hash);
  }));

Deno.test({
  name: "store: a disk that is full in the middle of the rejected rows is an error, and leaves nothing",
  ignore: Deno.build.os === "windows",
  fn: () =>
    withFolder(async (dir) => {
      const said = await withSmallFiles(`
        import pl from "nodejs-polars";
        import { writeDataset } from ${
        JSON.stringify(import.meta.resolve("../../../../pipeline/contract/dataset/store.ts"))
      };
        import { tinyFacts, tinyTables } from ${JSON.stringify(import.meta.resolve("../tiny.ts"))};
        const rejected = pl.DataFrame({ text: Array.from({ length: 20_000 }, (_, i) => "row " + i) });
        await writeDataset(${JSON.stringify(join(dir, "full"))}, tinyTables(), tinyFacts, { rejected })
          .then(() => console.log("written"), ({ message }) => console.log(message));`);
      assert.match(said, /^Cannot write the dataset .*full: .*File too large[^\n]*\n$/);
      assert.deepEqual([...Deno.readDirSync(dir)], []);
    }),
});
