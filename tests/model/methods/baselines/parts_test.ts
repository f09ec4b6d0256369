/** Baselines of a dataset in parts equal those of the same dataset in one file. */
import assert from "node:assert/strict";
import { itemKnn, markov, personalPopularity, popularity } from "../../../../model/methods/baselines.ts";
import { repeatShareOf } from "../../../../model/seen_bias.ts";
import { withFolder } from "../../../folders.ts";
import { both } from "../../in_parts.ts";

Deno.test("baselines learn the same from a dataset in parts as from one file", () =>
  withFolder(async (dir) => {
    const { one, inParts } = await both(dir, { items: 20 });
    const items = Uint32Array.from({ length: 60 }, (_, i) => 1 + (7 * i) % 20),
      histories = {
        items,
        starts: Uint32Array.of(0, 3, 10, 30, 60),
        ends: Uint32Array.of(1, 8, 30, 60, 60),
      };
    for (const method of [itemKnn, markov, popularity, personalPopularity]) {
      const [whole, parts] = await Promise.all([one, inParts].map((dataset) => method.fit(dataset, {})));
      assert.equal(parts.parameters, whole.parameters);
      assert.deepEqual(await parts.score(histories), await whole.score(histories), whole.name);
    }
    assert.equal(repeatShareOf(inParts), repeatShareOf(one));
  }));
