import assert from "node:assert/strict";
import fc from "fast-check";
import pl from "nodejs-polars";
import { InputError } from "../../../pipeline/contract/errors.ts";
import { ROLES } from "../../../pipeline/contract/stage/location.ts";
import { flawsAmong } from "../../../pipeline/contract/stage/row_flaws.ts";
import { readInteractionPieces } from "../../../pipeline/readers/pieces.ts";
import { readInteractions, readSideTable } from "../../../pipeline/readers/mod.ts";
import { RecordLook } from "../../../pipeline/readers/records.ts";
import { checkSchema } from "../../../pipeline/schema.ts";
import {
  assertInputError,
  assertUnreadable,
  bytesOf,
  type Contents,
  gzip,
  latin1,
  rows,
  withFiles,
} from "./files.ts";

const HEAD = "user,item,timestamp\n";

/** How each engine receives rows: all at once, or in pieces of a few. */
const READERS = {
  "Polars": async (path: string) => (await readInteractions({ files: [path] })).frame,
  "DuckDB": async (path: string) => {
    const folder = Deno.makeTempDirSync({ dir: path.slice(0, path.lastIndexOf("/")) });
    const refused = (format: string) => new InputError(`Cannot read ${format}`);
    const { pieces } = await readInteractionPieces({ files: [path], folder, pieceBytes: 1 }, refused);
    const frames = pieces.map(({ path }) => pl.readParquet(path)),
      flaws = flawsAmong(frames.flatMap(({ columns }) => columns));
    return pl.concat(
      frames.map((frame) =>
        frame.select(
          ...ROLES.filter((role) => frame.columns.includes(role)),
          ...flaws.map((flaw) => frame.columns.includes(flaw) ? pl.col(flaw) : pl.lit(false).alias(flaw)),
        )
      ),
    );
  },
};

const text = (frame: pl.DataFrame) =>
  frame.select(...["user", "item", "timestamp"].map((name) => pl.col(name).cast(pl.String))).rows();

/** Asserts that both engines read these rows, gzip or not. */
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

/** Asserts that both engines refuse the file with the same line, gzip or not. */
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

/** Asserts that both engines mark the rows that begin on these lines, keep the others, and find the text of the marked ones. */
async function assertMarked(
  name: string,
  contents: string,
  marked: Record<number, string>,
  rows: string[][],
): Promise<void> {
  const files = { [name]: contents, [`${name}.gz`]: gzip(contents) };
  await withFiles(files, async (dir) => {
    for (const file of Object.keys(files)) {
      const { locate } = await readInteractions({ files: [dir + file] });
      for (const [engine, read] of Object.entries(READERS)) {
        const frame = await read(dir + file), bad = frame.getColumn("misquoted").toArray() as boolean[];
        const places = await locate(bad.flatMap((isBad, row) => isBad ? [row] : []));
        assert.deepEqual(
          Object.fromEntries(places.map(({ line, text }) => [line, text])),
          marked,
          `${engine}, ${file}`,
        );
        assert.deepEqual(text(frame.filter(pl.col("misquoted").not())), rows, `${engine}, ${file}`);
      }
    }
  });
}

Deno.test("quotes: a row with text behind a closing quote is marked, whatever is in it; where it ends is certain", async () => {
  const rows = `${HEAD}u0,cd 39,1\nu0,"Heroes" live 18,2\nu0,"Heroes" live 17,3\nu1,x,4\n`;
  const marked = { 3: 'u0,"Heroes" live 18,2', 4: 'u0,"Heroes" live 17,3' };
  const others = [["u0", "cd 39", "1"], ["u1", "x", "4"]];
  await assertMarked("a.csv", rows, marked, others);
  await assertMarked("a.csv", rows.replaceAll("\n", "\r\n"), marked, others);
  const tabs = (text: string) => text.replaceAll(",", "\t");
  await assertMarked("a.tsv", tabs(rows), { 3: tabs(marked[3]), 4: tabs(marked[4]) }, others);
  await assertMarked("a.csv", 'user,timestamp,item\nu0,1,"13" b', { 2: 'u0,1,"13" b' }, []);
  await assertMarked("a.csv", `${HEAD}a,"b" ,1\nc,"d",2\n`, { 2: 'a,"b" ,1' }, [["c", "d", "2"]]);
  await assertMarked("a.csv", `${HEAD}a,"b"\rc,1\nd,e,2\n`, { 2: 'a,"b"\rc,1' }, [["d", "e", "2"]]);
  await assertMarked("a.csv", `${HEAD}"two\nlines","b"c,1\nd,e,2\n`, { 2: '"two\nlines","b"c,1' }, [
    ["d", "e", "2"],
  ]);
  await assertMarked("a.csv", `${HEAD}a,"b"c,"1\n"\n"d\nd",e,2\n`, { 2: 'a,"b"c,"1\n"' }, [[
    "d\nd",
    "e",
    "2",
  ]]);
  await assertMarked("a.csv", 'user,item,title,timestamp\na,b,"12" single,1\nc,d,12" single,2\n', {
    2: 'a,b,"12" single,1',
  }, [["c", "d", "2"]]);
  await assertMarked("a.csv", `${HEAD}a,"b"c",1\nd,e,2\n`, { 2: 'a,"b"c",1' }, [["d", "e", "2"]]);
});

Deno.test("quotes: a row that is marked is a bad row: named by its line, or set aside", () =>
  withFiles({ "a.csv": `${HEAD}a,b,1\na,"c" d,2\na,"e" f,x\na,g,3,4\n` }, async (dir) => {
    const read = await readInteractions({ files: [`${dir}a.csv`] });
    await assertInputError(() => checkSchema(read.frame, read), [
      'line 3: text stands behind the closing quote of a field ("a,\\"c\\" d,2") (3 bad rows in all); ' +
      "put the field in quotes and double those inside it, or set bad rows aside with --on-bad-row skip",
    ], dir);
    const { frame, rejected, report } = await checkSchema(read.frame, { ...read, onBadRow: "skip" });
    assert.equal(frame.height, 1);
    assert.deepEqual(
      rejected.select("line", "column", "reason", "text").rows(),
      [
        [3, null, "text behind a closing quote", 'a,"c" d,2'],
        [4, null, "text behind a closing quote", 'a,"e" f,x'],
        [5, null, "too many fields", "a,g,3,4"],
      ],
    );
    assert.deepEqual(report.dropped.map(({ reason, rows }) => [reason, rows]), [
      ["text behind a closing quote", 2],
      ["too many fields", 1],
    ]);
  }));

Deno.test("quotes: one that does not close is refused, by its line", async () => {
  const open = (line: number) =>
    `line ${line}: a quoted field begins here that is not closed; put the field in quotes and double those inside it ` +
    "(such a row cannot be skipped: where it ends is not certain)";
  await assertRefused("a.csv", `${HEAD}a,b,1\na,"c,2\na,d,3\n`, open(3));
  await assertRefused("a.csv", `${HEAD}a,b,1\na,"c,2\na,"d,3\n`, open(3));
  await assertRefused("a.csv", `${HEAD}a,b,1\na,c,"`, open(3));
  await assertRefused("a.csv", `${HEAD}a,b,1\na,"c""\n`, open(3));
});

Deno.test("quotes: within a field that has none around it they are text, however many", async () => {
  const rows = [["a", '12" disk', "1"], ["b", '7" + 12"', "2"], ["c", 'c"', "3"], ['d"d', '"', "4"], [
    'e"',
    'e"e',
    "5",
  ]];
  const csv = rows.map((row) => row.join().replace(/,",/, ',"""",')).join("\n"), contents = HEAD + csv;
  await assertRows("a.csv", contents, rows);
  await assertRows("a.csv", `\ufeff${contents}\n`, rows);
  await assertRows("a.csv", contents.replaceAll("\n", "\r\n"), rows);
  await assertRows("a.csv", contents.replaceAll("\n", "\r"), rows);
  await assertRows("a.csv", 'item,timestamp,user\nx,1,a 5"\ny,2,"b, ""6"""\nz,3,c', [
    ['a 5"', "x", "1"],
    ['b, "6"', "y", "2"],
    ["c", "z", "3"],
  ]);
});

Deno.test("quotes: rows without quotes around fields come back, whatever quotes are in these", () => {
  const field = fc.array(fc.constantFrom("a", "é", '"', " "), { maxLength: 5 }).map((all) =>
    `x${all.join("")}`
  );
  return fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(field, field), { minLength: 1, maxLength: 6 }), async (rows) => {
      const lines = rows.map(([user, item], i) => `${user},${item},${i}\n`);
      await assertRows("a.csv", HEAD + lines.join(""), rows.map((row, i) => [...row, String(i)]));
    }),
    { numRuns: 30 },
  );
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

Deno.test("quotes: a field that is not closed is named where rows before it are misquoted, too", () =>
  assertRefused("a.csv", `${HEAD}u,i,0\nu,a",,,a",0\nu,\nv,",1\n`, "line 5: a quoted field begins here"));

Deno.test("quotes: any text is refused by both engines, or is the same rows in both, those that csv-parse finds", () => {
  const line = fc.array(fc.constantFrom("a", "b", ",", '"', " ", "\nv"), { maxLength: 9 }).map((all) =>
    all.join("")
  );
  const isMarked = (frame: pl.DataFrame) =>
    frame.columns.includes("misquoted")
      ? frame.getColumn("misquoted").toArray()
      : Array<boolean>(frame.height).fill(false);
  const outcome = async (read: (path: string) => Promise<pl.DataFrame>, path: string) => {
    try {
      const frame = await read(path);
      return { rows: text(frame), marked: isMarked(frame) };
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
        if (typeof whole === "string") return;
        const { locate } = await readInteractions({ files: [`${dir}a.csv`] });
        const places = await locate(whole.rows.map((_, row) => row));
        const kept = <T>(rows: T[]) => rows.filter((_, row) => !whole.marked[row]);
        assert.deepEqual(
          kept(places).map(({ fields: { user = null, item = null } }) => [user, item]),
          kept(whole.rows).map(([user, item]) => [user, item]),
        );
        assert.equal(places.length, whole.rows.length);
      });
    }),
    { numRuns: 200 },
  );
});

Deno.test("quotes: what is wrong with them is found however the bytes come", () => {
  const found = (text: string, step: number) => {
    const check = new RecordLook({ lineEnd: "\n", delimiter: "," }), bytes = bytesOf(text);
    let open: number | undefined;
    for (let at = 0; at < bytes.length && open === undefined; at += step) {
      open = check.add(bytes.subarray(at, at + step));
    }
    return { open: open ?? check.open, misquoted: check.misquoted };
  };
  const well = { open: undefined, misquoted: false }, misquoted = { open: undefined, misquoted: true };
  const long = "b".repeat(1 << 20), check = new RecordLook({ lineEnd: "\n", delimiter: "," });
  assert.equal(check.add(bytesOf('a,"')), undefined);
  for (let piece = 1; piece < 16; piece++) assert.equal(check.add(bytesOf(long)), undefined);
  assert.equal(check.add(bytesOf(long + '"')), undefined, "a field of 16 MiB is one");
  assert.equal(check.add(bytesOf('\nc,"')), undefined);
  for (let piece = 1; piece < 16; piece++) assert.equal(check.add(bytesOf(long)), undefined);
  assert.equal(
    check.add(bytesOf(long + "bb")),
    3 + (1 << 24) + 4,
    "one that goes on is not waited for",
  );
  for (let step = 1; step < 12; step++) {
    assert.deepEqual(found('a,"b ""c"" d"\n', step), well);
    assert.deepEqual(found('a,"b\n""\n"\r\n', step), well);
    assert.deepEqual(found('a,5" + 7"\nb,c\n', step), misquoted);
    assert.deepEqual(found('a,"b" c\nd,e\n', step), misquoted);
    assert.deepEqual(found('a,5" b\nc,d\n', step), misquoted);
    assert.deepEqual(found('a,5" b', step), misquoted);
    assert.deepEqual(found('a,"b\nc', step).open, 2);
    assert.deepEqual(found('a,"b\nc,"d\n', step).open, 2);
  }
});

Deno.test("quotes: in other encodings", () =>
  withFiles({ "a.csv": latin1(`${HEAD}é,"b",1\né,"c" d,2\né,5" é,3\n`) }, async (dir) => {
    const { frame } = await readInteractions({ files: [`${dir}a.csv`], encoding: "latin1" });
    assert.deepEqual(frame.getColumn("misquoted").toArray(), [false, true, false]);
    assert.deepEqual(text(frame.filter(pl.col("misquoted").not())), [["é", "b", "1"], ["é", '5" é', "3"]]);
  }));

Deno.test("quotes: they are text where that is said, whatever they look like", async () => {
  const log = 'user\titem\ttimestamp\na\t"Heroes" (Live)\t1\n"a\t"b"\t2\na\t"c\t3\n', name = "a.tsv";
  const expected = [["a", '"Heroes" (Live)', 1], ['"a', '"b"', 2], ["a", '"c', 3]];
  assert.deepEqual(await rows(name, log, { quotes: false }), expected);
  assert.deepEqual(await rows(`${name}.gz`, gzip(log), { quotes: false }), expected);
  assert.deepEqual(await rows("a.csv", log.replaceAll("\t", ","), { quotes: false }), expected);
  const wish = "double those inside it, say quotes: false if quotes are text in this file";
  await assertUnreadable(name, log, ["quoted field begins here that is not closed", wish]);
  await withFiles({ [name]: log.split("\n").slice(0, 2).join("\n") }, async (dir) => {
    const read = await readInteractions({ files: [dir + name] });
    await assertInputError(() => checkSchema(read.frame, read), ["behind the closing quote", wish]);
  });
  const json = '{"user":1,"item":2,"ts":3}\n';
  await assertUnreadable("a.jsonl", json, ["a.jsonl with quotes"], { quotes: false });
});

Deno.test("quotes: a table of items has the same as text, and is refused for the same; in one with tabs all are text", () =>
  withFiles({
    "refused.csv": 'item,title\n1,12" single\n2,"Heroes" (Remaster)\n3,x\n',
    "escaped.csv": 'item;title\n1;"x"\n2;"the real \\"J. Peterman\\""\n',
    "items.csv": 'item,title\n1,12" single\n2,"He said ""Heroes"""\n',
    "items.tsv": 'item\ttitle\n1\t"Heroes" (Remaster)\n2\t"x"\n',
    "inches.tsv": 'item\ttitle\n1\t12" single\n2\t"x"\n',
  }, async (dir) => {
    await assertInputError(() => readSideTable({ file: `${dir}refused.csv` }), [
      "line 3: text stands behind the closing quote of a field; put the field in quotes and double those inside it",
    ], dir);
    await assertInputError(() => readSideTable({ file: `${dir}escaped.csv` }), [
      `line 3: text stands behind the closing quote of a field; its quotes have backslashes before them: double them instead, as sed 's/\\\\"/""/g' does`,
    ], dir);
    const titles = async (name: string) =>
      (await readSideTable({ file: dir + name })).frame.getColumn("title").toArray();
    assert.deepEqual(await titles("items.csv"), ['12" single', 'He said "Heroes"']);
    assert.deepEqual(await titles("items.tsv"), ['"Heroes" (Remaster)', '"x"']);
    assert.deepEqual(await titles("inches.tsv"), ['12" single', '"x"']);
  }));
