import assert from "node:assert/strict";
import { join } from "node:path";
import { readHistories } from "../../../model/recommend/request_files.ts";
import { inFolder, makeDataset } from "../../pipeline/export/dataset.ts";
import { refused } from "../support.ts";

Deno.test("histories in a file: empty cells at the end of a line are no items; what is no CSV is said in one line", () =>
  inFolder(async (dir) => {
    const dataset = await makeDataset(dir, { sequences: { ann: ["a", "b", "c"] } }),
      path = join(dir, "new.csv");
    const read = (text: string, named = false) => {
      Deno.writeTextFileSync(path, text);
      return readHistories(dataset, path, { named, onUnknown: "error" });
    };
    assert.deepEqual(read("a,b,,\n,,\n\nc,,\r\n"), [["a", "b"], [], [], ["c"]]);
    assert.deepEqual(read("ann,a,\nbob,,\n", true), new Map([["ann", ["a"]], ["bob", []]]));
    await refused(() => read("a,,b\n"), /^Cannot find item "" of line 1 of /);
    await refused(
      () => read('a,"b\n'),
      /^Cannot read .*new\.csv as CSV: parse error on line 1: .*; put an id that/,
    );
  }));
