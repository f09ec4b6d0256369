"""Deno's own kernel, as `deno jupyter --install` sets it up, started in the repository's folder.

Arguments: Jupyter's folder with the kernel, its name, the repository, a folder that holds `planted.csv`. Prints what was seen.
"""
import json
import os
import sys
import time

jupyter, name, repository, folder = sys.argv[1:]
os.environ["JUPYTER_PATH"] = jupyter  # read at import

from kernel import Kernel

with Kernel(name, repository) as kernel:
    imported = kernel.run('import { prepare } from "automlp"; const kept = 7;').error
    wrong = kernel.run("await prepare({ data: 'nowhere.csv', out: 'x' });").error

    def stop():
        time.sleep(0.1)
        kernel.interrupt()

    place = json.dumps(f"{folder}/planted.csv"), json.dumps(f"{folder}/stock")
    code = f"for (;;) await prepare({{ data: {place[0]}, out: {place[1]}, protocols: ['recbole'], force: true }});"
    stopped = kernel.run(code, on_output=stop).error
    print(json.dumps({"imported": imported, "wrong": wrong, "stopped": stopped, "kept": kernel.run("kept").result,
                      "alive": kernel.manager.is_alive()}))
