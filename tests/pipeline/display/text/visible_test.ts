import assert from "node:assert/strict";
import fc from "fast-check";
import { visible, visibleLines } from "../../../../pipeline/display/text/visible.ts";
import { EVIL, SEEN, UNSEEN, unseenIn } from "../../../unseen.ts";

/** Code points of the classes, or any others. */
const nasty = fc.oneof(...UNSEEN.map(([min, max]) => fc.integer({ min, max }))).map((code) =>
  String.fromCodePoint(code)
);
const anything = fc.array(fc.oneof(nasty, fc.string({ unit: "binary" })), { maxLength: 20 }).map((parts) =>
  parts.join("")
);

Deno.test("control, bidirectional and invisible characters appear as their codes", () => {
  for (
    const [text, shown] of [
      [EVIL, SEEN],
      ["\0\b\x7f\x9b2J", "\\x00\\x08\\x7f\\x9b2J"],
      ["one\r\ntwo\tthree", "one\\r\\ntwo\\tthree"],
      [
        "\u061c\u200e\u200f\u202a\u202b\u202c\u202d",
        "\\u{61c}\\u{200e}\\u{200f}\\u{202a}\\u{202b}\\u{202c}\\u{202d}",
      ],
      ["\u2066\u2067\u2068\u2069", "\\u{2066}\\u{2067}\\u{2068}\\u{2069}"],
      ["a\u2028b\u2029c", "a\\u{2028}b\\u{2029}c"],
      ["\ufeffid\u200b7", "\\u{feff}id\\u{200b}7"],
      ["\ud83c alone, \udfac alone", "\\u{d83c} alone, \\u{dfac} alone"],
      ["hi\u{e0068}\u{e0069}\u{e007f}", "hi\\u{e0068}\\u{e0069}\\u{e007f}"],
    ]
  ) {
    assert.equal(visible(text), shown);
  }
});

Deno.test("the text of every script, emoji and joiners stay as they are", () => {
  for (
    const text of [
      "",
      "007",
      "Amélie \\x1b C:\\new & <b>",
      "電影 영화 映画",
      "שלום العربية ١٢٣",
      "می‌خواهم क्‍ष", // non-joiner, joiner
      "🎬 👩‍👩‍👧 ❤️ 🇨🇭",
      "non\u00a0breaking, soft\u00adhyphen, e\u0301",
    ]
  ) {
    assert.equal(visible(text), text);
    assert.equal(visibleLines(text), text);
  }
});

Deno.test("of several lines, the line ends stay and nothing else", () => {
  assert.equal(visibleLines("a\nb\tc\r\n\x1b[2Jd"), "a\nb\\tc\\r\n\\x1b[2Jd");
});

Deno.test("property: nothing unseen is left, and what was made visible stays", () => {
  fc.assert(
    fc.property(anything, (text) => {
      const shown = visible(text), lines = visibleLines(text);
      assert.deepEqual(unseenIn(shown), []);
      assert.deepEqual(unseenIn(lines.replaceAll("\n", "")), []);
      assert.equal(visible(shown), shown);
      assert.equal(lines.split("\n").length, text.split("\n").length);
      if (unseenIn(text).length === 0) assert.equal(shown, text);
    }),
    { numRuns: 500 },
  );
});
