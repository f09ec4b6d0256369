import assert from "node:assert/strict";
import fc from "fast-check";
import pl from "nodejs-polars";
import { safeCell, safeCells } from "../../../../pipeline/display/text/safe_cell.ts";

/** Texts of characters that matter here, and of any others. */
const texts = fc.array(
  fc.oneof(fc.constantFrom(..."'= +-@\t\r\n\0＝＋－＠a1"), fc.string({ unit: "grapheme", maxLength: 2 })),
  { maxLength: 6 },
).map((parts) => parts.join(""));

Deno.test("what begins as a formula has an apostrophe in front; everything else stays", () => {
  for (const text of ["=1+1", "+1", "-5", "@sum(a1)", "\t=1", "\r=1", "\n=1", "\0=1", "  =1", "＝1", "－1"]) {
    assert.equal(safeCell(text), `'${text}`);
    assert.equal(safeCell(`'${text}`), `''${text}`, "another id");
  }
  for (const text of ["", "a=b", "007", "5", "'", "'a", "it's", "é", " a", "(1)", "—", "1-2"]) {
    assert.equal(safeCell(text), text);
  }
});

Deno.test("property: no cell begins a formula, different texts stay different, one apostrophe less is the original", () => {
  const changed = (text: string) => safeCell(text) !== text;
  fc.assert(
    fc.property(texts, texts, (a, b) => {
      assert.doesNotMatch(safeCell(a), /^[ \t\r\n\0]*[=+\-@＝＋－＠]/);
      if (changed(a)) assert.equal(safeCell(a), `'${a}`);
      assert.equal(safeCell(a) === safeCell(b), a === b);
      // A changed text can be recognized by its beginning, so that the change can be undone.
      assert.equal(changed(safeCell(a)), changed(a));
    }),
    { numRuns: 1000 },
  );
});

Deno.test("property: Polars changes the same cells", () => {
  fc.assert(fc.property(fc.array(fc.option(texts), { minLength: 1, maxLength: 20 }), (cells) => {
    const column = pl.DataFrame([pl.Series("cell", cells, pl.String)]).select(safeCells(pl.col("cell")))
      .getColumn("cell");
    assert.deepEqual(column.toArray(), cells.map((cell) => cell === null ? null : safeCell(cell)));
  }));
});
