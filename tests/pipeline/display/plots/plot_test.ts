import assert from "node:assert/strict";
import { barPlot } from "../../../../pipeline/display/plots/bars.ts";
import { curvePlot, histogramPlot, type PlotImage } from "../../../../pipeline/display/plots/plot.ts";
import { linesPlot } from "../../../../pipeline/display/plots/lines.ts";
import { assertVisible, EVIL, SEEN } from "../../../unseen.ts";

const text = { title: "Lengths", x: "interactions", y: "users" };

/** The heights of the rectangles, in drawing order. */
const heights = (image: PlotImage) =>
  [...image.svg.matchAll(/<rect height="([\d.]+)"/g)].map(([, height]) => Number(height));

Deno.test("a histogram's bars are as high as their counts, on either axis", () => {
  const bins = [{ from: 1, to: 2, count: 10 }, { from: 2, to: 4, count: 40 }, { from: 4, to: 8, count: 20 }];
  for (const scale of ["linear", "log"] as const) {
    const image = histogramPlot(bins, { ...text, scale }), [a, b, c] = heights(image);
    assert.ok(Math.abs(b / a - 4) < 1e-9 && Math.abs(b / c - 2) < 1e-9);
    assert.ok(image.svg.includes("<title>2 to below 4: 40 users</title>"));
    assert.ok(image.svg.includes("interactions →") && image.svg.includes("↑ users"));
  }
});

Deno.test("bars and curves name what they show", () => {
  const bars = barPlot([{ label: "Drama", value: 1493 }, { label: "<War>", value: 0 }], text);
  assert.ok(bars.svg.includes("Drama") && bars.svg.includes("1,493") && bars.svg.includes("&lt;War&gt;"));
  const nasty = histogramPlot([{ from: 1, to: 2, count: 1 }], {
    title: 'a & "b" <c>',
    x: "x & <x>",
    y: "<y>",
  });
  assert.ok(
    nasty.svg.includes('aria-label="a &amp; &quot;b&quot; &lt;c&gt;"') &&
      nasty.svg.includes("x &amp; &lt;x&gt;"),
  );
  const curve = curvePlot([{ x: 0, y: 0 }, { x: 1, y: 1 }], { ...text, shares: true });
  assert.ok(curve.svg.includes("100%") && curve.svg.includes("users"));
});

Deno.test("a drawing is a file of its own, named for those who cannot see it, in the colours around it", () => {
  const image = histogramPlot([{ from: 1, to: 2, count: 1 }], text);
  assert.ok(String(image).startsWith("<svg ") && image.svg.includes('xmlns="http://www.w3.org/2000/svg"'));
  assert.ok(image.svg.includes('aria-label="Lengths"') && image.svg.includes('role="img"'));
  assert.ok(image.svg.includes('fill="currentColor"'));
  const display = (image as unknown as Record<symbol, () => Record<string, string>>)
    [Symbol.for("Jupyter.display")]();
  assert.deepEqual(Object.keys(display), ["text/html", "image/svg+xml", "text/plain"]);
  assert.equal(display["text/plain"], "[Lengths]");
});

Deno.test("its title is plain text, and so is what a terminal shows of it", () => {
  const title = `T & <b> "q" 'r' &lt;`, image = barPlot([{ label: "a", value: 1 }], { ...text, title });
  assert.equal(image.title, title);
  assert.equal(Deno.inspect(image), `[${title}]`);
});

Deno.test("a long label ends with an ellipsis, and its tip has it all", () => {
  const label = "a very long label that goes on and on beyond its room";
  const { svg } = barPlot([{ label, value: 1 }, { label: "short", value: 2 }], text);
  assert.match(svg, />a very long label [^<]*…</);
  assert.match(svg, />short</);
  assert.ok(svg.includes(`<title>${label}: 1</title>`));
});

Deno.test("numbers stand beside their bars, below 0 too; where there is none, a dash says so", () => {
  const bars = [["up", 0.5], ["down", -0.5], ["none", NaN]] as const;
  const { svg } = barPlot(bars.map(([label, value]) => ({ label, value })), text);
  const groups = [
    ...svg.matchAll(
      /<g transform="translate\((-?5),[\d.]+\)" text-anchor="(\w+)" aria-label="text">(.*?)<\/g>/g,
    ),
  ];
  assert.deepEqual(
    groups.map(([, dx, anchor, texts]) => [dx, anchor, texts.replace(/<[^>]*>/g, " ").trim().split(/ +/)]),
    [["5", "start", ["0.5", "–"]], ["-5", "end", ["-0.5"]]],
  );
  assert.ok(svg.includes("<title>none: –</title>"));
  assert.doesNotMatch(svg, /NaN/);
});

Deno.test("what cannot be seen is shown by its code in titles, axes, labels and tips", () => {
  const all = { title: EVIL, x: EVIL, y: EVIL }, points = [{ x: 1, y: 1 }, { x: 2, y: 3 }];
  const bins = [{ from: 1, to: 2, count: 3 }];
  const images: [PlotImage, times: number][] = [
    [barPlot([{ label: EVIL, value: 3 }, { label: "b", value: 1 }], all), 4], // title, x, label, tip
    [histogramPlot(bins, all), 4], // title, x, y, tip
    [curvePlot(points, all), 7], // title, x, y, and these two in the tip of each point
    [linesPlot([{ label: EVIL, points }], { ...all, moments: [{ x: 1.5, label: EVIL }] }), 9], // the same, label and moment
  ];
  for (const [image, times] of images) {
    assertVisible(image.svg);
    assert.equal(image.svg.split(SEEN).length - 1, times);
    const display = (image as unknown as Record<symbol, () => Record<string, string>>)
      [Symbol.for("Jupyter.display")]();
    assertVisible(display["text/plain"]);
    assertVisible(display["text/html"]);
  }
  assert(!barPlot([{ label: "a\nb", value: 1 }], text).svg.includes("<tspan"), "a label is one line");
});

Deno.test("long numbers beside the vertical axis have the room that they take, short ones what all drawings have", () => {
  const left = (count: number) => {
    const { svg } = histogramPlot([{ from: 0, to: 1, count }, { from: 1, to: 2, count: 1 }], text);
    return Number(/<rect [^>]*x="([\d.]+)"/.exec(svg)![1]);
  };
  assert.equal(left(500), left(50_000));
  assert(left(10_000_000) > left(1_000_000) && left(1_000_000) > left(50_000));
});

Deno.test("each tick of a logarithmic axis has its number", () => {
  const bins = [1, 2, 4, 8, 16, 32, 64, 128].map((from) => ({ from: from * 60, to: from * 120, count: 3 }));
  const { svg } = histogramPlot(bins, { ...text, scale: "log" });
  const axis = /aria-label="x-axis tick label".*?<\/g>/s.exec(svg)![0];
  assert.deepEqual([...axis.matchAll(/>([\d,]+)<\/text>/g)].map(([, label]) => label), [
    ...["100", "300", "1,000", "3,000", "10,000"],
  ]);
  assert(svg.includes("interactions →"));
});
