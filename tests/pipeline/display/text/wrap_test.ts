import assert from "node:assert/strict";
import fc from "fast-check";
import { displayWidth } from "../../../../pipeline/display/table.ts";
import { forStream, wrapped } from "../../../../pipeline/display/text/wrap.ts";

Deno.test("sentences are broken between words, and what follows is set in", () => {
  assert.equal(
    wrapped("warning: k = 3 has the largest α, which says little yet", 28),
    "warning: k = 3 has the\n  largest α, which says\n  little yet",
  );
  assert.equal(
    wrapped("after all of this it was k = 3 (20 % of it, 0.1 ± 0.2)", 30),
    "after all of this it was\n  k = 3 (20 % of it,\n  0.1 ± 0.2)",
  );
  assert.equal(wrapped("  first a list of things\nshort", 21), "  first a list of\n    things\nshort");
  assert.equal(wrapped("twenty-one columns ok", 22), "twenty-one columns ok", "it fits");
  assert.equal(
    wrapped("twenty-one columns ok", 21),
    "twenty-one columns\n  ok",
    "the last column stays free",
  );
  assert.equal(wrapped("too narrow to be read", 12), "too narrow to be read");
});

Deno.test("wide characters take two columns, combining marks none", () => {
  assert.equal(
    wrapped("電影電影電影 電影電影 🎬", 26),
    "電影電影電影 電影電影 🎬",
    "12 + 1 + 8 + 1 + 2 = 24 columns",
  );
  assert.equal(wrapped("電影電影電影 電影電影 🎬🎬", 26), "電影電影電影 電影電影\n  🎬🎬");
  const combined = "e\u0301".repeat(10);
  assert.equal(wrapped(`${combined} ${combined}`, 22), `${combined} ${combined}`);
});

Deno.test("commands and what is longer than a line stay whole, so that they can be copied", () => {
  assert.equal(
    wrapped("error: Stopped; to continue: deno task pipeline --out 'my run' --resume", 50),
    "error: Stopped; to continue:\n  deno task pipeline --out 'my run' --resume",
  );
  assert.equal(
    wrapped("Next: automlp inspect --dataset data/a, or automlp pipeline --dataset data/a --out runs/a", 45),
    "Next: automlp inspect --dataset data/a, or\n  automlp pipeline --dataset data/a --out runs/a",
  );
  assert.equal(
    wrapped("run deno task engine to make the one that is fast", 30),
    "run deno task engine to make\n  the one that is fast",
  );
  const path = "/a/long/path/that/no/line/has/room/for.csv";
  assert.equal(wrapped(`Cannot read ${path}: no file`, 30), `Cannot read\n  ${path}:\n  no file`);
});

Deno.test("tables stay as they are", () => {
  const table =
    "method      NDCG@10  a remark that is long\n─────────────────────────────────────\nPopularity   0.1234";
  assert.equal(wrapped(table, 25), table);
});

Deno.test("nothing is lost or added but line ends and what is set in, and what can fit does", () => {
  const word = fc.constantFrom(
    "a",
    "length",
    "電影",
    "--out",
    "automlp",
    "deno",
    "α;",
    "🎬",
    "(data)",
    "x".repeat(30),
  );
  fc.assert(
    fc.property(
      fc.array(word, { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 21, max: 90 }),
      (words, columns) => {
        const text = words.join(" "), lines = wrapped(text, columns).split("\n");
        assert.equal(lines.map((line) => line.trim()).join(" "), text);
        for (const line of lines) {
          assert(
            displayWidth(line) < columns || /x{30}|deno|automlp/.test(line),
            line,
          );
        }
      },
    ),
    { seed: 1 },
  );
});

Deno.test("what no terminal reads stays one line a message", () =>
  assert.equal(forStream("word ".repeat(100), { isTerminal: () => false }), "word ".repeat(100)));
