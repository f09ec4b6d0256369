import assert from "node:assert/strict";
import { evaluate } from "../../../model/evaluate/evaluate.ts";
import { trainingCounts } from "../../../model/popularity.ts";
import { RandomStream } from "../../../pipeline/contract/random.ts";
import { prepare } from "../../../pipeline/run.ts";
import { inFolder } from "../../pipeline/export/dataset.ts";
import { hasModules, runPython } from "../../pipeline/export/python.ts";
import { Stub } from "../stub.ts";

Deno.test({
  name: "metrics are those of RecBole's own evaluator for the same scores",
  ignore: !hasModules("recbole", "torch"),
  fn: () =>
    inFolder(async (folder) => {
      const interactions = `${folder}/interactions.csv`;
      Deno.writeTextFileSync(interactions, skewedLog(150, 60));
      const { dataset } = await prepare({
        data: interactions,
        out: `${folder}/dataset`,
        evalNegatives: 40,
        protocols: ["recbole"],
      });
      const score = (history: number[], item: number) =>
        Math.fround(Math.sin(12.9898 * item + 78.233 * history.length + history.at(-1)!) + 2 / item);
      const ks = [1, 5, 10, 20];
      const evaluation = await evaluate(new Stub(dataset.items, score), dataset, { ks, keepSeen: true });

      const { items, offsets } = dataset.sequences();
      const { rows, items: drawn, count } = dataset.negatives("recbole", "test");
      const histories = Array.from(rows, (row) => {
        const user = offsets.findLastIndex((offset) => offset <= row);
        return [...items.subarray(offsets[user], row)];
      });
      const targets = Array.from(rows, (row) => items[row]);
      const negatives = targets.map((_, i) => [...drawn.subarray(i * count, (i + 1) * count)]);
      const path = `${folder}/scores.json`;
      Deno.writeTextFileSync(
        path,
        JSON.stringify({
          items: dataset.items,
          topk: ks,
          targets,
          negatives,
          sampled: targets.map((target, i) =>
            [target, ...negatives[i]].map((item) => score(histories[i], item))
          ),
          full: histories.map((history) =>
            Array.from({ length: dataset.items + 1 }, (_, item) => item && score(history, item))
          ),
          counts: [...trainingCounts(dataset)],
        }),
      );
      const theirs = runPython<Record<"recbole" | "full", Record<string, number>>>(
        "metrics_recbole.py",
        path,
      );

      const near = (ours: number, expected: number, name: string) =>
        assert.ok(Math.abs(ours - expected) < 1e-9, `${name}: ${ours}, RecBole ${expected}`);
      for (const protocol of ["recbole", "full"] as const) {
        for (const [name, value] of Object.entries(evaluation.metrics[protocol])) {
          near(value, theirs[protocol][name.toLowerCase().replace("hr@", "hit@")], `${protocol} ${name}`);
        }
      }
      for (const { k, coverage, averagePopularity } of evaluation.exposure!.lists) {
        near(coverage, theirs.full[`itemcoverage@${k}`], `coverage@${k}`);
        near(averagePopularity, theirs.full[`averagepopularity@${k}`], `average popularity@${k}`);
      }
    }),
});

/** A log of users with 10 to 19 interactions each; low item numbers are much more popular. */
function skewedLog(users: number, items: number): string {
  const random = new RandomStream(3, "test/log");
  const rows = ["user,item,timestamp"];
  for (let user = 0; user < users; user++) {
    const length = 10 + random.below(10);
    for (let n = 0; n < length; n++) {
      rows.push(`u${user},i${Math.floor(items * random.float() ** 2)},${1e9 + n}`);
    }
  }
  return rows.join("\n") + "\n";
}
