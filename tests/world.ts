/** One of everything that the library's functions take. */
import pl from "nodejs-polars";
import { join } from "node:path";
import * as automlp from "../mod.ts";
import { makeDataset } from "./pipeline/export/dataset.ts";

/** A dataset, an engine, a model, a run and everything else that functions take. */
export async function worldIn(folder: string) {
  const ids = ["a", "b", "c", "d", "e"], users = ["u", "v", "w", "x"];
  const dataset = await makeDataset(folder, {
    sequences: Object.fromEntries(
      users.map((user, u) => [user, ids.map((_, n) => ids[(n + u) % ids.length])]),
    ),
  });
  const engine = await automlp.openEngine(), sizes = { dim: 4, length: 4 };
  const model = await automlp.train("gru4rec", dataset, { epochs: 1, ...sizes }, engine);
  const candidates = automlp.networkFor(dataset, { lengths: [2, 3], length: 4 });
  const network = automlp.networkFor(dataset, { lengths: [2], length: 4 });
  const { run } = await automlp.runJob(dataset, { method: "gru4rec", ...sizes, epochs: 1 }, {
    out: join(folder, "run"),
  });
  const evaluation = await automlp.evaluate(model, dataset);
  const search = new automlp.Search(engine, dataset, candidates, { epochs: 1 });
  const training = new automlp.Training(engine, dataset, network, { epochs: 1 });
  const trained = await training.run();
  return {
    folder,
    dataset,
    engine,
    model,
    network,
    candidates,
    run,
    evaluation,
    search,
    training,
    trained,
    frame: pl.DataFrame({ user: ["u"], item: ["a"], timestamp: [1] }),
    inspection: await automlp.inspectDataset(dataset),
    facts: automlp.reportFacts(run, dataset.manifest),
    runs: automlp.listRuns(folder),
    comparison: automlp.compareRuns([run]),
    popularity: await automlp.popularity.fit(dataset),
    histories: { items: Uint32Array.of(1), starts: Uint32Array.of(0), ends: Uint32Array.of(1) },
    numbers: Float64Array.of(1, 2, 3),
    tensors: new Map(),
  };
}
