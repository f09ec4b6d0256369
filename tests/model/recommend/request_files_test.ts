import assert from "node:assert/strict";
import { join } from "node:path";
import { idsOf, readHistories } from "../../../model/recommend/request_files.ts";
import type { SequenceDataset } from "../../../pipeline/contract/dataset.ts";
import { withFolder } from "../../folders.ts";
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
    await refused(
      () => read("ann,a\n\nbob,b\nann,c\n", true),
      /^Cannot read .*new\.csv: lines 1 and 4 both name user "ann"; write one line for each user$/,
    );
    await refused(() => read("a,,b\n"), /^Cannot find item "" of line 1 of /);
    await refused(
      () => read("ann,a,b\n"),
      /^Cannot find item "ann" of line 1 .*; --named is for lines with a name, --on-unknown skip leaves out/,
    );
    await refused(
      () => read('a,"b\n'),
      /^Cannot read .*new\.csv as CSV: parse error on line 1: .*; put an id that/,
    );
  }));

const dataset = { folder: "data", hasItem: (id: string) => id !== "x" } as SequenceDataset;

Deno.test("a wrong item is said to be of the line where an editor shows it, empty ones counted", () =>
  withFolder((dir) => {
    const path = join(dir, "new.csv");
    const refused = (text: string, named: boolean, line: number) => {
      Deno.writeTextFileSync(path, text);
      assert.throws(
        () => readHistories(dataset, path, { named, onUnknown: "error" }),
        new RegExp(`^InputError: Cannot find item "x" of line ${line} of `),
      );
    };
    refused("ann,i1\n\n\r\nbob,x\n", true, 4);
    refused("i1\n\n\r\nx\n", false, 4);
  }));

Deno.test("an empty file has no histories, one of an empty line has one without names", () =>
  withFolder((dir) => {
    const path = join(dir, "new.csv");
    const read = (text: string, named: boolean) => {
      Deno.writeTextFileSync(path, text);
      return readHistories(dataset, path, { named, onUnknown: "error" });
    };
    assert.deepEqual(read("", false), []);
    assert.deepEqual(read("", true), new Map());
    assert.deepEqual(read("\n", false), [[]]);
    assert.deepEqual(read("\n", true), new Map());
    assert.deepEqual(
      read("ann\n\nbob,i2\ncid,\n", true),
      new Map([["ann", []], ["bob", ["i2"]], ["cid", []]]),
    );
  }));

Deno.test("ids in a file are its lines, but for empty ones; a word that is an id is no file, nor are several", () =>
  withFolder((dir) => {
    const path = join(dir, "ids.txt"), of = (...words: string[]) => idsOf(words, () => false);
    Deno.writeTextFileSync(path, "\ufeffu1\r\n\n u 2 \nu3,u4\r\n\r\n");
    assert.deepEqual(of(path), ["u1", " u 2 ", "u3,u4"]);
    assert.deepEqual(of(path, "u1"), [path, "u1"]);
    assert.deepEqual(of(join(dir, "none.txt")), [join(dir, "none.txt")]);
    assert.deepEqual(idsOf([path], (word) => word === path), [path]);
    assert.equal(idsOf(undefined, () => false), undefined);
    Deno.writeTextFileSync(path, "");
    assert.deepEqual(of(path), []);
  }));

Deno.test("an id in quotes, as in a CSV, is the id without them, unless it is an id with them", () =>
  withFolder((dir) => {
    const path = join(dir, "ids.txt"), ids = ['"kept"'];
    Deno.writeTextFileSync(path, '"i1"\r\n"12"" vinyl"\n"a,b"\n12" vinyl\n"Heroes" live\n"kept"\n""\n"\n');
    assert.deepEqual(
      idsOf([path], (word) => ids.includes(word)),
      ["i1", '12" vinyl', "a,b", '12" vinyl', '"Heroes" live', '"kept"', '""', '"'],
    );
  }));

Deno.test("files of ids and histories are UTF-8 or what Windows calls Unicode, with their marks; others are told how to become that", () =>
  withFolder((dir) => {
    const path = join(dir, "ids.txt"), none = () => false;
    const units = Uint16Array.from("\ufeff李雷\r\nz\r\n", (unit) => unit.charCodeAt(0));
    for (const bytes of [new TextEncoder().encode("\ufeff李雷\r\nz\r\n"), new Uint8Array(units.buffer)]) {
      Deno.writeFileSync(path, bytes);
      assert.deepEqual(idsOf([path], none), ["李雷", "z"]);
    }
    Deno.writeFileSync(path, new Uint8Array([0xd6, 0xd0, 0x0a]));
    const said = /^InputError: Cannot read .*ids\.txt: it is not UTF-8 text; .*iconv -f gbk -t utf-8/;
    assert.throws(() => idsOf([path], none), said);
    assert.throws(() => readHistories(dataset, path, { named: false, onUnknown: "error" }), said);
  }));
