"""Drives the installed kernel through searches and trainings whose curves grow under their cells.

Arguments: Jupyter's folder with the kernel, its name, a notebook's folder that holds `planted.csv`. Prints what was seen, as
JSON.
"""
import json
import os
import sys
import time

jupyter, name, folder = sys.argv[1:]
os.environ["JUPYTER_PATH"] = jupyter  # read at import

from kernel import Kernel

SETTINGS = """
import { automlp, exhaustiveSearch, networkFor, openEngine, prepare, runJob, Search, train, Training } from "automlp";
const { dataset } = await prepare({ data: "planted.csv", out: "dataset", protocols: ["recbole"], evalNegatives: 10 });
const engine = await openEngine();
const settings = { loss: "ce", trainNegatives: 1, trainDistribution: "uniform", rate: 5e-3, batchSize: 64, seed: 1 };
const sizes = { length: 12, dim: 8, layers: 1, longLayers: 0, sequenceHidden: 8, channelHidden: 8, dropout: 0 };
const search = new Search(engine, dataset, networkFor(dataset, { ...sizes, lengths: [1, 2, 4] }), {
  ...settings, epochs: 4, warmup: 0, alphaRate: 0.02, alphaData: 0.3, every: 5, elimination: false,
});
const training = new Training(engine, dataset, networkFor(dataset, { ...sizes, lengths: [4] }), {
  ...settings, epochs: 6, patience: 10000, metric: "NDCG@10", protocol: "recbole",
});
"""


def told(ran):
    return {"growing": ran.growing, "error": ran.error, "result": ran.result, "seconds": ran.seconds, "late": len(ran.late)}


seen = {}
with Kernel(name, folder) as kernel:
    made = kernel.run(SETTINGS)
    seen["made"] = made.error
    seen["trained"] = told(kernel.run("for await (const epoch of training); training.history.length"))
    seen["nothing"] = told(kernel.run("for await (const epoch of training); 1"))
    seen["itself"] = told(kernel.run("training.epochs += 3; for await (const epoch of training); training"))
    seen["searched"] = told(kernel.run("await search.run(); 1"))
    seen["driven"] = told(kernel.run("training.epochs += 3; while (!training.done) await training.epoch(); 1"))
    seen["one"] = told(kernel.run("await train('gru4rec', dataset, { dim: 8, length: 10, epochs: 1 }); 1"))
    seen["many"] = told(kernel.run("training.epochs += 120; for await (const epoch of training); training.history.length"))

    seen["exhaustive"] = told(kernel.run("""
const trials = await exhaustiveSearch(engine, dataset, search.config, { ...settings, epochs: 2, metric: "NDCG@10", protocol: "recbole" });
1
"""))

    def stop():
        time.sleep(1.5)
        kernel.interrupt()

    seen["stopped"] = told(kernel.run("training.epochs += 1e6; for await (const epoch of training);", on_output=stop))
    seen["known"] = kernel.run("training.history.length").result
    seen["whole"] = told(kernel.run("""
await automlp({ data: "planted.csv", out: "run", protocols: ["recbole"], evalNegatives: 10, ...sizes, lengths: [1, 4],
  metric: "NDCG@10", protocol: "recbole", searchEpochs: 3, epochs: 3, batchSize: 64 }); 1
"""))
    job = """{ ...sizes, lengths: [4], metric: "NDCG@10", protocol: "recbole", searchEpochs: 2, epochs: 3, batchSize: 64 }"""
    seen["job"] = told(kernel.run(f"await runJob(dataset, {job}, {{ out: 'job' }})"))
    # For so long that the curves of each are drawn, however fast the machine.
    methods = f"""{{ ...{job}, epochs: 30, patience: 30, data: "planted.csv", protocols: ["recbole"], evalNegatives: 10, methods: ["automlp", "gru4rec"] }}"""
    seen["methods"] = told(kernel.run(f"const several = await automlp({{ ...{methods}, out: 'methods' }}); 1"))
    seen["shown"] = told(kernel.run(f"await automlp({{ ...{methods}, out: 'shown' }})"))
    seen["alive"] = kernel.manager.is_alive()

print(json.dumps(seen))
