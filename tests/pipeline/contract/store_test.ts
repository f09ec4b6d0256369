import assert from "node:assert/strict";
import { join } from "node:path";
import pl from "nodejs-polars";
import type { TableName } from "../../../pipeline/contract/manifest.ts";
import { readDataset, readManifest, writeDataset } from "../../../pipeline/contract/store.ts";
import { dropStaged, recoverFolder, replaceFolder, stageFolder } from "../../../pipeline/contract/swap.ts";
import { withFolder } from "../../folders.ts";
import { root } from "../../paths.ts";

const categorical = (name: string, values: string[]) =>
  pl.Series(name, values, pl.String).cast(pl.Categorical);

/** Two users, three items: u1 has i1 i2 i3, u2 has i3 i1 i2; one multi-valued, one numeric, one categorical feature. */
function tinyTables(): Record<TableName, ReturnType<typeof pl.DataFrame>> {
  return {
    interactions: pl.DataFrame([
      pl.Series("user", Uint32Array.of(1, 1, 1, 2, 2, 2)),
      pl.Series("item", Uint32Array.of(1, 2, 3, 3, 1, 2)),
      pl.Series("rating", Float32Array.of(1, 2, 3, 4, 5, 4)),
      pl.Series("timestamp", [10, 11, 12, 20, 21, 22]).cast(pl.Int64),
      categorical("split", ["train", "validation", "test", "train", "validation", "test"]),
    ]),
    users: pl.DataFrame([
      pl.Series("user", Uint32Array.of(1, 2)),
      pl.Series("id", ["ann", "bob"]),
      pl.Series("interactions", Uint32Array.of(3, 3)),
    ]),
    items: pl.DataFrame([
      pl.Series("item", Uint32Array.of(1, 2, 3)),
      pl.Series("id", ["a", "b", "c"]),
      pl.Series("interactions", Uint32Array.of(2, 2, 2)),
      pl.Series("popularity", Uint32Array.of(1, 2, 1)),
      pl.Series("brand_code", Uint32Array.of(2, 0, 1)),
      pl.Series("tags_codes", [[1, 2], [], [2]]).cast(pl.List(pl.UInt32)),
      pl.Series("price_value", Float32Array.of(-1, 0, 1)),
    ]),
    features: pl.DataFrame([
      pl.Series("feature", ["brand", "brand", "tags", "tags"]),
      pl.Series("code", Uint32Array.of(1, 2, 1, 2)),
      pl.Series("value", ["x", "y", "s", "t"]),
      pl.Series("items", Uint32Array.of(1, 1, 1, 2)),
    ]),
    negatives: pl.DataFrame([
      categorical("protocol", ["recbole", "recbole"]),
      categorical("split", ["validation", "test"]),
      pl.Series("user", Uint32Array.of(1, 1)),
      pl.Series("row", Uint32Array.of(1, 2)),
      pl.Series("target", Uint32Array.of(2, 3)),
      pl.Series("negatives", [[3, 1], [1, 1]]).cast(pl.List(pl.UInt32)),
    ]),
  };
}

const facts: Parameters<typeof writeDataset>[2] = {
  name: "tiny",
  config: { minUser: 1 },
  seed: 7,
  sources: [],
  counts: { users: 2, items: 3, interactions: 6, train: 2, validation: 2, test: 2 },
  split: { kind: "leave-one-out" },
  negatives: { protocols: ["recbole"], count: 2, exponent: 1 },
  features: [
    { name: "brand", kind: "categorical", column: "brand_code", values: 2 },
    { name: "tags", kind: "multi", column: "tags_codes", values: 2 },
    { name: "price", kind: "numeric", column: "price_value", values: 0 },
  ],
  hasRating: true,
  stages: [],
  versions: {},
};

Deno.test("store: what is written is read again, as tables and as typed arrays", () =>
  withFolder(async (dir) => {
    const folder = join(dir, "deep", "tiny");
    const written = await writeDataset(folder, tinyTables(), facts);
    const dataset = await readDataset(folder);
    assert.deepEqual(dataset.manifest, written.manifest);
    assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), [
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
      () => dataset.negatives("recbol", "test"),
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
    assert.throws(() => dataset.itemIndex("zz"), /Cannot find item "zz"/);
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
    await assert.rejects(
      readDataset(folder),
      /there is no manifest\.json in it; make one with deno task prepare/,
    );
    await writeDataset(folder, tinyTables(), facts);
    const manifest = JSON.parse(Deno.readTextFileSync(join(folder, "manifest.json")));
    const rewrite = (change: Record<string, unknown>) =>
      Deno.writeTextFileSync(join(folder, "manifest.json"), JSON.stringify({ ...manifest, ...change }));
    rewrite({ version: 99 });
    await assert.rejects(
      readDataset(folder),
      /format version 99, this program knows up to 1; use a newer automlp/,
    );
    rewrite({ format: "other" });
    await assert.rejects(readDataset(folder), /not a dataset's manifest \(format: /);
    rewrite({ counts: { ...manifest.counts, users: -1 } });
    await assert.rejects(readDataset(folder), /not a dataset's manifest \(counts\.users: /);
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

Deno.test("swap: the new folder takes the old one's place; leftovers of killed runs go", () =>
  withFolder((dir) => {
    const folder = join(dir, "data");
    Deno.mkdirSync(folder);
    Deno.writeTextFileSync(join(folder, "old"), "");
    Deno.mkdirSync(join(dir, ".data.new-killed"));
    const other = stageFolder(folder); // of a run that lives
    const staged = stageFolder(folder);
    Deno.writeTextFileSync(join(staged.path, "new"), "");
    replaceFolder(staged, folder);
    assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), ["new"]);
    assert(Deno.statSync(other.path).isDirectory, "what another run is writing is left alone");
    dropStaged(other);
    assert.deepEqual([...Deno.readDirSync(dir)].map(({ name }) => name), ["data"]);
    // Where folders cannot be exchanged, a kill between two renames leaves the old one under another name.
    Deno.renameSync(folder, join(dir, ".data.previous"));
    recoverFolder(folder);
    assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), ["new"]);
  }));

Deno.test("swap: a writer killed at any moment leaves the old folder or the new one, whole", () =>
  withFolder(async (dir) => {
    const folder = join(dir, "data"), file = join(dir, "writer.ts");
    const store = new URL("../../../pipeline/contract/swap.ts", import.meta.url).href;
    Deno.writeTextFileSync(
      file,
      `import { replaceFolder, stageFolder } from ${JSON.stringify(store)};
       for (let i = 0;; i++) {
         const staged = stageFolder(${JSON.stringify(folder)});
         for (const part of ["a", "b"]) Deno.writeTextFileSync(staged.path + "/" + part, String(i));
         replaceFolder(staged, ${JSON.stringify(folder)});
       }`,
    );
    let seen = -1;
    for (let round = 0; round < 4; round++) {
      const child = new Deno.Command(Deno.execPath(), {
        args: ["run", "--config", join(root, "deno.json"), "--no-check", "-RW", "--allow-ffi", file],
        stderr: "inherit",
      }).spawn();
      // Kill it in the middle of its work: after it has replaced the folder at least once more.
      const past = () => Number(readIfThere(join(folder, "a")) ?? -1);
      const before = past();
      for (let i = 0; i < 500 && past() === before; i++) {
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      await new Promise((resolve) => setTimeout(resolve, round * 3));
      child.kill("SIGKILL");
      await child.status;
      recoverFolder(folder);
      const [a, b] = ["a", "b"].map((part) => readIfThere(join(folder, part)));
      assert.notEqual(a, undefined, "the folder is always there");
      assert.equal(a, b, "and whole");
      seen = Number(a);
    }
    assert(seen > 0);
    assert.equal(readManifest(folder), undefined);
  }));

function readIfThere(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return undefined;
  }
}
