import assert from "node:assert/strict";
import pl from "nodejs-polars";
import { inPieces, recommend, type RecommendOptions } from "../../../model/recommend/recommend.ts";
import { formatSize } from "../../../pipeline/contract/options/shapes.ts";
import { limitMemory } from "../../../pipeline/contract/machine/available_memory.ts";
import { inFolder, makeDataset } from "../../pipeline/export/dataset.ts";
import { Stub } from "../stub.ts";
import { ascending, SKETCH } from "./lists.ts";

Deno.test("lists come in pieces, none of which is changed by the next; memory need not hold all of them", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, SKETCH), histories = new Array(80_000).fill(["b"]);
    const options = { histories, k: 4 }, pieces: pl.DataFrame[] = [];
    for await (const piece of inPieces(ascending(), dataset, options)) pieces.push(piece);
    assert.equal(pieces.length, 2);
    const whole = await recommend(ascending(), dataset, options);
    assert(pl.concat(pieces).frameEqual(whole, true));
    const list = ["e", "d", "c", "a"];
    for (const user of [0, 65_535, 65_536, 79_999]) {
      const rows = whole.slice(4 * user, 4).select("user", "rank", "item").rows();
      assert.deepEqual(rows, list.map((item, i) => [`#${user + 1}`, i + 1, item]));
    }
  }));

Deno.test("lists that do not fit into memory are refused before they are made", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, SKETCH), users = Object.keys(SKETCH.sequences).length;
    limitMemory(1);
    try {
      await assert.rejects(recommend(ascending(), dataset, { k: 3 }), {
        name: "InputError",
        message:
          `Cannot recommend 3 items to each of ${users} users: it takes ${
            formatSize(users * 3 * 40)
          } of memory at least, ` +
          "and 1B are allowed; lower --k, or name fewer users with --users",
      });
    } finally {
      limitMemory(Infinity);
    }
    assert.equal(
      (await recommend(ascending(), dataset, { users: Object.keys(SKETCH.sequences)[0], k: 1 })).height,
      1,
    );
  }));

Deno.test("whoever is asked for, a dataset in parts gives the lists of one in a single file", () =>
  inFolder(async (folder) => {
    const sequences = Object.fromEntries(
      Array.from(
        { length: 7 },
        (_, u) => [`u${u}`, Array.from({ length: 4 }, (_, t) => "abcdefgh"[(u + t * (u % 3 + 1)) % 8])],
      ),
    );
    const whole = await makeDataset(`${folder}/whole`, { sequences });
    const parts = await makeDataset(`${folder}/parts`, { sequences, partRows: 8 });
    assert.equal(parts.parts.length, 4);
    const of = async (dataset: typeof whole, options: RecommendOptions) => {
      const stub = new Stub(dataset.items, (history, item) => item - 10 * history.indexOf(item));
      const rows = (await recommend(stub, dataset, { k: 3, keepSeen: true, ...options })).rows();
      return { rows, asked: stub.asked };
    };
    for (const users of [undefined, ["u0", "u6"], ["u5", "u1", "u1"], ["u2"], ["u6", "u3", "u0", "u4"]]) {
      const histories = users && { "somebody else": ["c", "a"] };
      assert.deepEqual(await of(parts, { users }), await of(whole, { users }));
      assert.deepEqual(await of(parts, { users, histories }), await of(whole, { users, histories }));
    }
  }));
