"""What a front end is told about code at the cursor, by the kernel NAME of the Jupyter folder DIR: JSON on stdout."""

import json
import sys

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

jupyter, name, folder = sys.argv[1:]
manager = KernelManager(
    kernel_name=name,
    kernel_spec_manager=KernelSpecManager(kernel_dirs=[f"{jupyter}/kernels"]),
)
manager.start_kernel(cwd=folder)
client = manager.client()
client.start_channels()
client.wait_for_ready(timeout=60)


def inspect(marked):
    """What Shift+Tab shows at the bar in the code."""
    reply = client.inspect(marked.replace("|", ""), marked.index("|"), reply=True, timeout=60)
    return reply["content"]["data"].get("text/markdown") if reply["content"]["found"] else None


def complete(marked):
    """What Tab offers at the bar in the code, and the code that it takes the place of."""
    code = marked.replace("|", "")
    content = client.complete(code, marked.index("|"), reply=True, timeout=60)["content"]
    return [content["matches"], code[content["cursor_start"] : content["cursor_end"]]]


def run(code):
    """Runs a cell; gives the text of its error, if there is one."""
    return client.execute_interactive(code, timeout=60, output_hook=lambda _: None)["content"].get("evalue")


def shows(code):
    """What a cell ends with, as Markdown."""
    shown = []

    def keep(message):
        if message["msg_type"] == "execute_result":
            shown.append(message["content"]["data"].get("text/markdown"))

    client.execute_interactive(code, timeout=60, output_hook=keep)
    return shown


SEARCH = """
const { networkFor, openEngine, prepare, RunFolder, Search } = await import("automlp");
const engine = await openEngine({ engine: "cpu" }), answers = new Map();
const { dataset: data } = await prepare({ data: "log.csv", out: "data", evalNegatives: 5 });
const sizes = { candidates: [1, 2], length: 6, dim: 4, layers: 1, sequenceHidden: 4, channelHidden: 4 };
let lengths = new Search(engine, data, networkFor(data, sizes), { epochs: 1 });
lengths.onEpoch = () => {};
const next = lengths.with({ epochs: 2 });
const architecture = await lengths.run();
"""

try:
    seen = {
        "function": inspect("recommend(model, |"),
        "word": inspect("const s = Sea|rch"),
        "member": inspect('"é" + search.sel|ect()'),
        "option": inspect("recommend(model, dataset, { keepSe|en"),
        "nothing": inspect("1 + |1"),
        "all": complete('import { | } from "automlp"'),
        "modules": [
            complete(marked)
            for marked in ('import { prepare } from "au|"', "await import('automlp/m|", 'import * as x from "zo|"')
        ],
        "door": run('const { inspectDataset: doorOpens } = await import("automlp/pipeline");'),
        "imports": complete('import { prep| } from "automlp"'),
        "options": complete("recommend(model, dataset, { k: 5, us|"),
        "nested": [
            complete(marked)
            for marked in (
                "await prepare({ data: 'log.csv', columns: { user: 'u', |",
                "await prepare({ items: { file: 'items.csv', |",
                "await prepare({ itemColumns: { t|",
                "await automlp({ columns: { ti|",
                "tune('sasrec', dataset, { out: 'x', space: { rate: [1, 2], d|",
                "tune('sasrec', dataset, { out: 'x', options: { epo|",
            )
        ],
        "nested_option": inspect("prepare({ columns: { user: 'u', times|tamp: 't' } })"),
        "ran": run('const { dataset } = await Promise.resolve({ dataset: { items: 3 } }); const answer = 42;'),
        "own": complete("answ|"),
        "tidy": complete("dataset.|"),
        "unknown": inspect("search.curs|or"),
        "begun": run("const search = new Search(engine, dataset, network);"),
        "learnt": inspect("search.curs|or"),
        # A real search, and what is made of it and beside it.
        "made": run(SEARCH),
        "members": complete("lengths.|"),
        "begun_member": complete("lengths.s|"),
        "next": complete("next.|"),
        "record": complete("architecture.|"),
        "dataset": complete("data.|"),
        "texts": [
            complete(marked)
            for marked in (
                'train("lstm|',
                "train('sasrec', data, { loss: 'bp|' })",
                'await prepare({ data: "log.csv", protocols: ["strict", "re|',
                'data.negatives("recbole", "|"',
                'train("sasrec", data, { metric: "|"',
                'readDataset("da|"',
                'readDataset("data/m|',
                'Deno.readTextFile("none/|',
            )
        ],
        "text_option": inspect('prepare({ data, split: "leave-|one-out" })'),
        "class": complete("RunFolder.|"),
        "renamed": [run("lengths = { cursor: 1, onEpoch: 2 };"), complete("lengths.|")],
        "foreign": complete("answers.|"),
        "help": shows("const { help } = await import('automlp'); help('recommend')"),
        "after": run("throw new Error('still here')"),
    }
    print(json.dumps(seen))
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=False)
