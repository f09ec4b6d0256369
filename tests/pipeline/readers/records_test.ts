import assert from "node:assert/strict";
import fc from "fast-check";
import { RecordLook } from "../../../pipeline/readers/records.ts";

const encoder = new TextEncoder(), decoder = new TextDecoder();

/** The pieces of a text that is added this many bytes at a time. */
function cut(text: string, step: number, delimiter?: string): string[] {
  const look = new RecordLook({ lineEnd: "\n", delimiter }), bytes = encoder.encode(text), ends = [0];
  for (let at = 0; at < bytes.length; at += step) {
    look.add(bytes.subarray(at, at + step));
    ends.push(look.end);
  }
  const pieces = ends.map((end, i) => decoder.decode(bytes.subarray(end, ends[i + 1] ?? bytes.length)));
  return pieces.filter((piece) => piece !== "");
}

Deno.test("a text is cut behind line ends, but not within quotes", () => {
  assert.deepEqual(cut("a,b\nc,d\ne", 5, ","), ["a,b\n", "c,d\n", "e"]);
  assert.deepEqual(cut('a,"b\nc"\nd\n', 1, ","), ['a,"b\nc"\n', "d\n"]);
  assert.deepEqual(cut('"a ""\n"" b"\nd\n', 1, ","), ['"a ""\n"" b"\n', "d\n"]);
  assert.deepEqual(cut('5" disk,b\nc\n', 1, ","), ['5" disk,b\n', "c\n"], "a quote within a field");
  assert.deepEqual(cut('a,"b\nc"\n', 1), ['a,"b\n', 'c"\n'], "where nothing is quoted");
});

Deno.test("pieces are the text, each begins with a record, however it comes", () => {
  const field = fc.array(fc.constantFrom("a", "é", ",", "\n", '"'), { maxLength: 5 }).map((all) =>
    `"${all.join("").replaceAll('"', '""')}"`
  );
  const plain = fc.array(fc.constantFrom("a", "é", "b"), { maxLength: 4 }).map((all) => all.join(""));
  const record = fc.array(fc.oneof(field, plain), { minLength: 1, maxLength: 3 }).map((all) =>
    all.join() + "\n"
  );
  fc.assert(
    fc.property(fc.array(record, { maxLength: 8 }), fc.integer({ min: 1, max: 9 }), (records, step) => {
      const pieces = cut(records.join(""), step, ",");
      assert.equal(pieces.join(""), records.join(""));
      const starts = new Set<number>();
      records.reduce((at, record) => (starts.add(at), at + record.length), 0);
      pieces.reduce((at, piece) => {
        assert(starts.has(at), JSON.stringify(pieces));
        return at + piece.length;
      }, 0);
    }),
  );
});
