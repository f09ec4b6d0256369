/** What is said about a run under way. */
import assert from "node:assert/strict";
import type { RunFacts, SearchRecord } from "../../../model/records/records.ts";
import { droppedOf, type Watched } from "../../../model/views/watched.ts";
import { watchedHeadline } from "../../../model/views/watch_headline.ts";
import { watchPage } from "../../../model/views/watch_page.ts";
import { silence, watchedWords } from "../../../model/views/watch_words.ts";
import { architecture, CANDIDATES, metrics, run, searchRecords, trainRecords } from "../runs/example.ts";
import { browser, look } from "../../pipeline/display/browser.ts";
import { assertVisible, EVIL } from "../../unseen.ts";

const WRITTEN = new Date("2026-11-26T06:20:00Z");
const config = {
  ...run.config,
  searchEpochs: 4,
  epochs: 20,
  patience: 3,
  metric: "NDCG@10",
  protocol: "full",
};
const facts: RunFacts = {
  format: "automlp-run",
  version: 2,
  ...run,
  status: "running",
  config,
  times: { search: 75 },
};

/** A run under way, seen some seconds after it last wrote. */
const watched = (some: Partial<Watched>, seconds = 1): Watched => ({
  path: "runs/mine",
  run: facts,
  search: [],
  trials: [],
  train: [],
  hasReport: false,
  problems: [],
  written: WRITTEN,
  now: new Date(WRITTEN.getTime() + 1000 * seconds),
  ...some,
});

const NONE = watched({ run: undefined, written: undefined });
const SEARCHING = watched({ run: { ...facts, phase: "search" }, search: searchRecords });
const TRAINING = watched({
  run: { ...facts, phase: "retrain" },
  search: searchRecords,
  architecture,
  train: trainRecords,
});
const DONE = watched({ ...TRAINING, run: { ...facts, status: "done" }, metrics, hasReport: true });

const shown = (of: Watched) =>
  Object.fromEntries(watchedHeadline(of).map(({ label, value }) => [label, value]));

Deno.test("the figures that matter are those of what it is at", () => {
  assert.deepEqual(shown(NONE), { status: "not begun" });
  assert.deepEqual(shown(SEARCHING), {
    status: "searching",
    epoch: "3 of 4",
    "training loss": (0.7 / 3.2).toFixed(4),
    "validation loss": (0.72 / 2.87).toFixed(4),
    "α leads with": "k = 5",
    time: "1:15",
  });
  assert.deepEqual(shown(TRAINING), {
    status: "training",
    epoch: "8 of 20",
    loss: (0.6 / 3.1).toFixed(4),
    "NDCG@10": "0.3680",
    "best, epoch 6": "0.4000",
    time: "1:15",
  });
  const { status, "short-term length": length, "NDCG@10, test (full)": ndcg } = shown(DONE);
  assert.deepEqual([status, length, ndcg], ["done", "5", "0.1100"]);
  assert.equal(
    shown({ ...TRAINING, run: { ...facts, status: "interrupted", phase: "retrain" } }).status,
    "interrupted",
  );
});

Deno.test("in words: what is on record, how fast it goes, since when the best is the best", () => {
  assert.deepEqual(watchedWords(SEARCHING), [
    "Search for the short-term length among 3, 5, 10, 20: on record is epoch 3 of at most 4, step 600, " +
    "at 20 s an epoch: at most 20 s more.",
  ]);
  assert.deepEqual(watchedWords(TRAINING), [
    "Training of AutoMLP: on record is epoch 8 of at most 20, at 15 s an epoch: at most 3:00 more.",
    "Validation NDCG@10 (protocol full) is 0.3680; the best is 0.4000 of epoch 6, 2 epochs ago. " +
    "It ends after 3 epochs without a better one.",
  ]);
  const first = watched({ ...TRAINING, train: trainRecords.slice(0, 1) });
  assert.match(
    watchedWords(first)[1],
    /^Validation NDCG@10 \(protocol full\) is 0\.2000, the best so far\. /,
  );
  const stopped = { ...TRAINING, run: { ...facts, phase: "retrain", status: "interrupted" } } as Watched;
  assert.equal(watchedWords(stopped)[0], "Training of AutoMLP: on record is epoch 8 of at most 20.");
  for (const phase of ["search", "retrain"] as const) {
    assert.match(
      watchedWords(watched({ run: { ...facts, phase } }))[0],
      /its first epoch has not ended yet\.$/,
    );
  }
  assert.match(watchedWords(watched({ run: { ...facts, phase: "evaluate" } }))[0], /being evaluated/);
  assert.match(watchedWords(NONE)[0], /^No run has begun here yet/);
  assert.match(watchedWords({ ...NONE, train: trainRecords })[0], /what a notebook saved/);
  const trials = [{ shortTermLength: 3, value: 0.1, bestEpoch: 1, epochs: 2, seconds: 9 }];
  const exhaustive = watched({
    run: { ...facts, phase: "search", config: { ...config, search: "exhaustive" } },
    trials,
  });
  assert.match(watchedWords(exhaustive)[0], /1 of 4 lengths are trained\.$/);
});

Deno.test("silence is remarked on after five epochs and a minute, where something should have been written", () => {
  assert.equal(silence({ ...TRAINING, now: new Date(WRITTEN.getTime() + 74_000) }), undefined);
  assert.match(
    silence({ ...TRAINING, now: new Date(WRITTEN.getTime() + 76_000) })!,
    /^Nothing was written for 1:16, where an epoch took 15 s: /,
  );
  const quick = {
    ...TRAINING,
    train: trainRecords.map((record) => ({ ...record, seconds: record.seconds / 100 })),
  };
  assert.equal(silence({ ...quick, now: new Date(WRITTEN.getTime() + 59_000) }), undefined);
  const later = new Date(WRITTEN.getTime() + 1e7);
  for (const quiet of [NONE, DONE, watched({ run: { ...facts, phase: "retrain" } }, 1e4)]) {
    assert.equal(silence({ ...quiet, now: later }), undefined);
  }
  assert.equal(silence({ ...TRAINING, now: later, run: { ...facts, phase: "evaluate" } }), undefined);
});

Deno.test("a candidate that has no weight any more was dropped when that began", () => {
  const evidence = architecture.evidence!;
  const dropping: SearchRecord[] = searchRecords.map((record, i) =>
    i < 6 ? record : { ...record, probabilities: [0, 0.5, 0.3, 0.2], ...(i === 6 && { evidence }) }
  );
  assert.deepEqual(droppedOf(dropping), [{ candidate: 0, step: 350, evidence: evidence[0] }]);
  assert.deepEqual(droppedOf(searchRecords), []);
  const page = watchPage(watched({ ...SEARCHING, search: dropping }));
  assert.match(page, /dropped/);
  assert.match(page, /How far each candidate is behind the best/);
});

Deno.test("the page has what there is: curves of α while it searches, then those of the training, then the results", () => {
  const titles = (of: Watched) => [...watchPage(of).matchAll(/<h2>(.*?)<\/h2>/g)].map(([, title]) => title);
  const search = "Search for the short-term length";
  assert.deepEqual(titles(NONE), ["Now"]);
  const refit = { ...DONE, run: { ...DONE.run!, config: { ...DONE.run!.config, refitOf: "runs/mine" } } };
  assert.match(watchPage(refit), /<title>AutoMLP on \w+, refit<\/title>/);
  assert.deepEqual(titles(SEARCHING), ["Now", search]);
  assert.deepEqual(titles(TRAINING), ["Now", "Training", search]);
  assert.deepEqual(titles(DONE), ["Now", "Results", "Training", search]);
  const drawings = (of: Watched) => watchPage(of).match(/<svg /g)?.length ?? 0;
  assert.deepEqual([NONE, SEARCHING, TRAINING].map(drawings), [0, 4, 3 + 5]);
  assert.match(watchPage(SEARCHING), new RegExp(`k = ${CANDIDATES[1]}`));
  assert.match(watchPage(DONE), /<a href="report\.html">its report<\/a>/);
  assert.match(
    watchPage(TRAINING),
    /Last written <time datetime="2026-11-26T06:20:00\.000Z">2026-11-26 06:20:00 UTC</,
  );
  const problem = "Cannot read run.json: its checksum does not match";
  assert.match(watchPage({ ...NONE, problems: [problem] }), new RegExp(`<li>${problem}</li>`));
});

Deno.test("what cannot be seen in a name is shown by its code", () => {
  const evil = {
    ...facts,
    warnings: [EVIL],
    dataset: { ...run.dataset, name: EVIL },
    method: { name: "x", title: EVIL },
  };
  assertVisible(watchPage({ ...TRAINING, path: EVIL, run: evil, problems: [EVIL] }));
});

Deno.test("how a run that was stopped goes on is said as the command that does it", () => {
  const page = (more: Partial<RunFacts>, path = "runs/mine") =>
    watchPage({ ...TRAINING, path, run: { ...facts, phase: "retrain", status: "interrupted", ...more } });
  assert.ok(
    page({}).includes("The run was interrupted; to continue: deno task pipeline runs/mine --resume<"),
  );
  assert.ok(page({}, "runs/two words").includes("deno task pipeline &#39;runs/two words&#39; --resume<"));
  const method = { name: "sasrec", title: "SASRec" };
  assert.ok(page({ method }).includes("to continue: deno task train runs/mine --resume<"));
  const sessions = [{
    command: "automlp search data/mine --out runs/mine",
    began: "2026-11-26T06:12:31.000Z",
  }];
  assert.ok(page({ sessions }).includes("to continue: deno task search runs/mine --resume<"));
  const quiet = { ...TRAINING, now: new Date(WRITTEN.getTime() + 1e7) };
  assert.match(silence(quiet)!, /To continue what was cut off: deno task pipeline runs\/mine --resume$/);
});

Deno.test({
  name: "the state of a run has room in its box, on a phone as on a desk",
  ignore: browser === undefined,
  fn: async () => {
    const html = watchPage({ ...TRAINING, run: { ...facts, phase: "retrain", status: "interrupted" } });
    for (const { cut } of await look(html, { width: 1100 }, { width: 500 }, { width: 400 })) {
      assert.deepEqual(cut, []);
    }
  },
});
