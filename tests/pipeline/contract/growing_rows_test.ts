import assert from "node:assert/strict";
import pl, { type DataFrame } from "nodejs-polars";
import { GrowingRows } from "../../../pipeline/contract/growing_rows.ts";
import { withFolder } from "../../folders.ts";

const frame = (...values: number[]): DataFrame =>
  pl.DataFrame({ n: pl.Series("n", Int32Array.from(values)) });
const namesIn = (folder: string) => Array.from(Deno.readDirSync(folder), ({ name }) => name);

Deno.test("one frame stays in memory; several become one file, in their order, of which some rows can be read", () =>
  withFolder(async (dir) => {
    const one = new GrowingRows(dir, "one");
    await one.add(frame(1, 2));
    assert.deepEqual([(await one.rows() as DataFrame).rows(), namesIn(dir)], [[[1], [2]], []]);

    const many = new GrowingRows(dir, "many");
    for (const some of [frame(3, 1), frame(), frame(4, 1, 5), frame(9)]) await many.add(some);
    const { height, columns, lazy } = await many.rows();
    assert.deepEqual([height, columns, namesIn(dir)], [6, ["n"], ["many.parquet"]]);
    assert.deepEqual((await lazy().collect()).rows().flat(), [3, 1, 4, 1, 5, 9]);
    assert.deepEqual((await lazy().slice(1, 3).collect()).rows().flat(), [1, 4, 1]);
  }));

Deno.test("a folder that cannot be written to is an error in words", () =>
  withFolder(async (dir) => {
    const rows = new GrowingRows(`${dir}/none`, "rows");
    await rows.add(frame(1));
    await assert.rejects(rows.add(frame(2)), { name: "InputError", message: /^Cannot write .*none/ });
  }));
