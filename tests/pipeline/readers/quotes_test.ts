import assert from "node:assert/strict";
import fc from "fast-check";
import pl from "nodejs-polars";
import { InputError } from "../../../pipeline/contract/errors.ts";
import { readInteractionPieces } from "../../../pipeline/readers/interaction_pieces.ts";
import { readInteractions, readSideTable } from "../../../pipeline/readers/mod.ts";
import { QuoteCheck } from "../../../pipeline/readers/quotes.ts";
import { assertInputError, bytesOf, type Contents, gzip, latin1, withFiles } from "./files.ts";

const HEAD = "user,item,timestamp\n";

/** How rows come to each engine: all at once, or in pieces of a few. */
const READERS = {
  "Polars": async (path: string) => (await readInteractions({ files: [path] })).frame,
  "DuckDB": async (path: string) => {
    const folder = Deno.makeTempDirSync({ dir: path.slice(0, path.lastIndexOf("/")) });
    const refused = (format: string) => new InputError(`Cannot read ${format}`);
    const { pieces } = await readInteractionPieces({ files: [path], folder, pieceBytes: 1 }, refused);
    return pl.concat(pieces.map(({ path }) => pl.readParquet(path)));
  },
};

const text = (frame: pl.DataFrame) =>
  frame.select(...["user", "item", "timestamp"].map((name) => pl.col(name).cast(pl.String))).rows();

/** Both engines read these rows, gzip or not. */
async function assertRows(name: string, contents: Contents, expected: string[][]): Promise<void> {
  const files = { [name]: contents, [`${name}.gz`]: gzip(contents) };
  await withFiles(files, async (dir) => {
    for (const [engine, read] of Object.entries(READERS)) {
      for (const file of Object.keys(files)) {
        assert.deepEqual(text(await read(dir + file)), expected, `${engine}, ${file}`);
      }
    }
  });
}

/** Both engines refuse the file with the same line, gzip or not. */
async function assertRefused(name: string, contents: Contents, says: string): Promise<void> {
  const files = { [name]: contents, [`${name}.gz`]: gzip(contents) };
  await withFiles(files, async (dir) => {
    for (const read of Object.values(READERS)) {
      for (const file of Object.keys(files)) {
        await assertInputError(() => read(dir + file), [file, says], dir);
      }
    }
  });
}

Deno.test("quotes: text behind a closing quote is refused, by its line", async () => {
  const says = (line: number) => `line ${line}: text stands behind the closing quote of a field; put`;
  const rows = `${HEAD}u0,cd 39,1\nu0,"Heroes" live 18,2\nu0,"Heroes" live 17,3\n`;
  await assertRefused("a.csv", rows, says(3));
  await assertRefused("a.tsv", rows.replaceAll(",", "\t"), says(3));
  await assertRefused("a.csv", rows.replaceAll("\n", "\r\n"), says(3));
  await assertRefused("a.csv", 'user,timestamp,item\nu0,1,"13" b', says(2));
  await assertRefused("a.csv", `${HEAD}a,"b" ,1\n`, says(2));
  await assertRefused("a.csv", `${HEAD}a,"b"\rc,1\nd,e,2\n`, says(2));
  await assertRefused("a.csv", `${HEAD}"two\nlines","b"c,1\n`, says(3));
  await assertRefused("a.csv", 'user,item,title,timestamp\na,b,"12" single,1\n', says(2));
});

Deno.test("quotes: one that does not close, or stands alone in a field, is refused, by its line", async () => {
  const open = (line: number) => `line ${line}: a quoted field begins here that is not closed`;
  await assertRefused("a.csv", `${HEAD}a,b,1\na,"c,2\na,d,3\n`, open(3));
  await assertRefused("a.csv", `${HEAD}a,b,1\na,"c,2\na,"d,3\n`, open(3));
  await assertRefused("a.csv", `${HEAD}a,b,1\na,c,"`, open(3));
  await assertRefused("a.csv", `${HEAD}a,b,1\na,"c""\n`, open(3));
  const stray = (line: number) =>
    `line ${line}: a quote is inside a field that is not quoted; put the field in quotes and double those inside it ` +
    "(such a row cannot be skipped: where it ends is not certain)";
  await assertRefused("a.csv", `${HEAD}a,b,1\na,12" disk,2\n`, stray(3));
  await assertRefused("a.csv", `${HEAD}a,12" disk,1\na,7" disk,2\n`, stray(2));
  await assertRefused("a.csv", `${HEAD}a,b,1\na,c,2"`, stray(3));
});

Deno.test("quotes: what is well-formed is read as it is", async () => {
  const rows = `${HEAD}"u ""1""","i,1","1"\n"u\n2",i2,2\na,"say ""hi""","4"`;
  const expected = [['u "1"', "i,1", "1"], ["u\n2", "i2", "2"], ["a", 'say "hi"', "4"]];
  await assertRows("a.csv", rows, expected);
  await assertRows("a.csv", rows + "\n", expected);
  await assertRows("a.csv", "\ufeff" + rows, expected);
  await assertRows("a.csv", "\ufeff" + rows.replace(HEAD, '"user","item","timestamp"\n'), expected);
  await assertRows("a.csv", rows.replaceAll('"\n', '"\r\n').replace("2\n", "2\r\n"), expected);
  await assertRows("a.csv", `${HEAD}"""","b",3\n`, [['"', "b", "3"]]);
  await assertRows("a.csv", `${HEAD}a,12" + 7" vinyl,1\nb, "c",2\n`, [
    ["a", '12" + 7" vinyl', "1"],
    ["b", ' "c"', "2"],
  ]);
  await assertRows("a.csv", `${HEAD}"a","b",1\n"c","d",2\n`.replaceAll("\n", "\r"), [["a", "b", "1"], [
    "c",
    "d",
    "2",
  ]]);
});

Deno.test("quotes: rows that were written with quotes come back, whatever is in them", () => {
  const field = fc.array(fc.constantFrom("a", "é", ",", "\n", '"', " ", "\r\n"), {
    minLength: 1,
    maxLength: 5,
  })
    .map((all) => `x${all.join("")}`);
  const row = fc.tuple(field, field);
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  return fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 6 }), async (rows) => {
      const lines = rows.map(([user, item], i) => `${quoted(user)},${quoted(item)},${i}\n`);
      await assertRows("a.csv", HEAD + lines.join(""), rows.map((row, i) => [...row, String(i)]));
    }),
    { numRuns: 30 },
  );
});

Deno.test("quotes: any text is refused by both engines, or is the same rows in both", () => {
  const line = fc.array(fc.constantFrom("a", "b", ",", '"', " ", "\n"), { maxLength: 9 }).map((all) =>
    all.join("")
  );
  const outcome = async (read: (path: string) => Promise<pl.DataFrame>, path: string) => {
    try {
      return text(await read(path));
    } catch (error) {
      assert(error instanceof InputError, String(error));
      return error.message;
    }
  };
  return fc.assert(
    fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 5 }), async (lines) => {
      const contents = `${HEAD}u,i,0\n${lines.map((line, i) => `u,${line},${i}\n`).join("")}`;
      await withFiles({ "a.csv": contents }, async (dir) => {
        const [whole, pieces] = await Promise.all(
          Object.values(READERS).map((read) => outcome(read, `${dir}a.csv`)),
        );
        assert.deepEqual(pieces, whole);
      });
    }),
    { numRuns: 200 },
  );
});

Deno.test("quotes: a fault is found however the bytes come", () => {
  const fault = (text: string, step: number) => {
    const check = new QuoteCheck({ lineEnd: "\n", delimiter: "," }), bytes = bytesOf(text);
    for (let at = 0; at < bytes.length; at += step) {
      const found = check.add(bytes.subarray(at, at + step));
      if (found) return found;
    }
    return check.end();
  };
  for (let step = 1; step < 12; step++) {
    assert.deepEqual(fault('a,"b ""c"" d"\n', step), undefined);
    assert.deepEqual(fault('a,"b\n""\n"\r\n', step), undefined);
    assert.deepEqual(fault('a,"b" c\n', step), { kind: "behind", from: 2, to: 5 });
    assert.deepEqual(fault('a,5" b\n', step), { kind: "stray", from: 3 });
    assert.deepEqual(fault('a,"b\nc', step), { kind: "open", from: 2 });
  }
});

Deno.test("quotes: in other encodings", () =>
  withFiles(
    { "a.csv": latin1(`${HEAD}é,"b",1\né,"c" d,2\n`) },
    (dir) =>
      assertInputError(() => readInteractions({ files: [`${dir}a.csv`], encoding: "latin1" }), [
        "line 3: text stands behind the closing quote",
      ], dir),
  ));

Deno.test("quotes: a table of items is refused for the same fault; in one with tabs they are text", () =>
  withFiles({
    "items.csv": 'item,title\n1,"Heroes" (Remaster)\n2,x\n',
    "items.tsv": 'item\ttitle\n1\t"Heroes" (Remaster)\n2\tx\n',
  }, async (dir) => {
    await assertInputError(() => readSideTable({ file: `${dir}items.csv` }), [
      "line 2: text stands behind the closing quote",
    ], dir);
    const { frame } = await readSideTable({ file: `${dir}items.tsv` });
    assert.deepEqual(frame.getColumn("title").toArray(), ['"Heroes" (Remaster)', "x"]);
  }));
