/** What a log may hold and what each stage can be asked for: engines make and refuse the same. */
import { join } from "node:path";
import pl, { type DataFrame, type DataType } from "nodejs-polars";
import { RandomStream } from "../../../pipeline/contract/random.ts";
import { hasShared, sharedData } from "../../paths.ts";
import { csv, csvWithBadLines, itemsOf, jsonLines, logRows } from "./log.ts";
import type { Options } from "./same.ts";

/** One comparison. */
export interface Case {
  name: string;
  /** What is compared: the whole dataset (default); on Spark only reading and checking rows; or the refusal. */
  what?: "rows" | "refusal";
  /** Whether it is tried on Spark, too, which is slow for each and runs the same SQL as DuckDB after reading. */
  spark?: true;
  /** Makes the files, and returns the options. */
  options(files: Files): Options;
}

/** Writes files into a folder of the case's own. */
export class Files {
  constructor(readonly dir: string) {}

  /** Returns the path. */
  write(name: string, content: string | DataFrame): string {
    const path = join(this.dir, name);
    if (typeof content === "string") Deno.writeTextFileSync(path, content);
    else content.writeParquet(path);
    return path;
  }
}

const RANDOM = new RandomStream(5, "contract of engines");
const SOME = logRows(RANDOM, 60, 25, 8),
  ITEMS = itemsOf(SOME),
  LINES = jsonLines(logRows(RANDOM, 45, 20, 12));
const numbers = (n: number) => Array.from({ length: n }, (_, i) => i);
const WITHOUT = { evalNegatives: 0 } as const;

const lines = (files: Files): string => {
  files.write("log-1.jsonl", LINES.slice(0, 500).join("\n") + "\n\n");
  files.write("log-2.jsonl", LINES.slice(500).join("\n"));
  return join(files.dir, "log-*.jsonl");
};

/** Days from last to first, with several interactions of each user on each, and some rows out of place. */
const DAYS = logRows(RANDOM, 30, 12, 20).map(({ timestamp, ...row }, i) => ({
  ...row,
  timestamp: String(2_000 - (i >> 5) + (i % 29 ? 0 : Number(timestamp) % 3)),
}));

/** Each round of a core removes one user and one item from the end of the chain. */
const chain = (files: Files) => {
  const links = numbers(30).map((k) => `u${k},i${k},${k}\nu${k},i${k + 1},${k}\n`);
  const block = numbers(144).map((k) => `c${k % 12},d${Math.floor(k / 12)},${k}\n`);
  return files.write(
    "chain.csv",
    "user,item,timestamp\n" + [...links, ...block, ...block.slice(0, 9)].join(""),
  );
};

/** Nearly all targets are item a: rejection finds hardly anything else before patience ends. */
const lopsided = (files: Files) =>
  files.write(
    "lopsided.csv",
    "user,item,timestamp\n" +
      numbers(1200).map((i) => `u${i % 40},${i >= 600 && i < 608 ? `b${i % 8}` : "a"},${i}\n`).join("") +
      "u1,b2,9000\nu1,b3,9001\n",
  );

const STAGES: Case[] = [
  {
    name: "CSV with ties, quotes, text ids, bad rows and a user who has nearly all items",
    spark: true,
    options(files) {
      const heavy = ITEMS.slice(2).map((item, i) => ({
        user: "007",
        item,
        rating: "3",
        timestamp: String(i),
      }));
      const data = files.write("a.csv", csvWithBadLines(SOME) + csv(heavy));
      return { data, onBadRow: "skip", minUser: 4, evalNegatives: 2 };
    },
  },
  ...(["file", "reverse", "item"] as const).map((ties): Case => ({
    name: `days with the newest first, ties: ${ties}`,
    ...(ties === "reverse" && { spark: true }),
    options: (files) => ({
      data: files.write("newest-first.csv", "user,item,rating,timestamp\n" + csv(DAYS)),
      ties,
      split: "ratio",
      minUser: 4,
      ...WITHOUT,
    }),
  })),
  {
    name: "JSON lines of two files with item features, a core without duplicates, split by shares",
    spark: true,
    options: (files) => ({
      data: lines(files),
      items: files.write(
        "items.csv",
        "id,kind,price\n" + csv(ITEMS.map((id, i) => ({ id, kind: "abc"[i % 3], price: String(i / 2) }))),
      ),
      filter: "k-core",
      minUser: 6,
      minItem: 8,
      minRating: 0.5,
      duplicates: "last",
      ties: "item",
      split: "ratio",
      ratios: [0.7, 0.1, 0.2],
      protocols: ["strict"],
      evalNegatives: 4,
    }),
  },
  {
    name: "lines that were delivered twice",
    options(files) {
      files.write("again-1.jsonl", LINES.slice(0, 500).join("\n"));
      files.write("again-2.jsonl", LINES.slice(200).join("\n"));
      const data = join(files.dir, "again-*.jsonl");
      return { data, minUser: 6, duplicates: "same-time", ties: "item", ...WITHOUT };
    },
  },
  {
    name: "a core that is found in many rounds",
    options: (files) => ({ data: chain(files), filter: "k-core", minUser: 2, minItem: 2, ...WITHOUT }),
  },
  ...(["once", "k-core"] as const).map((filter): Case => ({
    name: `users with too many interactions go first, then some are drawn, ${filter}`,
    ...(filter === "k-core" && { spark: true }),
    options: (files) => ({
      data: lines(files),
      filter,
      maxUser: 18,
      minUser: 6,
      minItem: 2,
      sampleUsers: 25,
      seed: 5,
      ...WITHOUT,
    }),
  })),
  {
    name: "Parquet with numbers and dates, split at points in time of all users",
    spark: true,
    options(files) {
      const times = logRows(RANDOM, 40, 12, 30);
      const data = files.write(
        "log.parquet",
        pl.DataFrame({
          who: times.map(({ user }) => user),
          what: times.map((_, i) => i * 7 % 31),
          when: times.map(({ timestamp }) => new Date(Number(timestamp) * 1000)),
        }),
      );
      return {
        data,
        columns: ["user=who", "item=what", "timestamp=when"],
        split: "global-time",
        minUser: 5,
        minItem: 14,
        protocols: ["uniform", "recbole"],
        evalNegatives: 3,
        seed: 2 ** 40 + 7,
        exponent: 0.75,
      };
    },
  },
  {
    name: "negatives that nobody named, where a user has nearly all items",
    options: (files) => ({ data: lopsided(files) }),
  },
  {
    name: "lists that rejection leaves short",
    options: (files) => ({ data: lopsided(files), protocols: ["strict", "recbole"], evalNegatives: 2 }),
  },
  {
    name: "a user to whom too few items are left",
    what: "refusal",
    options: (files) => ({ data: lopsided(files), protocols: ["strict", "recbole"], evalNegatives: 6 }),
  },
  ...(hasShared("ml-100k/u.data.gz")
    ? [{
      name: "MovieLens-100K",
      options: () => ({
        data: join(sharedData, "ml-100k/u.data.gz"),
        columns: ["user", "item", "rating", "timestamp"],
      }),
    }]
    : []),
];

const KINDS = ["view", "buy", "", "2"], kindOf = (i: number) => KINDS[(i * 7) % 4];
const TOLD = SOME.map((row, i) => ({
  ...row,
  timestamp: kindOf(i) === "view" ? "soon" : row.timestamp,
  what: kindOf(i),
}));
const EVENTFUL = { minUser: 2, evalNegatives: 2, events: ["buy", "2", "gone"] };
const IN_CSV = ["user=user", "item=item", "timestamp=timestamp", "event=what"];
const IN_JSON = ["user=user", "item=item", "rating=rating", "timestamp=timestamp", "event=a.b"];
const eventsCsv = (files: Files) =>
  files.write("events.csv", "user,item,rating,timestamp,what\n" + csv(TOLD));
const eventLines = () =>
  TOLD.map(({ what, ...row }) => JSON.stringify({ ...row, a: { b: what === "2" ? 2 : what } })).join("\n");

const quotes = (delimiter: string) => (files: Files): Options => {
  const aside = ['u1,"Heroes" live,3,5', 'u1,x,3,"5" ', 'u1,"Heroes" "live",12" x,5,6', '"u1"",",""x,3,5'];
  const text = SOME.map(({ item, ...row }, i) =>
    [...Object.values({ ...row, item: i % 2 ? item : `${i % 5}" ${item}` })].join() + "\n"
  );
  aside.forEach((line, i) => text.splice(30 * i, 0, `${line}\n`));
  const all = "user,rating,timestamp,item\n" + text.join("");
  return { data: files.write("quotes.txt", all.replaceAll(",", delimiter)), minUser: 4, evalNegatives: 2 };
};

const commas = (files: Files): Options => {
  const rows = SOME.map(({ user, item, rating, timestamp }, i) =>
    `${user};"${item.replaceAll('"', '""')}";${i === 50 ? "1.234" : `${rating},${i % 4}`};${timestamp}\n`
  );
  const prices = ITEMS.map((id, i) => `"${id.replaceAll('"', '""')}";${i},5\n`);
  return {
    data: files.write("commas.csv", "user;item;rating;timestamp\n" + rows.join("")),
    items: files.write("prices.csv", "id;price\n" + prices.join("")),
    minUser: 4,
    evalNegatives: 2,
  };
};

const nulls = (files: Files): Options => {
  const orNone = (word: string, nth: number) => (id: string, i: number) => i % nth === 0 ? word : id;
  const nobody = orNone("-1", 9), empty = orNone("", 31), nothing = orNone("\\N", 13);
  const rows = SOME.map(({ user, item, ...row }, i) => ({
    user: empty(nobody(user, i), i + 1),
    item: nothing(item, i),
    ...row,
  }));
  const prices = ITEMS.map((id, i) => ({ id: nothing(id, i + 3), price: i % 5 === 0 ? "-1" : `${i}` }));
  return {
    data: files.write("nulls.csv", "user,item,rating,timestamp\n" + csv(rows)),
    items: files.write("null-items.csv", "id,price\n" + csv(prices)),
    minUser: 2,
    evalNegatives: 2,
  };
};

const within = '{"user":{"id":"a"},"item":"i","timestamp":1}\n';
const nested = (text: string) => (files: Files): Options => ({ data: files.write("nested.jsonl", text) });
/** The first and the last line are cut off. */
const broken = (files: Files): Options => ({
  data: files.write(
    "broken.jsonl",
    'm":"i"}\n' + jsonLines(SOME).join("\n") + '\n\n5\n{"user":"u1","ite',
  ),
});

const READING: Case[] = [
  {
    name: "quotes within fields, and text behind quotes",
    what: "rows",
    spark: true,
    options: (files) => ({ ...quotes("|")(files), onBadRow: "skip" }),
  },
  { name: "text behind a closing quote", what: "refusal", spark: true, options: quotes(",") },
  {
    name: "quotes that are text",
    what: "rows",
    spark: true,
    options(files) {
      const rows = SOME.map(({ user, item, timestamp }, i) =>
        `${user}\t${i % 3 ? '"' : ""}${item}${i % 4 ? '"' : ""} (Live)\t${timestamp}\n`
      );
      const data = files.write("quotes.tsv", "user\titem\ttimestamp\n" + rows.join(""));
      return { data, quotes: false, minUser: 4, evalNegatives: 2 };
    },
  },
  {
    name: "decimal commas",
    what: "rows",
    spark: true,
    options: (files) => ({ ...commas(files), decimal: "comma", onBadRow: "skip", minRating: 2.5 }),
  },
  { name: "decimal commas that nobody spoke of", what: "refusal", options: commas },
  {
    name: "events of a column, in CSV",
    options: (files) => ({ ...EVENTFUL, data: eventsCsv(files), columns: IN_CSV }),
  },
  {
    name: "events of a field, in JSON lines",
    what: "rows",
    spark: true,
    options: (files) => ({
      ...EVENTFUL,
      data: files.write("events.jsonl", eventLines()),
      columns: IN_JSON,
    }),
  },
  {
    name: "events that do not occur",
    what: "refusal",
    options: (files) => ({ ...EVENTFUL, events: ["purchase"], data: eventsCsv(files), columns: IN_CSV }),
  },
  {
    name: "words that stand for no value",
    what: "rows",
    spark: true,
    options: (files) => ({ ...nulls(files), nullValues: [-1, "\\N"] }),
  },
  { name: "an empty user where no word stands for none", what: "refusal", options: nulls },
  {
    name: "ids with spaces, and times that are all equal",
    options(files) {
      const rows = SOME.slice(0, 400).map(({ user, item }) => ({ user: ` ${user}`, item, timestamp: "7" }));
      const data = files.write("spaces.csv", "user, item, timestamp\n" + csv(rows));
      return { data, minUser: 4, ...WITHOUT };
    },
  },
  {
    name: "a row that cannot be is named by file and line",
    what: "refusal",
    spark: true,
    options: (files) => ({ data: files.write("a.csv", csvWithBadLines(SOME)), minUser: 4 }),
  },
  {
    name: "a duplicate is named, too",
    what: "refusal",
    spark: true,
    options: (files) => ({
      data: files.write("log.jsonl", jsonLines(SOME).join("\n")),
      duplicates: "error",
    }),
  },
  {
    name: "lines that are not JSON objects, set aside",
    options: (files) => ({ ...broken(files), onBadRow: "skip" }),
  },
  { name: "lines that are not JSON objects", what: "refusal", options: broken },
  {
    name: "such lines where events are chosen",
    options: (files) => ({
      ...EVENTFUL,
      data: files.write("broken.jsonl", eventLines() + '\n{"user":"u1","ite'),
      columns: IN_JSON,
      onBadRow: "skip",
    }),
  },
  {
    name: "an id that is a list",
    what: "refusal",
    options: nested(
      ['"{u}"', '["u"]'].map((user) => `{"user":${user},"item":"[i]","timestamp":1}\n`).join(""),
    ),
  },
  {
    name: "something else where other lines have an object",
    what: "refusal",
    options: nested(within.repeat(120) + '{"user":"a","item":"i","timestamp":1}\n'),
  },
  {
    name: "an id within an object that is a list",
    what: "refusal",
    spark: true,
    options: nested(within.repeat(120) + '{"user":{"id":["a"]},"item":"i","timestamp":1}\n'),
  },
  {
    name: "rows that are all bad",
    what: "refusal",
    options: (files) => ({
      data: files.write(
        "all-bad.csv",
        "user,item,timestamp\n,x,1/2/2010 8:26\nann,y,1/2/2010 8:26\nann,z,1/2/2010 8:27\n",
      ),
      onBadRow: "skip",
      minUser: 1,
    }),
  },
  {
    name: "a period that none of the rows is of",
    what: "refusal",
    options: (files) => ({
      data: files.write("a.csv", csvWithBadLines(SOME)),
      onBadRow: "skip",
      timeFrom: "2035-05-01",
      minUser: 4,
    }),
  },
  {
    name: "files without rows",
    what: "rows",
    spark: true,
    options(files) {
      const rows = (user: string) => numbers(6).map((i) => `${user},i${i},${i}\n`).join("");
      const header = "user,item,timestamp\n";
      ["", "", header, header + rows("a"), header, header + rows("b")]
        .forEach((text, i) => files.write(`part ${i}%20.csv`, text));
      const alone = [files.write("empty.csv", ""), files.write("header.csv", header)];
      return { data: [...alone, join(files.dir, "part *.csv")], minUser: 4, ...WITHOUT };
    },
  },
];

/** Values at the edge of what is accepted, in the column of a role, among some of five users that have a usual one. */
const edge = (
  role: "rating" | "timestamp",
  name: string,
  usual: string,
  texts: readonly string[],
  { spark, ...more }: Partial<Options> & Pick<Case, "spark"> = {},
): Case => ({
  name: `${role}: ${name}`,
  what: "rows",
  ...(spark && { spark }),
  options(files) {
    const all = [...numbers(25).map(() => usual), ...texts];
    const rows = all.map((text, i) => `u${i % 5},i${i},"${text}",${role === "rating" ? i : 5}\n`);
    const header = `user,item,${role},${role === "rating" ? "timestamp" : "rating"}\n`;
    const data = files.write("log.csv", header + rows.join(""));
    return { data, onBadRow: "skip", minUser: 4, ...WITHOUT, ...more };
  },
});

const AROUND = ["4.1", "4.2", "4.3", "0.7", "0.69999", "3.3", "3.2999"];
const LARGE = ["3.4e38", "3.40282356e38", "3.4028235677973366e38", "1e39", "-1e39", "1e308", "1e400", "inf"];
const SPACES = [
  "\u00a07",
  "7\u2003",
  "7\v",
  "\t7",
  " 7\u3000",
  "7\x85",
  "\u202f7",
  "7 8",
  "\ufeff7",
  "\u00a0",
];
const CLOCKS = ["00:00:00", "23:59:59", "24:00:00", "23:59:60", "23:60:00", "10:00:00.9999999", "7:00:00"];
const DECIMALS = ["9995", "999", "99955", "9999999", "0001", "5", "123456789123"];
const BEFORE = DECIMALS.map((digits) => `1969-12-31 23:59:59.${digits}`);
const DISTANCES = ["+00:00", "-00:30", "+0530", "+18:01", "-23:59", "+24:00", "+99:99", "+05:60", "+5:00"];
const spaced = (text: string) => [`\t${text}`, `\u00a0${text}\u2003`, `${text} .`];
const TIMES = [...CLOCKS.map((clock) => `2024-01-05 ${clock}`), ...BEFORE, ...spaced("2024-01-05 10:00:00")];

const EDGES: Case[] = [
  edge("rating", "a bound, large ones, white space", "5", [...AROUND, ...LARGE, ...SPACES], {
    minRating: 4.2,
    spark: true,
  }),
  // DuckDB reads fields of several lines; Spark reads each line by itself.
  edge("rating", "a bound below, line ends", "5", [...AROUND, "\t7\n"], { minRating: 0.7 }),
  edge("rating", "white space and commas", "5,5", SPACES, { decimal: "comma" }),
  edge("timestamp", "white space", "100.5", SPACES),
  edge("timestamp", "the least and the largest number", "100", [
    ...[-(2n ** 63n), 2n ** 63n - 1n].map(String),
    "-0",
    ...SPACES,
  ], { spark: true }),
  edge("timestamp", "clocks", "2024-01-01 00:00:00", TIMES, { spark: true }),
  ...["Z", " UTC"].map((zone) =>
    edge("timestamp", `clocks and${zone}`, `2024-01-01 00:00:00${zone}`, TIMES.map((text) => text + zone))
  ),
  edge("timestamp", "distances from UTC", "2024-01-01T00:00:00+01:00", [
    ...DISTANCES.map((distance) => `2024-01-05T10:00:00${distance}`),
    ...[...CLOCKS, "23:59:59.9995"].map((clock) => `1969-12-31T${clock}+00:00`),
    "1970-01-01T01:59:59.9995+02:00",
  ], { spark: true }),
  edge(
    "timestamp",
    "clocks without seconds",
    "2024-01-01 00:00",
    ["24:00", "23:60", "23:59", "7:59"].map((clock) => `2024-01-05 ${clock}`),
  ),
  edge("timestamp", "a format of its own", "01.01.2024 00:00:00.5", [
    ...BEFORE.map((text) => `31.12.${text.slice(0, 4)}${text.slice(10)}`),
    ...spaced("05.01.2024 10:00:00.25"),
  ], { timeFormat: "%d.%m.%Y %H:%M:%S.%f" }),
  edge(
    "timestamp",
    "a format with a zone",
    "2024-01-01T00:00:00.0+0000",
    DECIMALS.map((digits) => `1970-01-01T02:29:59.${digits}+02:30`),
    { timeFormat: "%Y-%m-%dT%H:%M:%S.%f%z" },
  ),
  {
    name: "ids that are numbers in JSON lines",
    what: "rows",
    spark: true,
    options(files) {
      const ids = ["1.0", '"1.0"', "1e21", "1.50", '"E5"', "100E-2", "12345678901234567890", '"1E5"', "0.25"];
      const rows = ids.flatMap((id, i) =>
        numbers(4).map((t) => `{"user":${id},"a.b":${ids[(i + t) % ids.length]},"timestamp":${t}}\n`)
      );
      const columns = ["user=user", "item=a.b", "timestamp=timestamp"];
      return { data: files.write("ids.jsonl", rows.join("")), columns, minUser: 4, ...WITHOUT };
    },
  },
  {
    name: "fields within objects of JSON lines",
    what: "rows",
    spark: true,
    options(files) {
      const ids = [1, "1.0", 2.5, 1e21, "é", "12"];
      const events = ids.flatMap((id, i) =>
        numbers(4).map((t) => ({
          user: t === 1 ? { name: "x", id } : { id },
          "of it": { item: { id: ids[(i + t) % ids.length] }, at: t % 2 === 0 ? t : String(t) },
          item: { ids: ["other"] },
        }))
      );
      const data = files.write("nested.jsonl", events.map((event) => JSON.stringify(event) + "\n").join(""));
      const columns = ["user=user.id", "item=of it.item.id", "timestamp=of it.at"];
      return { data, columns, minUser: 4, ...WITHOUT };
    },
  },
  {
    name: "fields of structures in Parquet",
    what: "rows",
    spark: true,
    options(files) {
      const all = numbers(40);
      const data = files.write(
        "structures.parquet",
        pl.DataFrame({
          user: all.map((i) => ({ id: i % 4, "the name": `u${i % 4}` })),
          event: all.map((i) => ({ item: { id: `i${i % 7}` }, at: { time: i } })),
          item: all.map((i) => ({ ids: i })),
        }),
      );
      const columns = ["user=user.the name", "item=event.item.id", "timestamp=event.at.time"];
      return { data, columns, minUser: 4, ...WITHOUT };
    },
  },
  {
    name: "ids and times of other types in Parquet",
    what: "rows",
    spark: true,
    options(files) {
      const all = numbers(40), first = 1_700_000_000_000_000_001n;
      const ids = [7, 0.5, 12345678.25, -3.125, 0.001];
      const texts = all.map((i) => String(first + BigInt(i)));
      const timestamp = pl.Series("timestamp", texts, pl.String).cast(pl.UInt64);
      const item = pl.Series("item", all.map((i) => ids[i % ids.length]), pl.Float64);
      const floats = pl.DataFrame({ user: all.map((i) => i % 4), item, timestamp });
      const flags = pl.DataFrame({ user: all.map((i) => i % 4 === 0), item: all.map(String), timestamp });
      const data = [files.write("floats.parquet", floats), files.write("flags.parquet", flags)];
      return { data, minUser: 4, ...WITHOUT };
    },
  },
];

const ROWS = 42;
const IN_TIME = {
  columns: ["user=u", "item=i", "timestamp=t"],
  minUser: 3,
  protocols: ["recbole"],
  evalNegatives: 1,
} satisfies Partial<Options>;

/** Times as text, and some that are none. */
const ofTexts = (
  name: string,
  text: (i: number) => string,
  { spark, ...more }: Partial<Options> & Pick<Case, "spark"> = {},
): Case => ({
  name: `times: ${name}`,
  ...(more.split ? {} : { what: "rows" }),
  ...(spark && { spark }),
  options(files) {
    const rows = numbers(ROWS).map((i) => `${i % 3}\t${i % 7}\t${text(i)}\n`);
    const none = "1\t1\tno time .0000001\n1\t2\t2020-02-01 10:00\n1\t3\t\n";
    const data = files.write("times.tsv", "u\ti\tt\n" + rows.join("") + none);
    return { ...IN_TIME, data, onBadRow: "skip", ...more };
  },
});

const digits = (i: number, n: number) => String(ROWS - i).padStart(n, "0");
const noon = (i: number) => `${12 - i % 12}:0${i % 6}:${10 + i % 50}`;
const month = (i: number) => ["jan", "FEB", "March", "Sept"][i % 4];
const AT_DATES = { split: "global-time", validFrom: "2024-05-20", testFrom: "2024-05-25" } as const;
const far = (i: number) => i === 20 ? "9999-12-31 00:00:00" : `2024-05-${10 + i % 20} 10:00:00`;
const nanoseconds = (i: number) => String(1_700_000_000_000_000_000n + BigInt(ROWS - i));
const microseconds = (i: number) => String(17e14 + ROWS - i);
const early = (i: number) => String(i * 7 - 100_500);

/** Times in Parquet: a file for each type. */
const ofColumns = (
  name: string,
  types: [DataType, (i: number) => string][],
  more: Pick<Case, "spark"> = {},
): Case => ({
  name: `times: Parquet of ${name}`,
  what: "rows",
  ...more,
  options(files) {
    const all = numbers(ROWS);
    const data = types.map(([type, ticks], n) => {
      const t = pl.Series("t", all.map(ticks), pl.String).cast(pl.Int64);
      const u = all.map((i) => String(i % 3)), i = all.map((i) => String(i % 7));
      return files.write(
        `${n}.parquet`,
        pl.DataFrame({ u, i, t: (type === pl.Date ? t.cast(pl.Int32) : t).cast(type) }),
      );
    });
    return { ...IN_TIME, data };
  },
});

const OF_TIMES: Case[] = [
  ofTexts("microseconds, newest first", (i) => `2020-02-01 10:00:00.${digits(i, 6)}`),
  ofTexts("few of them", (i) => `2020-02-01T10:00:0${i % 4}${i === 30 ? ".0001" : ""}+02:00`),
  ofTexts(
    "of UTC and of other zones",
    (i) => `2020-02-01T10:00:0${i % 4}.${digits(i, 3)}${["Z", "+01:00", "-0730"][i % 3]}`,
  ),
  ofTexts("more digits than count", (i) => `2020-02-01 10:00:00.123000000${digits(i, 3)}`),
  ofTexts("before 1970", (i) => `1969-12-31 23:59:59.9${digits(i, i % 2 ? 5 : 8)}`, { spark: true }),
  ofTexts("nanoseconds as numbers", nanoseconds),
  ofTexts("whole numbers, some with a point", (i) => `${17e8 + ROWS - i}${i % 2 ? ".0" : ""}`),
  ofTexts(
    "nanoseconds, and one far off",
    (i) => i === 20 ? far(i) : `2020-02-01 10:00:00.0000${digits(i, 4)}`,
    { duplicates: "first", spark: true },
  ),
  ofTexts(
    "names and noon",
    (i) =>
      `${month(i)} ${1 + i % 30}, ${60 + i} ${noon(i)}.${i}${[" ", "\u202f", "  "][i % 3]}${"ap"[i % 2]}m`,
    {
      timeFormat: "%b %d, %y %I:%M:%S.%f %p",
      spark: true,
    },
  ),
  ofTexts(
    "noon in Chinese",
    (i) => `2020/${1 + i % 9}/${10 + i % 18} ${"上下"[i % 2]}午${1 + i % 12}:${10 + i % 50}`,
    {
      timeFormat: "%Y/%m/%d %p%I:%M",
    },
  ),
  ofTexts("zones in a format", (i) => `$${10 + i % 20}\\2/1999${i % 2 ? "+0530" : "-03:00"} 0${i % 9}`, {
    timeFormat: "$%d\\%m/%Y%z %H",
    spark: true,
  }),
  ofTexts("digits alone", (i) => `0${1 + i % 9}02${2000 + i}`, { timeFormat: "%d%m%Y" }),
  ofTexts("of a period", far, { timeFrom: "2024-05-12", timeBefore: "2024-05-25T10:00:00" }),
  ofTexts("of a period of numbers, with its end open", (i) => `${17e8 + ROWS - i}`, { timeFrom: 17e8 + 20 }),
  ofTexts("nanoseconds, up to one of them", (i) => `2024-05-20 10:00:00.${digits(i, 9)}`, {
    timeBefore: "2024-05-20 10:00:00.000000055",
    spark: true,
  }),
  ofTexts("nanoseconds, split by shares", (i) => `2024-05-20 10:00:00.${digits(i, 9)}`, {
    split: "global-time",
    ratios: [0.5, 0.25, 0.25],
  }),
  ofTexts("one far off, split at dates", far, AT_DATES),
  ofTexts("of 1971, split at dates", (i) => `1971-05-${10 + i % 20}`, {
    split: "global-time",
    validFrom: "1971-05-20",
    testFrom: "1971-05-25",
  }),
  ofTexts("nanoseconds, split at two of them", (i) => `2024-05-20 10:00:00.${digits(i, 9)}`, {
    split: "global-time",
    validFrom: "2024-05-20 10:00:00.000000021",
    testFrom: "2024-05-20T12:00:00.000000032+02:00",
    spark: true,
  }),
  ofColumns("microseconds of a zone", [[pl.Datetime("us", "Europe/Berlin"), microseconds]], { spark: true }),
  ofColumns("days, from 1970 on", [[pl.Date, (i) => String(i * 500)]]),
  ofColumns("dates and of numbers", [[pl.Datetime("us"), early], [pl.Int64, (i) => String(17e11 + i)]], {
    spark: true,
  }),
  ofColumns("nanoseconds and of microseconds", [
    [pl.Datetime("ns"), early],
    [pl.Datetime("us"), microseconds],
  ]),
];

/** All comparisons. */
export const CASES: readonly Case[] = [...STAGES, ...READING, ...EDGES, ...OF_TIMES];
