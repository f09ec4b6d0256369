/** The bench against RecBole: what both sides are asked to do, and that they answer. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { benchRecbole, recboleBench } from "../../bench/recbole.ts";
import { positivesDigests } from "../../bench/recbole_positives.ts";
import { InputError, prepare, type SequenceDataset } from "../../mod.ts";
import { withFolder } from "../folders.ts";
import { hasModules } from "../pipeline/export/python.ts";

async function prepared(folder: string, rows: [user: string, item: string][]): Promise<SequenceDataset> {
  const data = join(folder, "rows.csv");
  const lines = rows.map(([user, item], time) => `${user},${item},${time}`);
  Deno.writeTextFileSync(data, ["user,item,timestamp", ...lines].join("\n"));
  const { dataset } = await prepare({
    data,
    out: join(folder, "data"),
    minUser: 3,
    protocols: ["uniform"],
    evalNegatives: 1,
  });
  return dataset;
}

Deno.test("positives: the digest is that of the lines written out by hand", () =>
  withFolder(async (folder) => {
    const rows: [string, string][] = [..."cabca"].map((item) => ["ann", item]);
    const others = [..."baé"].map((item): [string, string] => ["bob", item]);
    const last = [..."wxyz"].map((item): [string, string] => ["cid", item]);
    const dataset = await prepared(folder, [...rows, ...others, ...last]);
    const sha = (...lines: string[]) => createHash("sha256").update(lines.join("\n")).digest("hex");
    assert.deepEqual(positivesDigests(dataset, 2), {
      train: { positives: 3, digest: sha("ann\tc\ta", "ann\tc a\tb", "cid\tw\tx") },
      validation: { positives: 3, digest: sha("ann\ta b\tc", "bob\tb\ta", "cid\tw x\ty") },
      test: { positives: 3, digest: sha("ann\tb c\ta", "bob\tb a\té", "cid\tx y\tz") },
    });
    assert.deepEqual(positivesDigests(dataset), {
      train: {
        positives: 6,
        digest: sha("ann\t\ta", "ann\t\tb", "ann\t\tc", "bob\t\tb", "cid\t\tw", "cid\t\tx"),
      },
      validation: { positives: 3, digest: sha("ann\t\tc", "bob\t\ta", "cid\t\ty") },
      test: { positives: 3, digest: sha("ann\t\ta", "bob\t\té", "cid\t\tz") },
    });
  }));

Deno.test("a mistake in the options is told before anything runs", async () => {
  const refused = (values: Record<string, unknown>, message: RegExp) =>
    assert.rejects(
      () => recboleBench.run(values, {}),
      (error) => error instanceof InputError && message.test(error.message),
    );
  await refused({}, /dataset: "DIR"/);
  await refused({ dataset: "x", methods: ["sasrek"] }, /Cannot compare "sasrek" \(did you mean "sasrec"\?\)/);
  await refused({ dataset: "x", limit: 0 }, /limit/);
  await refused({ dataset: "/no/such/dataset" }, /no\/such\/dataset/);
});

Deno.test({
  name: "both sides rank all items for the same positives; popularity, counted one by one, comes out alike",
  ignore: !hasModules("torch", "recbole"),
  fn: () =>
    withFolder(async (folder) => {
      // Item j is in the training part of the first 14 − j users, so that no two are equally popular.
      const rows: [string, string][] = [];
      for (let user = 0; user < 14; user++) {
        const items = Array.from({ length: Math.min(12, 14 - user) }, (_, j) => j);
        for (const item of [...items, (5 * user) % 12, (7 * user + 3) % 12]) {
          rows.push([`u${user}`, `i${item}`]);
        }
      }
      // Each user needs a negative: two items that nobody else has.
      for (const item of [12, 12, 13, 0, 3]) rows.push(["v", `i${item}`]);
      const dataset = await prepared(folder, rows);
      const plan = {
        dataset: dataset.folder,
        methods: ["popularity", "gru4rec"],
        sides: ["ours" as const, "recbole" as const],
        limit: 60,
        epochs: 2,
        threads: 1,
        seed: 7,
        recboleBatch: 1,
      };
      const { tables, data } = await benchRecbole(plan);
      const [ours, theirs, oursTrained, theirsTrained] = data.outcomes as Record<string, unknown>[];
      // Item j has rank j + 1.
      const ranks = [...Array.from({ length: 14 }, (_, user) => (7 * user + 3) % 12 + 1), 4];
      const mean = (value: (rank: number) => number) =>
        ranks.reduce((sum, rank) => sum + (rank <= 10 ? value(rank) : 0), 0) / ranks.length;
      const expected = {
        "HR@10": mean(() => 1),
        "NDCG@10": mean((rank) => 1 / Math.log2(rank + 1)),
        "MRR@10": mean((rank) => 1 / rank),
      };
      for (const { side, metrics } of [ours, theirs]) {
        for (const [metric, value] of Object.entries(expected)) {
          const told = (metrics as Record<string, number>)[metric];
          assert.ok(Math.abs(told - value) < 1e-5, `${side} ${metric}: ${told}, not ${value}`);
        }
      }
      for (const { side, epochs, ended, validation } of [oursTrained, theirsTrained]) {
        assert.deepEqual([epochs, ended], [2, "all epochs"], `${side}`);
        assert.ok((validation as number) > 0, `${side}`);
      }
      assert.deepEqual(tables[0].rows.map(([method, side]) => `${method} ${side}`), [
        "popularity ours",
        "popularity RecBole",
        "gru4rec ours",
        "gru4rec RecBole",
      ]);
    }),
});
