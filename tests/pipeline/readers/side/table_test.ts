import assert from "node:assert/strict";
import { join } from "node:path";
import pl from "nodejs-polars";
import {
  readSideTable,
  type SideTableOptions,
  type SideTableResult,
} from "../../../../pipeline/readers/mod.ts";
import { withFolder } from "../../../folders.ts";
import { assertInputError, type Contents, gzip, latin1, withFiles } from "../files.ts";

type Options = Omit<SideTableOptions, "file">;

async function read(name: string, contents: Contents, options: Options = {}): Promise<SideTableResult> {
  let result: SideTableResult | undefined;
  await withFiles({ [name]: contents }, async (dir) => {
    result = await readSideTable({ file: dir + name, ...options });
  });
  return result!;
}

/** Reads a table; returns columns and rows. */
async function table(name: string, contents: Contents, options: Options = {}) {
  const { frame } = await read(name, contents, options);
  assert(frame.columns.every((column) => frame.getColumn(column).dtype.equals(pl.String)));
  return [frame.columns, ...frame.rows()];
}

const unreadable = (name: string, contents: Contents, parts: string[], options: Options = {}) =>
  withFiles(
    { [name]: contents },
    (dir) => assertInputError(() => readSideTable({ file: dir + name, ...options }), parts, dir),
  );

Deno.test("side table: CSV with a header; the id comes first, all is text", async () => {
  const text = 'title,movieId,genres,,year\n"Toy, ""Story""",007,A|B,x,1995\n\nÉ,8,,,\n';
  const expected = [["id", "title", "genres", "year"], ["007", 'Toy, "Story"', "A|B", "1995"], [
    "8",
    "É",
    null,
    null,
  ]];
  assert.deepEqual(await table("movies.csv", text), expected);
  assert.deepEqual(await table("movies.csv.gz", gzip(text.replaceAll("\n", "\r\n"))), expected);
  assert.deepEqual(await table("movies.csv", latin1(text), { encoding: "latin1" }), expected);
});

Deno.test("side table: words that stand for no value are none, and rows with such an id are left out", async () => {
  const text = "id,price,tags\nNULL,1,a\n1,NULL,a|NULL\n-1,3,\n2,4.5,null\nNULL,2,b\n";
  assert.deepEqual(await table("items.csv", text, { nullValues: ["NULL", "-1"] }), [
    ["id", "price", "tags"],
    ["1", null, "a|NULL"],
    ["2", "4.5", "null"],
  ]);
  await unreadable("items.csv", text, ['id "NULL" occurs 2 times (line 2 and line 6)']);
  await unreadable("items.csv", "id,price\nNULL,1\n2,3\n2,4\n", ["line 3 and line 4"], {
    nullValues: ["NULL"],
  });
  await unreadable("items.csv", "id,price\nNULL,1\n", ["no row of data"], { nullValues: ["NULL"] });
});

Deno.test("side table: columns are called as the user says, the id as in the interactions", async () => {
  const text = "article_no,article_name,price\n1,Tea,3\n",
    hint = { key: "item", idName: "article_no" } as const;
  assert.deepEqual(await table("a.csv", text, hint), [["id", "article_name", "price"], ["1", "Tea", "3"]]);
  const columns = ["title=article_name"];
  assert.deepEqual((await table("a.csv", text, { ...hint, columns }))[0], ["id", "title", "price"]);
  assert.deepEqual((await table("a.csv", text, { columns: ["id=article_no", ...columns] }))[0], [
    "id",
    "title",
    "price",
  ]);
  // Options for the table itself override what is known from the interactions.
  assert.deepEqual((await table("a.csv", text, { ...hint, columns: ["id=price"] }))[1], ["3", "1", "Tea"]);
  const json = '{"article_no":1,"article_name":"Tea"}\n';
  assert.deepEqual(await table("a.jsonl", json, { ...hint, columns }), [["id", "title"], ["1", "Tea"]]);
  const wrong = (columns: string[], says: string) => unreadable("a.csv", text, [says], { ...hint, columns });
  await wrong(["title=article_nam"], 'no column "article_nam" (did you mean "article_name"?)');
  await wrong(["title=price", "title=article_name"], '"title" occurs twice');
  await wrong(["price=article_name"], 'two columns would be called "price"');
  await wrong(["id=article_no", "title"], "say what columns are called, as in id=article_no,title=name");
  await unreadable("a.csv", text, ["as in itemColumns: id=article_no"], { key: "item" });
});

Deno.test("side table: which column is the id", async () => {
  const text = "user_id,item_id,x\n1,2,3\n";
  assert.deepEqual((await table("a.csv", text, { key: "user" }))[0], ["id", "item_id", "x"]);
  assert.deepEqual((await table("a.csv", text, { key: "item" }))[0], ["id", "user_id", "x"]);
  assert.deepEqual((await table("a.csv", text, { columns: ["id=x"] }))[1], ["3", "1", "2"]);
  assert.deepEqual(await table("a.csv", "a;1\nb;2\n", { columns: ["name", "id"] }), [["id", "name"], [
    "1",
    "a",
  ], ["2", "b"]]);
  const none = await table("a.csv", "p,q,r,s\na,b,1,5\n", { columns: ["", "", "id", "x"] });
  assert.deepEqual(none, [["id", "x"], ["1", "5"]]); // as "_", an empty name skips its column
  assert.deepEqual(await table("a.csv", "p,q,r\na,1,5\n", { columns: ["name", "id", "_"] }), [
    ["id", "name"],
    ["1", "a"],
  ]);
});

Deno.test("side table: MovieLens's files, by name or by shape, Latin-1 found out", async () => {
  const movies = latin1("1::Misérables, Les (1995)::Drama|Musical\n2::Star Trek: First Contact::\n");
  const expected = [["id", "title", "genres"], ["1", "Misérables, Les (1995)", "Drama|Musical"], [
    "2",
    "Star Trek: First Contact",
    null,
  ]];
  assert.deepEqual(await table("movies.dat", movies), expected);
  assert.deepEqual(await table("films.txt.gz", gzip(movies)), expected);
  assert.match((await read("movies.dat", movies)).report.warnings[0], /read as Latin-1/);
  const flags = (...on: number[]) => Array.from({ length: 19 }, (_, i) => on.includes(i) ? 1 : 0).join("|");
  const item = `1|Toy Story (1995)|01-Jan-1995||http://x|${flags(3, 4, 5)}\n2|"q|||http://y|${flags()}\n`;
  const [columns, first, second] = await table("u.item", item);
  assert.deepEqual(columns, ["id", "title", "release_date", "video_release_date", "imdb_url", "genres"]);
  assert.deepEqual(first, [
    "1",
    "Toy Story (1995)",
    "01-Jan-1995",
    null,
    "http://x",
    "Animation|Children's|Comedy",
  ]);
  assert.equal(second[1], '"q');
  const csv = 'movieId,title,genres\n1,"Misérables, Les",Drama\n';
  assert.deepEqual((await table("movies.csv", csv, { format: "movielens" }))[1], [
    "1",
    "Misérables, Les",
    "Drama",
  ]);
  assert.deepEqual(await table("u.user", "1|24|M|technician|85711\n"), [
    ["id", "age", "gender", "occupation", "zip"],
    ["1", "24", "M", "technician", "85711"],
  ]);
});

Deno.test("side table: RecBole's types; sequences get | between their values, but for titles; quotes are text where they do not pair", async () => {
  const text =
    "item_id:token\tmovie_title:token_seq\tclass:token_seq\tyear:float\tv:float_seq\n1\tToy Story\tAnimation Comedy\t1995\t0.1 0.2\n" +
    '2\t"Great" Cats\t\t\t\n';
  assert.deepEqual(await table("ml.item", text), [
    ["id", "movie_title", "class", "year", "v"],
    ["1", "Toy Story", "Animation|Comedy", "1995", "0.1|0.2"],
    ["2", '"Great" Cats', null, null, null],
  ]);
  const apart = "item_id:token\tgenres:token_seq\n1\tR&B|Soul Pop\n2\t\n3\tPop\n";
  assert.deepEqual(await table("apart.item", apart), [
    ["id", "genres"],
    ["1", "R&B|Soul\u001fPop\u001f"],
    ["2", null],
    ["3", "Pop\u001f"],
  ]);
});

Deno.test("side table: RecBole's types are reported, but not float of a column with text", () =>
  withFolder(async (dir) => {
    const header =
      "item_id:token\tmovie_title:token_seq\tclass:token_seq\tyear:float\tprice:float\tv:float_seq";
    const file = join(dir, "ml.item");
    await Deno.writeTextFile(
      file,
      `${header}\n1\tToy Story\tR&B|Soul A\t1995\t2\t0.1 0.2\n2\t\t\t\tfree\t\n`,
    );
    const { report } = await readSideTable({ file, key: "item", columns: ["class_=class"] });
    const types = {
      movie_title: { type: "token_seq", separator: " " },
      class_: { type: "token_seq", separator: "\u001f" },
      year: { type: "float" },
      v: { type: "float_seq", separator: "|" },
    };
    assert.deepEqual(report.columns?.items?.types, types);
    assert.deepEqual(report.warnings, [
      `${file}: column "price" is float by its header, but "free" is no number: its values decide what it is; ` +
      "if no value is meant, give --null-values 'free'",
    ]);
    const { report: other } = await readSideTable({ file, key: "item", nullValues: ["free"] });
    assert.deepEqual(other.columns?.items?.types?.price, { type: "float" });
  }));

Deno.test("side table: JSON lines with fields that change their type", async () => {
  const text =
    '{"parent_asin":"B1","title":"T","price":"","categories":[["A","B"],["C"]],"details":{"x":1}}\n\n{"parent_asin":"B2","price":3.5,"new":true}\n';
  assert.deepEqual(await table("meta.jsonl", text), [
    ["id", "title", "price", "categories", "details", "new"],
    ["B1", "T", null, "A|B|C", '{"x":1}', null],
    ["B2", null, "3.5", null, null, "true"],
  ]);
});

Deno.test("side table: lists of which a value has a | keep it: each value has an end of its own then", () =>
  withFolder(async (dir) => {
    const lists = [["R&B|Soul", "Pop"], ["Pop"], [], ["A", "B"]];
    const json = lists.map((genres, i) => ({ id: `${i}`, genres, plain: ["x", "y"] }));
    const expected = [
      ["id", "genres", "plain"],
      ["0", "R&B|Soul\u001fPop\u001f", "x|y"],
      ["1", "Pop\u001f", "x|y"],
      ["2", null, "x|y"],
      ["3", "A\u001fB\u001f", "x|y"],
    ];
    assert.deepEqual(await table("a.json", JSON.stringify(json)), expected);
    const file = join(dir, "a.parquet");
    pl.DataFrame(json).writeParquet(file);
    const { frame } = await readSideTable({ file });
    assert.deepEqual(
      [frame.columns, ...frame.rows().map((row) => row.map((text) => text || null))],
      expected,
    );
  }));

Deno.test("side table: of a list in Parquet with a gap the rest is kept", () =>
  withFolder(async (dir) => {
    const file = join(dir, "a.parquet");
    pl.DataFrame([pl.Series("id", ["a"]), pl.Series("tags", [["x", null, "y"]], pl.List(pl.String))])
      .writeParquet(file);
    assert.deepEqual((await readSideTable({ file })).frame.rows(), [["a", "x|y"]]);
  }));

Deno.test("side table: an id that is an object or a list in JSON is refused, with its place", async () => {
  await unreadable("a.jsonl", '{"id":"x"}\n\n{"id":{"a":1}}\n', [
    'line 3: "id" is an object, not an id ({"a":1}); write the id itself there, or name the field that has it, as in id=NAME',
  ]);
  await unreadable("a.json", '[{"sku":"x"},{"sku":["a","b"]}]', [
    'entry 2: "sku" is a list, not an id (["a","b"])',
    "as in itemColumns: id=NAME",
  ], { key: "item", columns: ["id=sku"] });
  assert.deepEqual(await table("a.json", '[{"id":"{x}"}]'), [["id"], ["{x}"]]);
});

Deno.test("side table: JSON objects with an entry for each id, and arrays of objects", async () => {
  const attributes = [["id", "attributes"], ["4", "1|2"], ["83", null], ["x", "7"]];
  assert.deepEqual(await table("a.json.gz", gzip('{"4": [1, 2], "83": [], "x": [7]}')), attributes);
  assert.deepEqual(await table("a.json", '{\n "4": [1, 2],\n "83": [], "x": [7]\n}\n'), attributes);
  assert.deepEqual(await table("a.json", '{"a":{"t":1},"b":{"t":[1,"y"]}}'), [["id", "t"], ["a", "1"], [
    "b",
    "1|y",
  ]]);
  assert.deepEqual(await table("a.json", '[{"id":"a","t":1},\n{"id":"b"}]'), [["id", "t"], ["a", "1"], [
    "b",
    null,
  ]]);
});

Deno.test("side table: Parquet and Arrow", () =>
  withFolder(async (dir) => {
    const frame = pl.DataFrame([
      pl.Series("title", ["a", null]),
      pl.Series("movieId", [1, 2], pl.Int64),
      pl.Series("tags", [["x", "y"], ["z"]]),
    ]);
    frame.writeParquet(`${dir}/a.parquet`);
    frame.writeIPC(`${dir}/a.arrow`);
    for (const name of ["a.parquet", "a.arrow"]) {
      const { frame } = await readSideTable({ file: `${dir}/${name}` });
      assert.deepEqual([frame.columns, ...frame.rows()], [["id", "title", "tags"], ["1", "a", "x|y"], [
        "2",
        null,
        "z",
      ]]);
    }
  }));

Deno.test("side table: a name that is a method of frames is changed, and the report says so", async () => {
  const { frame, report } = await read("a.csv", "id,height,columns\n1,2,3\n");
  assert.deepEqual(frame.columns, ["id", "height_", "columns_"]);
  assert.equal(frame.height, 1);
  assert.equal(report.warnings.length, 2);
  assert.match(report.warnings[0], /"height" is called "height_" here/);
});

Deno.test("side table: hundreds of columns, and blank lines", async () => {
  const names = Array.from({ length: 600 }, (_, i) => `c${i}`), fields = Array(600).fill("x");
  const text = `id,${names}\n1,${fields}\n ,${Array(600).fill(" ")}\n\n2,${fields}\n`;
  assert.deepEqual(await table("a.csv", text), [["id", ...names], ["1", ...fields], ["2", ...fields]]);
});

Deno.test("side table: errors say what and where", async () => {
  await unreadable("a.csv", "id,t\n1,a\n2,b\n\n1,c\n", ['id "1" occurs 2 times (line 2 and line 5)']);
  await unreadable("a.csv", 'id,t\n1,"a\nb"\n,c\n', ["line 4: the id is empty"]);
  await unreadable("a.csv", "id,t\n1,a\n2,b,c\n", ["line 3: the row has too many fields (2 expected)"]);
  await unreadable("a.csv", "foo,t\nx,1\n", ['no id column among "foo", "t"', "id=foo"]);
  await unreadable("a.csv", "foo,t\nx,1\n", ['no column "fo" (did you mean "foo"?)'], { columns: ["id=fo"] });
  await unreadable("a.csv", "item,id\nx,1\n", ['both "item" and "id" could be the id']);
  await unreadable("a.csv", "id,t,t\nx,1,2\n", ['column "t" occurs twice']);
  await unreadable("a.csv", "1,2\n3,4\n", ["no id column"]);
  await unreadable("a.csv", "1,2\n3,4\n", ["no header; name its 2 columns"], { header: false });
  await unreadable("a.csv", "id,t\n", ["it has a header but no rows"]);
  await unreadable("a.csv", 'id,t\n1,"a\n', ["line 2: a quoted field begins here"]);
  await unreadable("a.csv", latin1("id,t\n1,é\n"), ["line 2 is not UTF-8"]);
  await unreadable("a.csv", "", ["the file is empty"]);
  await unreadable("a.csv", "id,t\n1,2\n", ["unknown format", '"csv"'], { format: "cvs" as "csv" });
  await unreadable("a.csv", "id,t\n1,2\n", ["given twice"].slice(1), { columns: ["id", "id"] });
  await unreadable("a.csv", "id,t\n1,2\n", ['one of them must be "id"'], { columns: ["a", "b"] });
  await unreadable("a.json", '{"id":1}\n{"id":\n', ["line 2 is not a JSON object"]);
  await unreadable("a.json", '{"id":1}\n{"id":1}\n', ['id "1" occurs 2 times (line 1 and line 2)']);
  await unreadable("a.json", '{}\n{"id":1}\n', ["line 1: the id is empty"]);
  await unreadable("a.json", '{"x":[]}\n{"id":1}\n{"id":1}\n', ["line 1: the id is empty"]);
  await unreadable("a.jsonl", "\n \n", ["it holds blank lines only"]);
  await unreadable("a.jsonl", "{}\n{}\n", ["it has no columns"]);
  await unreadable("a.json", "[1, 2]", [
    "neither an array of objects nor an object with an entry for each id",
  ]);
  await assertInputError(() => readSideTable({ file: "/nowhere/items.csv" }), ["no such folder"]);
});

Deno.test("side table: columns of numbers with decimal commas are numbers where that is said, and told of where it is not", async () => {
  const text =
    "id;price;size;title;weight\n1;3,5; 2 ;9,99;\n2;-,5;1,25;Alien, again;1,5\n3;;3;x;heavy\n4;1;1;y;1,5\n";
  const read1 = await read("items.csv", text);
  assert.deepEqual(read1.frame.getColumn("price").toArray(), ["3,5", "-,5", null, "1"]);
  const told = (column: string) =>
    new RegExp(
      `items.csv: column "${column}" has numbers with a decimal comma, which are text here; say decimal: comma`,
    );
  assert.equal(read1.report.warnings.length, 2);
  for (const [i, column] of ["price", "size"].entries()) assert.match(read1.report.warnings[i], told(column));
  const { frame, report } = await read("items.csv", text, { decimal: "comma" });
  assert.deepEqual(frame.rows(), [
    ["1", "3.5", " 2 ", "9,99", null],
    ["2", "-.5", "1.25", "Alien, again", "1,5"],
    ["3", null, "3", "x", "heavy"],
    ["4", "1", "1", "y", "1,5"],
  ]);
  assert.equal(report.warnings.length, 1);
  assert.match(
    report.warnings[0],
    /items.csv: column "weight" has numbers with a decimal comma, but "heavy" is none: it is text/,
  );
  const grouped = await table("items.csv", "id;price\n1;1.234,5\n2;3,5\n3;1.234\n", { decimal: "comma" });
  assert.deepEqual(
    grouped.slice(1),
    [["1", "1.234,5"], ["2", "3,5"], ["3", "1.234"]],
    "thousands are not guessed",
  );
  const thousands = 'id,votes\n1,"1,234"\n2,"12,345"\n';
  assert.deepEqual((await read("items.csv", thousands)).report.warnings, [], "these may be thousands");
  assert.deepEqual((await read("items.csv", thousands, { decimal: "comma" })).frame.rows(), [["1", "1.234"], [
    "2",
    "12.345",
  ]]);
  for (const decimal of ["point", "comma"] as const) {
    const { frame, report } = await read("items.csv", "id,price\n1,3.5\n2,7\n", { decimal });
    assert.deepEqual([frame.rows(), report.warnings], [[["1", "3.5"], ["2", "7"]], []]);
  }
  assert.deepEqual(
    (await read("items.json", '[{"id":"1","price":"3,5"}]', { decimal: "comma" })).frame.rows(),
    [
      ["1", "3.5"],
    ],
  );
});
