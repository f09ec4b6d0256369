import assert from "node:assert/strict";
import fc from "fast-check";
import pl from "nodejs-polars";
import { resolvePrepareConfig } from "../../pipeline/config.ts";
import { filterInteractions } from "../../pipeline/filter.ts";
import { drawnUsers } from "../../pipeline/filter/drawn_users.ts";
import { columnsOf, handExpected, handFrame, randomRows, rawFrame } from "./frames.ts";

const users = (frame: ReturnType<typeof handFrame>) => [...new Set(columnsOf(frame).user as string[])];

Deno.test("filter: users with exactly nine interactions go, with exactly ten stay", () => {
  const { frame, report } = filterInteractions(handFrame());
  assert.deepEqual(users(frame), handExpected.keptUsersByAppearance);
  assert.equal(frame.height, 53);
  assert.deepEqual(report.dropped, [{
    reason: "users with fewer than 10 interactions",
    rows: 19,
    ids: { of: "users", dropped: 3, before: 8 },
    option: { name: "minUser", value: 10 },
  }]);
  assert.equal(report.counts["users dropped"], 3);
});

Deno.test("filter: that the default leaves out most users is a warning, that a limit of one's own does is none", () => {
  // Five of eight users have ten interactions; most sessions have only a few.
  assert.deepEqual(filterInteractions(handFrame()).report.warnings, []);
  const sessions = [...Array(1200).keys()].flatMap((s) =>
    Array.from({ length: s % 3 === 0 ? 10 : 4 }, (_, t) => [`s${s}`, `i${t}`, String(t)])
  );
  const warnings = (minUser?: number) => filterInteractions(rawFrame(sessions), { minUser }).report.warnings;
  assert.deepEqual(warnings(), [
    "most users have fewer than 10 interactions, the default of --min-user, and are left out: 800 of 1,200; --min-user 3 keeps more of them",
  ]);
  assert.deepEqual([warnings(9), warnings(3)], [[], []]);
});

Deno.test("filter: variants of the data set made by hand", () => {
  const { variants } = handExpected;
  const rows = (options: Parameters<typeof filterInteractions>[1]) =>
    filterInteractions(handFrame(), options).frame.height;
  assert.equal(rows({ minUser: 9 }), variants.minUser9.rows);
  assert.equal(rows({ minUser: 11 }), variants.minUser11.rows);
  assert.equal(rows({ minItem: 2 }), variants.minUser10ThenMinItem2Once.rows);
  assert.equal(rows({ minUser: 9, minItem: 2, filter: "k-core" }), variants.kCoreUser9Item2.rows);
  assert.throws(
    () => rows({ minItem: 2, filter: "k-core" }),
    /no user has 10 interactions with items that have 2 \(72 interactions were read\); lower --min-user or --min-item$/,
  );
  assert.throws(
    () => rows({ minUser: 99, minItem: 1 }),
    /no user has 99 interactions \(72 interactions were read\); lower --min-user$/,
  );
  assert.throws(
    () => rows({ minUser: 0, minItem: 99 }),
    /no item has 99 interactions \(72 interactions were read\); lower --min-item$/,
  );
});

Deno.test("filter: of users who are drawn the rest is as if the log were theirs alone", () => {
  const rows = randomRows(3, 20, 30), options = { minUser: 12, minItem: 4 };
  for (const filter of ["once", "k-core"] as const) {
    const { frame, report } = filterInteractions(rawFrame(rows), {
      ...options,
      filter,
      sampleUsers: 9,
      seed: 4,
    });
    const [few, undrawn] = report.dropped;
    assert.deepEqual(undrawn.option, { name: "sampleUsers", value: 9 });
    assert.equal(undrawn.reason, "users not drawn");
    assert.equal(few.ids!.before, 20);
    assert.deepEqual(undrawn.ids, {
      of: "users",
      dropped: 20 - few.ids!.dropped - 9,
      before: 20 - few.ids!.dropped,
    });
    assert.equal(report.counts["users not drawn"], undrawn.ids!.dropped);
    assert.equal(report.dropped.reduce((sum, { rows }) => sum + rows, 0), report.rowsIn - report.rowsOut);
    const enough = [...Map.groupBy(rows, ([user]) => user)].filter(([, own]) => own.length >= 12);
    const drawn = new Set(drawnUsers(enough.map(([user]) => user), 9, 4));
    const theirs = filterInteractions(rawFrame(rows.filter(([user]) => drawn.has(user))), {
      ...options,
      filter,
    });
    assert.deepEqual(
      frame.select(pl.all().cast(pl.String)).rows(),
      theirs.frame.select(pl.all().cast(pl.String)).rows(),
    );
  }
  const all = filterInteractions(rawFrame(rows), { ...options, sampleUsers: 20 });
  assert.deepEqual(all.report.dropped, filterInteractions(rawFrame(rows), options).report.dropped);
});

Deno.test("filter: users with too many interactions go first; the rest is as if they had never been there", () => {
  const rows = randomRows(3, 20, 30), most = 20, options = { minUser: 5, minItem: 3, seed: 4 };
  const byUser = Map.groupBy(rows, ([user]) => user);
  const many = [...byUser].filter(([, own]) => own.length > most);
  assert(many.length > 0 && many.length < byUser.size, `${many.length} of ${byUser.size}`);
  const others = rows.filter(([user]) => byUser.get(user)!.length <= most);
  for (
    const given of [{ filter: "once" }, { filter: "k-core" }, { filter: "once", sampleUsers: 3 }] as const
  ) {
    const { frame, report } = filterInteractions(rawFrame(rows), { ...options, ...given, maxUser: most });
    const without = filterInteractions(rawFrame(others), { ...options, ...given });
    const plain = (of: pl.DataFrame) => of.select(pl.all().cast(pl.String)).rows();
    assert.deepEqual(plain(frame), plain(without.frame));
    const [dropped, ...rest] = report.dropped;
    assert.deepEqual(dropped, {
      reason: `users with more than ${most} interactions`,
      rows: many.reduce((sum, [, own]) => sum + own.length, 0),
      ids: { of: "users", dropped: many.length, before: byUser.size },
      option: { name: "maxUser", value: most },
    });
    assert.deepEqual(rest, without.report.dropped);
    assert.equal(report.counts["users dropped"], without.report.counts["users dropped"] + many.length);
    assert.equal(report.dropped.reduce((sum, { rows }) => sum + rows, 0), report.rowsIn - report.rowsOut);
  }
  const counts = [...byUser.values()].map(({ length }) => length), highest = Math.max(...counts);
  const rowsLeft = (maxUser: number) =>
    filterInteractions(rawFrame(rows), { minUser: 1, maxUser }).frame.height;
  assert.deepEqual(
    [rowsLeft(highest), rowsLeft(highest - 1) < rows.length],
    [rows.length, true],
    "so many may be",
  );
});

Deno.test("filter: limits that nobody keeps to", () => {
  const rows = [["u", "a"], ["u", "b"], ["v", "a"]].map(([user, item], i) => ({ user, item, timestamp: i }));
  const filter = (options: object) => () => filterInteractions(pl.DataFrame(rows), options);
  assert.throws(() => resolvePrepareConfig({ data: "nowhere.csv", out: "nowhere", maxUser: 9 }), {
    name: "InputError",
    message:
      "Cannot filter: no user has at least 10 interactions (--min-user) and no more than 9 (--max-user); raise --max-user, or lower --min-user",
  });
  assert.throws(filter({ minUser: 3, maxUser: 5 }), {
    name: "InputError",
    message:
      "Cannot continue: no user has 3 to 5 interactions (3 interactions were read); lower --min-user, or raise --max-user",
  });
  assert.equal(filterInteractions(pl.DataFrame(rows), { minUser: 2, maxUser: 2 }).frame.height, 2);
});

Deno.test("filter: nothing to drop returns the very same frame", () => {
  const frame = handFrame();
  assert.equal(filterInteractions(frame, { minUser: 1 }).frame, frame);
  assert.equal(filterInteractions(frame, { minUser: 5 }).frame, frame);
});

/** A chain of users and items, each with two interactions except those at the ends: every round removes one of each. */
const chain = (length: number) =>
  Array.from({ length }, (_, k) => [[`u${k}`, `i${k}`, `${k}`], [`u${k}`, `i${k + 1}`, `${k}`]]).flat();
/** One more interaction of each of these users, with an item that all share. */
const hub = (length: number) => Array.from({ length }, (_, k) => [`u${k}`, "hub", `${k}`]);
const block = Array.from({ length: 16 }, (_, k) => [`c${k % 4}`, `d${k >> 2}`, `${k}`]);

Deno.test("filter: a k-core that is found in many rounds is the same as by counting everything each time", () => {
  const naive = (rows: string[][], minUser: number, minItem: number) => {
    let rounds = 0, before: number;
    const dropped = [{ ids: 0, rows: 0 }, { ids: 0, rows: 0 }];
    do {
      before = rows.length;
      for (const [column, minimum] of [minUser, minItem].entries()) {
        const sizes = new Map<string, number>();
        for (const row of rows) sizes.set(row[column], (sizes.get(row[column]) ?? 0) + 1);
        dropped[column].ids += [...sizes.values()].filter((size) => size < minimum).length;
        const left = rows.filter((row) => sizes.get(row[column])! >= minimum);
        dropped[column].rows += rows.length - left.length;
        rows = left;
      }
      rounds++;
    } while (rows.length < before);
    return { rows, rounds, dropped };
  };
  const random = fc.array(fc.tuple(fc.nat(20), fc.nat(20)), { maxLength: 60 });
  const lengths = fc.tuple(fc.nat(60), fc.integer({ min: 2, max: 3 }), fc.integer({ min: 1, max: 3 }));
  const checked = fc.property(lengths, random, fc.boolean(), ([length, minUser, minItem], more, hasHub) => {
    const others = more.map(([u, i]) => [`u${u}`, `i${i}`, "0"]);
    const rows = [...chain(length), ...hub(hasHub ? length : 0), ...others, ...block],
      expected = naive(rows, minUser, minItem);
    const { frame, report } = filterInteractions(rawFrame(rows), { minUser, minItem, filter: "k-core" });
    assert.deepEqual(frame.select("user", "item", "timestamp").rows(), expected.rows);
    assert.equal(report.counts.rounds, expected.rounds);
    const reported = report.dropped.map(({ rows, ids }) => ({ ids: ids!.dropped, rows }));
    assert.deepEqual(reported, expected.dropped.filter(({ rows }) => rows > 0));
    const texts = rawFrame(rows).select(pl.all().cast(pl.String));
    const ofTexts = filterInteractions(texts, { minUser, minItem, filter: "k-core" });
    assert.deepEqual(ofTexts.frame.rows(), expected.rows, "ids that are texts");
    assert.deepEqual(ofTexts.report.dropped, report.dropped);
  });
  // 16 rounds, 17, and some more; each removed user has one interaction left, or two with different items.
  fc.assert(checked, {
    examples: [28, 30, 60].flatMap((n) => [[[n, 2, 2], [], false], [[n, 3, 2], [], true]]),
  });
});
