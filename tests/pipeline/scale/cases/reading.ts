import { join } from "node:path";
import { RandomStream } from "../../../../pipeline/contract/random.ts";
import { assertSame, assertSameError, assertSameRows, type Engine, type Options } from "../same.ts";
import { step } from "../step.ts";
import { csv, csvWithBadLines, itemsOf, jsonLines, logRows } from "./log.ts";

/** Whatever a log's lines may hold: an engine reads and refuses the same as Polars. */

const RANDOM = new RandomStream(5, "contract of reading");

/** Reading and checking rows. */
export async function reading(t: Deno.TestContext, dir: string, engine: Engine): Promise<void> {
  const at = (name: string) => join(dir, name),
    write = (name: string, text: string) => {
      Deno.writeTextFileSync(at(name), text);
      return at(name);
    };
  const same = (name: string, options: Options) => step(t, name, () => assertSame(dir, engine, options));
  const sameRows = (name: string, options: Options) =>
    step(t, name, () => assertSameRows(dir, engine, options));
  const refused = (name: string, options: Options) =>
    step(t, name, () => assertSameError(dir, engine, { ...options, force: true }));
  // Spark is slow for each.
  const isSpark = engine.place.engine === "spark";

  const some = logRows(RANDOM, 60, 25, 8), items = itemsOf(some);
  for (const [name, delimiter] of [["quotes.csv", ","], ["quotes.txt", "|"]]) {
    const aside = ['u1,"Heroes" live,3,5', 'u1,x,3,"5" ', 'u1,"Heroes" "live",12" x,5,6', '"u1"",",""x,3,5'];
    const text = some.map(({ item, ...row }, i) =>
      [...Object.values({ ...row, item: i % 2 ? item : `${i % 5}" ${item}` })].join() + "\n"
    );
    aside.forEach((line, i) => text.splice(30 * i, 0, `${line}\n`));
    write(name, ("user,rating,timestamp,item\n" + text.join("")).replaceAll(",", delimiter));
    const data = at(name);
    await sameRows(`quotes within fields, and text behind quotes, between ${JSON.stringify(delimiter)}`, {
      data,
      onBadRow: "skip",
      minUser: 4,
      evalNegatives: 2,
    });
    if (!isSpark || delimiter === ",") await refused("text behind a closing quote", { data, minUser: 4 });
  }

  write(
    "quotes.tsv",
    "user\titem\ttimestamp\n" +
      some.map(({ user, item, timestamp }, i) =>
        `${user}\t${i % 3 ? '"' : ""}${item}${i % 4 ? '"' : ""} (Live)\t${timestamp}\n`
      ).join(""),
  );
  await same("quotes that are text", { data: at("quotes.tsv"), quotes: false, minUser: 4, evalNegatives: 2 });

  const commas = some.map(({ user, item, rating, timestamp }, i) =>
    `${user};"${item.replaceAll('"', '""')}";${i === 50 ? "1.234" : `${rating},${i % 4}`};${timestamp}\n`
  );
  write("commas.csv", "user;item;rating;timestamp\n" + commas.join(""));
  write("prices.csv", "id;price\n" + items.map((id, i) => `"${id.replaceAll('"', '""')}";${i},5\n`).join(""));
  const central = { data: at("commas.csv"), items: at("prices.csv"), minUser: 4, evalNegatives: 2 } as const;
  await sameRows("decimal commas", { ...central, decimal: "comma", onBadRow: "skip", minRating: 2.5 });
  if (!isSpark) {
    await refused("a rating with a point among decimal commas", { ...central, decimal: "comma" });
    await refused("decimal commas that nobody spoke of", central);
  }

  const kinds = ["view", "buy", "", "2"], kindOf = (i: number) => kinds[(i * 7) % 4];
  const told = some.map((row, i) => ({
    ...row,
    timestamp: kindOf(i) === "view" ? "soon" : row.timestamp,
    what: kindOf(i),
  }));
  write("events.csv", "user,item,rating,timestamp,what\n" + csv(told));
  write(
    "events.jsonl",
    told.map(({ what, ...row }) => JSON.stringify({ ...row, a: { b: what === "2" ? 2 : what } })).join("\n"),
  );
  const eventful = { minUser: 2, evalNegatives: 2, events: ["buy", "2", "gone"] };
  await same("events of a column, in CSV", {
    ...eventful,
    data: at("events.csv"),
    columns: ["user=user", "item=item", "timestamp=timestamp", "event=what"],
  });
  await sameRows("events of a field, in JSON lines", {
    ...eventful,
    data: at("events.jsonl"),
    columns: ["user=user", "item=item", "rating=rating", "timestamp=timestamp", "event=a.b"],
  });
  await refused("events that do not occur", {
    ...eventful,
    events: ["purchase"],
    data: at("events.csv"),
    columns: ["user=user", "item=item", "timestamp=timestamp", "event=what"],
  });

  const orNone = (word: string, nth: number) => (id: string, i: number) => i % nth === 0 ? word : id;
  const nobody = orNone("-1", 9), empty = orNone("", 31), nothing = orNone("\\N", 13);
  write(
    "nulls.csv",
    "user,item,rating,timestamp\n" + csv(some.map(({ user, item, ...row }, i) => ({
      user: empty(nobody(user, i), i + 1),
      item: nothing(item, i),
      ...row,
    }))),
  );
  write(
    "null-items.csv",
    "id,price\n" +
      csv(items.map((id, i) => ({ id: nothing(id, i + 3), price: i % 5 === 0 ? "-1" : `${i}` }))),
  );
  const nulls = { data: at("nulls.csv"), items: at("null-items.csv"), minUser: 2, evalNegatives: 2 } as const;
  await same("words that stand for no value", { ...nulls, nullValues: [-1, "\\N"] });
  if (!isSpark) {
    await same("some of them, and bad rows that are skipped", {
      ...nulls,
      items: undefined,
      nullValues: "-1",
      minRating: 2,
    });
    await refused("an empty user where no word stands for none", nulls);
  }

  write(
    "spaces.csv",
    "user, item, timestamp\n" +
      csv(some.slice(0, 400).map(({ user, item }) => ({ user: ` ${user}`, item, timestamp: "7" }))),
  );
  await same("ids with spaces, and times that are all equal", {
    data: at("spaces.csv"),
    minUser: 4,
    evalNegatives: 0,
  });

  write("a.csv", csvWithBadLines(some));
  write("log.jsonl", jsonLines(some).join("\n"));
  await refused("a row that cannot be is named by file and line", { data: at("a.csv"), minUser: 4 });
  await refused("a duplicate is named, too", { data: at("log.jsonl"), duplicates: "error" });
  const ids = ['"{u}"', '["u"]', '{"id":7}'].map((user) => `{"user":${user},"item":"[i]","timestamp":1}\n`);
  for (const id of ids.slice(1)) {
    write("nested.jsonl", ids[0] + id);
    await refused("an id that is no text but a list or an object", { data: at("nested.jsonl") });
  }
  if (!isSpark) {
    // the first and the last line are cut off
    write("broken.jsonl", 'm":"i"}\n' + jsonLines(some).join("\n") + '\n\n5\n{"user":"u1","ite');
    await same("lines that are not JSON objects, set aside", { data: at("broken.jsonl"), onBadRow: "skip" });
    await refused("lines that are not JSON objects", { data: at("broken.jsonl") });
    write("broken.jsonl", Deno.readTextFileSync(at("events.jsonl")) + '\n{"user":"u1","ite');
    await same("such lines where events are chosen", {
      ...eventful,
      data: at("broken.jsonl"),
      columns: ["user=user", "item=item", "rating=rating", "timestamp=timestamp", "event=a.b"],
      onBadRow: "skip",
    });
  }
  const within = '{"user":{"id":"a"},"item":"i","timestamp":1}\n';
  write("nested.jsonl", within.repeat(120) + '{"user":"a","item":"i","timestamp":1}\n');
  await refused("something else where other lines have an object", { data: at("nested.jsonl") });
  write("nested.jsonl", within.repeat(120) + '{"user":{"id":["a"]},"item":"i","timestamp":1}\n');
  await refused("an id within an object that is a list", { data: at("nested.jsonl") });
  write(
    "dates.tsv",
    "u\ti\tt\nann\tx\t2024-05-01T10:00:00+02:00\nann\ty\t2024-05-01T09:00:00+02:00\nann\tz\t2024-05-01\n",
  );
  await refused("a text that is no date among dates", {
    data: at("dates.tsv"),
    columns: ["user=u", "item=i", "timestamp=t"],
  });
  write("all-bad.csv", "user,item,timestamp\n,x,1/2/2010 8:26\nann,y,1/2/2010 8:26\nann,z,1/2/2010 8:27\n");
  await refused("rows that are all bad", { data: at("all-bad.csv"), onBadRow: "skip", minUser: 1 });
  await refused("a period that none of the rows is of", {
    data: at("a.csv"),
    onBadRow: "skip",
    timeFrom: "2035-05-01",
    minUser: 4,
  });

  const ofDates = (name: string, texts: readonly string[], more: Partial<Options>) => {
    write(`${name}.tsv`, "u\ti\tt\n" + texts.map((text, i) => `${i % 3}\t${i % 7}\t${text}\n`).join(""));
    const columns = ["user=u", "item=i", "timestamp=t"];
    const data = at(`${name}.tsv`), options = { data, columns, onBadRow: "skip", minUser: 3 } as const;
    const all = { ...options, protocols: ["recbole"], evalNegatives: 1, ...more } satisfies Options;
    return more.split ? same(`times: ${name}`, all) : sameRows(`times: ${name}`, all);
  };
  const noon = (i: number) => `${12 - i % 12}:0${i % 6}:${10 + i % 50}`;
  const name = (i: number) => ["jan", "FEB", "March", "Sept"][i % 4];
  const many = (
    text: (i: number) => string,
  ) => [...Array.from({ length: 40 }, (_, i) => text(i)), "no time", ""];
  await ofDates("UTC", many((i) => ` 2020-0${1 + i % 9}-11 09:11:${10 + i} UTC`), {});
  if (!isSpark) {
    await ofDates(
      "without seconds",
      many((i) => `2020-02-${10 + i % 20}${i % 9 ? " " : "T"}09:${10 + i}`),
      {},
    );
    await ofDates("German", many((i) => `${1 + i % 31}.${1 + i % 2}.2020 ${i % 24}:${10 + i}`), {
      timeFormat: "%d.%m.%Y %H:%M",
    });
    await ofDates("digits alone", many((i) => `0${1 + i % 9}02${2000 + i}`), { timeFormat: "%d%m%Y" });
  }
  await ofDates(
    "names and noon",
    many((i) =>
      `${name(i)} ${1 + i % 30}, ${60 + i} ${noon(i)}.${i}${[" ", "\u202f", "  "][i % 3]}${"ap"[i % 2]}m`
    ),
    {
      timeFormat: "%b %d, %y %I:%M:%S.%f %p",
    },
  );
  await ofDates(
    "noon in Chinese",
    many((i) => `2020/${1 + i % 9}/${10 + i % 18} ${"上下"[i % 2]}午${1 + i % 12}:${10 + i % 50}`),
    {
      timeFormat: "%Y/%m/%d %p%I:%M",
    },
  );
  await ofDates("zones", many((i) => `$${10 + i % 20}\\2/1999${i % 2 ? "+0530" : "-03:00"} 0${i % 9}`), {
    timeFormat: "$%d\\%m/%Y%z %H",
  });
  await ofDates("split at dates", many((i) => `2020-02-01 ${10 + i % 14}:${10 + i}`), {
    split: "global-time",
    validFrom: "2020-02-01T18:00:00Z",
    testFrom: "2020-02-01 21:00",
  });
}
