import assert from "node:assert/strict";
import { join } from "node:path";
import { gunzipSync, zstdDecompressSync } from "node:zlib";
import pl from "nodejs-polars";
import { EXPORT_FORMATS, exportDataset, type ExportFormat } from "../../../pipeline/export/mod.ts";
import { inFolder, linesOf, makeDataset, TOY } from "./dataset.ts";

/** Exports the toy dataset and passes the folder to the test. */
function exported(to: ExportFormat, test: (out: string) => void, options = {}): Promise<void> {
  return inFolder(async (folder) => {
    const out = join(folder, "out");
    await exportDataset(await makeDataset(folder, TOY), { to, out, ...options });
    test(out);
  });
}

Deno.test("csv: four tables under original ids, side columns as they were read", () =>
  exported("csv", (out) => {
    assert.deepEqual(linesOf(out, "interactions.csv").slice(0, 6), [
      "user,item,rating,timestamp,split",
      "ann,a,1.0,1000000000,train",
      'ann,"b,1",2.0,1000000001,train',
      'ann,"c""q""",3.0,1000000002,train',
      "ann,🦊,4.0,1000000003,validation",
      "ann,d,5.0,1000000004,test",
    ]);
    assert.equal(linesOf(out, "interactions.csv").length, 14);
    assert.deepEqual(linesOf(out, "users.csv"), [
      "user,interactions,gender,title",
      "ann,5,F,Dr",
      "小明,4,M,",
      `"O'Neil,""Pat""",4,,Mr`,
    ]);
    assert.deepEqual(linesOf(out, "items.csv"), [
      "item,interactions,popularity,title,genres,brand,price",
      "a,3,2,A tab\there,Drama|Sci Fi,x,10",
      '"b,1",3,2,"B ""quoted""",Drama,y,20.5',
      '"c""q""",3,3,Č,"",,',
      "🦊,3,2,Fox,Sci Fi | Comedy|,x,30",
      'd,1,1,"D, the end",,y,10',
    ]);
    assert.deepEqual(linesOf(out, "negatives.csv").slice(0, 3), [
      "protocol,split,user,target,negatives",
      'recbole,validation,ann,🦊,"d a b,1"',
      'recbole,test,ann,d,"a b,1 c""q"""',
    ]);
  }));

Deno.test("csv: compressed files hold the same", () =>
  exported("csv", (out) => {
    const plain = gunzipSync(Deno.readFileSync(join(out, "users.csv.gz")));
    assert.match(new TextDecoder().decode(plain), /^user,interactions,gender,title\nann,5,F,Dr\n/);
  }, { compression: "gzip" }));

Deno.test("jsonl: lists and numbers; zstd", () =>
  exported("jsonl", (out) => {
    const text = new TextDecoder().decode(
      zstdDecompressSync(Deno.readFileSync(join(out, "items.jsonl.zst"))),
    );
    const items = text.trimEnd().split("\n").map((line) => JSON.parse(line));
    assert.deepEqual(items.map(({ genres }) => genres), [["Drama", "Sci Fi"], ["Drama"], [], [
      "Sci Fi",
      "Comedy",
    ], []]);
    assert.deepEqual(items.map(({ price }) => price), [10, 20.5, null, 30, 10]);
  }, { compression: "zstd" }));

Deno.test("jsonl: negatives are arrays of original ids", () =>
  exported("jsonl", (out) => {
    assert.deepEqual(linesOf(out, "negatives.jsonl").slice(2, 4).map((line) => JSON.parse(line)), [
      {
        protocol: "recbole",
        split: "validation",
        user: "小明",
        target: "a",
        negatives: ["b,1", 'c"q"', "🦊"],
      },
      { protocol: "recbole", split: "test", user: "小明", target: "🦊", negatives: ["d", "a", "b,1"] },
    ]);
  }));

Deno.test("parquet: types and lists", () =>
  exported("parquet", (out) => {
    const interactions = pl.readParquet(join(out, "interactions.parquet"));
    assert.deepEqual(interactions.columns, ["user", "item", "rating", "timestamp", "split"]);
    assert.deepEqual(interactions.getColumn("item").toArray().slice(5, 9), ["b,1", 'c"q"', "a", "🦊"]);
    const items = pl.readParquet(join(out, "items.parquet"));
    assert.deepEqual(items.getColumn("price").toArray(), [10, 20.5, null, 30, 10]);
    assert.deepEqual(items.toRecords()[3].genres, ["Sci Fi", "Comedy"]);
    assert.deepEqual(pl.readParquet(join(out, "negatives.parquet")).toRecords()[0].negatives, [
      "d",
      "a",
      "b,1",
    ]);
  }));

Deno.test("lenskit: a file for each part of the split, under LensKit's names", () =>
  exported("lenskit", (out) => {
    const test = pl.readParquet(join(out, "test.parquet"));
    assert.deepEqual(test.toRecords()[0], { user_id: "ann", item_id: "d", rating: 5, timestamp: 1000000004 });
    assert.equal(pl.readParquet(join(out, "train.parquet")).height, 7);
    assert.deepEqual(pl.readParquet(join(out, "items.parquet")).getColumn("item_id").toArray(), [
      "a",
      "b,1",
      'c"q"',
      "🦊",
      "d",
    ]);
  }));

Deno.test("libsvm: ascending indices for user, item, features and the item before", () =>
  exported("libsvm", (out) => {
    // Users 1–3, items 4–8, genres 9–11 (Comedy, Drama, Sci Fi), brand 12–13, price 14, previous 15–19.
    const names = linesOf(out, "features.tsv");
    assert.deepEqual([names[1], names[4], names[9], names[12], names[14], names[15], names[19]], [
      "1\tuser\tann",
      "4\titem\ta",
      "9\tgenres\tComedy",
      "12\tbrand\tx",
      "14\tprice\t(number)",
      "15\tprevious\ta",
      "19\tprevious\td",
    ]);
    const train = linesOf(out, "train.libsvm");
    assert.match(train[0], /^1\.0 1:1 4:1 10:0\.5 11:0\.5 12:1 14:-0\.91\d+$/);
    assert.match(train[1], /^2\.0 1:1 5:1 10:1\.0 13:1 14:0\.34\d+ 15:1$/);
    assert.equal(train[2], "3.0 1:1 6:1 14:0.0 16:1");
    assert.match(linesOf(out, "test.libsvm")[0], /^5\.0 1:1 8:1 13:1 14:-0\.91\d+ 18:1$/);
    assert.equal(train.length, 7);
  }));

Deno.test("libsvm: the label is 1 where the source had no ratings", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, { sequences: TOY.sequences, ratings: false });
    await exportDataset(dataset, { to: "libsvm", out: join(folder, "out") });
    assert.equal(linesOf(join(folder, "out"), "train.libsvm")[1], "1 1:1 5:1 9:1");
  }));

Deno.test("a dataset without negatives, features and side columns has the tables all the same", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, { sequences: TOY.sequences, protocols: [] });
    const out = join(folder, "out");
    for (const to of Object.keys(EXPORT_FORMATS) as ExportFormat[]) await exportDataset(dataset, { to, out });
    await exportDataset(dataset, { to: "csv", out });
    assert.deepEqual(linesOf(out, "negatives.csv"), ["protocol,split,user,target,negatives"]);
    await exportDataset(dataset, { to: "parquet", out });
    assert.equal(pl.readParquet(join(out, "negatives.parquet")).height, 0);
  }));

Deno.test("sasrec: dense ids from 1, and maps to the original ones", () =>
  exported("sasrec", (out) => {
    assert.equal(linesOf(out, "toy.txt").join(";"), "1 1;1 2;1 3;1 4;1 5;2 2;2 3;2 1;2 4;3 4;3 1;3 2;3 3");
    assert.deepEqual(linesOf(out, "users.tsv"), ["user\tid", "1\tann", "2\t小明", `3\t"O'Neil,""Pat"""`]);
    assert.equal(linesOf(out, "items.tsv")[4], "4\t🦊");
  }));

Deno.test("sequences: a line for each user as it is, nothing quoted", () =>
  exported("sequences", (out) => {
    assert.deepEqual(linesOf(out, "sequences.txt"), [
      'ann a b,1 c"q" 🦊 d',
      '小明 b,1 c"q" a 🦊',
      `O'Neil,"Pat" 🦊 a b,1 c"q"`,
    ]);
    assert.equal(linesOf(out, "timestamps.txt")[1], "小明 1000001000 1000001001 1000001002 1000001003");
  }));

Deno.test("session: SessionId, ItemId, Time for each part", () =>
  exported("session", (out) => {
    assert.deepEqual(linesOf(out, "train.tsv").slice(0, 4), [
      "SessionId\tItemId\tTime",
      "ann\ta\t1000000000",
      "ann\tb,1\t1000000001",
      'ann\t"c""q"""\t1000000002',
    ]);
    assert.deepEqual(linesOf(out, "test.tsv").slice(1), [
      "ann\td\t1000000004",
      "小明\t🦊\t1000001003",
      `"O'Neil,""Pat"""\t"c""q"""\t1000002003`,
    ]);
  }));

Deno.test("session: ids that GRU4Rec's run.py would read as others are noted", () =>
  inFolder(async (folder) => {
    const noted = async (sequences: Record<string, string[]>) =>
      (await exportDataset(await makeDataset(join(folder, Object.keys(sequences)[0]), { sequences }), {
        to: "session",
        out: join(folder, "out"),
      })).notes;
    assert.deepEqual(await noted({ "7": ["a", "b", "c"], "999999999": ["c", "b", "a"] }), []);
    assert.deepEqual(
      await noted({ "007": ["a", "NA", "c"], "7": ["c", "nan", "a"], "1234567890": ["a"], u: ["NA"] }),
      [
        "For GRU4Rec's run.py make pickles, as the README shows: 3 user ids are not as it reads sessions, which are plain numbers of " +
        "32 bits, and 2 item ids are what it takes for a missing value",
      ],
    );
  }));

Deno.test("every format: its README names every file, and the result counts rows and bytes", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, TOY);
    const out = join(folder, "out");
    for (const to of Object.keys(EXPORT_FORMATS) as ExportFormat[]) {
      const { files } = await exportDataset(dataset, { to, out });
      const readme = Deno.readTextFileSync(join(out, "README.md"));
      for (const { path, bytes } of files) {
        assert.equal(Deno.statSync(join(out, path)).size, bytes, `${to}: ${path}`);
        const known = path === "README.md" || /\.(user|item)$/.test(path) || readme.includes(`\`${path}\``);
        assert.ok(known, `${to}: README without ${path}`);
      }
    }
  }));
