import assert from "node:assert/strict";
import { checkSchema, prepare, readInteractions } from "../../pipeline/mod.ts";
import { withFolder } from "../folders.ts";
import { assertSnapshot } from "../snapshot.ts";

const bundle = (value: unknown) =>
  (value as Record<symbol, () => Promise<Record<string, string>>>)[Symbol.for("Jupyter.display")]();

/** Four users with three to six interactions, and one with too few. */
const CSV = "user,item,timestamp\n" +
  [3, 4, 5, 6, 1].flatMap((n, u) => Array.from({ length: n }, (_, i) => `u${u},i${(u + i) % 4},${i + 1}\n`))
    .join("");

Deno.test("a preparation, its dataset and its stages' results show themselves", () =>
  withFolder(async (dir) => {
    const data = `${dir}/clicks.csv`, out = `${dir}/clicks`;
    Deno.writeTextFileSync(data, CSV);
    const input = { data, out, minUser: 3, minItem: 1, evalNegatives: 2, protocols: ["recbole" as const] };
    const prepared = await prepare(input), { dataset } = prepared;
    const { "text/html": html, "text/plain": text } = await bundle(prepared);
    const [stages, summary] = text.split("\n\n"); // the width of the summary depends on the folder's name
    assertSnapshot(stages + "\n", "prepared.txt");
    assert.equal(summary, String(dataset));
    assert.match(html, /1 of 5 users with fewer than 3 interactions \(1 row\): minUser: 3/);
    const images = [...html.matchAll(/<img alt="([^"]+)"/g)].map(([, alt]) => alt);
    assert.deepEqual(images, [
      "How many users have sequences of which length",
      "How many items have how many interactions",
    ]);
    assert.doesNotMatch(html, /<(svg|style|script)/);
    assert.equal(Deno.inspect(dataset), String(dataset));
    assert.equal((await bundle(dataset))["text/plain"], String(dataset));

    const again = await prepare(input);
    assert.match(String(again), /^Nothing to do: the folder already held the dataset/);
    assert.deepEqual(Object.keys(again), ["dataset", "status", "reports"]);

    const read = await readInteractions({ files: [data] });
    for (const result of [read, await checkSchema(read.frame)]) {
      const shown = await bundle(result);
      assert.equal(shown["text/plain"], `${result.report}\n\n${result.frame}`);
      assert.match(shown["text/html"], /19 rows, \d columns/);
    }
  }));
