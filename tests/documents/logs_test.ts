/** What `docs/logs.md` says about well-known data sets is true, checked on a few rows in the format of each. */
import assert from "node:assert/strict";
import { join } from "node:path";
import pl from "nodejs-polars";
import { readInteractions, type ReadOptions, readSideTable } from "../../pipeline/readers/mod.ts";
import { checkSchema, type SchemaOptions } from "../../pipeline/schema.ts";
import { loadDuckDb } from "../../pipeline/scale/duckdb/runner.ts";
import { knownSpecs } from "../../pipeline/terminal/specs.ts";
import { parseCommandLine } from "../../pipeline/terminal/options.ts";
import { withFolder } from "../folders.ts";
import { blocksOf, textOf, wordsOf } from "./read.ts";

const PAGE = "docs/logs.md";

/** The rows of a file, and the expected user, item and time of its first interaction. */
type Given = readonly [contents: string | Uint8Array, user: string, item: string, time: number];

const latin1 = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const lines = (...all: string[]) => all.join("\n") + "\n";

const LOGS: Readonly<Record<string, Given>> = {
  "ratings_Beauty.csv": [
    lines("A39HTATAQ9V7YF,0205616461,5.0,1369699200"),
    "A39HTATAQ9V7YF",
    "0205616461",
    1369699200,
  ],
  "All_Beauty.csv": [
    lines("0143026860,A1V6B6TNIC10QE,1.0,1424304000"),
    "A1V6B6TNIC10QE",
    "0143026860",
    1424304000,
  ],
  "rating.csv": [lines("user_id,anime_id,rating", "1,20,-1", "1,24,8"), "1", "20", 0],
  "BX-Book-Ratings.csv": [
    latin1(lines('"User-ID";"ISBN";"Book-Rating"', '"276725";"034545104X";"0"', '"276726";"ô155061224";"5"')),
    "276725",
    "034545104X",
    0,
  ],
  "transaction_data.csv": [
    lines(
      "household_key,BASKET_ID,DAY,PRODUCT_ID,QUANTITY,SALES_VALUE,STORE_ID,RETAIL_DISC,TRANS_TIME,WEEK_NO,COUPON_DISC,COUPON_MATCH_DISC",
      "2375,26984851472,1,1004906,1,1.39,364,-0.6,1631,1,0,0",
      "2375,26984851472,1,1033142,1,0.82,364,0,1631,1,0,0",
    ),
    "2375",
    "1004906",
    1,
  ],
  "dataset_TSMC2014_NYC.txt": [
    latin1(lines(
      "470\t49bbd6c0f964a520f4531fe3\t4bf58dd8d48988d127951735\tArts & Crafts Store\t40.71\t-74.00\t-240\tTue Apr 03 18:00:09 +0000 2012",
      "979\t4a43c0aef964a520c6a61fe3\t4bf58dd8d48988d1df941735\tCafé\t40.60\t-74.04\t-240\tTue Apr 03 18:00:25 +0000 2012",
    )),
    "470",
    "49bbd6c0f964a520f4531fe3",
    Date.UTC(2012, 3, 3, 18, 0, 9),
  ],
  "loc-gowalla_totalCheckins.txt": [
    lines("0\t2010-10-19T23:55:27Z\t30.2359091167\t-97.7951395833\t22847"),
    "0",
    "22847",
    Date.UTC(2010, 9, 19, 23, 55, 27),
  ],
  "goodreads_interactions_poetry.json": [
    lines(
      '{"user_id":"8842281e1d","book_id":"1384","is_read":true,"rating":4,"date_added":"Wed May 09 09:33:44 -0700 2007","read_at":""}',
    ),
    "8842281e1d",
    "1384",
    Date.UTC(2007, 4, 9, 16, 33, 44),
  ],
  "transactions_train.csv": [
    lines("t_dat,customer_id,article_id,price,sales_channel_id", "2018-09-20,000058a1,0663713001,0.0508,2"),
    "000058a1",
    "0663713001",
    Date.UTC(2018, 8, 20),
  ],
  "userid-timestamp-artid-artname-traid-traname.tsv": [
    lines(
      'user_000001\t2009-05-04T23:08:57Z\tf1b1cf71-bd35\t"Weird Al" Yankovic\t\t"Fuck',
      "user_000001\t2009-05-04T13:54:10Z\t\tThe Deep\t\tx",
    ),
    "user_000001",
    "f1b1cf71-bd35",
    Date.UTC(2009, 4, 4, 23, 8, 57),
  ],
  "events.csv": [
    lines(
      "timestamp,visitorid,event,itemid,transactionid",
      "1433221332117,257597,addtocart,355908,",
      "1433224214164,992329,view,248676,",
    ),
    "257597",
    "355908",
    1433221332117,
  ],
  "Beauty.txt": [lines("1 1", "1 2", "2 1"), "1", "1", 0],
  "sequences.txt": [lines("1 7 2 3", "2 4 5"), "1", "7", 0],
  "UserBehavior.csv": [
    lines("1,2268318,2520377,pv,1511544070", "1,2333346,2520771,buy,1511561733"),
    "1",
    "2268318",
    1511544070,
  ],
  "tianchi_mobile_recommend_train_user.csv": [
    lines(
      "user_id,item_id,behavior_type,user_geohash,item_category,time",
      "98047837,232431562,1,,4245,2014-12-06 02",
    ),
    "98047837",
    "232431562",
    Date.UTC(2014, 11, 6, 2),
  ],
  "yelp_academic_dataset_review.json": [
    lines(
      '{"review_id":"K","user_id":"_mh","business_id":"-XQ","stars":3.0,"text":"a\\nb","date":"2018-07-07 22:09:11"}',
    ),
    "_mh",
    "-XQ",
    Date.UTC(2018, 6, 7, 22, 9, 11),
  ],
  "yoochoose-clicks.dat": [
    lines("1,2014-04-07T10:51:09.277Z,214536502,0", "1,2014-04-07T10:54:09.868Z,214536500,S"),
    "1",
    "214536502",
    Date.UTC(2014, 3, 7, 10, 51, 9, 277),
  ],
};

/** The raw files that the conversion commands work on. */
const RAW: Readonly<Record<string, string | Uint8Array>> = {
  "combined_data_1.txt": lines("1:", "1488844,3,2005-09-06", "822109,5,2005-05-13"),
  "combined_data_2.txt": lines("4500:\r", "2532865,4,2005-07-26\r"),
  "steam_reviews.json": lines(
    String
      .raw`{u'username': u'Ch\xe9', u'product_id': u'725280', u'date': u'2017-12-22', u'text': u"it's", u'early_access': False}`,
  ),
  "BX-Books.csv": latin1(lines('"ISBN";"Book-Title"', String.raw`"1";"the real \"J. Peterman\" é"`)),
  "order_products__prior.csv": lines(
    "order_id,product_id,add_to_cart_order,reordered",
    "2,9,2,0",
    "2,33120,1,1",
    "9,7,1,0",
  ),
  "orders.csv": lines(
    "order_id,user_id,eval_set,order_number,days_since_prior_order",
    "2,5,prior,2,7.0",
    "9,5,prior,1,",
  ),
  "behaviors.tsv": lines("1\tU13740\t11/11/2019 9:05:58 AM\tN55189 N42782\tN55689-1 N35729-0 N3-1"),
  "mpd.slice.0-999.json": JSON.stringify(
    {
      info: {},
      playlists: [{
        pid: 7,
        tracks: [{ pos: 0, track_uri: "spotify:track:0Ud" }, { pos: 1, track_uri: "x" }],
      }],
    },
    null,
    4,
  ),
  "train-item-views.csv": lines(
    "sessionId;userId;itemId;timeframe;eventdate",
    "1;NA;81766;526309;2016-05-09",
  ),
  "user_taggedartists.dat": "userID\tartistID\ttagID\tday\tmonth\tyear\r\n2\t52\t13\t1\t4\t2009\r\n",
  "OnlineRetail.csv": lines(
    "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country",
    '536365,85123A,"WHITE, HANGING",6,12/1/2010 8:26,2.55,17850,United Kingdom',
    "C536379,D,Discount,-1,12/1/2010 9:41,27.5,14527,United Kingdom",
    "536414,22139,,56,12/1/2010 11:52,0,,United Kingdom",
  ),
  "item_categories.csv": lines("video_id,feat", '0,"[27, 9]"', "1,[8]"),
  "events.csv": lines(
    "timestamp,visitorid,event,itemid,transactionid",
    "1433223800001,257597,view,9,",
    "1433221332117,257597,view,355908,",
    "1433222000000,257597,addtocart,355908,",
    "1433224214164,992329,view,248676,",
  ),
  "item_properties_part1.csv": lines(
    "timestamp,itemid,property,value",
    "1435460400000,460429,categoryid,1338",
    "1441508400000,460429,categoryid,1400",
    "1435460400000,460429,888,n277.200",
  ),
};

/** The files that they write: the options to read them with, and all interactions in them. */
const MADE: Readonly<
  Record<string, readonly [options: string, rows: readonly (readonly [string, string, number])[]]>
> = {
  "netflix.csv": ["", [
    ["1488844", "1", Date.UTC(2005, 8, 6)],
    ["822109", "1", Date.UTC(2005, 4, 13)],
    ["2532865", "4500", Date.UTC(2005, 6, 26)],
  ]],
  "steam.jsonl": ["--columns user=username,item=product_id,timestamp=date", [[
    "Ché",
    "725280",
    Date.UTC(2017, 11, 22),
  ]]],
  "instacart.csv": ["", [["5", "7", 1], ["5", "33120", 2], ["5", "9", 2]]],
  "mind.csv": ["", [["U13740", "N55689", Date.UTC(2019, 10, 11, 9, 5, 58)], [
    "U13740",
    "N3",
    Date.UTC(2019, 10, 11, 9, 5, 58),
  ]]],
  "playlists.csv": ["", [["7", "spotify:track:0Ud", 0], ["7", "x", 1]]],
  "log.parquet": ["", [["a", "9", 5], ["a", "8", 6]]],
  "diginetica.csv": ["", [["1", "81766", Date.UTC(2016, 4, 9) + 526309]]],
  "tagged.csv": ["", [["2", "52", Date.UTC(2009, 3, 1)]]],
  "sessions.csv": ["", [
    ["257597-1", "355908", 1433221332117],
    ["257597-1", "355908", 1433222000000],
    ["257597-2", "9", 1433223800001],
    ["992329-1", "248676", 1433224214164],
  ]],
  "sold.csv": [
    '--columns user=CustomerID,item=StockCode,timestamp=InvoiceDate --time-format "%m/%d/%Y %H:%M"',
    [["17850", "85123A", Date.UTC(2010, 11, 1, 8, 26)]],
  ],
};

/** The interactions of a file, as `prepare` with these options reads and checks them. */
async function interactions(
  file: string,
  options: string,
  quotes?: boolean,
): Promise<[string, string, number][]> {
  const { values } = parseCommandLine(wordsOf(options), (await knownSpecs()).prepare);
  const given = values as Partial<ReadOptions & SchemaOptions>;
  const { format, columns, encoding, timeFormat, onBadRow, events, minRating } = given;
  const read = await readInteractions({
    files: [file],
    ...Object.fromEntries(
      Object.entries({ format, columns, encoding, quotes }).filter(([, value]) => value !== undefined),
    ),
    textTimes: timeFormat !== undefined,
  });
  const { frame } = await checkSchema(read.frame, { ...read, timeFormat, onBadRow, events, minRating });
  const names = ["user", "item", "timestamp"].map((name) => pl.col(name));
  return (frame.select(...names).rows() as [string, string, number | bigint][]).map((
    [user, item, time],
  ) => [user, item, Number(time)]);
}

/** The code in a cell of a table. */
const codeIn = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code);

Deno.test("logs: with the options that the page names their first rows are read as they are", () =>
  withFolder(async (dir) => {
    const tested = new Set<string>();
    for (const [, files, cell] of textOf(PAGE).matchAll(/^\| [^|]+ \| (`[^|]+) \| ([^|]+) \|$/gm)) {
      for (const name of codeIn(files)) {
        const [contents, ...first] = LOGS[name];
        const file = join(dir, name);
        Deno.writeFileSync(
          file,
          typeof contents === "string" ? new TextEncoder().encode(contents) : contents,
        );
        const options = [...cell.startsWith("none") ? [""] : [], ...codeIn(cell)].filter((text) =>
          text === "" || text.startsWith("--") && !text.startsWith("--items")
        );
        for (const wish of options) {
          const isOfOthers = wish.startsWith("--min-rating"); // mentioned after the columns, in a separate sentence
          const rows = await interactions(
            file,
            isOfOthers ? `${options[0]} ${wish}` : wish,
            cell.includes("quotes: false") ? false : undefined,
          );
          assert.deepEqual(rows[0], isOfOthers ? ["1", "24", 1] : first, `${name} ${wish}`);
        }
        tested.add(name);
      }
    }
    assert.deepEqual([...tested].sort(), Object.keys(LOGS).sort());
  }));

Deno.test("logs: the lines of work write what is read then", () =>
  withFolder(async (dir) => {
    for (const [name, contents] of Object.entries(RAW)) {
      Deno.writeFileSync(
        join(dir, name),
        typeof contents === "string" ? new TextEncoder().encode(contents) : contents,
      );
    }
    const { DuckDBInstance } = await loadDuckDb();
    const duckdb = await (await DuckDBInstance.create()).connect();
    await duckdb.run(`SET file_search_path = '${dir}'`);
    await duckdb.run(
      `COPY (SELECT 'a' AS user_id, [9, 8] AS item_id, [5, 6] AS timestamp) TO '${dir}/lists.parquet'`,
    );
    for (const statement of blocksOf(PAGE, "sql")) {
      await duckdb.run(statement.replace(/\) TO '/, `) TO '${dir}/`));
    }
    for (const script of blocksOf(PAGE, "sh")) {
      const { code, stderr } = await new Deno.Command("sh", { args: ["-c", script], cwd: dir }).output();
      assert.equal(code, 0, new TextDecoder().decode(stderr));
    }
    for (const [name, [options, expected]] of Object.entries(MADE)) {
      assert.deepEqual(await interactions(join(dir, name), options), expected, name);
      assert(options === "" || textOf(PAGE).includes(`Then \`${options}\``), options);
    }
    const items = await readSideTable({ file: join(dir, "items.csv") });
    assert.deepEqual(items.frame.rows(), [["460429", "1400"]]);
    const videos = await readSideTable({ file: join(dir, "videos.parquet") });
    assert.deepEqual(videos.frame.rows(), [["0", "27|9"], ["1", "8"]]);
    const books = await readSideTable({ file: join(dir, "books.csv"), key: "item", encoding: "latin1" });
    assert.deepEqual(books.frame.rows(), [["1", 'the real "J. Peterman" é']]);
  }));
