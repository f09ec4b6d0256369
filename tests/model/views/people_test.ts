import assert from "node:assert/strict";
import { peopleHtml, peopleText } from "../../../model/views/people.ts";
import type { Insights } from "../../../model/records/insights.ts";

/** Titles as shops write them, which differ only at the end. */
const title = (number: number) =>
  `${"Waterproof hiking boots for men and women, leather, ".repeat(4)}size ${number}`;
const ann = {
  user: "ann",
  earlier: 0,
  history: [title(1), "tea"],
  recommended: [title(2), title(3)],
  took: title(3),
  rank: 2,
};

Deno.test("people: of long titles the beginning is shown; which of them was taken, the whole of them says", () => {
  const insights = { people: [ann] } as unknown as Insights, short = `${title(1).slice(0, 79)}…`;
  assert.equal(
    peopleText(insights),
    [
      "ann",
      `  had: ${short} → tea`,
      `  recommended: ${short} · ✓ ${short}`,
      `  took: ${short}, rank 2`,
    ].join("\n"),
  );
  assert.match(
    peopleHtml(insights),
    new RegExp(`<li><bdi>${short}</bdi></li><li><strong>✓ <bdi>${short}</bdi></strong></li></ol>`),
  );
});
