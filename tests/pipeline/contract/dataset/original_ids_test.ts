import assert from "node:assert/strict";
import { idHint, nearId } from "../../../../pipeline/contract/dataset/original_ids.ts";

Deno.test("case, signs and zeros before a number do not make another id; one letter may, if only one id is so near", () => {
  const ids = ["u0001", "u0012", "C-17", "anna", "7", "---"];
  for (
    const [asked, meant, slipped] of [
      ["u1", "u0001", "u0001"],
      ["U12", "u0012", "u0012"],
      ["c17", "C-17", "C-17"],
      [" 007", "7", "7"],
      ["anma", undefined, "anna"],
      ["ann", undefined, "anna"],
      ["u0011", undefined, undefined], // one letter away from two of them
      ["zoe", undefined, undefined],
      ["u1000", undefined, undefined],
      ["...", undefined, undefined], // punctuation alone is an id, too
    ] as const
  ) {
    assert.equal(nearId(asked, ids, false), meant, asked);
    assert.equal(nearId(asked, ids, true), slipped, asked);
  }
  assert.equal(
    nearId("Jose\u0301", ["Jos\u00e9", "Jose"], true),
    "Jos\u00e9",
    "accents are written in two ways",
  );
  assert.equal(nearId("\u0915\u093f", ["\u0915\u0941"], false), undefined, "signs of vowels are letters");
  assert.equal(nearId("a1", ["A1", "a-1"], true), undefined, "two are alike");
});

Deno.test("an id that was meant is named, else how ids look", () => {
  assert.deepEqual(idHint("u1", ["u0001"], "user", false), {
    meant: ' (did you mean "u0001"?)',
    such: "",
  });
  assert.deepEqual(idHint("Jos\u00e9", ["Jose\u0301"], "user", false), {
    meant: ' (did you mean "Jose\\u{301}"?)',
    such: "",
  });
  assert.deepEqual(idHint("zz", ["a", "b"], "item", true), {
    meant: "",
    such: '; its items have ids such as "a"',
  });
  assert.deepEqual(idHint("zz", [], "item", true), { meant: "", such: "" });
});
