import assert from "node:assert/strict";
import { inCode } from "../../../pipeline/display/text/option_names.ts";
import { noTime, timeNames } from "../../../pipeline/readers/roles.ts";
import { createHash } from "node:crypto";
import { join } from "node:path";
import fc from "fast-check";
import pl from "nodejs-polars";
import { Interrupted } from "../../../pipeline/contract/errors.ts";
import { hashOf } from "../../../pipeline/contract/files/checksums.ts";
import { readInteractions } from "../../../pipeline/readers/mod.ts";
import { stringify } from "../../../pipeline/std/csv.ts";
import { withFolder } from "../../folders.ts";
import { assertInputError, bytesOf, gzip, read, rows, withFiles } from "./files.ts";

const FOUR = [["u1", "007", 4.5, 100], ["ü,2", "i\n2", 3, 200]];
const CSV = 'userId,movieId,rating,timestamp\nu1,007,4.5,100\n"ü,2","i\n2",3,200\n';

Deno.test("csv: ids are the text as it is, numbers are numbers", async () => {
  const { frame, report, columnName } = await read("a.csv", CSV);
  assert.deepEqual(frame.columns, ["user", "item", "rating", "timestamp"]);
  assert.deepEqual(frame.rows(), FOUR);
  assert(frame.getColumn("user").dtype.equals(pl.Categorical));
  assert(frame.getColumn("timestamp").dtype.equals(pl.Int64));
  assert.equal(columnName("item"), "movieId");
  assert.deepEqual([report.rowsIn, report.rowsOut, report.warnings], [2, 2, []]);
});

Deno.test("csv: gzip, CRLF, a byte-order mark, no last line end, lines of old Macs", async () => {
  assert.deepEqual(await rows("a.csv.gz", gzip(CSV)), FOUR);
  assert.deepEqual(await rows("a.csv", gzip(CSV)), FOUR, "a name without .gz");
  const members = new Uint8Array([...gzip(CSV.slice(0, 40)), ...gzip(CSV.slice(40))]);
  assert.deepEqual(await rows("a.csv.gz", members), FOUR, "gzip in two members");
  assert.deepEqual(await rows("a.csv", "\ufeff" + CSV), FOUR);
  assert.deepEqual(await rows("a.csv", CSV.trimEnd()), FOUR);
  const plain = "user,item,timestamp\na,b,1\nc,d,2\n";
  for (const lineEnd of ["\n", "\r\n", "\r"]) {
    assert.deepEqual(await rows("a.csv", plain.replaceAll("\n", lineEnd)), [["a", "b", 1], ["c", "d", 2]]);
  }
});

Deno.test("csv: quotes, emoji and a header with a line end", async () => {
  for (const end of ["\n", "\r\n"]) {
    const wide = `user,"the${end}item",timestamp${end}a,b,1${end}`;
    assert.deepEqual(await rows("a.csv", wide, { columns: ["user", "item", "timestamp"] }), [["a", "b", 1]]);
  }
  const text = 'user,"the\nitem",timestamp\n"a ""b""",😀,1\n5"disk",x"y"z,2\n';
  const { frame, locate } = await read("a.csv", text, { columns: ["user", "item", "timestamp"] });
  assert.deepEqual(frame.rows(), [['a "b"', "😀", 1], ['5"disk"', 'x"y"z', 2]]);
  await assert.rejects(locate([0]), "the file is gone");
});

Deno.test("delimiters are found out, or given", async () => {
  for (const delimiter of ["\t", ";", "|", " ", "::", ","]) {
    const text = [["user", "item", "timestamp"], ["a", "b", "1"], ["c", "d", "2"]]
      .map((row) => row.join(delimiter)).join("\n");
    assert.deepEqual(await rows("a.txt", text), [["a", "b", 1], ["c", "d", 2]], delimiter);
    assert.deepEqual(await rows("a.csv", text, { delimiter, format: "csv" }), [["a", "b", 1], ["c", "d", 2]]);
  }
  assert.deepEqual(await rows("a.csv", "user<>item<>timestamp\na<>b,<>1\n", { delimiter: "<>" }), [[
    "a",
    "b,",
    1,
  ]]);
  assert.deepEqual(await rows("a.csv", "user§item§timestamp\na§b§1\n", { delimiter: "§" }), [["a", "b", 1]]);
});

Deno.test("header: found out by its names, by numbers below words, or as the user says", async () => {
  const one = [["a", "b", 1]];
  assert.deepEqual(await rows("a.csv", "UserID,Item Id,Timestamp\na,b,1\n"), one);
  assert.deepEqual(await rows("a.csv", "x,y,z\na,b,1\n", { columns: ["user", "item", "timestamp"] }), one);
  assert.deepEqual(await rows("a.csv", "a,b,1\n", { columns: ["user", "item", "timestamp"] }), one);
  assert.deepEqual(
    await rows("a.csv", "1,2,3\n4,5,6\n", { header: true, columns: ["user=1", "item=2", "timestamp=3"] }),
    [
      ["4", "5", 6],
    ],
  );
  assert.deepEqual(
    (await rows("a.csv", "user,item,1\na,b,1\n", { header: false, columns: ["user", "item", "timestamp"] }))
      .length,
    2,
  );
});

Deno.test("columns: by name, by position, with gaps; others are left out", async () => {
  const text = "when,who,what,stars\n9,a,b,5\n";
  assert.deepEqual(await rows("a.csv", text, { columns: ["timestamp=when", "user=who", "item=what"] }), [[
    "a",
    "b",
    9,
  ]]);
  const { frame, columnName } = await read("a.csv", text, { columns: ["timestamp", "_", "item", "user"] });
  assert.deepEqual(frame.rows(), [["5", "b", 9]]);
  assert.equal(columnName("user"), "stars");
  assert.equal(
    (await read("b.csv", "a,b,9\n", { columns: ["user", "item", "timestamp"] })).columnName("item"),
    "column 2",
  );
});

Deno.test("columns: four without header are user, item, rating, timestamp, and the report says so", async () => {
  const { frame, report } = await read("a.csv", "a,b,5,9\nc,d,4,8\n");
  assert.deepEqual(frame.rows(), [["a", "b", 5, 9], ["c", "d", 4, 8]]);
  assert.equal(report.warnings.length, 1);
  assert.match(report.warnings[0], /no header; took its 4 columns as user, item, rating, timestamp/);
});

Deno.test("columns: of Amazon's ratings without header the item is found where it is first, and the report says so", async () => {
  const { frame, report } = await read("All_Beauty.csv", "B00Y1CMNMI,A39HTATAQ9V7YF,5.0,1369699200\n");
  assert.deepEqual(frame.rows(), [["A39HTATAQ9V7YF", "B00Y1CMNMI", 5, 1369699200]]);
  assert.match(report.warnings[0], /no header; took its 4 columns as item, user, rating, timestamp/);
  assert.deepEqual(await rows("a.csv", "A39HTATAQ9V7YF,B00Y1CMNMI,5.0,7\n"), [
    ["A39HTATAQ9V7YF", "B00Y1CMNMI", 5, 7],
  ]);
});

Deno.test("columns: where several could play a role, the report says which does", async () => {
  const { columnName, report } = await read("a.csv", "user_id,asin,parent_asin,time\na,b,c,1\n");
  assert.equal(columnName("item"), "parent_asin");
  assert.match(report.warnings[0], /took column "parent_asin" as the item, not "asin"/);
});

Deno.test("columns: a time to the millisecond comes before its day", async () => {
  const { columnName, report } = await read(
    "a.csv",
    "user_id,video_id,date,time_ms\n1,2,20220408,1649347221000\n",
  );
  assert.equal(columnName("timestamp"), "time_ms");
  assert.match(report.warnings[0], /took column "time_ms" as the timestamp, not "date"/);
});

Deno.test("no timestamps: the order of the rows is the time, if the user leaves them out", async () => {
  const { frame, report } = await read("a.csv", "user,item\nb,x\na,y\n", { columns: ["user", "item"] });
  assert.deepEqual(frame.rows(), [["b", "x", 0], ["a", "y", 1]]);
  assert.deepEqual(report.warnings, ["no timestamps: the order of the rows counts as the order of time"]);
});

Deno.test("no timestamps: a column that looks like a time is named, and how to use it, also in code", async () => {
  const given = { columns: ["user=who", "item=what"] };
  const { report } = await read(
    "a.csv",
    "who,what,ordered_on,qty\nb,x,2024-01-02,1\na,y,2024-01-01,1\n",
    given,
  );
  const remark = "no timestamps: the order of the rows counts as the order of time";
  assert.deepEqual(report.warnings, [
    `${remark}; "ordered_on" looks like a time and is not used: to order by it give --columns ` +
    "user=who,item=what,timestamp=ordered_on",
  ]);
  assert(
    inCode(report.warnings[0]).endsWith('columns: { user: "who", item: "what", timestamp: "ordered_on" }'),
  );
  const taken = { user: "customer ref", item: "sku" };
  assert(
    noTime([{ taken, unused: ["createdAt", "order date"] }]).endsWith(
      '"createdAt", "order date" look like times and are not used: to order by the first give --columns, as timestamp=…',
    ),
  );
  const times = ["time", "event_ts", "Bestelldate", "reviewTime:float", "dateOfBirthDay"];
  assert.deepEqual(timeNames([...times, "category", "Format", "region", "season", "timezone"]), times);
});

Deno.test("rows: blank ones are left out and counted, missing fields are null, too many make a row ragged", async () => {
  const text =
    'user,item,timestamp,note\na,b,1,x\n\n,,,\n   \nc,d,2,x,9\ne,f\ng,h,3,\n,,,only a note\n"",i,4,x\n';
  const { frame, report } = await read("a.csv", text);
  assert.deepEqual(frame.rows(), [
    ["a", "b", 1, false],
    ["c", "d", 2, true],
    ["e", "f", null, false],
    ["g", "h", 3, false],
    [null, null, null, false],
    [null, "i", 4, false],
  ]);
  assert.deepEqual(report.dropped, [{ reason: "blank line", rows: 3 }]);
  assert.equal(report.rowsIn, 9);
  assert.deepEqual(
    (await read("a.csv", "user,item,timestamp\na,b,1,\nc,d,2,\n")).frame.columns.includes("ragged"),
    false,
  );
});

Deno.test("fields that are no numbers keep the column text, for the schema stage", async () => {
  const { frame } = await read("a.csv", "user,item,rating,timestamp\na,b,5,1\nc,d,good,2.5\n");
  assert.deepEqual(frame.rows(), [["a", "b", "5", "1"], ["c", "d", "good", "2.5"]]);
});

Deno.test("several files and globs: in the order given, a glob by name, together as one", async () => {
  const head = "user,item,timestamp\n";
  const files = {
    "p-2.csv": `${head}c,d,2.5\n`,
    "p-1.csv.gz": gzip(`${head}a,b,1\n`),
    "x.tsv": "user\titem\ttimestamp\ne\tf\t3\t9\n",
  };
  await withFiles(files, async (dir) => {
    const { frame, sources, locate } = await readInteractions({ files: [`${dir}x.tsv`, `${dir}p-*`] });
    assert.deepEqual(frame.rows(), [["e", "f", "3", true], ["a", "b", "1", false], ["c", "d", "2.5", false]]);
    assert.deepEqual(sources.map(({ path, rows }) => [path.slice(dir.length), rows]), [
      ["x.tsv", 1],
      ["p-1.csv.gz", 1],
      ["p-2.csv", 1],
    ]);
    for (const { path, bytes, sha256 } of sources) {
      const disk = Deno.readFileSync(path);
      assert.deepEqual([bytes, sha256], [disk.length, createHash("sha256").update(disk).digest("hex")]);
    }
    const places = await locate([0, 2]);
    assert.deepEqual(places.map(({ file, line, text }) => [file.slice(dir.length), line, text]), [
      ["x.tsv", 2, "e\tf\t3\t9"],
      ["p-2.csv", 2, "c,d,2.5"],
    ]);
  });
});

Deno.test("a path with the characters of a glob is that file", async () => {
  await withFiles({ "[a]*.csv": "user,item,timestamp\na,b,1\n", "b.csv": "" }, async (dir) => {
    assert.equal((await readInteractions({ files: [`${dir}[a]*.csv`] })).frame.height, 1);
  });
});

Deno.test("movielens: `::` and tabs, ids with colons", async () => {
  assert.deepEqual(await rows("ratings.dat", "1::a:b::5::9\n2:::c::3::8\n\n1::2\n1::2::3::4::5\n"), [
    ["1", "a:b", 5, 9, false],
    ["2", ":c", 3, 8, false],
    ["1", "2", null, null, false],
    ["1", "2", 3, 4, true],
  ]);
  const { frame, report } = await read("u.data", '1\t"x\t5\t9\n', { format: "movielens" });
  assert.deepEqual(frame.rows(), [["1", '"x', 5, 9]]);
  assert.deepEqual(report.warnings, []);
});

Deno.test("amazon: ratings with the user first (2014) or the item first (2018), and with a header (2023)", async () => {
  const row = ["A39HTATAQ9V7YF", "0205616461", 5, 1369699200];
  assert.deepEqual(await rows("r.csv", "A39HTATAQ9V7YF,0205616461,5.0,1369699200\n", { format: "amazon" }), [
    row,
  ]);
  assert.deepEqual(await rows("r.csv", "0205616461,A39HTATAQ9V7YF,5.0,1369699200\n", { format: "amazon" }), [
    row,
  ]);
  assert.deepEqual(
    await rows(
      "r.csv.gz",
      gzip("user_id,parent_asin,rating,timestamp\nA39HTATAQ9V7YF,0205616461,5.0,1369699200\n"),
    ),
    [row],
  );
});

Deno.test("recbole: a header with types", async () => {
  const text = "user_id:token\titem_id:token\trating:float\ttimestamp:float\n1\t007\t3\t881250949\n";
  for (const name of ["ml.inter", "ml.txt"]) {
    assert.deepEqual(await rows(name, text), [["1", "007", 3, 881250949]]);
  }
  const columns = ["user=user_id", "item=item_id", "timestamp=timestamp"];
  assert.deepEqual(await rows("ml.inter", text, { columns }), [["1", "007", 881250949]]);
});

Deno.test("progress: every byte is reported; an aborted signal ends the work", async () => {
  let total = 0, done = 0, ended = 0;
  const label: string[] = [];
  await read("a.csv", CSV, {
    progress: {
      start(name, bytes) {
        label.push(name);
        total += bytes!;
        return { advance: (n) => done += n, end: () => ended++ };
      },
      warn() {},
    },
  });
  assert.deepEqual([label, total, done, ended], [["reading a.csv"], bytesOf(CSV).length, total, 1]);
  await assert.rejects(read("a.csv", CSV, { signal: AbortSignal.abort() }), Interrupted);
});

Deno.test("csv: whatever ids there are come back as they were", async () => {
  const id = fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 }).filter((text) =>
    text.trim() !== "" && !text.includes("\0")
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(id, id, fc.nat()), { minLength: 1, maxLength: 20 }), async (table) => {
      const text = stringify([["user", "item", "timestamp"], ...table]);
      await withFiles({ "a.csv": text }, async (dir) => {
        const { frame, locate } = await readInteractions({
          files: [`${dir}a.csv`],
          delimiter: ",",
          format: "csv",
        });
        assert.deepEqual(frame.rows(), table);
        const places = await locate(table.map((_, i) => i));
        assert.deepEqual(
          places.map(({ fields }) => [fields.user, fields.item, Number(fields.timestamp)]),
          table,
        );
      });
    }),
    { numRuns: 60 },
  );
});

Deno.test("csv: hundreds of columns beside those that count, and a blank line", async () => {
  const names = Array.from({ length: 600 }, (_, i) => `c${i}`).join(), fields = Array(600).fill("x").join();
  const wide = `user,item,timestamp,${names}\na,b,1,${fields}\n,,,${",".repeat(599)}\n\nc,d,2,${fields}\n`;
  const { frame, report } = await read("a.csv", wide);
  assert.deepEqual(frame.rows(), [["a", "b", 1], ["c", "d", 2]]);
  assert.deepEqual(report.dropped, [{ reason: "blank line", rows: 2 }]);
});

Deno.test("files without rows are passed over where others have some, and named", async () => {
  const empty = pl.DataFrame({ user: ["a"], item: ["b"], timestamp: [1] }).head(0);
  const names = [
    "empty.csv",
    "header.csv",
    "blank.csv",
    "blank.jsonl",
    "late.csv",
    "none.parquet",
    "full.csv",
  ];
  await withFiles({
    "empty.csv": "",
    "header.csv": "user,item,timestamp\n",
    "blank.csv": "\n\n",
    "blank.jsonl": "\n",
    "late.csv": "user,item,timestamp\n" + "\n".repeat(100_000),
    "full.csv": "user,item,timestamp\na,b,1\n",
  }, async (dir) => {
    empty.writeParquet(`${dir}none.parquet`);
    for (const order of [names, names.toReversed()]) {
      const files = order.map((name) => dir + name);
      const { frame, report, sources, locate, columnName } = await readInteractions({ files });
      assert.deepEqual(frame.rows(), [["a", "b", 1]]);
      assert.deepEqual(
        sources.map(({ path, rows }) => [path, rows]),
        files.map((path) => [path, Number(path.endsWith("full.csv"))]),
      );
      assert.equal(sources.find(({ path }) => path.endsWith("empty.csv"))!.sha256, hashOf(""));
      assert.deepEqual(
        report.warnings.map((warning) => warning.replace(dir, "").split(";")[0]).toSorted(),
        [
          "blank.csv: it holds blank lines only",
          "blank.jsonl: it holds blank lines only",
          "empty.csv: the file is empty",
          "header.csv: it has a header but no rows",
          "late.csv: no row of data in it",
          "none.parquet: no row of data in it",
        ],
      );
      assert.deepEqual([(await locate([0]))[0].file, columnName("user")], [`${dir}full.csv`, "user"]);
    }
    for (const name of names.slice(0, -1)) {
      await assertInputError(() => readInteractions({ files: [dir + name] }), [name]);
    }
    await assertInputError(() => readInteractions({ files: [`${dir}empty.csv`, `${dir}header.csv`] }), [
      "empty.csv: the file is empty",
    ]);
  });
});

Deno.test("who stops does not wait until Polars has read a file", () =>
  withFolder(async (dir) => {
    const path = join(dir, "large.csv"), lines: string[] = [];
    for (let i = 0; i < 1_000_000; i++) lines.push(`user${i % 50_000},item${i * 31 % 90_000},${i}\n`);
    Deno.writeTextFileSync(path, "user,item,timestamp\n" + lines.join(""));
    const started = performance.now();
    await readInteractions({ files: [path] });
    const whole = performance.now() - started;
    const stopped = async (stop: (stopper: AbortController) => void) => {
      const stopper = new AbortController(), stopping = performance.now();
      const reading = readInteractions({ files: [path], signal: stopper.signal });
      stop(stopper);
      await assert.rejects(reading, {
        name: "Interrupted",
        message: /^Stopped while reading .*large\.csv; /,
      });
      return performance.now() - stopping;
    };
    const atOnce = (stopper: AbortController) => stopper.abort();
    const later = (stopper: AbortController) => void setTimeout(() => stopper.abort(), whole / 10);
    for (const stop of [atOnce, later]) {
      // The quickest of three: a busy machine may delay any one of them.
      const took = Math.min(await stopped(stop), await stopped(stop), await stopped(stop));
      assert(took < whole / 2, `${took} ms of ${whole}`);
    }
  }));
