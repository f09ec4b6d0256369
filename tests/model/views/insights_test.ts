/** Whom a method serves, and what its lists are like, in figures. */
import assert from "node:assert/strict";
import type { Block } from "../../../pipeline/display/page.ts";
import { withInterval } from "../../../model/views/estimate.ts";
import { groupingFigures, listsBlocks, surenessBlocks } from "../../../model/views/insights.ts";
import { insights } from "../runs/example.ts";

const textOf = (blocks: Block[]) =>
  blocks.map(({ html }) => html).join("").replace(/<svg.*?<\/svg>/gs, "").replace(/<[^>]*>/g, "|").replace(
    /\|+/g,
    "|",
  )
    .replaceAll("\u00a0", " ");

Deno.test("how many test interactions a group has: each, or from the fewest to the most", () => {
  const [{ by, groups }] = insights.groupings;
  const caption = (...sizes: number[]) =>
    textOf(groupingFigures({
      ...insights,
      groupings: [{ by, groups: sizes.map((size, i) => ({ ...groups[i % 2], label: `${i}`, size })) }],
    }));
  assert.match(
    caption(200, 200),
    /HR@10 by length of the history, with 95 % intervals; 200 test interactions each\./,
  );
  assert.match(caption(1200, 35, 400), /; 35 to 1,200 test interactions each\./);
  assert.deepEqual(groupingFigures({ ...insights, groupings: [] }), []);
});

Deno.test("what lists are like, and how sure the model is, in figures", () => {
  const lists = textOf(listsBlocks(insights));
  for (
    const [what, figure] of [
      ["coverage: items that are in anybody's list", "62.0 %"],
      ["popularity of what is in them, 0 to 1", "0.810"],
      ["popularity of what people took", "0.700"],
      ["novelty: −log₂ of an item's share of training", "8.3 bits"],
      ["concentration: Gini, 0 where all items are shown as often", "0.440"],
    ]
  ) assert(lists.replaceAll("&#39;", "'").includes(`|${what}|${figure}|`), lists);
  assert.match(
    textOf(surenessBlocks(insights)),
    /\|5\.0 %\|4\.0 ± 1\.0 %\|500\|30\.0 %\|25\.0 ± 2\.0 %\|500\|/,
  );
  assert.deepEqual(surenessBlocks({ ...insights, sureness: [] }), []);
});

Deno.test("an interval of a share ends where shares do", () => {
  assert.deepEqual(withInterval({ mean: 0.5 }), { value: 0.5 });
  assert.deepEqual(withInterval({ mean: 0.01, standardError: 0.1 }).low, 0);
  assert.deepEqual(withInterval({ mean: 0.99, standardError: 0.1 }).high, 1);
  const { low, high } = withInterval({ mean: 0.5, standardError: 0.1 });
  assert.deepEqual([low!.toFixed(3), high!.toFixed(3)], ["0.304", "0.696"]);
});
