import assert from "node:assert/strict";
import { RunFolder } from "../../../model/runs/folder.ts";
import type { ReportFacts } from "../../../model/records/report_facts.ts";
import { factsText } from "../../../model/views/report.ts";
import { reportFacts, reportHtml, reportText } from "../../../model/report/mod.ts";
import { LiveReport } from "../../../model/report/write.ts";
import type { SequenceDataset } from "../../../pipeline/contract/dataset.ts";
import { withFolder } from "../../folders.ts";
import { browser, render } from "../../pipeline/display/browser.ts";
import { assertSnapshot } from "../../snapshot.ts";
import { insights, ofMethod } from "../runs/example.ts";
import { barelyBegun, finished, manifest } from "./example.ts";

const titles = (html: string) => [...html.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, title]) => title);
const drawings = (html: string) => html.match(/<svg /g)?.length ?? 0;

Deno.test("the closing lines of a command", () => assertSnapshot(reportText(finished) + "\n", "report.txt"));

Deno.test("the facts in a terminal: what the notebook shows, as text", () => {
  assertSnapshot(factsText(finished) + "\n", "facts.txt");
  const begun = factsText({ ...barelyBegun, insights: undefined });
  assert.doesNotMatch(begun, /Training by epoch|A few people|undefined|NaN/);
  assert.equal(factsText({ ...barelyBegun, insights: { ...insights, people: [] } }), begun);
});

Deno.test("a report says where files were without the name of whose home they are in", async () => {
  const { run } = finished, command = "automlp pipeline /home/ann.smith/data --out /home/ann.smith/run";
  const html = await reportHtml({
    ...finished,
    run: {
      ...run,
      command,
      sessions: [{ command, began: "2024-01-01T00:00:00.000Z" }],
      config: {
        ...run.config,
        data: { dataset: "/home/ann.smith/data" },
        training: { startFrom: "C:\\Users\\Ann.Smith\\run" },
      },
    },
    manifest: { ...manifest, config: { data: ["/Users/ann.smith/log.csv"] } },
  });
  assert.deepEqual(html.match(/.{0,40}ann.smith.{0,9}/gi), null);
  for (const part of ["pipeline ~/data --out ~/run", "&quot;~/data&quot;", "&quot;~/log.csv&quot;"]) {
    assert(html.includes(part), part);
  }
});

Deno.test("the report shows everything of a finished run, escaped and without a network", async () => {
  const html = await reportHtml(finished);
  assert.deepEqual(titles(html), [
    "Results",
    "Who is served well",
    "A few people",
    "What is recommended",
    "Data",
    "Search for the short-term length",
    "Training",
    "Time and memory",
    "Record",
  ]);
  assert.equal(drawings(html), 14); // two divisions of people; lengths, popularity, concentration, time; evidence, α, softmax(α), entropy, losses; training loss, validation metric twice
  for (
    const part of [
      "<h1>AutoMLP on shop &lt;&amp;&gt; co</h1>",
      "NDCG@10, test (full)",
      "<strong>0.4000\u00a0±\u00a00.0040</strong>",
      "Of 1,000 test interactions, 20.0 % are among the 10 items that AutoMLP would have ranked first, out of 200 (HR@10, protocol full). " +
      "By NDCG@10, which counts how near the top they are, it is 67 % above Popularity, the best of the other methods.",
      "· 2026-11-26 06:12 UTC",
      "deno task evaluate runs/shop --ks 5",
      "2 cores and 24 GB of memory",
      "its high-water mark where the phase raised it",
      "Scoring all items after one history takes 0.12 ms",
      "Training each of the 4 candidate lengths as long as this one would have taken about 8:00; the search took 1:01.",
      "(3 earlier) <bdi>Tea</bdi> → <bdi>Cup</bdi>",
      "<li><bdi>Pot</bdi></li><li><strong>✓ <bdi>Pan</bdi></strong></li>",
      "&lt;Bonn&gt;",
      "25.0\u00a0±\u00a02.0\u00a0%",
      '<a href="search/history.jsonl">',
      "counts 1 in HR@10, 1 / log₂(r + 1) in NDCG@10 and 1 / r in MRR@10",
      "test, protocol full",
      "selected from 3, 5, 10, 20 by a search that compares networks with shared weights",
      "best: epoch 6",
      "123,456",
      "The budget ended the training.",
      "filter: 5 users are left out",
      "Dropped: 5 of 1,005 users with fewer than 10 interactions (50 rows): --min-user 10.",
      "user = customer, item; not used: qty",
      "id; title = name; features: maker",
      "The pale bar: 5 users with fewer than 10 interactions",
      "from 2024-01-01 to 2024-01-03",
      "&quot;dropout&quot;: 0.2",
    ]
  ) assert.ok(html.includes(part), part);
  assert.match(html, />prepare<[^>]+>[^>]+>2\.5 s<[^>]+>[^>]+>1\.3 %<[^>]+>[^>]+>250 MB</);
  for (const k of [3, 5, 10, 20]) assert.equal(html.match(new RegExp(`>k = ${k}<`, "g"))?.length, 2);
  assert.ok(!/<script|<link|url\(|src=/.test(html));
  assert.ok(!/NaN|undefined/.test(html));
});

Deno.test("what a run did not come to is left out", async () => {
  const { search: _, ...given } = finished;
  const cases: [facts: ReportFacts, expected: string[], drawings: number][] = [
    [barelyBegun, ["Results", "Data", "Time and memory", "Record"], 0],
    [
      { ...barelyBegun, search: finished.search, architecture: finished.architecture },
      ["Results", "Data", "Search for the short-term length", "Time and memory", "Record"],
      5,
    ],
    [ // the length was given, and there are no baselines and no errors
      {
        ...given,
        search: [],
        architecture: {
          ...finished.architecture!,
          method: "given",
          lengths: [5],
          alpha: [],
          probabilities: [],
          evidence: undefined,
          dropped: undefined,
        },
        monitor: undefined,
        insights: undefined,
        metrics: {
          ...finished.metrics!,
          methods: { AutoMLP: ofMethod(finished.metrics!.methods.AutoMLP.metrics) },
        },
      },
      ["Results", "Data", "Search for the short-term length", "Training", "Time and memory", "Record"],
      7,
    ],
  ];
  for (const [facts, expected, figures] of cases) {
    const html = await reportHtml(facts);
    assert.deepEqual(titles(html), expected);
    assert.equal(drawings(html), figures);
    assert.ok(!/NaN|undefined/.test(html) && !/NaN|undefined/.test(reportText(facts)));
    assert.equal(/±/.test(html), facts.architecture?.evidence !== undefined);
  }
  assert.match(
    await reportHtml(barelyBegun),
    /Nothing has been trained or evaluated yet: [^.]*cannot say how good the model is\.<.*The run was interrupted; resume it with --resume/s,
  );
  assert.match(await reportHtml(cases[2][0]), /The short-term length 5 was given, not searched/);
});

Deno.test("people: what was taken is marked in the list; beyond it, its number is its rank; of two of one title the rank says which", async () => {
  const insights = finished.insights!, [person, other] = insights.people;
  const twins = { ...person, recommended: ["Pan", "Pot", "Pan"], took: "Pan", rank: 3 };
  const html = await reportHtml({ ...finished, insights: { ...insights, people: [person, other, twins] } });
  const lists = [...html.matchAll(/<ol [^>]*>(.*?)<\/ol>/g)].map(([, list]) => list);
  assert.deepEqual(lists, [
    "<li><bdi>Pot</bdi></li><li><strong>✓ <bdi>Pan</bdi></strong></li>",
    '<li><bdi>Tea</bdi></li><li value="77"><bdi>Cup</bdi>: taken</li>',
    "<li><bdi>Pan</bdi></li><li><bdi>Pot</bdi></li><li><strong>✓ <bdi>Pan</bdi></strong></li>",
  ]);
  assert.match(
    html,
    /<strong><bdi>&lt;u1&gt;<\/bdi><\/strong> had \(3 earlier\) <bdi>Tea<\/bdi> → <bdi>Cup<\/bdi>; took <strong><bdi>Pan<\/bdi><\/strong>, rank 2</,
  );
});

Deno.test("a star is at every figure that differs by more than chance", async () => {
  const p = { "HR@10": 0.01, "NDCG@10": 0.2, "MRR@10": 0.03 };
  const tests = (metrics: string[]) => ({
    full: Object.fromEntries(metrics.map((name) => [name, { Popularity: p[name as keyof typeof p] }])),
  });
  const run = (metrics: string[]): ReportFacts => {
    const own = { full: { "HR@10": 0.3, "NDCG@10": 0.2, "MRR@10": 0.1 } };
    const model = { test: own, validation: own };
    return {
      ...finished,
      metrics: {
        ...finished.metrics!,
        methods: { AutoMLP: ofMethod(model), Popularity: ofMethod(model) },
        tests: tests(metrics),
      },
    };
  };
  const all = reportText(run(["HR@10", "NDCG@10", "MRR@10"]));
  assert.match(all, /Popularity +0\.3000 \* +0\.2000 +0\.1000 \*\n/);
  assert.match(
    all,
    /^\* .* for the methods of a column together; it is about the models as trained, not about other seeds\.\n/m,
  );
  const html = await reportHtml(run(["HR@10", "NDCG@10", "MRR@10"]));
  assert.equal(
    html.match(/0\.\d000\u00a0?\*/g)?.length,
    5,
    "HR in three tables, MRR in two; none on validation",
  );
  const one = reportText(run(["MRR@10"]));
  assert.match(one, /Popularity +0\.3000 +0\.2000 +0\.1000 \*\n/);
});

Deno.test("the report of a run in progress shows what it is at, reloads itself, and no longer does once the run has ended", () =>
  withFolder(async (dir) => {
    const folder = RunFolder.create(dir), running = { ...finished.run, status: "running" } as const;
    await folder.write("profile", finished.profile!);
    await folder.writeRun({ ...running, phase: "search" });
    await folder.write("searchHistory", finished.search);
    const live = new LiveReport(folder, { manifest } as SequenceDataset, finished.monitor!);
    await live.end(); // nothing was written yet
    assert.equal(folder.readReport(), undefined);
    await live.write();
    assert.equal(folder.readReport(), undefined, "a short run needs none");
    await live.write({ now: true });
    const searching = folder.readReport()!;
    assert.match(searching, /http-equiv="refresh"/);
    assert.match(searching, /<dd>searching<\/dd>/);
    assert.match(searching, /softmax\(α\)/);
    await folder.write("trainHistory", finished.train);
    await folder.writeRun({ ...running, phase: "retrain" });
    await live.write();
    assert.equal(folder.readReport(), searching, "it is not written more often than is worth it");
    await live.write({ now: true });
    assert.match(folder.readReport()!, /<dd>training<\/dd>.*<dt>epoch<\/dt><dd>8 of 20<\/dd>/);
    await folder.removeFigures();
    assert.notEqual(folder.readReport(), undefined, "it has no figures");
    await folder.writeRun({ ...running, status: "interrupted" });
    await live.end();
    assert.doesNotMatch(folder.readReport()!, /http-equiv="refresh"/);
    await folder.write("metrics", finished.metrics!);
    await folder.removeFigures();
    assert.equal(folder.readReport(), undefined);
  }));

Deno.test("the facts are those of the folder", () =>
  withFolder(async (dir) => {
    const folder = RunFolder.create(dir);
    await folder.writeRun(finished.run);
    await folder.write("searchHistory", finished.search);
    await folder.write("architecture", finished.architecture!);
    await folder.write("trainHistory", finished.train);
    await folder.write("metrics", finished.metrics!);
    await folder.write("insights", finished.insights!);
    await folder.write("profile", finished.profile!);
    assert.deepEqual(folder.read("profile"), finished.profile);
    const facts = reportFacts(folder, manifest, finished.monitor);
    assert.equal(reportText(facts), reportText(finished));
    assert.equal(await reportHtml(facts), await reportHtml(finished));
    const bins = [{ from: 0, to: 1, count: 1 }, { from: 1, to: 1e300, count: 1 }];
    await folder.write("profile", { ...finished.profile!, overTime: { every: "1 day", bins } });
    assert.throws(() => folder.read("profile"), /data\.json: it is damaged \(overTime\.bins\.1\.to: /);
  }));

Deno.test({
  name: "the report in a browser: no errors, nothing wider than a phone",
  ignore: browser === undefined,
  fn: async () => {
    const { console, scrollWidth, drawingHeight } = await render(await reportHtml(finished), 400);
    assert.deepEqual(console, []);
    assert.ok(scrollWidth <= 400, `content is ${scrollWidth} px wide`);
    assert.ok(drawingHeight > 100);
  },
});
