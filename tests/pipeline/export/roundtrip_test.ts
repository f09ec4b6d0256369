import assert from "node:assert/strict";
import { join } from "node:path";
import pl from "nodejs-polars";
import { exportDataset, type ExportFormat } from "../../../pipeline/export/mod.ts";
import { readInteractions, type ReadOptions } from "../../../pipeline/readers/mod.ts";
import { prepare } from "../../../pipeline/run.ts";
import { hasShared, sharedData } from "../../paths.ts";
import { inFolder, makeDataset, timeOf, TOY } from "./dataset.ts";

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
