import assert from "node:assert/strict";
import { displayWidth, formatCell, htmlTable, textTable } from "../../../pipeline/display/table.ts";
import { assertVisible, EVIL, SEEN } from "../../unseen.ts";

Deno.test("numbers and quantities are aligned right, text left, wide characters count double", () => {
  assert.equal(
    textTable({
      caption: "Items",
      columns: ["title", "count", "share", "date"],
      rows: [["電影", 1_000_209, "4.47 %", "2001"], ["Ünïcode 🎬", 7, "–", "1999"]],
    }),
    [
      "Items",
      "title           count   share  date",
      "───────────────────────────────────",
      "電影        1,000,209  4.47 %  2001",
      "Ünïcode 🎬          7       –  1999",
    ].join("\n"),
  );
  assert.deepEqual(["", "abc", "電影", "🎬", "e\u0301"].map(displayWidth), [0, 3, 4, 2, 1]);
  // Letters of rare names, full-width signs, decomposed Korean syllables; and what people see as one letter of two columns.
  assert.deepEqual(["𠮷野", "￥", "\u1112\u1161\u11ab", "🇧🇷", "👨\u200d👩\u200d👧"].map(displayWidth), [
    4,
    2,
    2,
    2,
    2,
  ]);
  assert.deepEqual(["กำลังใจ", "नमस्ते", "می\u200cخواهم"].map(displayWidth), [6, 4, 7]);
});

Deno.test("cells that are written from right to left stand by themselves, the others as they are", () => {
  const html = htmlTable({ columns: ["title", "فيلم"], rows: [['שם: "אהבה"!', "a<b"]] });
  assert.match(html, />title<.*><bdi>فيلم<\/bdi></);
  assert.match(html, /><bdi>שם: &quot;אהבה&quot;!<\/bdi></);
  assert.match(html, />a&lt;b</);
});

Deno.test("what is rounded to zero has no sign, other numbers keep theirs", () => {
  assert.deepEqual([-0, -0.00001, -0.5, -1234].map(formatCell), ["0", "0", "-0.5", "-1,234"]);
});

Deno.test("HTML is escaped and says which columns are aligned right", () => {
  const html = htmlTable({ caption: "<c>", columns: ["<a>", "n"], rows: [["<b>&", 1234.56789]] });
  assert.ok(html.includes("&lt;c&gt;") && html.includes("&lt;a&gt;") && html.includes("&lt;b&gt;&amp;"));
  assert.match(html, /text-align:left[^>]*>&lt;b&gt;/);
  assert.match(html, /text-align:right[^>]*>1,234.5679</);
  const sentence = "a sentence that is much longer than a number";
  const mixed = htmlTable({ columns: ["", "value"], rows: [["users", 7], ["columns", sentence]] });
  assert.match(mixed, /text-align:left[^>]*>7</);
  assert.doesNotMatch(mixed, /text-align:right/);
});

Deno.test("a column without a name has no empty head, which a reader of screens would name it by", () => {
  const html = htmlTable({ columns: ["", "value"], rows: [["users", 7], ["", 8]] });
  assert.deepEqual(html.match(/<th/g)?.length, 2, "thead, and one head");
  assert.doesNotMatch(html, /<th [^>]*><\/th>/);
  assert.match(html, /<thead><tr><td [^>]*solid[^>]*><\/td><th [^>]*>value</);
});

Deno.test("what cannot be seen is shown by its code, in caption, header and cells, and counts as wide as it is shown", () => {
  const table = { caption: EVIL, columns: [EVIL, "n"], rows: [[EVIL, 1], ["two\nlines\tx", 22]] };
  assert.equal(
    textTable(table),
    [
      SEEN,
      `${SEEN}   n`,
      "─".repeat(SEEN.length + 4),
      `${SEEN}   1`,
      "two\\nlines\\tx".padEnd(SEEN.length) + "  22",
    ].join("\n"),
  );
  const html = htmlTable(table);
  assertVisible(html);
  assert.equal(html.split(SEEN).length - 1, 3);
  assert(html.includes(">two\\nlines\\tx<"));
});
