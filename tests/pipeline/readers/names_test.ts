/** Names of files that could be mistaken for patterns, home folders or addresses. */
import assert from "node:assert/strict";
import pl from "nodejs-polars";
import { readInteractions, readSideTable } from "../../../pipeline/readers/mod.ts";
import { gzip, withFiles } from "./files.ts";

const NAMES = [
  "exp[1]",
  "exp1",
  "a*",
  "ab",
  "what?",
  "{a,b}",
  "~x",
  "s3:x",
  "http:x",
  " -x",
  "-x",
  "100%25",
  "back\\slash",
  "two\nlines",
  "🦊 é",
  "[",
  "#1",
];
const KINDS = [".csv", ".csv.gz", ".jsonl", ".txt", ".parquet", ".arrow"];

/** The contents of a file with one user, named like the file, so that reading a wrong file is detected. */
function contents(name: string, kind: string): Uint8Array {
  const user = JSON.stringify(name), text = (value: string) => new TextEncoder().encode(value);
  const quoted = `"${name}"`;
  switch (kind) {
    case ".csv":
      return text(`user,item,timestamp\n${quoted},a,1\n`);
    case ".csv.gz":
      return gzip(`user,item,timestamp\n${quoted},a,1\n`);
    case ".jsonl":
      return text(`{"user":${user},"item":"a","timestamp":1}\n`);
    case ".txt":
      return text(`${name.replace(/\s/g, "_")} a\n${name.replace(/\s/g, "_")}2 a b c\nw a b\n`);
  }
  const frame = pl.DataFrame({ user: [name], item: ["a"], timestamp: [1] });
  return new Uint8Array(kind === ".parquet" ? frame.writeParquet() : frame.writeIPC());
}

for (const kind of KINDS) {
  Deno.test(`names: ${kind} files are read by their name, whatever is in it`, () =>
    withFiles(Object.fromEntries(NAMES.map((name) => [name + kind, contents(name, kind)])), async (dir) => {
      const before = Deno.cwd();
      Deno.chdir(dir);
      try {
        for (const name of NAMES) {
          for (const path of [dir + name + kind, name + kind]) {
            const format = kind === ".txt" ? "sequences" : "auto";
            const { frame, sources } = await readInteractions({ files: [path], format });
            const [user] = frame.row(0);
            assert.equal(user, kind === ".txt" ? name.replace(/\s/g, "_") : name, path);
            assert.equal(sources[0].path, path);
          }
        }
      } finally {
        Deno.chdir(before);
      }
    }));
}

Deno.test("names: side tables are read by their name, whatever is in it", () =>
  withFiles(
    Object.fromEntries(NAMES.map((name) => [`${name}.csv`, `item,title\n"${name}",t\nother,t\n`])),
    async (dir) => {
      for (const name of NAMES) {
        const { frame } = await readSideTable({ file: `${dir}${name}.csv` });
        assert.equal(frame.row(0)[0], name);
      }
    },
  ));

Deno.test("names: a glob takes the files that it matches, by their own names", () =>
  withFiles({
    "a[1].csv": contents("a[1]", ".csv"),
    "a1.csv": contents("a1", ".csv"),
  }, async (dir) => {
    const { frame } = await readInteractions({ files: [`${dir}a*.csv`] });
    assert.deepEqual(frame.rows().map(([user]) => user), ["a1", "a[1]"]);
  }));
