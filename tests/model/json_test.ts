/** `JSON.stringify` of objects that hold tensors: it writes what they are, not their internals. */
import assert from "node:assert/strict";
import "../../model/methods/registry.ts";
import { openEngine } from "../../model/backend/engine.ts";
import { networkFor } from "../../model/methods/automlp/method.ts";
import { beginTraining } from "../../model/methods/train.ts";
import { Search } from "../../model/search/search.ts";
import { Training } from "../../model/train/training.ts";
import { withFolder } from "../folders.ts";
import { plantedDataset } from "./planted.ts";

const plain = (value: unknown) => JSON.parse(JSON.stringify(value));

Deno.test("an engine, a search, a training and models are written as what they are", () =>
  withFolder(async (dir) => {
    const engine = await openEngine(), dataset = await plantedDataset(dir, { users: 30 });
    const { name, explanation } = engine;
    const written = plain(engine);
    assert.deepEqual([written.name, written.explanation], [name, explanation]);
    const config = networkFor(dataset, { lengths: [1, 3], length: 6, dim: 4, layers: 1 });
    const search = new Search(engine, dataset, config, { epochs: 1 });
    const training = new Training(engine, dataset, { ...config, lengths: [3] }, { epochs: 1 });
    const sasrec = await beginTraining("sasrec", dataset, {
      dim: 4,
      heads: 1,
      layers: 1,
      length: 6,
      epochs: 1,
    });
    const ensemble = new Training(engine, dataset, { ...sasrec.config, ensemble: 2 }, { epochs: 1 });
    for (const session of [search, training, sasrec, ensemble]) {
      await session.run();
      const { config, options, history } = session;
      assert.deepEqual(plain(session), plain({ config, options, history }));
      assert(plain(session).history.length > 0);
    }
    for (const session of [training, sasrec, ensemble]) {
      const { name, config, parameters, specs } = session.finish();
      assert.deepEqual(plain(session.finish()), plain({ name, config, parameters, specs }));
    }
    for (const session of [search, training, sasrec, ensemble]) session.dispose();
  }));
