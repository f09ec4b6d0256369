/** A search that ended before its last epoch says so, with the reason, wherever it is shown. */
import assert from "node:assert/strict";
import { cutAfter, endedEarly, endOfSearch } from "../../../model/views/epochs.ts";
import { searchCurves, searchHtml, searchText } from "../../../model/views/search.ts";
import { reportHtml } from "../../../model/report/mod.ts";
import { finished } from "../report/example.ts";
import { architecture, CANDIDATES, searchRecords } from "../runs/example.ts";

const last = searchRecords.at(-1)!;
const shown = {
  lengths: CANDIDATES,
  alpha: last.alpha,
  probabilities: last.probabilities,
  dropped: [],
  history: searchRecords,
  epochs: 60,
  steps: { done: 620, epoch: 200 },
};
const cut = cutAfter("the budget", { epochs: 3.1, of: 60 }), early = endedEarly("one left");

Deno.test("in its own display a search says how it ended, in a terminal and a notebook", async () => {
  const [first] = searchText({ ...shown, earlyEnd: cut }).split("\n");
  assert.equal(first, "Search, cut short by the budget after 3.1 of 60 epochs, step 620 of 12,000");
  const [found] = searchText({ ...shown, earlyEnd: early }).split("\n");
  assert.equal(
    found,
    "Search, 3.1 of 60 epochs, step 620 of 12,000; ended early: no other candidate was left",
  );
  const [plain] = searchText(shown).split("\n");
  assert.equal(plain, "Search, 3.1 of 60 epochs, step 620 of 12,000");
  for (const show of [searchHtml, searchCurves]) {
    assert((await show({ ...shown, earlyEnd: early })).includes(found));
    assert.equal((await show(shown)).includes("ended early"), false);
  }
});

Deno.test("each drawing of a search that was cut short says so", async () => {
  const captions = async (end: typeof cut | undefined) =>
    (await searchHtml({ ...shown, earlyEnd: end })).split(" Cut short by the budget after 3.1 of 60 epochs.")
      .length - 1;
  assert.deepEqual([await captions(undefined), await captions(cut)], [0, 4]);
});

Deno.test("the report knows a cut search by its record, and one that ended by itself by its answer", async () => {
  const warnings = [{ kind: "cut short", phase: "search", epochs: 2.3, of: 20, selected: 3 } as const];
  const facts = { ...finished, run: { ...finished.run, warnings }, architecture };
  const words = "cut short by the budget after 2.3 of 20 epochs";
  assert.deepEqual(endOfSearch(facts), { isCut: true, words });
  assert.deepEqual(endOfSearch({ ...facts, architecture: { ...architecture, ended: "one left" } }), {
    isCut: false,
    words: "ended early: no other candidate was left",
  });
  assert.equal(endOfSearch({ ...facts, architecture: undefined }), undefined, "it has not ended");
  assert.equal(endOfSearch({ ...facts, run: finished.run }), undefined);
  assert((await reportHtml(facts)).includes(`5 was selected. C${words.slice(1)}.`));
});
