import assert from "node:assert/strict";
import { join } from "node:path";
import pl from "nodejs-polars";
import { prepare, type PrepareInput } from "../../../mod.ts";
import { negativesEach } from "../../../pipeline/negatives/default_number.ts";
import { type Protocol, PROTOCOLS } from "../../../pipeline/contract/dataset/protocols.ts";
import { withFolder } from "../../folders.ts";

/** With `items` items, each a target once, one user has all except `left`; no other user is evaluated. */
function each(items: number, left: number, asked?: number, protocols: readonly Protocol[] = PROTOCOLS) {
  const own = items - left;
  const frame = pl.DataFrame([
    pl.Series("user", Array.from({ length: own }, () => 1), pl.UInt32),
    pl.Series("item", Array.from({ length: own }, (_, i) => i + 1), pl.UInt32),
    pl.Series("split", Array.from({ length: own }, (_, i) => i === own - 1 ? "test" : "train")),
  ]);
  const popularity = new Uint32Array(items + 1).fill(1, 1), interactions = Uint32Array.of(own);
  return negativesEach(asked, { frame, interactions, protocols, popularity, exponent: 1 });
}

Deno.test("the default number of negatives is lowered to a round one that every user leaves", () => {
  const known = [[150, 100], [101, 100], [100, 100], [99, 50], [50, 50], [49, 20], [19, 10], [9, 5]];
  assert.deepEqual(known.map(([left]) => [left, each(200, left).count]), known);
  for (const [left] of known) assert.deepEqual(each(200, left).protocols, PROTOCOLS);
  const distinct = [...known, [4, 0], [0, 0]];
  assert.deepEqual(distinct.map(([left]) => [left, each(200, left, undefined, ["strict"]).count]), distinct);
  assert.equal(each(200, 100).why, undefined);
  assert.equal(
    each(200, 73).why,
    "50 negatives for each positive instead of 100: some user leaves only 73 items to draw by strict and uniform; " +
      "--eval-negatives asks for another number",
  );
  assert.equal(
    each(200, 5, undefined, ["strict"]).why,
    "5 negatives for each positive instead of 100: some user leaves only 5 items to draw; " +
      "--eval-negatives asks for another number; HR@k is 1 for every k above 5",
  );
});

Deno.test("a protocol by which not even five are left has none, others have theirs", () => {
  assert.deepEqual(each(200, 1), {
    count: 100,
    protocols: ["recbole"],
    why:
      "no negatives by strict and uniform: some user leaves only 1 item to draw by them; to have those, too, " +
      "give --eval-negatives 1",
  });
  assert.deepEqual(each(9, 0, undefined, ["uniform", "recbole"]), {
    count: 100,
    protocols: ["recbole"],
    why: "no negatives by uniform: some user leaves no item to draw by it",
  });
});

Deno.test("of protocols that have some, the number is what all users leave by them", () => {
  // Of 12 items 8 are targets: a user who has 5 of the targets leaves 3 by popularity, and 7 of all.
  const frame = pl.DataFrame([
    pl.Series("user", [1, 1, 1, 1, 1], pl.UInt32),
    pl.Series("item", [1, 2, 3, 4, 5], pl.UInt32),
    pl.Series("split", ["train", "train", "train", "validation", "test"]),
  ]);
  const popularity = Uint32Array.from({ length: 13 }, (_, item) => item > 0 && item <= 8 ? 1 : 0);
  const drawing = { frame, interactions: Uint32Array.of(5), popularity, exponent: 1 };
  assert.deepEqual(negativesEach(undefined, { ...drawing, protocols: ["strict", "uniform"] }), {
    count: 5,
    protocols: ["uniform"],
    why:
      "no negatives by strict: some user leaves only 3 items to draw by it; to have those, too, give --eval-negatives 3; " +
      "5 negatives for each positive instead of 100: some user leaves only 7 items to draw; " +
      "--eval-negatives asks for another number; HR@k is 1 for every k above 5",
  });
});

Deno.test("where not even five are left by any there are none, and it is said how to have some", () => {
  const none = "; the dataset can only be evaluated against all items",
    protocols = ["strict", "uniform"] as const;
  assert.deepEqual(each(200, 1, undefined, protocols), {
    count: 0,
    protocols: [],
    why: `no negatives: some user leaves only 1 item to draw${none}; to have some, give --eval-negatives 1`,
  });
  assert.equal(
    each(9, 0, undefined, ["uniform"]).why,
    `no negatives: some user leaves no item to draw${none}`,
  );
});

Deno.test("a number that was given is not touched, nor draws with replacement, nor data without positives", () => {
  assert.deepEqual(each(10, 3, 100), { count: 100, protocols: PROTOCOLS });
  assert.deepEqual(each(10, 3, 0), { count: 0, protocols: [] });
  assert.deepEqual(each(10, 0, undefined, ["recbole"]), { count: 100, protocols: ["recbole"] });
  const frame = pl.DataFrame([
    pl.Series("user", [1, 1], pl.UInt32),
    pl.Series("item", [1, 2], pl.UInt32),
    pl.Series("split", ["train", "train"]),
  ]);
  const popularity = Uint32Array.of(0, 0, 1), interactions = Uint32Array.of(2);
  const drawing = { frame, interactions, protocols: ["strict"] as const, popularity, exponent: 1 };
  assert.deepEqual(negativesEach(undefined, drawing), { count: 100, protocols: ["strict"] });
});

/** Runs with a log of users who each have twelve of this many items, in turn. */
async function withLog(items: number, run: (input: PrepareInput) => Promise<void>): Promise<void> {
  await withFolder(async (dir) => {
    const rows = Array.from({ length: 12 * items }, (_, i) => {
      const user = Math.floor(i / 12);
      return `u${user},i${(user + i % 12) % items},${i}\n`;
    });
    const data = join(dir, "log.csv");
    Deno.writeTextFileSync(data, "user,item,timestamp\n" + rows.join(""));
    await run({ data, out: join(dir, "out") });
  });
}

Deno.test("prepare: a lowered number is in the manifest, up to date without the option and with it", () =>
  withLog(40, async (input) => {
    const { dataset, reports } = await prepare(input), { manifest } = dataset;
    assert.match(
      reports.at(-1)!.warnings[0],
      /^20 negatives for each positive instead of 100: .* only 28 items/,
    );
    assert.equal(manifest.config.evalNegatives, 20);
    assert.deepEqual(manifest.negatives, {
      protocols: [...PROTOCOLS],
      count: 20,
      lowered: true,
      exponent: 1,
    });
    const again = async (more: Partial<PrepareInput>) => {
      const { dataset: { manifest: { hash } }, status } = await prepare({ ...input, ...more });
      assert.equal(hash, manifest.hash);
      return status;
    };
    assert.equal(await again({}), "unchanged");
    assert.equal(await again({ evalNegatives: 20 }), "unchanged");
    await assert.rejects(
      prepare({ ...input, evalNegatives: 100 }),
      /^InputError: Cannot draw 100 strict negatives for user "u0": .* lower evalNegatives to 28/,
    );
    assert.equal(await again({}), "unchanged", "what was refused changed nothing");
  }));

Deno.test("prepare: where a user has all items, there are negatives by recbole alone, in every engine", () =>
  withLog(12, async (input) => {
    for (const engine of ["polars", "duckdb"] as const) {
      const out = `${input.out}-${engine}`;
      const made = await prepare({ ...input, out, engine }), { manifest } = made.dataset;
      assert.match(made.reports.at(-1)!.warnings[0], /^no negatives by strict and uniform: /);
      assert.deepEqual(manifest.negatives, {
        protocols: ["recbole"],
        count: 100,
        lowered: true,
        exponent: 1,
      });
      assert.equal(made.dataset.negatives("recbole", "test").items.length, 100 * made.dataset.users);
      assert.equal((await prepare({ ...input, out, engine })).status, "unchanged");
    }
  }));

Deno.test("prepare: a dataset that lacks protocols is none for which a number was given", () =>
  withLog(12, async (input) => {
    await prepare(input);
    await assert.rejects(
      prepare({ ...input, evalNegatives: 100 }),
      /^InputError: Cannot draw 100 strict negatives for user "u0"/,
    );
    const alone = await prepare({ ...input, evalNegatives: 100, protocols: ["recbole"] });
    assert.equal(alone.status, "unchanged", "these are the lists that it has");
    assert.equal((await prepare(input)).status, "unchanged");
    const none = await prepare({ ...input, evalNegatives: 0 });
    assert.deepEqual([none.status, none.dataset.manifest.negatives.protocols], ["prepared", []]);
  }));

Deno.test("where every user came once there are none, and both engines say why", () =>
  withFolder(async (dir) => {
    const data = join(dir, "log.csv");
    const rows = Array.from({ length: 20 }, (_, i) => `u${i},i${i % 7},${i}\n`);
    Deno.writeTextFileSync(data, "user,item,timestamp\n" + rows.join(""));
    const once = { data, minUser: 1, split: "global-time" } as const;
    for (const engine of ["polars", "duckdb"] as const) {
      for (const more of [{}, { evalNegatives: 2, protocols: ["recbole" as const] }]) {
        await assert.rejects(prepare({ ...once, ...more, engine, out: join(dir, engine) }), {
          name: "InputError",
          message: /every user has only one interaction, .* or evalNegatives: 0$/,
        });
      }
      const { dataset } = await prepare({ ...once, engine, evalNegatives: 0, out: join(dir, engine) });
      assert.equal(dataset.manifest.counts.interactions, 20);
    }
  }));
