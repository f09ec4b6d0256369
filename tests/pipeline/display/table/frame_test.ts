import assert from "node:assert/strict";
import pl from "nodejs-polars";
import { frameView, show } from "../../../../pipeline/display/table/frame.ts";
import { assertVisible, EVIL } from "../../../unseen.ts";

const NUMBERS = Array.from({ length: 1234 }, (_, i) => i + 1);

Deno.test("a frame's size, types, first and last rows; text is escaped and cut, numbers stay as they are", () => {
  const frame = pl.DataFrame([
    pl.Series("n <&>", Uint32Array.from(NUMBERS)),
    pl.Series("share", NUMBERS.map((n) => n === 2 ? null : 1 / n), pl.Float64),
    pl.Series("id", NUMBERS.map((n) => n === 1 ? "<script>" : "x".repeat(n)), pl.String),
  ]);
  const html = String(frameView(frame, { rows: 5 }).html());
  assert.match(html, /1,234 rows, 3 columns/);
  assert.match(html, /n &lt;&amp;&gt;<br><span[^>]*>UInt32</);
  assert.match(html, /&lt;script&gt;/);
  assert.match(html, /0\.333333</);
  assert.match(html, />null</);
  assert.match(html, /x{79}…</);
  assert.doesNotMatch(html, /x{80}|<script/);
  const rows = [...html.matchAll(/<tr[^>]*><td[^>]*>([^<]*)</g)].map(([, first]) => first);
  assert.deepEqual(rows, ["1", "2", "3", "…", "1233", "1234"]);
});

Deno.test("a small frame is whole; an empty one has its columns", () => {
  const rowsOf = (html: string) => html.match(/<tr[^>]*><td/g)?.length ?? 0;
  const lists = pl.DataFrame({ user: ["a", "b"], items: [[1, 2], []] });
  const html = String(frameView(lists).html());
  assert.equal(rowsOf(html), 2);
  assert.match(html, />\[1, 2\]</);
  assert.match(html, /List\(Float64\)/);
  assert.equal(rowsOf(String(frameView(lists.head(0)).html())), 0);
  assert.match(String(frameView(lists.head(0)).html()), /0 rows, 2 columns/);
});

Deno.test("shadows tell that there are more columns, where the colour of the page is known, and no row hides them", () => {
  const html = String(frameView(pl.DataFrame({ user: ["a", "b"] })).html());
  const [, style] = /^<div style="([^"]*)">/.exec(html)!;
  assert.match(style, /^overflow-x:auto;background:linear-gradient\(to right,var\(--jp-layout-color0,/);
  assert.equal(style.match(/ local /g)?.length, 2, "two cover, and scroll with the columns");
  assert.equal(style.match(/radial-gradient/g)?.length, 2, "two stay");
  assert.doesNotMatch(style, /var\(--[\w-]+,[^v]/, "a page of another colour gets none");
  assert.doesNotMatch(html, /<tr(?! style="background:none")[^>]*><td/);
});

Deno.test("show() has as many rows as are asked for, and a text", async () => {
  const shown = show(pl.DataFrame({ n: NUMBERS }), { rows: 2 });
  const bundle = await (shown as Record<symbol, () => Promise<Record<string, string>>>)[
    Symbol.for("Jupyter.display")
  ]();
  assert.equal(bundle["text/html"].match(/<tr[^>]*><td/g)?.length, 3);
  assert.match(bundle["text/plain"], /^shape: \(1_234, 1\)/);
});

Deno.test("a frame is shown whatever its columns are called", () => {
  const frame = pl.DataFrame({
    rows: [3],
    columns: [1],
    height: [2],
    head: ["a"],
    dtypes: [5],
    getColumns: [6],
  });
  const html = String(frameView(frame).html());
  assert.match(html, />rows<.*>columns<.*>height<.*>head<.*>dtypes</s);
  assert.match(html, /1 rows, 6 columns/);
});

Deno.test("decimals, structures with some, and bytes, of which Polars gives no values, are shown too", () => {
  const frame = pl.DataFrame({ price: ["1.50", null], hex: ["c3a9", "ff"] }).select(
    pl.col("price").cast(pl.Decimal(6, 2)),
    pl.struct([pl.col("price").cast(pl.Decimal(6, 2)).alias("net")]).alias("order"),
    pl.col("hex").str.decode("hex").alias("picture"),
  );
  const html = String(frameView(frame).html()), text = frameView(frame).text();
  assert.match(html, />Decimal\(6,2\)</);
  assert.match(html, />1\.50<.*>\{&quot;net&quot;:&quot;1\.50&quot;\}<.*>null</s);
  assert.match(html, />Binary<.*>bytes</s);
  assert.match(text, /shape: \(2, 3\)/);
  assert.match(String(frameView(frame.head(0)).html()), /0 rows, 3 columns/);
});

Deno.test("what cannot be seen in a frame is shown by its code, in names, cells and lists, as HTML and as text", () => {
  const ids = [...Array(20).keys()].map(String);
  const made = (id: string, ...more: string[]) =>
    pl.DataFrame([
      pl.Series("id", [id, ...more], pl.String),
      pl.Series("n", [1, ...more.map(Number)], pl.Float64),
    ]);
  for (
    const frame of [
      made(EVIL),
      made("a", ...ids, "21").vstack(made(EVIL)),
      made("a").rename({ id: EVIL }),
      pl.DataFrame({ list: [["a", EVIL]] }),
      pl.DataFrame([pl.Series("id", [EVIL], pl.String).cast(pl.Categorical)]),
    ]
  ) {
    const { html, text } = frameView(frame);
    assertVisible(String(html()));
    assertVisible(text());
  }
  assert.equal(
    frameView(made("two\nlines", ...ids)).text(),
    [
      "shape: (21, 2)",
      "id (String)  n (Float64)",
      "────────────────────────",
      "two\\nlines   1",
      ...[0, 1, 2, 3].map((n) => `${n}`.padEnd(13) + n),
      "…            …",
      ...[15, 16, 17, 18, 19].map((n) => `${n}`.padEnd(13) + n),
    ].join("\n"),
  );
  const ordinary = made("é 電影", ...ids);
  assert.equal(frameView(ordinary).text(), ordinary.toString());
  const half = String(frameView(made("x".repeat(78) + "🎬" + "y".repeat(9))).html());
  assert(half.includes(`${"x".repeat(78)}…<`), "a text is not cut within a character");
});
