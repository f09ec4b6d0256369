import assert from "node:assert/strict";
import type { StageFacts } from "../../../pipeline/contract/stage/report.ts";
import { distributionOf } from "../../../pipeline/inspect/profile.ts";
import { overTimeFigures, popularityFigure, sequencesFigure } from "../../../pipeline/inspect/figures.ts";
import pl from "nodejs-polars";

const sequenceLength = distributionOf(pl.Series("n", [4, 5, 6]));
const filter = (value: number): StageFacts[] => [{
  stage: "filter",
  rowsIn: 20,
  rowsOut: 15,
  counts: {},
  warnings: [],
  seconds: 0,
  dropped: [{
    reason: `users with fewer than ${value} interactions`,
    rows: 5,
    ids: { of: "users", dropped: 3, before: 6 },
    option: { name: "minUser", value },
  }],
}];

Deno.test("users that were dropped are a paler bar before the others", () => {
  const { html } = sequencesFigure({ sequenceLength }, filter(4));
  assert.match(html, /The pale bar: 3 users with fewer than 4 interactions, which were dropped\./);
  assert.match(html, /<title>1 to below 4: 3 users<\/title>/);
  assert.equal(html.match(/fill-opacity="0\.35"/g)?.length, 1);
});

Deno.test("who had too many interactions is no such bar, and hides none", () => {
  const [stage] = filter(4), ids = { of: "users" as const, dropped: 2, before: 8 };
  const robots = {
    reason: "users with more than 9 interactions",
    rows: 40,
    ids,
    option: { name: "maxUser", value: 9 },
  };
  const figureOf = (dropped: StageFacts["dropped"]) =>
    sequencesFigure({ sequenceLength }, [{ ...stage, dropped }]).html;
  assert.equal(figureOf([robots, ...stage.dropped]), figureOf(stage.dropped));
  assert.doesNotMatch(figureOf([robots]), /pale/);
});

Deno.test("half of the items have whole numbers of interactions, wherever the quartiles lie", () => {
  const popularity = distributionOf(pl.Series("n", [1, 4, 6, 9])); // quartiles 3.25 and 6.75
  assert.match(
    popularityFigure({ popularity }).html,
    /half of the items have between 4 and 6 interactions\./,
  );
  const alike = distributionOf(pl.Series("n", [1, 5, 5, 5, 9]));
  assert.match(popularityFigure({ popularity: alike }).html, /half of the items have 5 interactions\./);
});

Deno.test("where nobody was dropped, or others have as few interactions, there is no such bar", () => {
  for (const stages of [[], filter(5)]) {
    const { html } = sequencesFigure({ sequenceLength }, stages);
    assert.doesNotMatch(html, /pale|fill-opacity="0\.35"|1 to below/);
  }
});

Deno.test("interactions over time are drawn with dates; of positions, or a single bin, nothing is", () => {
  const time = {
    first: 0,
    last: 1,
    unit: "seconds",
    firstDate: "2024-01-01T00:00:00Z",
    lastDate: "2024-01-02T10:00:00Z",
  } as const;
  const at = (date: string) => Date.parse(date);
  const bins = [
    { from: at("2024-01-01"), to: at("2024-01-02"), count: 7 },
    { from: at("2024-01-02"), to: at("2024-01-03"), count: 1200 },
  ];
  const [{ html }, ...more] = overTimeFigures({ time, overTime: { every: "1 day", bins } });
  assert.equal(more.length, 0);
  assert.match(html, /<title>2024-01-02 to below 2024-01-03: 1,200 interactions<\/title>/);
  assert.match(html, /from 2024-01-01 to 2024-01-02\. Each bar is 1 day;/);
  assert.deepEqual(overTimeFigures({ time, overTime: { every: "1 day", bins: bins.slice(1) } }), []);
  assert.deepEqual(overTimeFigures({ time: { first: 0, last: 9, unit: "order" } }), []);
});
