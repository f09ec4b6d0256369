import assert from "node:assert/strict";
import { evaluate, popularity, prepare, type Recommender, withSeenBias } from "../../mod.ts";
import { plantedCsv } from "../../fixtures/planted.ts";
import { seenBiasOf } from "../../model/seen_bias.ts";
import { withFolder } from "../folders.ts";

Deno.test("a method of one's own with the bias of seen items is as good as one here with the same scores", () =>
  withFolder(async (dir) => {
    const path = `${dir}/log.csv`;
    Deno.writeTextFileSync(path, plantedCsv({ users: 80, distance: 2, length: 14 }));
    // Each user's first interaction with an item only, so that nothing is repeated.
    const { dataset } = await prepare({
      data: path,
      out: `${dir}/data`,
      minUser: 3,
      duplicates: "first",
      evalNegatives: 3,
    });
    assert(seenBiasOf(dataset) < -1);
    const here = await popularity.fit(dataset, {}), none = Uint32Array.of(0);
    const shares = await here.score({ items: new Uint32Array(), starts: none, ends: none });
    const { items } = dataset;
    const own: Recommender = {
      name: "Mine",
      items,
      parameters: 0,
      score: ({ starts }, candidates) =>
        Promise.resolve(Float32Array.from(
          candidates ?? { length: starts.length * (items + 1) },
          (item, i) => shares[candidates ? item : i % (items + 1)],
        )),
    };
    const ranks = async (method: Recommender) => (await evaluate(method, dataset)).ranks("recbole");
    const expected = await ranks(here);
    assert.deepEqual(await ranks(withSeenBias(own, dataset)), expected);
    assert.notDeepEqual(await ranks(own), expected, "without it, items of the history are ahead");
    const silent = withSeenBias({ ...own, score: () => Promise.resolve(undefined as never) }, dataset);
    await assert.rejects(ranks(silent), {
      name: "RunError",
      message: /^Cannot rank by Mine: it gave nothing for/,
    });
  }));

Deno.test("a method that changes the histories it is given spoils neither its own figures nor those of others", () =>
  withFolder(async (dir) => {
    const path = `${dir}/log.csv`;
    Deno.writeTextFileSync(path, plantedCsv({ users: 40, distance: 2, length: 12 }));
    const { dataset } = await prepare({ data: path, out: `${dir}/data`, evalNegatives: 3 });
    const { items } = dataset;
    const lastItem = (spoils: boolean): Recommender => ({
      name: "Last",
      items,
      parameters: 0,
      score(histories, candidates) {
        const { items: ids, starts, ends, users } = histories, n = starts.length;
        const width = candidates ? candidates.length / n : items + 1;
        const scores = new Float32Array(n * width);
        for (let i = 0; i < n; i++) {
          const last = ids[ends[i] - 1];
          for (let c = 0; c < width; c++) {
            const item = candidates ? candidates[i * width + c] : c;
            scores[i * width + c] = -Math.abs(item - last);
          }
        }
        if (spoils) { for (const array of [ids, starts, ends, users, candidates]) array?.fill(1); }
        return Promise.resolve(scores);
      },
    });
    const before = await evaluate(lastItem(false), dataset);
    const spoiling = await evaluate(lastItem(true), dataset);
    assert.deepEqual(spoiling.perUser.rows(), before.perUser.rows());
    assert.deepEqual((await evaluate(lastItem(false), dataset)).perUser.rows(), before.perUser.rows());
  }));
