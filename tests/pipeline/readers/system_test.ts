/** Files that the system refuses, or that never end: one line each, at once. */
import assert from "node:assert/strict";
import { readInteractions, readSideTable } from "../../../pipeline/readers/mod.ts";
import { withoutRights } from "../../without_rights.ts";
import { assertInputError, type Contents, withFiles } from "./files.ts";

const GOOD = "user,item,timestamp\na,b,1\n";
const SEQUENCES = "u a b\nv a b c\n";

/** The ways to name a file. */
const READERS: Record<string, (path: string, dir: string) => Promise<unknown>> = {
  data: (path) => readInteractions({ files: [path] }),
  items: (path) => readSideTable({ file: path, key: "item" }),
  times: (path, dir) =>
    readInteractions({ files: [`${dir}s.txt`], format: "sequences", sequenceTimestamps: path }),
};

async function everyReader(path: string, dir: string, parts: string[]): Promise<void> {
  for (const read of Object.values(READERS)) await assertInputError(() => read(path, dir), parts, dir);
}

const withSequences = (files: Record<string, Contents>, test: (dir: string) => Promise<void>) =>
  withFiles({ "s.txt": SEQUENCES, ...files }, test);

Deno.test("system: pipes, devices and folders are refused without waiting", () =>
  withSequences({}, async (dir) => {
    assert((await new Deno.Command("mkfifo", { args: [`${dir}pipe.csv`] }).output()).success);
    await everyReader(`${dir}pipe.csv`, dir, [
      "pipe.csv: it is no regular file",
      "write what they give into a file",
    ]);
    await everyReader("/dev/zero", dir, ["/dev/zero: it is no regular file"]);
    await everyReader(dir.slice(0, -1), dir, ["it is a folder; name the files in it"]);
    await assertInputError(() => readInteractions({ files: [`${dir}*.csv`] }), [
      "pipe.csv: it is no regular file",
    ]);
  }));

Deno.test("system: links in a circle and links to nothing", () =>
  withSequences({}, async (dir) => {
    Deno.symlinkSync("b.csv", `${dir}a.csv`);
    Deno.symlinkSync("a.csv", `${dir}b.csv`);
    Deno.symlinkSync("gone.csv", `${dir}c.csv`);
    await everyReader(`${dir}a.csv`, dir, ["a.csv: its links lead in a circle"]);
    await everyReader(`${dir}c.csv`, dir, ["c.csv: it is a link to gone.csv, and nothing is there"]);
    await assertInputError(() => readInteractions({ files: [`${dir}c*`] }), ["and nothing is there"]);
  }));

Deno.test("system: folders that may not be read are said to be that, by --dataset and as a copy", () =>
  withFiles({}, async (dir) => {
    Deno.mkdirSync(`${dir}/closed`, { mode: 0 });
    const said = await withoutRights(`
      import { resolveDataset } from ${
      JSON.stringify(import.meta.resolve("../../../pipeline/readers/known/registry.ts"))
    };
      const say = ({ name, message }) => console.log(name, message);
      await resolveDataset(${JSON.stringify(`${dir}closed`)}).catch(say);
      await resolveDataset("ml-1m", { data: [${JSON.stringify(`${dir}closed`)}] }).catch(say);`);
    const lines = said.trim().split("\n");
    assert.equal(lines.length, 2, said);
    for (const line of lines) {
      assert.match(
        line,
        /^InputError Cannot read .*closed.*: no permission to read it; check its owner and mode$/,
      );
    }
  }));

Deno.test("system: files that may not be read", async () => {
  const files = { "a.csv": GOOD, "a.parquet": "PAR1", "a.jsonl": '{"user":1}\n', "a.csv.gz": "\x1f\x8b" };
  await withSequences(files, async (dir) => {
    for (const name of Object.keys(files)) Deno.chmodSync(dir + name, 0);
    const module = (path: string) => JSON.stringify(import.meta.resolve(`../../../pipeline/${path}`));
    const said = await withoutRights(`
      import { readInteractions, readSideTable } from ${module("readers/mod.ts")};
      import { readConfigFile } from ${module("terminal/config.ts")};
      const dir = ${JSON.stringify(dir)};
      const readers = [
        (file) => readInteractions({ files: [file] }),
        (file) => readSideTable({ file }),
        (file) => readConfigFile(file),
        (file) => readInteractions({ files: [dir + "s.txt"], format: "sequences", sequenceTimestamps: file }),
      ];
      for (const name of ${JSON.stringify(Object.keys(files))}) {
        for (const read of readers) {
          await read(dir + name).then(() => console.log("read"), ({ name, message }) => console.log(name, message));
        }
      }`);
    const lines = said.trim().split("\n");
    assert.equal(lines.length, 4 * Object.keys(files).length, said);
    for (const line of lines) {
      assert.match(line, /^InputError Cannot read .*: no permission to read it; check its owner and mode$/);
    }
  });
});
