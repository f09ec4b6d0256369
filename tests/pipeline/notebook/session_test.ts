import assert from "node:assert/strict";
import pl, { type DataFrame } from "nodejs-polars";
import { Interrupted } from "../../../pipeline/contract/errors.ts";
import { cellMessage, showAllFrames } from "../../../pipeline/notebook/session.ts";

const bundle = (frame: DataFrame) =>
  (frame as unknown as Record<symbol, () => Record<string, string>>)[Symbol.for("Jupyter.display")]();

Deno.test("in a kernel all frames show themselves, those that Polars makes of others too", () => {
  const before = pl.DataFrame({ user: ["a", "b", "a"], n: [1, 2, 3] });
  assert.equal(
    bundle(before)["text/plain"],
    undefined,
    "Polars' own display has no text; if it has now, use it",
  );
  showAllFrames();
  const made = [
    pl.DataFrame({ n: [1] }),
    before.head(1),
    before.lazy().filter(pl.col("n").gt(pl.lit(1))).collectSync(),
    before.groupBy("user").agg(pl.col("n").sum()),
    pl.concat([before, before]),
    before.getColumn("n").toFrame(),
  ];
  for (const frame of made) {
    const { "text/html": html, "text/plain": text, ...others } = bundle(frame);
    assert.deepEqual(others, {});
    assert.match(html, new RegExp(`${frame.height} rows, ${frame.width} columns`));
    assert.equal(text, frame.toString());
  }
});

Deno.test("of what goes on it is said how", () => {
  const stopped = new Interrupted("Stopped while searching, epoch 2; α as it stands is kept");
  assert.equal(cellMessage(stopped), stopped.message);
  stopped.goesOn = "run the search again";
  assert.equal(cellMessage(stopped), `${stopped.message}; run the search again to resume`);
});
