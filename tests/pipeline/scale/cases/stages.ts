import assert from "node:assert/strict";
import { join } from "node:path";
import pl from "nodejs-polars";
import { prepare } from "../../../../mod.ts";
import { RandomStream } from "../../../../pipeline/contract/random.ts";
import { hasShared, sharedData } from "../../../paths.ts";
import { assertSame, assertSameError, type Engine, type Options } from "../same.ts";
import { step } from "../step.ts";
import { csv, csvWithBadLines, itemsOf, jsonLines, logRows } from "./log.ts";

/** Everything each stage can be asked for: an engine's results equal those of Polars. */

const RANDOM = new RandomStream(5, "contract of engines");

/** Whole preparations. */
export async function stages(t: Deno.TestContext, dir: string, engine: Engine): Promise<void> {
  const at = (name: string) => join(dir, name),
    write = (name: string, text: string) => {
      Deno.writeTextFileSync(at(name), text);
      return at(name);
    };
  const same = (name: string, options: Options) => step(t, name, () => assertSame(dir, engine, options));
  // Spark is slow for each, and after reading it runs the same SQL as DuckDB.
  const isSpark = engine.place.engine === "spark";
  const refused = (name: string, options: Options) =>
    step(t, name, () => assertSameError(dir, engine, { ...options, force: true }));

  const some = logRows(RANDOM, 60, 25, 8), items = itemsOf(some);
  // A user who has all items except two.
  const heavy = items.slice(2).map((item, i) => ({
    user: "007",
    item,
    rating: "3",
    timestamp: String(i),
  }));
  write("a.csv", csvWithBadLines(some) + csv(heavy));
  await same("CSV with ties, quotes, text ids, bad rows and a user who has nearly all items", {
    data: at("a.csv"),
    onBadRow: "skip",
    minUser: 4,
    evalNegatives: 2,
  });

  // Days from last to first, with several interactions of each user on each, and some rows out of place.
  const days = logRows(RANDOM, 30, 12, 20).map(({ timestamp, ...row }, i) => ({
    ...row,
    timestamp: String(2_000 - (i >> 5) + (i % 29 ? 0 : Number(timestamp) % 3)),
  }));
  write("newest-first.csv", "user,item,rating,timestamp\n" + csv(days));
  for (const ties of isSpark ? ["file", "reverse"] as const : ["file", "reverse", "item"] as const) {
    const of = { data: at("newest-first.csv"), ties, split: "ratio", minUser: 4, evalNegatives: 0 } as const;
    await same(`days with the newest first, ties: ${ties}`, of);
    const said = (await prepare({ ...of, out: at("newest-first") })).reports.flatMap(({ warnings }) =>
      warnings
    );
    const isWarned = said.some((warning) => /^the source goes from the newest /.test(warning));
    assert.equal(
      isWarned,
      ties === "file",
      "that engines are the same says nothing where none of them warns",
    );
  }
  write("oldest-first.csv", "user,item,rating,timestamp\n" + csv(days.toReversed()));
  if (!isSpark) {
    await same("days with the oldest first, turned round", {
      data: at("oldest-first.csv"),
      ties: "reverse",
      duplicates: "first",
      minUser: 4,
      evalNegatives: 0,
    });
  }

  const lines = jsonLines(logRows(RANDOM, 45, 20, 12));
  write("log-1.jsonl", lines.slice(0, 500).join("\n") + "\n\n");
  write("log-2.jsonl", lines.slice(500).join("\n"));
  write(
    "items.csv",
    "id,kind,price\n" + csv(items.map((id, i) => ({ id, kind: "abc"[i % 3], price: String(i / 2) }))),
  );
  await same(
    "JSON lines of two files with item features, filtered to a core, without duplicates, split by shares",
    {
      data: at("log-*.jsonl"),
      items: at("items.csv"),
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
    },
  );

  write("again-1.jsonl", lines.slice(0, 500).join("\n"));
  write("again-2.jsonl", lines.slice(200).join("\n"));
  await same("lines that were delivered twice", {
    data: at("again-*.jsonl"),
    minUser: 6,
    duplicates: "same-time",
    ties: "item",
    evalNegatives: 0,
  });

  // Each round removes one user and one item from its end.
  const chain = Array.from(
    { length: isSpark ? 20 : 60 },
    (_, k) => `u${k},i${k},${k}\nu${k},i${k + 1},${k}\n`,
  );
  const block = Array.from({ length: 144 }, (_, k) => `c${k % 12},d${Math.floor(k / 12)},${k}\n`);
  write("chain.csv", "user,item,timestamp\n" + [...chain, ...block, ...block.slice(0, 9)].join(""));
  await same("a core that is found in many rounds", {
    data: at("chain.csv"),
    filter: "k-core",
    minUser: 2,
    minItem: 2,
    evalNegatives: 0,
  });

  await same("some users, drawn of those with enough interactions, and their items", {
    data: at("log-*.jsonl"),
    minUser: 6,
    sampleUsers: 17,
    minItem: 3,
    evalNegatives: 0,
    seed: 5,
  });
  await same("some users, and what is a core of theirs", {
    data: at("chain.csv"),
    filter: "k-core",
    minUser: 2,
    minItem: 2,
    sampleUsers: 30,
    evalNegatives: 0,
  });

  for (const filter of ["once", "k-core"] as const) {
    await same(`users with too many interactions go first, ${filter}`, {
      ...{
        data: at("log-*.jsonl"),
        filter,
        maxUser: 18,
        minUser: 6,
        minItem: 2,
        sampleUsers: 25,
        evalNegatives: 0,
      },
    });
  }
  await refused("limits that nobody can keep to", { data: at("log-*.jsonl"), minUser: 9, maxUser: 8 });

  const times = logRows(RANDOM, 40, 12, 30);
  pl.DataFrame({
    who: times.map(({ user }) => user),
    what: times.map((_, i) => i * 7 % 31),
    when: times.map(({ timestamp }) => new Date(Number(timestamp) * 1000)),
  }).writeParquet(at("log.parquet"));
  await same("Parquet with numbers and dates, split at points in time of all users", {
    data: at("log.parquet"),
    columns: ["user=who", "item=what", "timestamp=when"],
    split: "global-time",
    minUser: 5,
    minItem: 14,
    protocols: ["uniform", "recbole"],
    evalNegatives: 3,
    seed: 2 ** 40 + 7,
    exponent: 0.75,
  });

  // Nearly all targets are item a: rejection finds hardly anything else before patience ends.
  const lopsided = Array.from(
    { length: 1200 },
    (_, i) => `u${i % 40},${i >= 600 && i < 608 ? `b${i % 8}` : "a"},${i}\n`,
  );
  write("lopsided.csv", "user,item,timestamp\n" + lopsided.join("") + "u1,b2,9000\nu1,b3,9001\n");
  const short = { data: at("lopsided.csv"), protocols: ["strict", "recbole"] } satisfies Partial<Options>;
  await same("negatives that nobody named, where a user has nearly all items", { data: at("lopsided.csv") });
  if (!isSpark) {
    await same("lists that rejection leaves short", { ...short, evalNegatives: 2 });
    await refused("a user to whom too few items are left", { ...short, evalNegatives: 6 });
    await same("the same where there are some", { data: at("log-*.jsonl"), protocols: ["strict"] });
  }
  if (hasShared("ml-100k/u.data.gz")) {
    await same("MovieLens-100K", {
      data: join(sharedData, "ml-100k/u.data.gz"),
      columns: ["user", "item", "rating", "timestamp"],
    });
  }
}
