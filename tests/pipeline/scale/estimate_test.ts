import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import pl from "nodejs-polars";
import { RandomStream } from "../../../pipeline/contract/random.ts";
import { estimateLog } from "../../../pipeline/readers/estimate.ts";
import type { ReadOptions } from "../../../pipeline/readers/types.ts";
import { withFolder } from "../../folders.ts";

Deno.test("a log with ratings is taken to need more, in whatever format they are", () =>
  withFolder(async (dir) => {
    const at = (name: string, text: string) => {
      Deno.writeTextFileSync(join(dir, name), text);
      return { files: [join(dir, name)] };
    };
    const ratings = async (options: ReadOptions) => (await estimateLog(options))?.ratings;
    const rated = at("rated.csv", "user,item,rating,timestamp\na,b,5,1\n");
    assert.equal(await ratings(rated), true);
    assert.equal(
      await ratings({ ...rated, columns: ["user=user", "item=item", "timestamp=timestamp"] }),
      false,
    );
    assert.equal(await ratings(at("log.csv", "user,item,timestamp,price\na,b,1,5\n")), false);
    assert.equal(await ratings({ files: [...rated.files, join(dir, "log.csv")] }), true);
    assert.equal(await ratings(at("u.data", "1\t2\t5\t881250949\n")), true);
    const frame = pl.DataFrame({ user: ["a"], item: ["b"], timestamp: [1] });
    frame.writeParquet(join(dir, "log.parquet"));
    frame.withColumn(pl.lit(5).alias("rating")).writeParquet(join(dir, "rated.parquet"));
    assert.equal(await ratings({ files: [join(dir, "log.parquet")] }), false);
    assert.equal(await ratings({ files: [join(dir, "rated.parquet")] }), true);
    assert.equal(await ratings(at("wrong.csv", "a,b\n1,2\n")), true, "its reader says what is wrong");
  }));

Deno.test("the rows of a gzip file are told by how it begins", () =>
  withFolder(async (dir) => {
    const random = new RandomStream(1, "lines"), ROWS = 20_000;
    const lines = Array.from(
      { length: ROWS },
      () => `u${random.below(9e6)},i${random.below(9e4)},${1e9 + random.below(9e7)}\n`,
    );
    const rows = async (...members: string[]) => {
      const path = join(dir, "log.csv.gz");
      Deno.writeFileSync(path, Buffer.concat(members.map((member) => gzipSync(member))));
      return (await estimateLog({ files: [path] }))!.rows;
    };
    const near = (actual: number, expected: number, share: number) =>
      assert(Math.abs(actual / expected - 1) < share, `${actual}, not about ${expected}`);
    const head = "user,item,timestamp\n", [first, second] = [lines.slice(0, 15_000), lines.slice(15_000)];
    near(await rows(head + lines.join("")), ROWS, 0.1);
    near(await rows(head + first.join(""), second.join("")), ROWS, 0.1);
    near(await rows(head + lines.join(""), "u1,i1,1\n"), ROWS, 0.1);
    near(await rows(head + lines.join(""), lines.join(""), lines.join("")), 3 * ROWS, 0.1);
  }));
