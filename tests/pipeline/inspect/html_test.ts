import assert from "node:assert/strict";
import { inspectDataset, inspectionHtml } from "../../../pipeline/inspect/mod.ts";
import { browser, render } from "../display/browser.ts";
import { withExample } from "./example.ts";

Deno.test("the report holds every section, escaped", () =>
  withExample(async (dataset) => {
    const html = await inspectionHtml(await inspectDataset(dataset), dataset);
    const titles = [...html.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, title]) => title);
    assert.deepEqual(titles, [
      "Overview",
      "Sequences and popularity",
      "Concentration",
      "Interactions over time",
      "Most popular items",
      "Item features",
      "Negatives",
      "Stages",
      "Provenance",
    ]);
    assert.ok(html.includes("<h1>example &amp; &lt;more&gt;</h1>"));
    assert.ok(html.includes("&lt;script&gt;alert(1)&lt;/script&gt;") && !html.includes("<script"));
    assert.equal(html.match(/<svg /g)?.length, 6); // two histograms, the curve, time, two features with values
    assert.ok(html.includes("&quot;min-user&quot;: 4"));
  }));

Deno.test("the report says where files were without the name of whose home they are in", () =>
  withExample(async (dataset) => {
    const home = "/home/ann.smith/log.csv", { manifest } = dataset;
    manifest.config.data = [home];
    manifest.sources[0].path = home;
    const html = await inspectionHtml(await inspectDataset(dataset), dataset);
    assert(!html.includes("ann.smith") && html.match(/~\/log\.csv/g)?.length === 2);
  }));

Deno.test("in a notebook: HTML and text", () =>
  withExample(async (dataset) => {
    const inspection = await inspectDataset(dataset);
    const display = await (inspection as unknown as Record<symbol, () => Promise<Record<string, string>>>)[
      Symbol.for("Jupyter.display")
    ]();
    assert.deepEqual(Object.keys(display), ["text/html", "text/plain"]);
    assert.equal(display["text/html"].match(/<img alt="[^"]+"/g)?.length, 6, "drawings are images");
    assert.doesNotMatch(display["text/html"], /<(svg|style|script)/);
    assert.equal(display["text/plain"], String(inspection));
  }));

Deno.test({
  name: "the report in a browser: no errors, nothing wider than a phone",
  ignore: browser === undefined,
  fn: () =>
    withExample(async (dataset) => {
      const html = await inspectionHtml(await inspectDataset(dataset), dataset);
      const { console, scrollWidth, drawingHeight } = await render(html, 400);
      assert.deepEqual(console, []);
      assert.ok(scrollWidth <= 400, `content is ${scrollWidth} px wide`);
      assert.ok(drawingHeight > 100);
    }),
});
