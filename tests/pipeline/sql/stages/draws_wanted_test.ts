import assert from "node:assert/strict";
import fc from "fast-check";
import { AliasTable } from "../../../../pipeline/contract/alias.ts";
import { RandomStream } from "../../../../pipeline/contract/random.ts";
import { type Protocol, PROTOCOLS } from "../../../../pipeline/contract/dataset/protocols.ts";
import { negativeWeights } from "../../../../pipeline/negatives/protocols.ts";
import { drawsWanted } from "../../../../pipeline/sql/stages/draws_wanted.ts";

/** Popularities that fall as 1 / rank. */
const zipf = (items: number) =>
  Uint32Array.from({ length: items + 1 }, (_, i) => i === 0 ? 0 : Math.ceil(5 * items / i));

Deno.test("few lists need a second look, and all looks together take hardly more draws than the lists need", () => {
  const random = new RandomStream(9, "draws wanted"), count = 50, history = 40, LISTS = 2000;
  for (const items of [500, 5000]) {
    const popularity = zipf(items), owned = new AliasTable(Float64Array.from(popularity));
    for (const protocol of PROTOCOLS) {
      const weights = negativeWeights(protocol, popularity, 1), table = new AliasTable(weights);
      const looks = drawsWanted(protocol, { weights, popularity, count, history });
      let short = 0, needed = 0, looked = 0;
      for (let list = 0; list < LISTS; list++) {
        const excluded = new Set(
          Array.from({ length: protocol === "recbole" ? 1 : history }, () => owned.draw(random)),
        );
        let found = 0, draws = 0;
        while (found < count) {
          const item = table.draw(random);
          draws++;
          if (excluded.has(item)) continue;
          found++;
          if (protocol !== "recbole") excluded.add(item);
        }
        needed += draws / LISTS;
        const last = looks.findIndex((look) => look >= draws);
        looked += looks.slice(0, last + 1).reduce((sum, look) => sum + look, 0) / LISTS;
        if (last > 0) short++;
      }
      const said = `${protocol}, ${items} items: ${short} short, ${looked} draws seen, ${needed} needed`;
      assert(short < LISTS * 0.1, said);
      assert(looked < needed * 1.6, said);
    }
  }
});

Deno.test("looks ascend to the samplers' patience, whatever the lists are drawn from", () => {
  fc.assert(fc.property(
    fc.array(fc.nat(50), { minLength: 2, maxLength: 60 }).filter((all) => all.some((n) => n > 0)),
    fc.constantFrom<Protocol>(...PROTOCOLS),
    fc.integer({ min: 1, max: 300 }),
    fc.double({ min: 1, max: 1000, noNaN: true }),
    (targets, protocol, count, history) => {
      const popularity = Uint32Array.of(0, ...targets), weights = negativeWeights(protocol, popularity, 1);
      const looks = drawsWanted(protocol, { weights, popularity, count, history });
      assert(looks[0] >= count && looks.every((draws, i) => i === 0 || draws > looks[i - 1]), looks.join());
      assert.equal(looks.at(-1), protocol === "recbole" ? count + 199 : 21 * count - 1);
    },
  ));
});
