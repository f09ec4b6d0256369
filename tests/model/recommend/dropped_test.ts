/** Users that the dataset dropped are reported, and served from what its sources have about them. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { prepare, type PrepareInput, recommend, type RecommendOptions } from "../../../mod.ts";
import { drawnUsers } from "../../../pipeline/filter/drawn_users.ts";
import { withFolder } from "../../folders.ts";
import { listener } from "../../listener.ts";
import { Stub } from "../stub.ts";

const CONFIG = fileURLToPath(new URL("../../../deno.json", import.meta.url));

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

Deno.test("who had enough interactions and was not drawn is told that", () =>
  withFolder(async (dir) => {
    const of = await withDropped(dir, SEQUENCES, { sampleUsers: 1, evalNegatives: 0 });
    const [drawn] = drawnUsers(["ann", "bob"], 1, 2023), other = drawn === "ann" ? "bob" : "ann";
    assert.deepEqual((await of({ users: [drawn, other], keepSeen: true })).warnings, [
      `${other} was dropped when the dataset was prepared: 5 interactions, but not drawn; recommendations use these`,
    ]);
  }));

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

Deno.test("sources that a program may not read are like sources that are gone", () =>
  withFolder(async (dir) => {
    await withDropped(dir, SEQUENCES, { evalNegatives: 0 });
    const program = `import { popularity, readDataset, recommend } from "${
      import.meta.resolve("../../../mod.ts")
    }";
      const dataset = await readDataset("${dir}/data"), method = await popularity.fit(dataset);
      console.log((await recommend(method, dataset, { users: "two", onUnknown: "popular", k: 2 })).height);`;
    Deno.writeTextFileSync(join(dir, "program.ts"), program);
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        `--deny-read=${dir}/log.csv`,
        "--no-check",
        `--config=${CONFIG}`,
        join(dir, "program.ts"),
      ],
      stdout: "piped",
      stderr: "piped",
      env: { NO_COLOR: "1" },
    }).output();
    const [list, said] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    assert.equal(list, "2\n", said);
    assert.match(said, /its source files were not searched \(Cannot read .*log\.csv.*permission/);
  }));

Deno.test("who had too many interactions is told that, and so is who is not found", () =>
  withFolder(async (dir) => {
    const more = { ...SEQUENCES, robot: "abcabcabc" };
    const of = await withDropped(dir, more, { maxUser: 8, evalNegatives: 0 });
    assert.deepEqual((await of({ users: ["robot"], keepSeen: true })).warnings, [
      "robot was dropped when the dataset was prepared: 9 interactions, more than 8; recommendations use these",
    ]);
  }));

Deno.test("a user who was dropped is told so, and served by the history, without what was seen", () =>
  withFolder(async (dir) => {
    const of = await withDropped(dir, SEQUENCES);
    assert.deepEqual(await of({ users: ["two", "odd", "lost", "two"] }), {
      lists: { two: "eca", odd: "ecb", lost: "cab" }, // c is twice in training
      warnings: [
        "two was dropped when the dataset was prepared: 2 interactions, fewer than 4; recommendations use these",
        "odd was dropped when the dataset was prepared: 2 interactions, fewer than 4; recommendations use 1 of these, with items in the dataset",
        "lost was dropped when the dataset was prepared: 1 interaction, fewer than 4; none is with an item in the dataset; gets popular items",
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

Deno.test("a user who had enough until items went is not said to have had too few", () =>
  withFolder(async (dir) => {
    const of = await withDropped(dir, { ...SEQUENCES, edge: "zabc" }, { minItem: 2, filter: "k-core" });
    assert.deepEqual((await of({ users: "edge", k: 2 })).warnings, [
      "edge was dropped when the dataset was prepared: 4 interactions; recommendations use 3 of these, with items in the dataset",
    ]);
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
    await assert.rejects(
      of({ users: ["people.txt"] }),
      /^UnknownIdError: Cannot find user "people\.txt", nor a file of that name, in the dataset .*; its users have ids such as "ann"; recommend/,
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
    await assert.rejects(
      of(slip),
      /Cannot find user "annn" in the dataset/,
      "who may have been dropped is nobody else",
    );
    await assert.rejects(of({ users: ["ANN"] }), /Cannot find user "ANN" \(did you mean "ann"\?\)/);
  }));

Deno.test("many of them have one line", () =>
  withFolder(async (dir) => {
    const whole = Object.fromEntries(Array.from({ length: 6 }, (_, i) => [`w${i}`, "ab"]));
    const many = Object.fromEntries(Array.from({ length: 7 }, (_, i) => [`u${i}`, i === 3 ? "z" : "ez"]));
    const of = await withDropped(dir, { ...SEQUENCES, ...many, ...whole });
    const { lists, warnings } = await of({ users: Object.keys(many), k: 1 });
    assert.deepEqual(Object.values(lists).join(""), "dddcddd");
    assert.deepEqual(warnings, [
      "7 users were dropped when the dataset was prepared (u0, u1, u2, u3, u4 …): recommendations use 6 of their 13 interactions, those with items " +
      "in the dataset; 1 of the users has none of these and gets popular items",
    ]);
    assert.deepEqual((await of({ users: Object.keys(whole), k: 1 })).warnings, [
      "6 users were dropped when the dataset was prepared (w0, w1, w2, w3, w4 …): recommendations use their 12 interactions",
    ]);
  }));
