/** Invisible characters in data and configurations, in the reports of runs. */
import assert from "node:assert/strict";
import type { ReportFacts } from "../../../model/records/report_facts.ts";
import { reportHtml, reportText } from "../../../model/report/mod.ts";
import { RunComparison } from "../../../model/report/comparison.ts";
import { factsHtml } from "../../../model/views/report.ts";
import { assertVisible, EVIL, SEEN } from "../../unseen.ts";
import { metrics } from "../runs/example.ts";
import { finished, manifest } from "./example.ts";

Deno.test("names, commands and remarks show by its code what cannot be seen, in the page, a notebook and a terminal", async () => {
  const facts: ReportFacts = {
    ...finished,
    run: {
      ...finished.run,
      warnings: [{ kind: "remark", text: `${EVIL}\nx` }],
      sessions: [{ command: EVIL, began: "2026-11-26T06:12:31.000Z" }],
      config: { ...finished.run.config, data: { data: EVIL } },
    },
    manifest: { ...manifest, name: EVIL, config: { data: EVIL } },
    metrics: {
      ...metrics,
      methods: { AutoMLP: metrics.methods.AutoMLP, [EVIL]: metrics.methods.Popularity },
    },
  };
  const html = await reportHtml(facts);
  assertVisible(html);
  assert(html.includes(`<h1>AutoMLP on ${SEEN}</h1>`) && html.includes(`<li>${SEEN}\\nx</li>`));
  assert(html.includes(`>${SEEN}</td>`), "the command");
  assertVisible(await factsHtml(facts));
  assertVisible(reportText(facts));
  assert(reportText(facts).includes(`warning: ${SEEN}\\nx\n`), reportText(facts));
});

Deno.test("folders, names and notes of compared runs show by its code what cannot be seen", () => {
  const compared = new RunComparison(
    [{ run: EVIL, seed: 1, keepSeen: false, metrics }],
    "test",
    "recbole",
    "NDCG@10",
    undefined,
    EVIL,
  );
  for (const shown of [compared.toHtml(), String(compared)]) {
    assertVisible(shown);
    assert.equal(shown.split(SEEN).length - 1, 2, "the folder and the note");
  }
});
