/** Users that the dataset dropped are reported, and served from what its sources have about them. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { prepare, type PrepareInput, recommend, type RecommendOptions } from "../../../mod.ts";
import { withFolder } from "../../folders.ts";
import { listener } from "../../listener.ts";
import { Stub } from "../stub.ts";

/** Sequences of users with five items each, and of short ones, oldest first; no other user has z. */
const SHORT = { two: "db", odd: "zd", lost: "z" };
const SEQUENCES = { ann: "abcde", bob: "edcba", ...SHORT };

/**
 * A dataset of the users with at least four interactions, and a call of `recommend` on it in which item j has score j, with its warnings.
 */
async function withDropped(
  dir: string,
  sequences: Record<string, string>,
  more: Partial<PrepareInput> = {},
): Promise<(options: RecommendOptions) => Promise<{ lists: Record<string, string>; warnings: string[] }>> {
  const log = join(dir, "log.csv");
  Deno.mkdirSync(dir, { recursive: true });
  const rows = Object.entries(sequences).flatMap(([user, items]) =>
    Array.from(items, (item, t) => `${user},${item},${t}`)
  );
  Deno.writeTextFileSync(log, ["user,item,timestamp", ...rows].join("\n") + "\n");
  const { dataset } = await prepare({
    data: log,
    out: join(dir, "data"),
    minUser: 4,
    evalNegatives: 1,
    protocols: ["recbole"],
    ...more,
  });
  return async (options) => {
    const warnings: string[] = [], warn = (text: string) => void warnings.push(text.replaceAll(dir, ""));
    const progress = { start: () => ({ advance() {}, end() {} }), warn };
    const frame = await recommend(new Stub(5, (_, item) => item), dataset, { k: 3, progress, ...options });
    const lists: Record<string, string> = {};
    for (const [user, , item] of frame.rows() as [string, number, string][]) {
      lists[user] = (lists[user] ?? "") + item;
    }
    return { lists, warnings };
  };
}

Deno.test("sources are not searched if that is turned off", () =>
  withFolder(async (dir) => {
    const of = await withDropped(dir, SEQUENCES, { evalNegatives: 0 });
    const { lists, warnings } = await of({
      users: ["two", "ann"],
      onUnknown: "popular",
      searchSources: false,
      keepSeen: true,
    });
    assert.deepEqual(warnings, [
      "Recommended popular items to 1 user (two) who is not in /data: users with fewer than 4 interactions were left out of it, and its " +
      "source files were not searched (searchSources is false)",
    ]);
    assert.deepEqual(Object.keys(lists), ["two", "ann"]);
    await assert.rejects(of({ users: ["two"], searchSources: false }), /Cannot find user "two"/);
  }));

Deno.test("a user who was dropped is told so, and served by the history, without what was seen", () =>
  withFolder(async (dir) => {
    const of = await withDropped(dir, SEQUENCES);
    assert.deepEqual(await of({ users: ["two", "odd", "lost", "two"] }), {
      lists: { two: "eca", odd: "ecb", lost: "cab" }, // c is twice in training
      warnings: [
        "3 users were dropped when the dataset was prepared (two, odd, lost): recommendations use 3 of their 5 interactions, those with items " +
        "in the dataset; 1 user without any of these: popular items",
      ],
    });
    assert.deepEqual((await of({ users: "two", keepSeen: true })).lists, { two: "edc" });
    assert.deepEqual((await of({ users: "two", histories: { new: ["e"] } })).lists, {
      two: "eca",
      new: "dcb",
    });
    assert.deepEqual(
      await of({ users: "ann", keepSeen: true }),
      { lists: { ann: "edc" }, warnings: [] },
      "nobody is looked for",
    );
  }));

Deno.test("where everybody is asked for, it is said who is not among them, and how they get a list", () =>
  withFolder(async (dir) => {
    const { progress, remarks } = listener();
    const of = await withDropped(dir, SEQUENCES);
    assert.deepEqual(Object.keys((await of({ progress, keepSeen: true })).lists), ["ann", "bob"]);
    assert.deepEqual(remarks, [
      "Every user of the dataset gets a list; the dataset left out 3 of 5 users with fewer than 4 interactions: minUser: 4. " +
      "To serve these, too, name them with --users",
    ]);
    await of({ progress, users: ["ann", "two"] });
    await of({ progress, histories: [["a"]] });
    const all = await withDropped(join(dir, "all"), { ann: SEQUENCES.ann, bob: SEQUENCES.bob });
    await all({ progress });
    assert.equal(remarks.length, 1, "nobody is missing");
  }));

Deno.test("who is in neither stays unknown, as is asked for", () =>
  withFolder(async (dir) => {
    const of = await withDropped(dir, SEQUENCES), users = ["zoe", "two"];
    await assert.rejects(of({ users }), {
      name: "UnknownIdError",
      kind: "user",
      ids: ["zoe"],
      message:
        `Cannot find user "zoe" in the dataset ${dir}/data, nor in ${dir}/log.csv, which it was made from; its users have ids such as "ann"; recommend by a history ` +
        '(histories: [["ITEM", "ITEM"]]), or popular items (onUnknown: "popular")',
    });
    const slip = { users: ["annn"] };
    await assert.rejects(
      of(slip),
      /^UnknownIdError: Cannot find user "annn" \(did you mean "ann"\?\) in the dataset/,
    );
    const skipped = await of({ users, onUnknown: "skip" });
    assert.deepEqual(skipped.lists, { two: "eca" });
    assert.equal(
      skipped.warnings.at(-1),
      "Left out 1 user (zoe) who is not in /data, nor in /log.csv, which it was made from",
    );
    assert.deepEqual((await of({ users, onUnknown: "popular" })).lists, { zoe: "cab", two: "eca" });
    Deno.removeSync(join(dir, "log.csv"));
    await assert.rejects(of({ users: ["two"] }), {
      name: "UnknownIdError",
      message:
        `Cannot find user "two" in the dataset ${dir}/data: users with fewer than 4 interactions were left out of it, and its source files ` +
        `were not searched (Cannot read ${dir}/log.csv: no such file); its users have ids such as "ann"; recommend by a history (histories: [["ITEM", "ITEM"]]), or popular items ` +
        '(onUnknown: "popular")',
    });
    assert.deepEqual((await of({ users: ["two"], onUnknown: "popular" })).lists, { two: "cab" });
  }));
