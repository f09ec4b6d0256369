import assert from "node:assert/strict";
import { join } from "node:path";
import pl from "nodejs-polars";
import { claimRecommendations, csvOf } from "../../../model/recommend/file.ts";
import { withFolder } from "../../folders.ts";
import { withSmallFiles } from "../../small_files.ts";

/** Scores of any size, two of which differ only in the seventh digit. */
const SCORES = [6.6800737, 6.6800723, -3.270926, 0, 0.00012345678, 123456.789, -1234567.8, 9.9999999, 2];
const frame = pl.DataFrame([
  pl.Series("user", SCORES.map(() => "ann")),
  pl.Series("rank", Uint32Array.from(SCORES, (_, i) => i + 1)),
  pl.Series("item", SCORES.map((_, i) => `i${i}`)),
  pl.Series("score", Float32Array.from(SCORES)),
]);

Deno.test("scores have six digits in CSV, and all of them in other formats", () =>
  withFolder(async (dir) => {
    const rounded = [6.68007, 6.68007, -3.27093, 0, 0.000123457, 123457, -1234570, 10, 2];
    const path = (ending: string) => join(dir, `top.${ending}`);
    for (const ending of ["csv", "parquet", "jsonl"]) {
      const pieces = [frame.head(4), frame.slice(4, SCORES.length - 4)];
      assert.equal(await claimRecommendations(path(ending)).write(pieces), SCORES.length);
    }
    const csv = Deno.readTextFileSync(path("csv"));
    assert.equal(csv.trimEnd(), csvOf(frame));
    assert.deepEqual(csv.trimEnd().split("\n").slice(1).map((line) => Number(line.split(",")[3])), rounded);
    const whole = [...Float32Array.from(SCORES)];
    assert.deepEqual(pl.readParquet(path("parquet")).getColumn("score").toArray(), whole);
    const lines = Deno.readTextFileSync(path("jsonl")).trimEnd().split("\n");
    assert.deepEqual(lines.map((line) => Math.fround(JSON.parse(line).score)), whole);
    assert.match(csvOf(frame.head(0)), /^user,rank,item,score$/);
  }));

Deno.test("a CSV for a spreadsheet begins with what says its encoding, once, and is replaced as any other", () =>
  withFolder(async (dir) => {
    const out = join(dir, "top.csv"), pieces = [frame.head(4), frame.slice(4, SCORES.length - 4)];
    await claimRecommendations(out, { forSpreadsheet: true }).write(pieces);
    const bytes = Deno.readFileSync(out), text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
    assert.deepEqual([...bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf]);
    assert.equal(text.trimEnd(), `\ufeff${csvOf(frame)}`);
    assert.deepEqual(pl.readCSV(out).columns, frame.columns);
    await claimRecommendations(out).write([frame]); // not refused as somebody else's
    assert.equal(Deno.readTextFileSync(out).trimEnd(), csvOf(frame));
    await claimRecommendations(join(dir, "top.jsonl"), { forSpreadsheet: true }).write([frame]);
    assert.equal(Deno.readFileSync(join(dir, "top.jsonl"))[0], "{".charCodeAt(0));
  }));

Deno.test({
  name: "a disk that is full in the middle of the lists is an error, in any format, and leaves nothing",
  ignore: Deno.build.os === "windows",
  fn: () =>
    withFolder(async (dir) => {
      const said = await withSmallFiles(`
        import pl from "nodejs-polars";
        import { claimRecommendations } from ${
        JSON.stringify(import.meta.resolve("../../../model/recommend/file.ts"))
      };
        const numbers = Uint32Array.from({ length: 4000 }, (_, i) => i), scores = Float32Array.from(numbers, Math.sin);
        const frame = pl.DataFrame([
          ...["user", "item"].map((name) => pl.Series(name, Array.from(scores, (score, i) => name + i * score))),
          pl.Series("rank", numbers),
          pl.Series("score", scores),
        ]).select("user", "rank", "item", "score");
        for (const ending of ["csv", "parquet", "jsonl"]) {
          await claimRecommendations(${JSON.stringify(dir)} + "/top." + ending).write([frame])
            .then(() => console.log("written"), ({ message }) => console.log(message));
        }`);
      const lines = said.trimEnd().split("\n");
      assert.equal(lines.length, 3, said);
      for (const line of lines) assert.match(line, /^Cannot write .*top\.\w+: .*File too large/);
      assert.deepEqual([...Deno.readDirSync(dir)], []);
    }),
});
