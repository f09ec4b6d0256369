import assert from "node:assert/strict";
import pl from "nodejs-polars";
import {
  AMBIGUOUS,
  lookAlikes,
  lookAlikesAmong,
  seen,
  withCodes,
} from "../../../../pipeline/contract/dataset/original_ids.ts";

const frame = (...ids: string[]) => pl.DataFrame([pl.Series("id", ids, pl.String)]);

Deno.test("ids look the same where accents are written in two ways, where something is hidden, where spaces are of another kind", () => {
  const pairs = [
    ["Cafe\u0301", "Caf\u00e9"],
    ["\u212b", "\u00c5"],
    ["12\u200b3", "123"],
    ["12\u00ad3", "123"],
    ["\u0645\u0631\u062d\u0628\u0627\u200f", "\u0645\u0631\u062d\u0628\u0627"],
    ["New\u00a0York", "New York"],
    ["\u1112\u1161\u11ab", "\ud55c"],
    ["\ufa19", "\u795e"],
    ["e\u200b\u0301", "\u00e9"],
  ];
  for (const [id, other] of pairs) {
    assert.deepEqual(lookAlikes(frame(id, "x", other)), { count: 1, id, other }, id);
    assert.deepEqual(lookAlikesAmong(frame("y", id), frame("x", other)), { count: 1, id, other }, id);
    assert.deepEqual(
      lookAlikesAmong(frame("y", other), frame("x", id)),
      { count: 1, id: other, other: id },
      id,
    );
  }
  assert.equal(lookAlikes(frame(...pairs.flat().filter((id) => !id.startsWith("12"))))!.count, 7);
  assert.equal(lookAlikes(frame("1\u200b", "1\u00ad", "1", "2\u200b", "2\u00ad", "3\u200b"))!.count, 3);
});

Deno.test("ids do not look the same where they differ in what is seen: other letters, joiners of emoji and of Persian, widths", () => {
  const ids = [
    "a",
    "\u0430",
    "ss",
    "\u00df",
    "fi",
    "\ufb01",
    "123",
    "\uff11\uff12\uff13",
    "\u{1f468}\u200d\u{1f469}",
  ];
  const others = [
    "\u{1f468}\u{1f469}",
    "\u0645\u06cc\u200c\u062e",
    "\u0645\u06cc\u062e",
    "caf\u00e9",
    "cafe",
  ];
  assert.equal(lookAlikes(frame(...ids, ...others)), undefined);
  assert.equal(lookAlikesAmong(frame(...ids), frame(...others)), undefined);
});

Deno.test("letters that are looked for are all that may be seen as something else, and Polars finds the same", () => {
  const look = new RegExp(AMBIGUOUS, "u"), letters: string[] = [];
  for (let code = 1; code <= 0x10ffff; code++) {
    if (code >= 0xd800 && code < 0xe000) continue;
    const letter = String.fromCodePoint(code);
    if (seen(letter) !== letter) assert(look.test(letter), code.toString(16));
    if (code < 0x3100) letters.push(letter);
  }
  const found = pl.Series("id", letters, pl.String).str.contains(AMBIGUOUS).toArray();
  // The number of marks and the like differs slightly between versions of Unicode.
  const differ = letters.filter((letter, i) => found[i] !== look.test(letter));
  assert(differ.length < 40, JSON.stringify(differ));
  assert(differ.every((letter) => seen(letter) === letter));
});

Deno.test("what can be taken for something else is shown by its code", () => {
  assert.equal(withCodes("Cafe\u0301 \u00e9\u4e2d\u200b"), '"Cafe\\u{301} \u00e9\u4e2d\\u{200b}"');
});
