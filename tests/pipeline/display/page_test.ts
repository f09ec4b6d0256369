import assert from "node:assert/strict";
import {
  columns,
  details,
  figure,
  page,
  paragraph,
  table,
  warnings,
} from "../../../pipeline/display/page.ts";
import { barPlot } from "../../../pipeline/display/plots/bars.ts";
import { curvePlot, histogramPlot } from "../../../pipeline/display/plots/plot.ts";
import { browser, render } from "./browser.ts";
import { assertVisible, EVIL, SEEN } from "../../unseen.ts";

const NASTY = `<img src=x onerror="alert(1)"> & 'quotes'`;

function example(): string {
  const text = { title: NASTY, x: "x <b>", y: "y" };
  const histogram = histogramPlot([{ from: 1, to: 2, count: 3 }, { from: 2, to: 4, count: 9 }], {
    ...text,
    scale: "log",
  });
  const curve = curvePlot([{ x: 0, y: 0 }, { x: 0.5, y: 0.9 }, { x: 1, y: 1 }], { ...text, shares: true });
  const bars = barPlot([{ label: NASTY, value: 3 }, { label: "b", value: 1 }], text);
  return page({
    title: NASTY,
    subtitle: NASTY,
    headline: [{ label: NASTY, value: "1,000,000,000" }, { label: "users", value: "6,040" }],
    sections: [
      { title: NASTY, blocks: [paragraph(NASTY), warnings([NASTY]), warnings([])] },
      { title: "Wide", blocks: [table({ columns: Array(20).fill(NASTY), rows: [Array(20).fill(1234567)] })] },
      { title: "Long", blocks: [paragraph("x".repeat(500)), details(NASTY, `${NASTY}\n${"y".repeat(500)}`)] },
      {
        title: "Drawn",
        blocks: [columns(figure(histogram.svg, NASTY), figure(curve.svg, "curve")), figure(bars.svg, "")],
      },
    ],
    footer: "0123456789abcdef".repeat(20),
  });
}

Deno.test("a page escapes all text, and asks for nothing from outside", () => {
  const html = example();
  assert.ok(!html.includes("<img"));
  assert.ok(!/<script|<link|@import|url\(/i.test(html));
  const addresses = new Set(html.match(/https?:\/\/[^"'\s]+/g));
  assert.deepEqual(addresses, new Set(["http://www.w3.org/2000/svg"])); // a namespace, not an address
  assert.equal(html.match(/<h2>/g)?.length, 4);
});

Deno.test("a page without headline, subtitle and footer has no empty places for them", () => {
  const html = page({ title: "t", sections: [{ title: "one", blocks: [paragraph("p")] }] });
  assert.ok(!/<dl|<nav|<footer|class="subtitle"/.test(html));
});

Deno.test({
  name: "in a browser: no errors, and nothing wider than a phone or a desk",
  ignore: browser === undefined,
  async fn() {
    for (const width of [400, 1100]) {
      const { console, scrollWidth, drawingHeight } = await render(example(), width);
      assert.deepEqual(console, []);
      assert.ok(scrollWidth <= width, `content is ${scrollWidth} px wide on a page of ${width}`);
      assert.ok(drawingHeight > 100);
    }
  },
});

Deno.test({
  name: "the browser test would notice an error and an overflow",
  ignore: browser === undefined,
  async fn() {
    const broken = example().replace("<main>", '<main><div style="width:900px">wide</div><script>1</script>');
    const { console, scrollWidth } = await render(broken, 400);
    assert.ok(console.length > 0 && scrollWidth >= 900);
  },
});

Deno.test("a live page reloads itself, without a script, and no other does", () => {
  const html = page({ title: NASTY, sections: [], live: true }), still = page({ title: NASTY, sections: [] });
  assert.match(html, /<meta http-equiv="refresh" content="\d+">/);
  assert.doesNotMatch(html, /<script/);
  assert.doesNotMatch(still, /refresh/);
});

Deno.test("a page shows what cannot be seen by its code, and keeps the line ends of configurations and small print", () => {
  const html = page({
    title: EVIL,
    subtitle: EVIL,
    headline: [{ label: EVIL, value: EVIL }],
    sections: [{
      title: EVIL,
      blocks: [
        paragraph(EVIL),
        warnings([EVIL]),
        table({ caption: EVIL, columns: [EVIL], rows: [[EVIL]] }),
        figure("<svg></svg>", EVIL),
        details(EVIL, `${EVIL}\nsecond line`),
      ],
    }],
    footer: `${EVIL}\nsecond line`,
  });
  assertVisible(html);
  assert.equal(html.split(SEEN).length - 1, 15);
  assert.equal(html.split(`${SEEN}\nsecond line`).length - 1, 2);
});

Deno.test("a figure in a table is not broken, a sentence is", () => {
  const { html } = table({
    columns: ["run", "HR@10"],
    rows: [["runs/a", "0.4378 ± 0.0258"], ["word ".repeat(20), "–"]],
  });
  assert.match(html, /white-space:nowrap">0\.4378 ± 0\.0258</);
  assert.doesNotMatch(html, /white-space:nowrap">word/);
});
