import assert from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import pl from "nodejs-polars";
import type { SequenceDataset } from "../../../pipeline/contract/dataset.ts";
import { hashFileSync } from "../../../pipeline/contract/files/checksums.ts";
import { EXPORT_FORMATS, exportDataset, type ExportFormat } from "../../../pipeline/export/mod.ts";
import { type ChunkOptions, ExportJob, interactionChunks } from "../../../pipeline/export/format.ts";
import { historyChunks } from "../../../pipeline/export/recbole.ts";
import { Output } from "../../../pipeline/export/output.ts";
import { inFolder, linesOf, makeDataset, type Sketch, TOY } from "./dataset.ts";

const jobOf = (dataset: SequenceDataset, folder: string, maxLength = 50) =>
  new ExportJob(dataset, new Output(folder, "none"), { name: "toy", maxLength });

/** The users of each chunk, its first `lead` rows in brackets. */
async function cut(job: ExportJob, options: ChunkOptions): Promise<string[]> {
  const chunks: string[] = [];
  for await (const { frame, lead } of interactionChunks(job, "cutting", options)) {
    const users = frame.getColumn("user").toArray();
    chunks.push((lead > 0 ? `(${users.slice(0, lead).join("")})` : "") + users.slice(lead).join(""));
  }
  return chunks;
}

Deno.test("chunks cover all rows once, with an overlap or by whole users where asked", () =>
  inFolder(async (folder) => {
    const job = jobOf(await makeDataset(folder, TOY), folder); // 5, 4 and 4 rows
    assert.deepEqual(await cut(job, {}), ["1111122223333"]);
    assert.deepEqual(await cut(job, { rows: 6 }), ["111112", "222333", "3"]);
    assert.deepEqual(await cut(job, { rows: 6, overlap: 2 }), ["111112", "(12)222333", "(33)3"]);
    assert.deepEqual(await cut(job, { rows: 3, wholeUsers: true }), ["11111", "2222", "3333"]);
    assert.deepEqual(await cut(job, { rows: 9, wholeUsers: true }), ["111112222", "3333"]);
    assert.deepEqual(await cut(job, { rows: 99, wholeUsers: true }), ["1111122223333"]);
  }));

/** Sequences of one to twelve of six items. */
const sequences = fc.array(fc.array(fc.constantFrom(..."abcdef"), { minLength: 1, maxLength: 12 }), {
  minLength: 1,
  maxLength: 6,
}).map((lists): Sketch => ({ sequences: Object.fromEntries(lists.map((list, i) => [`u${i}`, list])) }));

Deno.test("histories are the last items before each target, whatever the chunks", () =>
  fc.assert(
    fc.asyncProperty(sequences, fc.constantFrom(1, 3, 5_000_000), (sketch, maxLength) =>
      inFolder(async (folder) => {
        const job = jobOf(await makeDataset(folder, sketch), folder, maxLength); // 5,000,000: a row a chunk
        const found: string[] = [];
        for await (const frame of historyChunks(job, " ")) {
          for (const row of frame.toRecords()) {
            found.push(`${row.user_id}: ${row.item_id_list} > ${row.item_id}`);
          }
        }
        const expected = Object.entries(sketch.sequences).flatMap(([user, items]) =>
          items.slice(1).map((item, n) =>
            `${user}: ${items.slice(0, n + 1).slice(-maxLength).join(" ")} > ${item}`
          )
        );
        assert.deepEqual(found, expected);
      })),
    { numRuns: 15, seed: 1 },
  ));

Deno.test("every part of the split has the dataset's number of rows", () =>
  fc.assert(
    fc.asyncProperty(
      sequences,
      fc.constantFrom("leave-one-out" as const, "global-time" as const),
      (sketch, split) =>
        inFolder(async (folder) => {
          const dataset = await makeDataset(folder, { ...sketch, split });
          const { counts } = dataset.manifest;
          const parts = [counts.train, counts.validation, counts.test];
          const out = join(folder, "out");
          const rows = async (to: "session" | "lenskit" | "libsvm" | "csv" | "recbole") => {
            const { files } = await exportDataset(dataset, { to, out });
            return (name: RegExp) => files.filter(({ path }) => name.test(path)).map((file) => file.rows);
          };
          for (const to of ["session", "lenskit", "libsvm"] as const) {
            assert.deepEqual((await rows(to))(/^(train|validation|test)\./), parts, to);
          }
          const targets = (["train", "validation", "test"] as const).map((part) =>
            dataset.targets(part).length
          );
          assert.deepEqual((await rows("recbole"))(/^presplit\/.*\.(train|valid|test)\.inter$/), targets);
          assert.deepEqual((await rows("csv"))(/^interactions/), [counts.interactions]);
          const splits = linesOf(out, "interactions.csv").slice(1).map((line) => line.split(",").at(-1));
          assert.deepEqual(
            ["train", "validation", "test"].map((part) => splits.filter((s) => s === part).length),
            parts,
          );
        }),
    ),
    { numRuns: 8, seed: 2 },
  ));

Deno.test("Parquet written in several pieces is one file in order", () =>
  inFolder(async (folder) => {
    const frames = [[1, 2], [], [3], [4, 5]].map((x) => pl.DataFrame([pl.Series("x", x, pl.Int64)]));
    const output = new Output(folder, "zstd");
    const table = output.open("x.parquet", "parquet");
    for (const frame of frames) table.append(frame);
    await table.finish();
    assert.deepEqual(pl.readParquet(join(folder, "x.parquet")).getColumn("x").toArray(), [1, 2, 3, 4, 5]);
    assert.deepEqual(Array.from(Deno.readDirSync(folder), ({ name }) => name), ["x.parquet"]);
    assert.equal(output.files[0].rows, 5);
  }));

Deno.test("exports of a dataset in parts are those of the dataset in one file, byte for byte", async (t) => {
  const sketch = { ...TOY, protocols: ["recbole" as const, "strict" as const] };
  for (const to of Object.keys(EXPORT_FORMATS) as ExportFormat[]) {
    await t.step(to, () =>
      inFolder(async (folder) => {
        const exported = async (name: string, more: Partial<Sketch>) => {
          const dataset = await makeDataset(join(folder, name), { ...sketch, ...more }),
            out = join(folder, `${name} export`);
          const maxLength = EXPORT_FORMATS[to].histories ? 2 : undefined;
          const { files } = await exportDataset(dataset, { to, out, compression: undefined, maxLength });
          assert.equal(dataset.parts.length > 1, "partRows" in more);
          return files.map(({ path, rows }) => [path, rows, hashFileSync(join(out, path))]);
        };
        assert.deepEqual(await exported("parts", { partRows: 5 }), await exported("one", {}));
      }));
  }
});
