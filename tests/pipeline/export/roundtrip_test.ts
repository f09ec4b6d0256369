import assert from "node:assert/strict";
import { join } from "node:path";
import pl from "nodejs-polars";
import { exportDataset, type ExportFormat } from "../../../pipeline/export/mod.ts";
import { readInteractions, type ReadOptions } from "../../../pipeline/readers/mod.ts";
import { prepare } from "../../../pipeline/run.ts";
import { hasShared, sharedData } from "../../paths.ts";
import { inFolder, linesOf, makeDataset, timeOf, TOY } from "./dataset.ts";

const EXPECTED = Object.entries(TOY.sequences).flatMap(([user, items], u) =>
  items.map((item, n) => [user, item, String(timeOf(u, n))])
);

/** Exports the toy dataset and reads it again; returns user, item and timestamp of each row as text. */
async function readBack(to: ExportFormat, file: string, options: Partial<ReadOptions>): Promise<unknown[][]> {
  let rows: unknown[][] = [];
  await inFolder(async (folder) => {
    const out = join(folder, "out");
    await exportDataset(await makeDataset(folder, TOY), { to, out });
    const times = to === "sequences" ? { sequenceTimestamps: join(out, "timestamps.txt") } : {};
    const { frame } = await readInteractions({ files: [join(out, file)], ...options, ...times });
    const text = (name: string) => pl.col(name).cast(pl.String);
    rows = frame.select(text("user"), text("item"), text("timestamp")).rows();
  });
  return rows;
}

Deno.test("what is exported can be read again: sequences, RecBole, CSV", async () => {
  assert.deepEqual(await readBack("sequences", "sequences.txt", { format: "sequences" }), EXPECTED);
  assert.deepEqual(await readBack("recbole", "atomic/toy/toy.inter", { format: "recbole" }), EXPECTED);
  assert.deepEqual(await readBack("csv", "interactions.csv", { format: "csv" }), EXPECTED);
});

/** Atomic files: 12 users with 12 items each. Each header says what no values would. */
function writeAtomic(folder: string): void {
  const numbers = Array.from({ length: 12 }, (_, i) => i), lines = (rows: string[]) => rows.join("\n") + "\n";
  const files = {
    inter: [
      "user_id:token\titem_id:token\ttimestamp:float",
      ...numbers.flatMap((user) => numbers.map((n) => `u${user}\ti${(user + n) % 12}\t${1000 + n}`)),
    ],
    item: [
      "item_id:token\tmovie_title:token_seq\tquality:float\tgroup:token\tzip:token\ttags:token_seq\tsingle:token_seq\temb:float_seq",
      ...numbers.map((i) =>
        [
          `i${i}`,
          `The The ${i}`,
          i % 4 / 2,
          `g${i % 2}|h`,
          10000 + i % 3,
          `t${i % 3} z|w`,
          `s${i % 2}`,
          `0.${i} -1 0.${i}`,
        ]
          .join("\t")
      ),
    ],
    user: [
      "user_id:token\tage:float\tgender:token\thobbies:token_seq\tvec:float_seq",
      ...numbers.map((i) => [`u${i}`, 20.5 + i, "MF"[i % 2], i % 2 ? "x y" : "x", `${i} 1 1`].join("\t")),
    ],
  };
  for (const [name, rows] of Object.entries(files)) {
    Deno.writeTextFileSync(join(folder, `rb.${name}`), lines(rows));
  }
}

Deno.test("RecBole's types decide what columns are, and come back in the export", () =>
  inFolder(async (folder) => {
    writeAtomic(folder);
    const place = (name: string) => join(folder, name);
    const input = { data: place("rb.inter"), items: place("rb.item"), users: place("rb.user") };
    const { dataset } = await prepare({ ...input, out: place("dataset") });
    assert.deepEqual(dataset.manifest.features.map(({ name, kind }) => `${name}:${kind}`), [
      "quality:numeric",
      "group:categorical",
      "zip:categorical",
      "tags:multi",
      "single:multi",
    ]);
    assert.deepEqual(
      dataset.features().map(({ name, values }) => [name, values]),
      [["quality", 0], ["group", 2], ["zip", 3], ["tags", 4], ["single", 2]],
    );
    await exportDataset(dataset, { to: "recbole", out: place("out") });
    for (const side of ["item", "user"]) {
      const sorted = (path: string) => linesOf(folder, path).sort();
      const decimals = (line: string) => line.replaceAll(/\t([0-9]+)\.0(?=\t)/g, "\t$1");
      assert.deepEqual(sorted(`out/atomic/rb/rb.${side}`).map(decimals), sorted(`rb.${side}`));
    }
    const { dataset: again } = await prepare({
      ...Object.fromEntries(["inter", "item", "user"].map((name, i) => [
        ["data", "items", "users"][i],
        place(`out/atomic/rb/rb.${name}`),
      ])) as typeof input,
      out: place("again"),
    });
    assert.deepEqual(again.manifest.features, dataset.manifest.features);
    await exportDataset(again, { to: "recbole", out: place("out2") });
    for (const side of ["item", "user"]) {
      const path = `atomic/rb/rb.${side}`;
      assert.deepEqual(linesOf(folder, `out2/${path}`), linesOf(folder, `out/${path}`));
    }
  }));

Deno.test("RecBole's types: explicit features win, with a warning about vectors, on disk as in memory", () =>
  inFolder(async (folder) => {
    writeAtomic(folder);
    const place = (name: string) => join(folder, name);
    const input = { data: place("rb.inter"), items: place("rb.item") };
    const features = ["quality:categorical", "emb:multi", "zip:numeric"];
    const { dataset } = await prepare({ ...input, features, out: place("dataset") });
    assert.deepEqual(dataset.manifest.features.map(({ kind }) => kind), ["categorical", "multi", "numeric"]);
    const { warnings } = dataset.manifest.stages.find(({ stage }) => stage === "vocabulary")!;
    assert.deepEqual(warnings, [
      'the values of "emb" are vectors of numbers (float_seq), which models cannot read: as multi, each different number counts as a ' +
      "category; leave it out of --features",
    ]);
    await exportDataset(dataset, { to: "recbole", out: place("out") });
    assert.equal(
      linesOf(folder, "out/atomic/rb/rb.item")[0],
      "item_id:token\tmovie_title:token_seq\tquality:token\tgroup:token\tzip:float\ttags:token_seq\tsingle:token_seq\temb:token_seq",
    );
    const [here, disk] = await Promise.all(
      (["polars", "duckdb"] as const).map((engine) => prepare({ ...input, engine, out: place(engine) })),
    );
    assert.equal(disk.dataset.manifest.hash, here.dataset.manifest.hash);
    assert.deepEqual(disk.dataset.manifest.features, here.dataset.manifest.features);
  }));

const ratings = "ml-100k/u.data.gz", movies = "ml-100k/u.item.gz";
Deno.test({
  name: "MovieLens-100K: 97,171 training targets, and every interaction once in every format",
  ignore: !hasShared(ratings) || !hasShared(movies),
  fn: () =>
    inFolder(async (folder) => {
      const { dataset } = await prepare({
        dataset: "ml-100k",
        data: join(sharedData, ratings),
        items: join(sharedData, movies),
        out: join(folder, "dataset"),
      });
      const rows = async (to: ExportFormat, name: RegExp) => {
        const { files } = await exportDataset(dataset, { to, out: join(folder, "out") });
        return files.filter(({ path }) => name.test(path)).map((file) => file.rows);
      };
      assert.deepEqual(await rows("recbole", /\.inter$/), [100_000, 97_171, 943, 943]);
      assert.deepEqual(await rows("libsvm", /libsvm$/), [98_114, 943, 943]);
      assert.deepEqual(await rows("parquet", /interactions|items/), [100_000, 1_682]);
      assert.deepEqual(await rows("sequences", /sequences/), [943]);
    }),
});
