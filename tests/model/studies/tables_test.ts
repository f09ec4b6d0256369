import assert from "node:assert/strict";
import { parse } from "../../../pipeline/std/csv.ts";
import { experimentPage } from "../../../model/views/experiment_page.ts";
import {
  costTable,
  experimentText,
  exponentOf,
  marksNote,
  notesOn,
  over,
  qualityTables,
  scalingTable,
} from "../../../model/views/experiment.ts";
import {
  type Amount,
  csvTable,
  latexTable,
  markdownTable,
  markedHtml,
  ranked,
} from "../../../model/views/marked_table.ts";
import { PLANS } from "../../../model/studies/built_in_plans.ts";
import { cell, RESULTS } from "./results.ts";

Deno.test("mean and standard deviation over seeds", () => {
  assert.deepEqual(over(RESULTS.rows[0], ({ seed }) => seed), { mean: 1.5, sd: Math.SQRT1_2 });
  assert.deepEqual(over(RESULTS.rows[1], ({ seed }) => seed), { mean: 1 });
  assert.equal(over(RESULTS.rows[2], ({ seed }) => seed), undefined);
});

Deno.test("the best and the next of a column are marked, and equals alike", () => {
  const table = ranked({
    caption: "",
    columns: ["method", "value"],
    rows: [["a", { mean: 0.30001 }], ["b", { mean: 0.1 }], ["c", { mean: 0.30004 }], ["d", { mean: 0.2 }], [
      "e",
      "–",
    ]],
  });
  assert.deepEqual(
    table.rows.map(([, value]) => typeof value === "object" && "mean" in value ? value.rank : "text"),
    [
      1,
      undefined,
      1,
      2,
      "text",
    ],
  );
});

Deno.test("each column has marks of its own, and what was not tested is said", () => {
  const [one] = RESULTS.significance, [first] = RESULTS.rows, zero = { logitAdjustment: { full: 1 } };
  assert.match(
    marksNote(RESULTS),
    / † the same over seeds\. Rows are tested by the seeds that both have, .* Not tested: HR@10, MRR@10, Popularity\.$/,
  );
  const significance = (["HR@10", "NDCG@10", "MRR@10"] as const).map((metric, i) => ({
    ...one,
    metric,
    pUsers: [0.01, 0.5, 0.02][i],
  }));
  const [table] = qualityTables({ ...RESULTS, significance });
  assert.match(markdownTable(table), /\| <u>0\.4000\\\*<\/u> \| <u>0\.2000<\/u> \| <u>0\.1000\\\*<\/u> \|/);
  const all = { ...RESULTS, significance, baselines: [] };
  assert.doesNotMatch(marksNote(all), /Not tested/);
  const adjusted = { ...first, cells: first.cells.map((cell) => ({ ...cell, ...zero })) };
  const published = [{ label: "X", source: "Y 2020", protocol: "full", metrics: {} }];
  assert.match(
    marksNote({ ...all, rows: [adjusted, ...RESULTS.rows.slice(1)], published }),
    /\. Not tested: NDCG@10 at τ = 0, what others report\.$/,
  );
});

Deno.test("quality as Markdown, LaTeX, CSV, HTML and text", () => {
  const [table] = qualityTables(RESULTS);
  assert.equal(
    markdownTable(table),
    [
      "**shop\\_1 (01234567), test, protocol full, seeds 1, 2**",
      "",
      "| method | HR@10 | NDCG@10 | MRR@10 |",
      "| --- | --: | --: | --: |",
      "| AutoMLP | **0.8000 ± 0.2828** | **0.4000 ± 0.1414** | **0.2000 ± 0.0707** |",
      "| A\\_b \\<i\\> (seed 1) | <u>0.4000</u> | <u>0.2000\\*</u> | <u>0.1000</u> |",
      "| Popularity | 0.2000 | 0.1000 | 0.0500 |",
    ].join("\n"),
  );
  const latex = latexTable(table);
  assert(
    latex.includes(
      "  A\\_b \\textless{}i\\textgreater{} (seed 1) & \\underline{$0.4000$} & \\underline{$0.2000^{*}$} & \\underline{$0.1000$} \\\\",
    ),
    latex,
  );
  assert(latex.includes("\\textbf{\\boldmath $0.4000 \\pm 0.1414$}"));
  assert.deepEqual(parse(csvTable(table)).map((row) => row.slice(0, 3)), [
    ["method", "HR@10", "HR@10 sd"],
    ["AutoMLP", "0.8", String(Math.SQRT1_2 * 0.4)],
    ["A_b <i> (seed 1)", "0.4", ""],
    ["Popularity", "0.2", ""],
  ]);
  const { html } = markedHtml(table);
  assert(html.includes("<strong>0.4000\u00a0±\u00a00.1414</strong>") && html.includes("A_b &lt;i&gt;"));
  const text = experimentText(RESULTS);
  assert.match(text, /AutoMLP +0\.8000 ± 0\.2828 ¹/);
  assert.match(text, /^A_b <i>, seed 2, failed: no room$/m);
  assert.match(text, /^none: 2 seeds are not done$/m);
  // Each form explains the marks that it has, and no other.
  assert.match(text, /on test\. ¹ marks the best of a column, ² the next\. \* differs/);
  for (const shown of [experimentPage(RESULTS), notesOn(RESULTS).join("\n")]) {
    assert.match(shown, /on test\. The best of a column is bold, the next underlined\. \* differs/);
    assert.doesNotMatch(shown, /[¹²]/);
  }
});

Deno.test("what is a number to people is one to programs, without units and unrounded", () => {
  const [first, ...others] = RESULTS.rows, [one, two] = first.cells;
  const costs = { ...two, bestEpoch: 3, trainSeconds: 94.25, searchSeconds: 70, shortTermLength: 3 };
  const rows = [{ ...first, cells: [one, costs] }, ...others], table = costTable({ ...RESULTS, rows });
  const read = parse(csvTable(table));
  assert.deepEqual(read[0], [
    ...["method", "parameters", "short-term length", "best epoch", "search (seconds)", "training (seconds)"],
    ...["an epoch (seconds)", "examples a second", "peak memory (bytes)"],
  ]);
  assert.deepEqual(read[1], ["AutoMLP", "1000", "3", "2.5", "70", "48.625", "2", "77", "500000000"]);
  assert.deepEqual(read[2].slice(2, 5), ["", "2", ""], "what there is not is empty");
  assert.match(
    markdownTable(table),
    /\| AutoMLP \| 1,000 \| 3 \| 2\.5 \| 1:10 \| 49 s \| 2\.0 s \| 77 \| 500 MB \|/,
  );
  const taus = [0.75, -0.5].map((full) => ({ ...one, logitAdjustment: { full } }));
  const [quality] = qualityTables({
    ...RESULTS,
    rows: [{ ...first, cells: [taus[1]] }, { ...others[0], cells: taus }],
  });
  assert.deepEqual(parse(csvTable(quality)).slice(1, 3).map((row) => row[row.length - 3]), [
    "-0.5",
    "-0.5 … 0.75",
  ]);
});

Deno.test("tables compile in LaTeX: nothing of a label, a unit or a sign is left that it does not know", () => {
  const [first, ...others] = RESULTS.rows, [one] = first.cells;
  const labels = ["[a] *b*", "τ = −0.5 … λ", "a|b~c^d\\e", "50 % of $x_1$ & #2 {β}"];
  const rows = labels.map((label) => ({
    ...first,
    label,
    cells: [{ ...one, logitAdjustment: { full: -1 } }],
  }));
  const [table] = qualityTables({ ...RESULTS, rows: [...rows, ...others], seeds: [1] }),
    latex = latexTable(table);
  assert.match(latex, /^ {2}method & HR@10 & NDCG@10 & MRR@10 & \$\\tau\$ & NDCG@10 at \$\\tau\$ = 0 \\\\$/m);
  const begins = latex.split("\n").filter((line) => line.includes("0.6000")).map((line) =>
    line.split(" & $")[0].split(" & \\")[0]
  );
  assert.deepEqual(begins.map((begin) => begin.trim().split(" & ").slice(0, 2).join(" & ")), [
    "{[}a{]} {*}b{*}",
    "$\\tau$ = $-$0.5 \\ldots{} $\\lambda$",
    "a\\textbar{}b\\textasciitilde{}c\\textasciicircum{}d\\textbackslash{}e",
    "50 \\% of \\$x\\_1\\$ \\& \\#2 \\{$\\beta$\\}",
  ]);
  assert.match(latex, / & \$-\$1 & /);
  assert.doesNotMatch(latex, /[^\p{ASCII}]/u);
});

Deno.test("the growth of time along an axis is a power, found by the logarithms", () => {
  assert.equal(exponentOf([1, 2, 4].map((x) => ({ x, y: 3 * x ** 1.5 }))).toFixed(9), "1.500000000");
  const at = (x: number) => ({
    ...RESULTS.rows[0],
    label: `T = ${x}`,
    series: "AutoMLP",
    x,
    cells: [{ ...cell(1, 0), secondsPerEpoch: x ** 2, peakMemoryBytes: x * 1e8 }],
  });
  const results = { ...RESULTS, axis: { name: "length", symbol: "T" }, rows: [at(10), at(20), at(40)] };
  assert.deepEqual(scalingTable(results)?.rows, [["AutoMLP", 10, 40, { said: "2.00", value: 2 }]]);
  assert.equal(scalingTable(RESULTS), undefined);
  const page = experimentPage(results);
  assert(page.includes("How the time of an epoch grows with the length, T"));
  assert.match(page, /Peak memory, MB, by length/, "in the unit of the tables");
  assert(!page.includes("standard deviation over seeds on either side"), "one seed has none");
});

Deno.test("what grows with the number of candidates is the time of search and training, not that of an epoch of what was selected", () => {
  const { axis, variants } = PLANS["search-cost"].make({ common: {} });
  const rows = variants.map(({ label, series, x }) => ({
    ...RESULTS.rows[0],
    label,
    series,
    x,
    // An exhaustive search has already trained what it selects; the other search trains it afterwards, in a time that does not depend on
    // the candidates.
    cells: [{
      ...cell(1, 0),
      secondsPerEpoch: 7,
      ...(series === "exhaustive"
        ? { searchSeconds: 2 * x!, trainSeconds: undefined }
        : { searchSeconds: x! ** 2 - 0.5, trainSeconds: 0.5 }),
    }],
  }));
  const table = scalingTable({ ...RESULTS, axis, rows })!;
  assert.equal(
    table.caption,
    "How the time of search and training grows with the number of candidate lengths, lengths",
  );
  assert.deepEqual(
    table.rows.map(([series, from, to, exponent]) => [series, from, to, (exponent as Amount).said]),
    [["shared weights", 2, 10, "2.00"], ["exhaustive", 2, 10, "1.00"]],
  );
  const page = experimentPage({ ...RESULTS, axis, rows });
  assert(page.includes("Seconds of search and training, by number of candidate lengths."));
  assert(!page.includes("econds of an epoch"));
});

Deno.test("the page is one of ours, and nothing of a name is taken for markup", () => {
  const html = experimentPage(RESULTS);
  assert(html.includes("Which &amp; why?") && !html.includes("<i>"));
  assert(html.includes("A_b &lt;i&gt;, seed 2, failed: no room"));
  // Titles that are written from right to left do not change the order of a history.
  const titled = (title: string) => `<bdi>${title}</bdi>`;
  assert(
    html.includes(
      `<p>${titled("&lt;b&gt;u&lt;/b&gt;")}: after 3 earlier ones, ${titled("Tea")} → ${
        titled("Cup")
      }. Then: ${titled("Pot")}.</p>`,
    ),
  );
  assert(html.includes(`>${titled("Pot")} · ${titled("Pan")}<`));
  assert(
    html.includes(
      "AutoMLP: softmax(α) over the steps of the search, first seed; 5 was selected, the largest α.",
    ),
  );
  assert(html.includes("Command: deno task experiment mine\nDataset: shop_1, hash 0123456789"));
  assert(html.includes('<a href="cells/1/report.html">seed 1</a>'));
});
