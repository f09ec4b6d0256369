import assert from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import pl from "nodejs-polars";
import { prepare, type PrepareInput } from "../../../mod.ts";
import { countSteps, directionWarnings } from "../../../pipeline/split/direction.ts";
import { splitInteractions, type SplitOptions } from "../../../pipeline/split.ts";
import { withFolder } from "../../folders.ts";

type Row = [user: number, time: number, source: number];

const ordered = (rows: Row[]) =>
  pl.DataFrame([
    pl.Series("user", rows.map(([user]) => user), pl.UInt32),
    pl.Series("timestamp", rows.map(([, time]) => time), pl.Int64),
    pl.Series("source", rows.map(([, , source]) => source), pl.Int64),
  ]);

Deno.test("direction: steps of each user are counted, to the same time, to a later one, and back in the source", () => {
  const rows: Row[] = [
    [1, 5, 9],
    [1, 5, 12], // the same time
    [1, 6, 3], // back
    [1, 7, 4], // on
    [2, 7, 1], // another user, even though back and at the same time
    [2, 7, 0], // the same time, even though back
    [2, 8, 10], // on
  ];
  assert.deepEqual(countSteps(ordered(rows), "source"), { ties: 2, later: 3, back: 1 });
  assert.deepEqual(countSteps(ordered(rows), "source", 2), { ties: 2, later: 3, back: 1 }, "in pieces");
  assert.deepEqual(countSteps(ordered(rows.slice(0, 1)), "source"), { ties: 0, later: 0, back: 0 });
});

Deno.test("direction: it is said where nine in ten of twenty steps or more go against the order of ties", () => {
  const said = (order: "file" | "item" | "reverse", ties: number, later: number, back: number) =>
    directionWarnings(order, { ties, later, back });
  assert.deepEqual(said("file", 1234, 20, 18), [
    "the source goes from the newest interaction to the oldest, and 1,234 interactions are at the same time as one before them: " +
    "in the order of the source these are the wrong way round; --ties reverse turns them",
  ]);
  assert.deepEqual(said("reverse", 7, 1000, 100), [
    "the source goes from the oldest interaction to the newest, and 7 interactions are at the same time as one before them: " +
    "--ties reverse turns these the wrong way round; --ties file leaves them in the order of the source",
  ]);
  const none: Parameters<typeof said>[] = [
    ["file", 0, 20, 20], // no ties
    ["file", 5, 20, 17], // too few back
    ["file", 5, 19, 19], // too few steps
    ["file", 5, 20, 0],
    ["reverse", 0, 20, 0],
    ["reverse", 5, 20, 3],
    ["reverse", 5, 19, 0],
    ["reverse", 5, 20, 20],
    ["item", 5, 20, 20],
    ["item", 5, 20, 0],
    ["file", 5, 0, 0],
    ["reverse", 5, 0, 0],
  ];
  for (const given of none) assert.deepEqual(said(...given), [], given.join());
});

Deno.test("direction: the split turned round is that of the source turned round, with the warning of the other", () => {
  const row = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: -3, max: 3 }));
  const log = fc.array(row, { minLength: 1, maxLength: 30 }).map((rows) => // Each user has three rows at least, as leave-one-out needs them.
  [...rows, ...[1, 2, 3, 4, 5].flatMap((user) => [0, 1, 2].map((time) => [user, time] as [number, number]))]);
  // The item is the row's place in the source before it is reversed.
  const split = (rows: [number, number, number][], ties: SplitOptions["ties"], type: pl.DataType) =>
    splitInteractions(
      pl.DataFrame([
        ...["user", "item"].map((name, i) => pl.Series(name, rows.map((row) => row[i]), pl.UInt32)),
        pl.Series("timestamp", rows.map(([, , time]) => time)).cast(type),
      ]),
      { ties },
    );
  const types = fc.constantFrom(pl.Int64, pl.Float64);
  fc.assert(fc.property(log, types, fc.constantFrom("file", "reverse"), (rows, type, ties) => {
    const placed = rows.map(([user, time], i) => [user, i, time] as [number, number, number]);
    const own = split(placed, ties, type);
    const turned = split(placed.toReversed(), ties === "file" ? "reverse" : "file", type);
    assert.deepEqual(own.frame.columns, ["user", "item", "timestamp", "split"]);
    assert.deepEqual(turned.frame.rows(), own.frame.rows());
    assert.equal(
      turned.report.warnings.some((warning) => /the source goes from/.test(warning)),
      own.report.warnings.some((warning) => /the source goes from/.test(warning)),
    );
  }));
});

/** Each user's items a to h on four days, two a day, in their true order. */
const DAYS = Array.from({ length: 64 }, (_, i) => {
  const item = i >> 3, day = 1 + (item >> 1);
  return [`u${i % 8}`, "abcdefgh"[item], `2024-05-0${day}`];
});

Deno.test("direction: a log of days with the newest first is warned of, and --ties reverse holds out the last of each user", () =>
  withFolder(async (dir) => {
    const write = (name: string, rows: string[][]) => {
      const path = join(dir, name);
      Deno.writeTextFileSync(path, "user,item,timestamp\n" + rows.map((row) => row.join() + "\n").join(""));
      return path;
    };
    const newestFirst = DAYS.toReversed();
    const made = async (data: string | string[], more: Partial<PrepareInput> = {}) => {
      const options = { minUser: 4, evalNegatives: 0, onBadRow: "skip", force: true, ...more } as const;
      const { dataset, reports } = await prepare({ data, out: join(dir, "made"), ...options });
      const ids = dataset.table("items").getColumn("id").toArray() as string[];
      const held = new Set(
        dataset.table("interactions").filter(pl.col("split").cast(pl.String).eq(pl.lit("test")))
          .getColumn("item").toArray().map((item) => ids[Number(item) - 1]),
      );
      const warnings = reports.find(({ stage }) => stage === "split")!.warnings;
      return { held: [...held].join(""), warnings, hash: dataset.manifest.hash };
    };
    const wrong =
      "the source goes from the newest interaction to the oldest, and 32 interactions are at the same time as one before them: " +
      'in the order of the source these are the wrong way round; ties: "reverse" turns them';
    const turned = await made(write("oldest-first.csv", DAYS));
    assert.deepEqual([turned.held, turned.warnings], ["h", []]);
    const data = write("newest-first.csv", newestFirst);
    const asIs = await made(data);
    assert.deepEqual([asIs.held, asIs.warnings], ["g", [wrong]]);
    assert.deepEqual(await made(data, { ties: "reverse" }), turned);
    assert.deepEqual((await made(data, { ties: "item" })).warnings, []);

    // a, b and a again on one day: whether a or b is the later one depends on which a is kept.
    const again = DAYS.flatMap((row, i) => i & 8 ? [] : [row, DAYS[i + 8], row]);
    for (const duplicates of ["first", "last"] as const) {
      const file = await made(write("again.csv", again), { duplicates });
      const reversed = write("again-newest-first.csv", again.toReversed());
      assert.equal((await made(reversed, { duplicates, ties: "reverse" })).hash, file.hash, duplicates);
    }

    const [{ warnings }] = [await made(join(dir, "oldest-first.csv"), { ties: "reverse" })];
    assert.match(warnings[0], /^the source goes from the oldest interaction to the newest, and 32 /);
    assert.match(warnings[0], /; ties: "file" leaves them in the order of the source$/);
  }));
