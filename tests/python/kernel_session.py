"""Drives the installed kernel through a day's work: prepares, searches, is stopped, looks, continues.

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

seen = {}


def stopped(kernel, code):
    """Stops a cell at its first progress; the error, and the seconds until the cell was over."""
    at = []

    def stop():
        time.sleep(0.1)
        at.append(time.monotonic())
        kernel.interrupt()

    ran = kernel.run(code, on_output=stop)
    return {"error": ran.error, "seconds": time.monotonic() - 0.2 - at[0], "begun": len(ran.begun),
            "last": [texts[-1] for texts in ran.outputs.values()]}


def value(kernel, code):
    ran = kernel.run(f"({{ [Symbol.for('Jupyter.display')]: () => ({{ 'application/json': {code} }}) }})")
    results = ran.contents("execute_result")
    if not results:
        raise RuntimeError(f"{code}: {ran.error or ran.late}")
    return results[0]["data"]["application/json"]


with Kernel(name, folder) as kernel:
    ran = kernel.run("""
import { evaluate, exportDataset, networkFor, openEngine, prepare, recommend, Search, Training } from "automlp";
""")
    seen["imported"] = ran.error
    seen["folder"] = value(kernel, "Deno.cwd()")
    kernel.interrupt()  # while nothing runs
    kernel.run("1")  # by then it has come: it is not to stop the next cell
    ran = kernel.run("""
const { dataset } = await prepare({ data: "planted.csv", out: "dataset", protocols: ["recbole"], evalNegatives: 10 });
const engine = await openEngine();
const settings = { loss: "ce", trainNegatives: 1, trainDistribution: "uniform", rate: 5e-3, batchSize: 64, seed: 1 };
const sizes = { length: 12, dim: 16, layers: 1, longLayers: 0, sequenceHidden: 16, channelHidden: 16, dropout: 0 };
const search = new Search(engine, dataset, networkFor(dataset, { ...sizes, lengths: [1, 2, 4] }), {
  ...settings, epochs: 10000, warmup: 0, alphaRate: 0.02, alphaData: 0.3, every: 10,
});
const training = new Training(engine, dataset, networkFor(dataset, { ...sizes, lengths: [4] }), {
  ...settings, epochs: 10000, patience: 10000, metric: "NDCG@10", protocol: "recbole",
});
""")
    seen["made"] = ran.error

    # One epoch, twice: each run of the cell has an output of its own.
    for key in ("first", "again"):
        ran = kernel.run("await search.epoch(); search.history.at(-1).epoch")
        seen[key] = {"result": ran.result, "begun": ran.begun, "ids": list(ran.outputs),
                     "messages": sum(map(len, ran.outputs.values())), "seconds": ran.seconds,
                     "last": [texts[-1] for texts in ran.outputs.values()]}

    # A warning, in a cell that ends with what tells it, and in one that does not.
    unranked = "await prepare({ data: 'planted.csv', out: 'unranked', evalNegatives: 0, force: true });"
    seen["warned"] = []
    for code in (unranked, f"const unranked = {unranked}"):
        ran = kernel.run(code)
        seen["warned"].append({"last": [texts[-1] for texts in ran.outputs.values()], "result": ran.result})

    # A search without end: a second front end asks, then the stop button.
    seen["info"] = []

    def ask():
        for _ in range(3):
            seen["info"].append(kernel.info_seconds())
        kernel.interrupt()

    ran = kernel.run("for await (const epoch of search);", on_output=ask)
    seen["stopped"] = {"error": ran.error, "messages": sum(map(len, ran.outputs.values())), "seconds": ran.seconds,
                       "last": [texts[-1] for texts in ran.outputs.values()]}
    seen["alpha"] = value(kernel, "[...search.alpha]")
    before = value(kernel, "search.state().train")
    ran = kernel.run("await search.epoch(); 1")
    seen["resumed"] = {"error": ran.error, "before": before, "after": value(kernel, "search.state().train")}

    # Everything else that takes long. One epoch is there before, however busy the machine.
    kernel.run("await training.epoch();")
    work = {
        "training": "for await (const epoch of training);",
        "evaluate": "for (;;) await evaluate(training.recommender(), dataset);",
        "recommend": "for (;;) await recommend(training.recommender(), dataset);",
        "prepare": "for (;;) await prepare({ data: 'planted.csv', out: 'again', protocols: ['recbole'], evalNegatives: 10, force: true });",
        "export": "for (;;) await exportDataset(dataset, { to: 'csv', out: 'exported' });",
    }
    seen["stops"] = {key: stopped(kernel, code) for key, code in work.items()}
    seen["after"] = value(kernel, "[training.history.length > 0, dataset.items, engine.name]")

    # Two works at once: each draws where it began.
    ran = kernel.run("let more = true; const behind = (async () => { while (more) await search.epoch(); })(); 1")
    mine = ran.begun
    ran = kernel.run("await training.epoch(); more = false; await behind; 1")
    seen["two"] = {"behind": mine, "here": ran.begun, "ids": sorted(ran.outputs), "error": ran.error,
                   "last": {key: texts[-1] for key, texts in ran.outputs.items()}}

    # A wrong call.
    ran = kernel.run("await prepare({ data: 'nowhere.csv', out: 'x' });")
    seen["wrong"] = ran.error
    # The same where nobody waits for it.
    ran = kernel.run("void prepare({ data: 'nowhere.csv', out: 'x' }); await new Promise((go) => setTimeout(go, 50));")
    seen["lost"] = {"error": ran.error, "streams": ran.contents("stream")}
    # After an error of another kind, work is shown under the next cell that works.
    kernel.run("await search.epoch(); nonsense();")
    time.sleep(2.1)
    seen["fresh"] = kernel.run("await search.epoch(); 1").begun

    # Nothing comes after idle.
    late = 0
    for i in range(12):
        ran = kernel.run(f"for (let i = 0; i < 5; i++) console.log(i); {i}")
        late += len(ran.late) + (ran.result != str(i))
    seen["late"] = late
    seen["alive"] = kernel.manager.is_alive()

print(json.dumps(seen))
